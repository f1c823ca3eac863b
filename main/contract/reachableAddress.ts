import type { BoundListener } from './api';

/** Where this machine itself reaches a listener: one on "any address" over loopback. */
export function reachableAddress({ address }: Pick<BoundListener, 'address'>): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  const plain = address.replace(/^\[(.*)\]$/, '$1');
  return plain === '::' ? '::1' : plain;
}
