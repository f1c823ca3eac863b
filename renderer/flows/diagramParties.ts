// Who stands at the top of the diagram: the client, Hopscope, its cache where it was asked, every endpoint that was touched.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { formatAddress } from '../stores/flowFormat';

/**
 * Number of a lifeline: 0 the client, 1 Hopscope, then the cache if there is one, then the endpoints as they were first
 * touched. Drawn in the order of the boxes, where the endpoints of one pool stand side by side.
 */
export type Party = number;
export const clientParty: Party = 0;
export const proxyParty: Party = 1;

export interface PartyBox {
  readonly title: string;
  readonly parties: readonly { readonly party: Party; readonly name: string }[];
}

/** More endpoints than a picture can hold share the last lifeline. */
const maxEndpoints = 6;

export class Parties {
  readonly #endpoints: { readonly name: string; readonly pool: string }[] = [];
  readonly #byName = new Map<string, Party>();
  readonly #byConnection = new Map<number, Party>();
  #latest: Party | null = null;
  readonly #hasCache: boolean;

  constructor(
    private readonly flow: Flow,
    events: readonly FlowEvent[],
  ) {
    this.#hasCache = events.some((event) => event.kind.startsWith('cache.'));
    for (const event of events) this.#note(event);
  }

  /** The endpoint's lifeline of an upstream event; endpoints that were never named get one of their own. */
  endpointOf(event: FlowEvent): Party {
    const known = this.#byConnection.get(event.connectionId);
    if (known !== undefined) return known;
    if ('endpoint' in event) return this.#endpoint(event.endpoint, event.pool);
    return this.#latest ?? this.#endpoint('endpoint', this.flow.pool ?? '');
  }

  /** Told as the steps are made, so that an event without a connection number goes to the endpoint in use. */
  use(party: Party): void {
    this.#latest = party;
  }

  /** The one that is drawn rightmost. */
  get last(): Party {
    return this.boxes().at(-1)!.parties.at(-1)!.party;
  }

  get #newest(): Party {
    return this.#firstEndpoint + this.#endpoints.length - 1;
  }

  /** Only of a flow that asked the cache. */
  get cache(): Party {
    return proxyParty + 1;
  }

  get #firstEndpoint(): Party {
    return proxyParty + (this.#hasCache ? 2 : 1);
  }

  boxes(): PartyBox[] {
    const { client, listener } = this.flow;
    const boxes: PartyBox[] = [
      {
        title: 'Client',
        parties: [{ party: clientParty, name: client === null ? 'client' : formatAddress(client) }],
      },
      {
        title: 'Hopscope',
        parties: [{ party: proxyParty, name: listener === '' ? 'proxy' : `listener ${listener}` }],
      },
    ];
    if (this.#hasCache) boxes.push({ title: 'Cache', parties: [{ party: this.cache, name: 'cache' }] });
    const byPool = new Map<string, { party: Party; name: string }[]>();
    this.#endpoints.forEach(({ name, pool }, index) => {
      const parties = byPool.get(pool) ?? [];
      parties.push({ party: this.#firstEndpoint + index, name });
      byPool.set(pool, parties);
    });
    for (const [pool, parties] of byPool) boxes.push({ title: titleOf(pool), parties });
    return boxes;
  }

  #note(event: FlowEvent): void {
    if (event.kind === 'connection.opened' && event.leg === 'upstream') {
      if (this.#byConnection.has(event.connectionId)) return;
      const name = formatAddress(event.remote);
      // A pool's endpoint may be a DNS name: then the connection's address is not the endpoint's name.
      if (!this.#byName.has(name) && this.#byName.size > 0) return;
      this.#byConnection.set(event.connectionId, this.#endpoint(name, event.pool ?? ''));
      return;
    }
    if (!('endpoint' in event)) return;
    const party = this.#endpoint(event.endpoint, event.pool);
    const isOfConnection = event.kind !== 'endpoint.picked' && event.connectionId !== 0;
    if (isOfConnection) this.#byConnection.set(event.connectionId, party);
  }

  #endpoint(name: string, pool: string): Party {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#endpoints.length === maxEndpoints) return this.#newest;
    this.#endpoints.push({ name, pool });
    this.#byName.set(name, this.#newest);
    return this.#newest;
  }
}

/** A forward listener's servers belong to no pool: the engine names them after the listener. */
function titleOf(pool: string): string {
  if (pool.startsWith('forward:')) return 'Destination';
  return pool === '' ? 'Endpoint' : `Pool ${pool}`;
}
