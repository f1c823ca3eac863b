// Where a change of an endpoint's health goes: into the log of events, into the metrics, and to whoever shows it.
import type { EndpointHealthInfo } from '../../contract/api';
import type { CompiledConfig } from '../compiledConfig';
import type { EngineMetrics } from '../engineMetrics';
import type { FlowEmitter } from '../flowEmitter';
import { type HealthChange, recordEndpointHealth } from './healthRecords';
import type { PoolMember, PoolRuntimes } from './poolRuntimes';

export class HealthBoard {
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly emitter: FlowEmitter,
    private readonly metrics: EngineMetrics,
  ) {}

  readonly onChange = (change: HealthChange): void => {
    recordEndpointHealth(this.emitter, change);
    const key = `${change.pool}/${change.endpoint}`;
    const isAvailable = change.to !== 'unhealthy' && change.to !== 'ejected';
    if (this.metrics.availability.has(key)) this.metrics.availability.set(key, isAvailable);
    this.#announce();
  };

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From now on the endpoints of this configuration are the ones that are shown. */
  retain(config: CompiledConfig, pools: PoolRuntimes): void {
    this.metrics.availability.clear();
    for (const { runtime } of watchedMembers(config, pools)) {
      this.metrics.availability.set(`${runtime.poolId}/${runtime.compiled.key}`, runtime.health.isAvailable);
    }
    this.#announce();
  }

  describe(config: CompiledConfig, pools: PoolRuntimes): EndpointHealthInfo[] {
    return watchedMembers(config, pools).map(({ runtime }) => ({
      pool: runtime.poolId,
      endpoint: runtime.compiled.key,
      health: runtime.health.word,
      reason: runtime.health.reason,
    }));
  }

  #announce(): void {
    for (const listener of this.#listeners) listener();
  }
}

function watchedMembers(config: CompiledConfig, pools: PoolRuntimes): PoolMember[] {
  return [...config.pools.values()]
    .map((pool) => pools.runtime(pool))
    .flatMap((runtime) => (runtime.isWatched ? runtime.members : []));
}
