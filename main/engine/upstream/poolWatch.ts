// Which endpoints are looked after: starts, keeps and stops active checks and outlier detection as configurations come
// and go.
import type { CompiledConfig, CompiledPool } from '../compiledConfig';
import { HealthChecker } from './healthChecker';
import { OutlierDetector } from './outlierDetector';
import type { EndpointRuntime, PoolMember, PoolRuntimes } from './poolRuntimes';

export class PoolWatch {
  readonly #checkers = new Map<EndpointRuntime, HealthChecker>();
  #detected = new Set<EndpointRuntime>();

  constructor(
    private readonly pools: PoolRuntimes,
    private readonly random: () => number,
  ) {}

  /** Looks after what `config` names and no longer after anything else. A check whose settings stay goes on undisturbed. */
  retain(config: CompiledConfig): void {
    this.#retainChecks(config);
    this.#retainDetection(config);
  }

  #retainChecks(config: CompiledConfig): void {
    const unnamed = new Set(this.#checkers.keys());
    for (const pool of config.pools.values()) {
      const { healthCheck } = pool.config;
      if (healthCheck === undefined) continue;
      for (const { runtime } of this.pools.runtime(pool).members) {
        unnamed.delete(runtime);
        const running = this.#checkers.get(runtime);
        const { sendProxyProtocol } = pool.config;
        const isHttp2 = pool.config.protocol === 'h2';
        const isKept =
          running !== undefined &&
          running.transport.tls === pool.tls &&
          running.transport.sendProxyProtocol === sendProxyProtocol &&
          running.transport.isHttp2 === isHttp2 &&
          isSame(running.settings, healthCheck);
        if (isKept) continue;
        running?.stop();
        const transport = { tls: pool.tls, sendProxyProtocol, isHttp2 };
        this.#checkers.set(runtime, new HealthChecker(runtime, healthCheck, transport, this.random));
      }
    }
    for (const endpoint of unnamed) {
      this.#checkers.get(endpoint)?.stop();
      this.#checkers.delete(endpoint);
      endpoint.health.setChecked('unknown', 'its health is not checked any more');
    }
  }

  #retainDetection(config: CompiledConfig): void {
    const before = this.#detected;
    this.#detected = new Set();
    for (const pool of config.pools.values()) {
      const { members } = this.pools.runtime(pool);
      const outlier = detectorOf(pool, members);
      if (outlier === null) continue;
      for (const { runtime } of members) {
        runtime.outlier = outlier;
        this.#detected.add(runtime);
      }
    }
    for (const endpoint of before) {
      if (this.#detected.has(endpoint)) continue;
      endpoint.outlier = null;
      endpoint.health.readmit('its failures are not watched any more');
    }
  }
}

function detectorOf({ config }: CompiledPool, members: readonly PoolMember[]): OutlierDetector | null {
  return config.outlierDetection === undefined ? null : new OutlierDetector(config.outlierDetection, members);
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
