// The engine's counters for a UI, with latencies of late. Latencies are taken from two copies of the histograms, made
// while somebody asks, so that nothing is kept for nobody.
import type { ApiResults, TrafficCount, TrafficLatency } from '../contract/api';
import { quantileOf } from '../engine/durationHistogram';
import type { EngineMetrics, TrafficCounters } from '../engine/engineMetrics';

/** Latencies are those of the last one to two periods. */
const periodMs = 30_000;

interface Copy {
  readonly at: number;
  readonly counts: ReadonlyMap<TrafficCounters, Float64Array>;
}

export class TrafficWindow {
  #older: Copy | null = null;
  #newer: Copy | null = null;

  constructor(private readonly metrics: EngineMetrics) {}

  /** `now` in milliseconds on a monotonic clock. Of what carried anything yet. */
  read(now: number): ApiResults['getTraffic'] {
    this.#turn(now);
    const counts: TrafficCount[] = [];
    for (const { scope, id, counters } of this.metrics.all()) {
      const { flows, errors, connections, requestBytes, responseBytes } = counters;
      if (flows === 0 && connections === 0) continue;
      const openConnections = counters.openConnections;
      const latency = this.#latency(counters);
      counts.push({ scope, id, flows, errors, openConnections, requestBytes, responseBytes, latency });
    }
    return { at: now, counts };
  }

  #turn(now: number): void {
    if (this.#newer === null || now - this.#newer.at >= periodMs) {
      // Nobody asked for so long: what the older copy would show is not "of late".
      const isStale = this.#newer !== null && now - this.#newer.at >= 2 * periodMs;
      const copy = this.#copy(now);
      this.#older = isStale ? copy : this.#newer;
      this.#newer = copy;
    }
  }

  #copy(at: number): Copy {
    const counts = new Map<TrafficCounters, Float64Array>();
    for (const { counters } of this.metrics.all()) {
      if (counters.flows > 0) counts.set(counters, counters.durations.counts.slice());
    }
    return { at, counts };
  }

  #latency(counters: TrafficCounters): TrafficLatency | null {
    const now = counters.durations.counts;
    const before = this.#older?.counts.get(counters) ?? null;
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((quantile) => quantileOf(now, before, quantile));
    if (p50 == null || p95 == null || p99 == null) return null;
    return { p50Ms: p50 / 1000, p95Ms: p95 / 1000, p99Ms: p99 / 1000 };
  }
}
