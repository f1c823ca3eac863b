import type { TrafficCount } from '../contract/api';
import type { EngineMetrics } from '../engine/engineMetrics';

/** The counters behind the canvas, of what carried anything yet. */
export function trafficCounts(metrics: EngineMetrics): TrafficCount[] {
  const counts: TrafficCount[] = [];
  for (const { scope, id, counters } of metrics.all()) {
    if (scope === 'listener' || counters.flows === 0) continue;
    counts.push({ scope, id, flows: counters.flows, errors: counters.errors });
  }
  return counts;
}
