// What flows through the canvas now: rates from two readings of the engine's counters. Pure.
import type { TrafficCount, TrafficLatency } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { formatAddress } from '../stores/flowFormat';
import { clientNode, edgeId, endpointNode, formatNode } from './nodeIds';

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
  /** null = no flow ended lately. */
  readonly latency: TrafficLatency | null;
  /** Open now; null = nobody counts them here. */
  readonly openConnections: number | null;
}

/** By canvas id of a node or line; what carries nothing is not in it. */
export type TrafficMarks = ReadonlyMap<string, TrafficMark>;

export const noTraffic: TrafficMarks = new Map();

interface Rate {
  readonly flows: number;
  readonly errors: number;
  readonly latency: TrafficLatency | null;
  readonly openConnections: number | null;
}

/**
 * Exact for every node, and for the lines that are the only way to one. The line from a route to a pool has no counter of its
 * own: it carries what the pool carries when no other route carries anything there, else what the route carries when it leads
 * nowhere else. The line from a listener to a route carries what the route carries when none of the route's other listeners
 * carries anything. Other lines are left unmarked rather than guessed.
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
  for (const { id } of document.listeners ?? []) {
    const node = formatNode({ kind: 'listener', id });
    mark(node, rates.get(`listener ${id}`));
    mark(edgeId(clientNode, node), rates.get(`listener ${id}`));
  }
  const users = busyUsers(document, rates);
  for (const route of document.routes ?? []) {
    const node = formatNode({ kind: 'route', id: route.id });
    const rate = rates.get(`route ${route.id}`);
    mark(node, rate);
    const busy = route.listeners.filter((id) => rates.has(`listener ${id}`));
    const [from] = route.listeners.length === 1 ? route.listeners : busy.length === 1 ? busy : [];
    if (from !== undefined) mark(edgeId(formatNode({ kind: 'listener', id: from }), node), rate);
    const backends = route.backends ?? [];
    for (const { pool } of backends) {
      const isOnlyUser = users.get(pool)?.length === 1 && users.get(pool)?.[0] === route.id;
      const carried = isOnlyUser ? rates.get(`pool ${pool}`) : backends.length === 1 ? rate : undefined;
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
    if (flows < 0 || errors < 0) continue;
    const { latency, openConnections } = count;
    const isBusy = flows > 0 || (count.scope !== 'route' && openConnections > 0);
    const open = count.scope === 'route' ? null : openConnections;
    if (isBusy) rates.set(key, { flows, errors, latency, openConnections: open });
  }
  return rates;
}

/** The routes with traffic that send to each pool. */
function busyUsers(
  document: WorkspaceDocument,
  rates: ReadonlyMap<string, Rate>,
): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const route of document.routes ?? []) {
    if (!rates.has(`route ${route.id}`)) continue;
    for (const { pool } of route.backends ?? []) users.set(pool, [...(users.get(pool) ?? []), route.id]);
  }
  return users;
}

/** Of a route with several backends: percent of its traffic that each got. A pool that other busy routes use too cannot be told. */
export type MeasuredShares = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function measuredShares(
  document: WorkspaceDocument,
  before: TrafficReading,
  now: TrafficReading,
): MeasuredShares {
  const rates = ratesBetween(before, now);
  const users = busyUsers(document, rates);
  const shares = new Map<string, ReadonlyMap<string, number>>();
  for (const route of document.routes ?? []) {
    const backends = route.backends ?? [];
    const isExact = backends.every(({ pool }) => (users.get(pool)?.length ?? 0) <= 1);
    if (backends.length < 2 || !isExact || !rates.has(`route ${route.id}`)) continue;
    const flows = backends.map(({ pool }) => rates.get(`pool ${pool}`)?.flows ?? 0);
    const total = flows.reduce((sum, count) => sum + count, 0);
    if (total === 0) continue;
    const percents = backends.map(({ pool }, index) => [pool, (flows[index]! / total) * 100] as const);
    shares.set(route.id, new Map(percents));
  }
  return shares;
}

function markOf({ flows, errors, latency, openConnections }: Rate, seconds: number): TrafficMark {
  const share = flows === 0 ? 0 : Math.min(100, (errors / flows) * 100);
  return {
    latency,
    openConnections,
    rate: `${rateWords(flows / seconds)}/s`,
    errors: errors === 0 ? null : `${share < 1 ? '<1' : Math.round(share)} % errors`,
  };
}

/** "3.2 ms", "1.4 s". */
export function durationWords(milliseconds: number): string {
  if (milliseconds >= 1000) return `${Math.round(milliseconds / 100) / 10} s`;
  return `${milliseconds >= 10 ? Math.round(milliseconds) : Math.round(milliseconds * 10) / 10} ms`;
}

/** 0.05 → "<0.1", 2.34 → "2.3", 1200 → "1,200". */
export function rateWords(perSecond: number): string {
  if (perSecond >= 10) return Math.round(perSecond).toLocaleString('en');
  return perSecond > 0 && perSecond < 0.1 ? '<0.1' : String(Math.round(perSecond * 10) / 10);
}

/** An endpoint given by name is counted once for each address that the name has: "pool/name:port@address". */
function endpointRate(rates: ReadonlyMap<string, Rate>, id: string): Rate | undefined {
  const direct = rates.get(`endpoint ${id}`);
  if (direct !== undefined) return direct;
  const parts = [...rates].filter(([key]) => key.startsWith(`endpoint ${id}@`)).map(([, rate]) => rate);
  if (parts.length < 2) return parts[0];
  const total = (read: (rate: Rate) => number) => parts.reduce((sum, rate) => sum + read(rate), 0);
  return {
    flows: total((rate) => rate.flows),
    errors: total((rate) => rate.errors),
    // Percentiles of several addresses do not add up to one.
    latency: null,
    openConnections: total((rate) => rate.openConnections ?? 0),
  };
}

/** As the engine names an endpoint's counters. */
export function endpointCounterId(
  pool: string,
  { address, port }: { readonly address: string; readonly port: number },
): string {
  return `${pool}/${formatAddress({ address, port })}`;
}
