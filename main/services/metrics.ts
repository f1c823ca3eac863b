// The engine's counters as OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/). Pure.
import type { CounterScope, EngineMetrics, TrafficCounters } from '../engine/engineMetrics';

export const openMetricsContentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** Bounds of the duration histogram as powers of two of a microsecond (256 µs … 33.6 s): there the count is exact. */
const firstBoundPower = 8;
const lastBoundPower = 25;

const scopes: readonly CounterScope[] = ['listener', 'route', 'pool', 'endpoint'];

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit?: string;
  readonly help: string;
  /** Samples of one thing; `labels` is `listener="web"`. */
  readonly samples: (name: string, labels: string, counters: TrafficCounters) => string[];
}

const families: readonly Family[] = [
  counter('flows', 'Flows that ended.', (counters) => counters.flows),
  counter('errors', 'Flows that ended with a failure or a 5xx status.', (counters) => counters.errors),
  counter('connections', 'Connections that were opened.', (counters) => counters.connections),
  {
    name: 'open_connections',
    type: 'gauge',
    help: 'Connections that are open now.',
    samples: (name, labels, counters) => [`${name}{${labels}} ${counters.openConnections}`],
  },
  counter('request_bytes', 'Bytes towards the endpoint.', (counters) => counters.requestBytes, 'bytes'),
  counter('response_bytes', 'Bytes towards the client.', (counters) => counters.responseBytes, 'bytes'),
  {
    name: 'responses',
    type: 'counter',
    help: 'Answers by class of status.',
    samples: (name, labels, counters) =>
      [1, 2, 3, 4, 5].map(
        (digit) => `${name}_total{${labels},class="${digit}xx"} ${counters.statusClasses[digit] ?? 0}`,
      ),
  },
  {
    name: 'flow_duration_seconds',
    type: 'histogram',
    unit: 'seconds',
    help: 'How long flows took.',
    samples: histogramSamples,
  },
];

export function formatOpenMetrics(metrics: EngineMetrics): string {
  const entries = [...metrics.all()];
  const lines: string[] = [];
  for (const scope of scopes) {
    const ofScope = entries.filter((entry) => entry.scope === scope);
    if (ofScope.length === 0) continue;
    for (const family of families) {
      const name = `hopscope_${scope}_${family.name}`;
      lines.push(`# TYPE ${name} ${family.type}`);
      if (family.unit !== undefined) lines.push(`# UNIT ${name} ${family.unit}`);
      lines.push(`# HELP ${name} ${family.help}`);
      for (const { id, counters } of ofScope) {
        lines.push(...family.samples(name, `${scope}="${escapeLabel(id)}"`, counters));
      }
    }
  }
  lines.push(...availabilityLines(metrics), '# EOF', '');
  return lines.join('\n');
}

function availabilityLines({ availability }: EngineMetrics): string[] {
  if (availability.size === 0) return [];
  const name = 'hopscope_endpoint_available';
  return [
    `# TYPE ${name} gauge`,
    `# HELP ${name} 1 = gets traffic, 0 = unhealthy or ejected. Endpoints whose health is watched.`,
    ...[...availability].map(([id, is]) => `${name}{endpoint="${escapeLabel(id)}"} ${is ? 1 : 0}`),
  ];
}

/** Backslash, quote and line feed are the three that the format escapes. */
export function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function counter(
  name: string,
  help: string,
  read: (counters: TrafficCounters) => number,
  unit?: string,
): Family {
  return {
    name,
    type: 'counter',
    help,
    ...(unit === undefined ? {} : { unit }),
    samples: (full, labels, counters) => [`${full}_total{${labels}} ${read(counters)}`],
  };
}

function histogramSamples(name: string, labels: string, { durations, flows }: TrafficCounters): string[] {
  const buckets: string[] = [];
  for (let power = firstBoundPower; power <= lastBoundPower; power++) {
    const le = canonicalFloat(2 ** power / 1e6);
    buckets.push(`${name}_bucket{${labels},le="${le}"} ${durations.countBelow(power)}`);
  }
  return [
    ...buckets,
    `${name}_bucket{${labels},le="+Inf"} ${flows}`,
    `${name}_count{${labels}} ${flows}`,
    `${name}_sum{${labels}} ${durations.sumMicroseconds / 1e6}`,
  ];
}

/** `le` values are floats: "1.0", not "1". */
function canonicalFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
