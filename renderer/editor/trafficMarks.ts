// What flows through the canvas now: rates from two readings of the engine's counters. Pure.
import type { TrafficCount } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { formatAddress } from '../stores/flowFormat';
import { edgeId, endpointNode, formatNode } from './nodeIds';

export interface TrafficReading {
  /** Milliseconds on a monotonic clock. */
  readonly at: number;
  readonly counts: readonly TrafficCount[];
}

export interface TrafficMark {
  /** "12/s". */
  readonly rate: string;
  /** "4 % errors"; null = none. */
  readonly errors: string | null;
}

/** By canvas id of a node or line; what carries nothing is not in it. */
export type TrafficMarks = ReadonlyMap<string, TrafficMark>;

export const noTraffic: TrafficMarks = new Map();

interface Rate {
  readonly flows: number;
  readonly errors: number;
}

/**
 * Exact for every pool and endpoint. The line from a route to a pool has no counter of its own: it carries what the
 * pool carries when no other route carries anything there, else what the route carries when it leads nowhere else; else it is left
 * unmarked rather than guessed.
 */
export function trafficMarks(
  document: WorkspaceDocument,
  before: TrafficReading,
  now: TrafficReading,
): TrafficMarks {
  const seconds = (now.at - before.at) / 1000;
  if (seconds <= 0) return noTraffic;
  const rates = ratesBetween(before, now);
  const marks = new Map<string, TrafficMark>();
  const mark = (id: string, rate: Rate | undefined) => {
    if (rate !== undefined) marks.set(id, markOf(rate, seconds));
  };
  const routes = document.routes ?? [];
  for (const route of routes) {
    const node = formatNode({ kind: 'route', id: route.id });
    const rate = rates.get(`route ${route.id}`);
    mark(node, rate);
    const backends = route.backends ?? [];
    for (const { pool } of backends) {
      const users = routes.filter(
        (other) => rates.has(`route ${other.id}`) && other.backends?.some((item) => item.pool === pool),
      );
      const carried =
        users.length === 1 && users[0] === route
          ? rates.get(`pool ${pool}`)
          : backends.length === 1
            ? rate
            : undefined;
      mark(edgeId(node, formatNode({ kind: 'pool', id: pool })), carried);
    }
  }
  for (const pool of document.pools ?? []) {
    const node = formatNode({ kind: 'pool', id: pool.id });
    mark(node, rates.get(`pool ${pool.id}`));
    pool.endpoints.forEach((endpoint, index) => {
      const rate = endpointRate(rates, endpointCounterId(pool.id, endpoint));
      mark(endpointNode(pool.id, index), rate);
      mark(edgeId(node, endpointNode(pool.id, index)), rate);
    });
  }
  return marks;
}

function ratesBetween(before: TrafficReading, now: TrafficReading): ReadonlyMap<string, Rate> {
  const earlier = new Map(before.counts.map((count) => [`${count.scope} ${count.id}`, count]));
  const rates = new Map<string, Rate>();
  for (const count of now.counts) {
    const key = `${count.scope} ${count.id}`;
    const flows = count.flows - (earlier.get(key)?.flows ?? 0);
    const errors = count.errors - (earlier.get(key)?.errors ?? 0);
    // Fewer than before = another run of the engine.
    if (flows > 0 && errors >= 0) rates.set(key, { flows, errors });
  }
  return rates;
}

function markOf({ flows, errors }: Rate, seconds: number): TrafficMark {
  const share = Math.min(100, (errors / flows) * 100);
  return {
    rate: `${rateWords(flows / seconds)}/s`,
    errors: errors === 0 ? null : `${share < 1 ? '<1' : Math.round(share)} % errors`,
  };
}

/** 0.05 → "<0.1", 2.34 → "2.3", 1200 → "1,200". */
export function rateWords(perSecond: number): string {
  if (perSecond >= 10) return Math.round(perSecond).toLocaleString('en');
  return perSecond > 0 && perSecond < 0.1 ? '<0.1' : String(Math.round(perSecond * 10) / 10);
}

/** An endpoint given by name is counted once for each address that the name has: "pool/name:port@address". */
function endpointRate(rates: ReadonlyMap<string, Rate>, id: string): Rate | undefined {
  const direct = rates.get(`endpoint ${id}`);
  const sum = { flows: direct?.flows ?? 0, errors: direct?.errors ?? 0 };
  for (const [key, { flows, errors }] of rates) {
    if (!key.startsWith(`endpoint ${id}@`)) continue;
    sum.flows += flows;
    sum.errors += errors;
  }
  return sum.flows === 0 ? undefined : sum;
}

/** As the engine names an endpoint's counters. */
export function endpointCounterId(
  pool: string,
  { address, port }: { readonly address: string; readonly port: number },
): string {
  return `${pool}/${formatAddress({ address, port })}`;
}
