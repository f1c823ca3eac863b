// What the engine knows about pools and endpoints while it runs: whose turn it is, how many requests are active.
// The state of an endpoint is keyed by pool id and address:port and survives reloads.
import type { CompiledConfig, CompiledEndpoint, CompiledPool } from '../compiledConfig';
import type { EngineMetrics, TrafficCounters } from '../engineMetrics';
import { EndpointHealth } from './endpointHealth';
import type { EndpointPick } from './endpointPick';
import type { HealthChange } from './healthRecords';
import type { OutlierDetector } from './outlierDetector';
import { pickEndpoint } from './pickEndpoint';
import { RetryBudget } from './retryBudget';
import { StickyKeys } from './stickyKeys';
import { WaitingLine } from './waitingLine';

export interface PickRequest {
  readonly clientAddress: string;
  /** Keys of endpoints that failed for this flow already. */
  readonly exclude?: ReadonlySet<string>;
  /** For policy `hash`: the value of what the pool hashes on; absent = the request has none. */
  readonly hashKey?: string;
  /** HTTP to a sticky pool: the value of its cookie, null = the request has none. */
  readonly stickyKey?: string | null;
}

/** One endpoint of one pool. */
export class EndpointRuntime {
  activeRequests = 0;
  consecutiveFailures = 0;
  /** Idle connections of the HTTP side, its own business. */
  idleHttp: unknown = null;
  /** Called once when no configuration names this endpoint any more: close what is idle. */
  onForgotten: (() => void) | null = null;
  /** Closes the connections that nobody uses just now. */
  closeIdle: (() => void) | null = null;
  readonly health: EndpointHealth;
  /** null = failing traffic changes nothing. */
  outlier: OutlierDetector | null = null;

  constructor(
    readonly poolId: string,
    readonly compiled: CompiledEndpoint,
    readonly counters: TrafficCounters,
    private readonly poolCounters: TrafficCounters,
    onHealthChange: (change: HealthChange) => void = () => undefined,
  ) {
    this.health = new EndpointHealth((from, to, reason) =>
      onHealthChange({ pool: poolId, endpoint: compiled.key, from, to, reason }),
    );
  }

  onConnectionOpened(): void {
    this.counters.connections++;
    this.counters.openConnections++;
    this.poolCounters.connections++;
    this.poolCounters.openConnections++;
  }

  onConnectionClosed(): void {
    this.counters.openConnections--;
    this.poolCounters.openConnections--;
  }

  onSuccess(): void {
    this.consecutiveFailures = 0;
  }

  onFailure(): void {
    this.consecutiveFailures++;
    this.outlier?.onFailure(this);
  }

  /** It answered, with a status of 500–599: a failure only to outlier detection. */
  onServerError(): void {
    if (this.outlier === null) this.consecutiveFailures = 0;
    else this.onFailure();
  }
}

/** An endpoint as one revision of a pool weighs it. */
export class PoolMember {
  constructor(
    readonly runtime: EndpointRuntime,
    readonly key: string,
    readonly weight: number,
  ) {}

  get activeRequests(): number {
    return this.runtime.activeRequests;
  }
}

/** One revision of a pool. */
export class PoolRuntime {
  readonly totalWeight: number;
  /** Of smooth weighted round robin, one number per member. */
  readonly credits: Float64Array;
  /** Picks so far, for the words of the reason and for ties. */
  turns = 0;
  /** False = nobody looks after the endpoints' health, and picks need not ask for it. */
  readonly isWatched: boolean;
  /** null = the pool is not sticky. */
  readonly sticky: StickyKeys | null;
  readonly retryBudget: RetryBudget;
  /** Relayed connections that wait for a place at an endpoint. */
  readonly line: WaitingLine;

  constructor(
    readonly compiled: CompiledPool,
    readonly members: readonly PoolMember[],
    readonly counters: TrafficCounters,
    private readonly random: () => number,
    earlier: PoolRuntime | undefined,
  ) {
    this.totalWeight = members.reduce((sum, member) => sum + member.weight, 0);
    this.retryBudget = earlier?.retryBudget ?? new RetryBudget();
    this.line = earlier?.line ?? new WaitingLine();
    const { stickiness } = compiled.config;
    this.sticky = stickiness === undefined ? null : new StickyKeys(compiled.id, stickiness.cookie, members);
    this.isWatched =
      compiled.config.healthCheck !== undefined || compiled.config.outlierDetection !== undefined;
    this.credits = new Float64Array(members.length);
    if (earlier?.hasSameMembers(this) === true) {
      this.credits.set(earlier.credits);
      this.turns = earlier.turns;
    }
  }

  /** null = no endpoint may get it (none, all of weight 0, or all excluded). */
  pick(request: PickRequest): EndpointPick | null {
    return pickEndpoint(this, request, this.random);
  }

  private hasSameMembers(other: PoolRuntime): boolean {
    return (
      this.members.length === other.members.length &&
      this.members.every((member, index) => {
        const counterpart = other.members[index]!;
        return member.key === counterpart.key && member.weight === counterpart.weight;
      })
    );
  }
}

export class PoolRuntimes {
  readonly #revisions = new WeakMap<CompiledPool, PoolRuntime>();
  readonly #newest = new Map<string, PoolRuntime>();
  readonly #endpoints = new Map<string, EndpointRuntime>();

  constructor(
    private readonly metrics: EngineMetrics,
    private readonly random: () => number,
    private readonly onHealthChange: (change: HealthChange) => void = () => undefined,
    /** What DNS says of an endpoint's name; null = nothing yet. */
    private readonly addressesOf: (name: string) => readonly string[] | null = () => null,
  ) {}

  runtime(pool: CompiledPool): PoolRuntime {
    return this.#revisions.get(pool) ?? this.#create(pool);
  }

  /** A pool that no configuration names; its endpoints have their counters in common, and are kept until `release`. */
  adopt(pool: CompiledPool): void {
    const counters = this.metrics.counters('endpoint', pool.id);
    const poolCounters = this.metrics.counters('pool', pool.id);
    const members = pool.endpoints.map((endpoint) => {
      const state = new EndpointRuntime(pool.id, endpoint, counters, poolCounters, this.onHealthChange);
      return new PoolMember(state, endpoint.key, endpoint.weight);
    });
    this.#revisions.set(pool, new PoolRuntime(pool, members, poolCounters, this.random, undefined));
  }

  /** Closes the idle connections of a pool that was adopted. Flows that still use it finish undisturbed. */
  release(pool: CompiledPool): void {
    for (const { runtime } of this.runtime(pool).members) runtime.onForgotten?.();
  }

  /** DNS says something new: flows that start now choose among the new addresses. Call `retain` after it. */
  renew(pool: CompiledPool): void {
    this.#create(pool);
  }

  /** Forgets the state of pools and endpoints that `config` does not name. Flows that still use them finish undisturbed. */
  retain(config: CompiledConfig): void {
    const keys = new Set<string>();
    for (const pool of config.pools.values()) {
      this.#newest.set(pool.id, this.runtime(pool));
      for (const { runtime } of this.runtime(pool).members) keys.add(stateKey(pool, runtime.compiled));
    }
    for (const id of this.#newest.keys()) if (!config.pools.has(id)) this.#newest.delete(id);
    for (const [key, endpoint] of this.#endpoints) {
      if (keys.has(key)) continue;
      this.#endpoints.delete(key);
      endpoint.onForgotten?.();
      // What DNS gave once may never come again, and there is no end of it.
      if (endpoint.compiled.name !== endpoint.compiled.address) this.metrics.forget('endpoint', key);
    }
  }

  /** The next requests get new connections to endpoints; what is in use stays. */
  closeIdleConnections(): void {
    for (const endpoint of this.#endpoints.values()) endpoint.closeIdle?.();
  }

  /** Every endpoint that is known now. */
  endpoints(): Iterable<EndpointRuntime> {
    return this.#endpoints.values();
  }

  #create(pool: CompiledPool): PoolRuntime {
    const endpoints = pool.endpoints.flatMap((endpoint) => this.#expand(endpoint));
    const members = endpoints.map(
      (endpoint) => new PoolMember(this.#endpoint(pool, endpoint), endpoint.key, endpoint.weight),
    );
    const counters = this.metrics.counters('pool', pool.id);
    const created = new PoolRuntime(pool, members, counters, this.random, this.#newest.get(pool.id));
    this.#revisions.set(pool, created);
    return created;
  }

  #expand(endpoint: CompiledEndpoint): CompiledEndpoint[] {
    const addresses = this.addressesOf(endpoint.name);
    if (addresses === null) return [endpoint];
    return addresses.map((address) => ({ ...endpoint, address, key: `${endpoint.authority}@${address}` }));
  }

  #endpoint(pool: CompiledPool, endpoint: CompiledEndpoint): EndpointRuntime {
    const key = stateKey(pool, endpoint);
    let state = this.#endpoints.get(key);
    if (state === undefined) {
      const counters = this.metrics.counters('endpoint', key);
      const poolCounters = this.metrics.counters('pool', pool.id);
      state = new EndpointRuntime(pool.id, endpoint, counters, poolCounters, this.onHealthChange);
      this.#endpoints.set(key, state);
    }
    return state;
  }
}

/** Also the id of the endpoint's counters: "pool/address:port". */
function stateKey(pool: CompiledPool, endpoint: CompiledEndpoint): string {
  return `${pool.id}/${endpoint.key}`;
}
