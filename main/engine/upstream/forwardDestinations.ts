// Where forward listeners went lately: each destination as a pool of the addresses that were let in, so that requests
// share connections, health and timeouts like those of any other pool. Bounded: a client chooses destinations freely.
import { type Pool, poolSchema } from '../../contract/config';
import type { CompiledEndpoint, CompiledPool } from '../compiledConfig';
import { formatAddress } from '../socketAddress';
import type { PoolRuntimes } from './poolRuntimes';

/** The least recently used goes, and its idle connections with it. */
const maxDestinations = 256;

export interface ForwardDestination {
  readonly listener: string;
  readonly hostname: string;
  readonly port: number;
  /** Let in by the listener; at least one. */
  readonly addresses: readonly string[];
  /** A connection of its own, for a tunnel. */
  readonly isTunnel: boolean;
}

export class ForwardDestinations {
  readonly #pools = new Map<string, CompiledPool>();

  constructor(private readonly runtimes: PoolRuntimes) {}

  pool(destination: ForwardDestination): CompiledPool {
    const { listener, hostname, port, addresses, isTunnel } = destination;
    const key = `${listener} ${isTunnel} ${hostname} ${port} ${addresses.join()}`;
    const known = this.#pools.get(key);
    this.#pools.delete(key);
    const pool = known ?? this.#make(destination);
    this.#pools.set(key, pool);
    if (this.#pools.size > maxDestinations) {
      const [oldest, forgotten] = this.#pools.entries().next().value!;
      this.#pools.delete(oldest);
      this.runtimes.release(forgotten);
    }
    return pool;
  }

  /** Closes what is idle. */
  close(): void {
    for (const pool of this.#pools.values()) this.runtimes.release(pool);
    this.#pools.clear();
  }

  #make({ listener, hostname, port, addresses, isTunnel }: ForwardDestination): CompiledPool {
    const authority = formatAddress(hostname, port);
    const endpoints = addresses.map((address): CompiledEndpoint => {
      const key = address === hostname ? authority : `${authority}@${address}`;
      return { key, address, name: hostname, authority, port, weight: 1 };
    });
    const config: Pool = {
      ...poolSchema.parse({ id: 'forward', endpoints: [], connections: { reuse: !isTunnel } }),
      id: forwardId(listener),
    };
    const pool: CompiledPool = { id: config.id, config, tls: null, needsTransport: false, endpoints };
    this.runtimes.adopt(pool);
    return pool;
  }
}

/** Names routes and pools of forward listeners in events and counters; no id of a workspace has a ":". */
export function forwardId(listener: string): string {
  return `forward:${listener}`;
}
