// Plain counters that the data path bumps; always on, read by /metrics and the UI. Keys are ids from the configuration
// only, so what a peer sends can never add one.
import { DurationHistogram } from './durationHistogram';

export class TrafficCounters {
  /** Flows that ended. */
  flows = 0;
  /** Flows that ended with a failure or a 5xx. */
  errors = 0;
  openConnections = 0;
  connections = 0;
  /** From the client's side: received from it, sent to it. For pools and endpoints: sent to it, received from it. */
  requestBytes = 0;
  responseBytes = 0;
  readonly statusClasses = [0, 0, 0, 0, 0, 0];
  /** From the first byte of a request to the last of its answer; of L4 flows, from their beginning to their end. */
  readonly durations = new DurationHistogram();

  /** `status` 0 = no HTTP status (an L4 flow or nothing was answered). */
  countFlow(status: number, hasFailed: boolean, durationMs: number): void {
    this.flows++;
    if (hasFailed || status >= 500) this.errors++;
    if (status >= 100 && status < 600) this.statusClasses[(status / 100) | 0]!++;
    this.durations.add(durationMs * 1000);
  }
}

export type CounterScope = 'listener' | 'route' | 'pool' | 'endpoint';

export class EngineMetrics {
  /** Endpoints whose health is watched, by "pool/address:port": whether they may get traffic. */
  readonly availability = new Map<string, boolean>();
  readonly #counters = new Map<string, { scope: CounterScope; id: string; counters: TrafficCounters }>();

  /** The counters of one thing; made at first use. Compile time fetches them once, so the data path does no look-up. */
  counters(scope: CounterScope, id: string): TrafficCounters {
    const key = `${scope} ${id}`;
    let entry = this.#counters.get(key);
    if (entry === undefined) {
      entry = { scope, id, counters: new TrafficCounters() };
      this.#counters.set(key, entry);
    }
    return entry.counters;
  }

  /** It will not come back under this name. */
  forget(scope: CounterScope, id: string): void {
    this.#counters.delete(`${scope} ${id}`);
  }

  all(): Iterable<{ readonly scope: CounterScope; readonly id: string; readonly counters: TrafficCounters }> {
    return this.#counters.values();
  }
}
