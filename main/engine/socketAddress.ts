import type { Socket } from 'node:net';
import type { SocketAddress } from '../contract/flowEvent';

const unknownAddress: SocketAddress = { address: '', port: 0 };

/** The other end; read it early, a closed socket forgets it. IPv4 clients of a dual-stack listener show as IPv4. */
export function remoteAddressOf(socket: Socket): SocketAddress {
  if (socket.remoteAddress === undefined) return unknownAddress;
  return { address: unmapped(socket.remoteAddress), port: socket.remotePort ?? 0 };
}

/** Our end. */
export function localAddressOf(socket: Socket): SocketAddress {
  if (socket.localAddress === undefined) return unknownAddress;
  return { address: unmapped(socket.localAddress), port: socket.localPort ?? 0 };
}

/** "address:port", IPv6 in brackets. */
export function formatAddress(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function unmapped(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}
