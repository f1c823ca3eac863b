// Where the built-in client may connect to. It is no relay: listeners of the workspace, and servers on this machine's loopback.

import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { BoundListener } from '../../contract/api';
import { AppError } from '../../contract/appError';
import type { ClientRequest } from '../../contract/clientRequest';
import { isLoopback } from '../../contract/listenerChecks';
import { reachableAddress } from '../../contract/reachableAddress';

export interface ResolvedTarget {
  readonly address: string;
  readonly port: number;
  /** null = no listener of ours. */
  readonly listener: BoundListener | null;
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Throws `not_found` for a listener that does not run, and `invalid_input` for an address that is not this machine's. */
export function resolveTarget(
  target: ClientRequest['target'],
  listeners: readonly BoundListener[],
): ResolvedTarget {
  if ('listener' in target) {
    const listener = listeners.find(({ id }) => id === target.listener);
    if (listener !== undefined) {
      return { address: reachableAddress(listener), port: listener.port, listener };
    }
    throw new AppError('not_found', `listener "${target.listener}" does not run; apply the workspace first`);
  }
  const { port } = target;
  const address = target.address === 'localhost' ? '127.0.0.1' : target.address.replace(/^\[(.*)\]$/, '$1');
  const listener = listeners.find((each) => each.port === port && isBoundTo(each, address)) ?? null;
  if (listener === null && (isIP(address) === 0 || !isLoopback(canonical(address)))) {
    throw new AppError(
      'invalid_input',
      `${target.address}:${port} is neither a running listener nor a loopback address of this machine (127.0.0.1, ::1): ` +
        `the built-in client sends nowhere else. Add a listener with a route to it, and send through that`,
    );
  }
  return { address, port, listener };
}

function isBoundTo(listener: BoundListener, address: string): boolean {
  if (!wildcards.has(listener.address)) return reachableAddress(listener) === address;
  return isLoopback(address) || isOwnAddress(address);
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some((each) => each.address === address));
}

/** "0:0:0:0:0:0:0:1" and the like; anything else that is not written plainly is refused. */
function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
