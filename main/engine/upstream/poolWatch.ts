// Which endpoints are looked after: starts, keeps and stops the active checks as configurations come and go.
import type { CompiledConfig } from '../compiledConfig';
import { HealthChecker } from './healthChecker';
import type { EndpointRuntime, PoolRuntimes } from './poolRuntimes';

export class PoolWatch {
  readonly #checkers = new Map<EndpointRuntime, HealthChecker>();

  constructor(
    private readonly pools: PoolRuntimes,
    private readonly random: () => number,
  ) {}

  /** Looks after what `config` names and no longer after anything else. A check whose settings stay goes on undisturbed. */
  retain(config: CompiledConfig): void {
    const unnamed = new Set(this.#checkers.keys());
    for (const pool of config.pools.values()) {
      const { healthCheck } = pool.config;
      if (healthCheck === undefined) continue;
      for (const { runtime } of this.pools.runtime(pool).members) {
        unnamed.delete(runtime);
        const running = this.#checkers.get(runtime);
        if (running !== undefined && isSame(running.settings, healthCheck)) continue;
        running?.stop();
        this.#checkers.set(runtime, new HealthChecker(runtime, healthCheck, this.random));
      }
    }
    for (const endpoint of unnamed) {
      this.#checkers.get(endpoint)?.stop();
      this.#checkers.delete(endpoint);
      endpoint.health.setChecked('unknown', 'its health is not checked any more');
    }
  }
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
