// The numbers of one listener, route, pool or endpoint as people read them, from two readings of the engine's counters.
// Pure.
import type { TrafficCount } from '../../main/contract/api';
import { formatBytes, formatMicroseconds } from '../stores/flowFormat';
import { rateWords, type TrafficReading } from './trafficMarks';

export interface TrafficFigure {
  readonly label: string;
  readonly value: string;
}

/** null = it carried nothing yet. `id` as the engine counts it; an endpoint given by name is all of its addresses. */
export function trafficFigures(
  before: TrafficReading,
  now: TrafficReading,
  scope: TrafficCount['scope'],
  id: string,
): TrafficFigure[] | null {
  const [earlier, counts] = [before, now].map((reading) => countsOf(reading, scope, id));
  if (earlier === undefined || counts === undefined || counts.length === 0) return null;
  const seconds = Math.max((now.at - before.at) / 1000, 0.001);
  const grown = (key: 'flows' | 'errors' | 'requestBytes' | 'responseBytes') =>
    Math.max(0, sum(counts, key) - sum(earlier, key));
  const figures: TrafficFigure[] = [
    { label: 'Rate', value: `${rateWords(grown('flows') / seconds)}/s` },
    { label: 'In all', value: `${sum(counts, 'flows').toLocaleString('en')} flows` },
    { label: 'Errors', value: errorWords(sum(counts, 'errors'), sum(counts, 'flows')) },
  ];
  const latency = counts.length === 1 ? counts[0]!.latency : null;
  if (latency !== null) {
    const of = (milliseconds: number) => formatMicroseconds(milliseconds * 1000);
    figures.push(
      { label: 'Median (p50)', value: of(latency.p50Ms) },
      { label: 'p95', value: of(latency.p95Ms) },
      { label: 'p99', value: of(latency.p99Ms) },
    );
  }
  if (scope !== 'route')
    figures.push({ label: 'Open connections', value: sum(counts, 'openConnections').toLocaleString('en') });
  figures.push(
    { label: 'Towards endpoints', value: `${formatBytes(grown('requestBytes') / seconds)}/s` },
    { label: 'Towards clients', value: `${formatBytes(grown('responseBytes') / seconds)}/s` },
  );
  return figures;
}

function countsOf({ counts }: TrafficReading, scope: TrafficCount['scope'], id: string): TrafficCount[] {
  return counts.filter(
    (count) =>
      count.scope === scope && (count.id === id || (scope === 'endpoint' && count.id.startsWith(`${id}@`))),
  );
}

function sum(
  counts: readonly TrafficCount[],
  key: 'flows' | 'errors' | 'openConnections' | 'requestBytes' | 'responseBytes',
): number {
  return counts.reduce((total, count) => total + count[key], 0);
}

function errorWords(errors: number, flows: number): string {
  if (errors === 0 || flows === 0) return 'none';
  const share = (errors / flows) * 100;
  return `${errors.toLocaleString('en')} (${share < 1 ? '< 1' : Math.round(share)} %)`;
}
