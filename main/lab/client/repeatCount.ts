import type { RepeatPlan } from '../../contract/clientRequest';
import type { ClientResponse, RepeatLatency, RepeatSummary } from '../../contract/clientResult';
import { rounded } from './exchange';

const mostValues = 50;
const mostErrors = 10;

/** What came of the repeated requests. Latencies are kept one by one, so that the percentiles are exact. */
export class RepeatCount {
  connections = 0;
  readonly #startedAt = performance.now();
  readonly #durations: Float64Array;
  readonly #statuses = new Map<number, number>();
  readonly #values = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  readonly #countBy: string;
  #started = 0;
  #answered = 0;
  #failed = 0;
  #latestStartMs = 0;

  constructor(private readonly plan: RepeatPlan) {
    this.#durations = new Float64Array(plan.times);
    this.#countBy = plan.countBy.toLowerCase();
  }

  start(lateMs: number): void {
    this.#started++;
    this.#latestStartMs = Math.max(this.#latestStartMs, lateMs);
  }

  answer({ status, headers, endMs }: ClientResponse): void {
    this.#durations[this.#answered++] = endMs ?? 0;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    const value = headers.find(([name]) => name.toLowerCase() === this.#countBy)?.[1] ?? '';
    countUpTo(this.#values, value.slice(0, 200), mostValues);
  }

  fail(message: string): void {
    this.#failed++;
    countUpTo(this.#errors, message, mostErrors);
  }

  summary(): RepeatSummary {
    const elapsedMs = performance.now() - this.#startedAt;
    return {
      times: this.plan.times,
      started: this.#started,
      answered: this.#answered,
      failed: this.#failed,
      statuses: sorted(this.#statuses).map(([status, count]) => ({ status, count })),
      countedBy: this.plan.countBy,
      counts: sorted(this.#values).map(([value, count]) => ({ value, count })),
      errors: sorted(this.#errors).map(([message, count]) => ({ message, count })),
      latency: this.#latency(),
      connections: this.connections,
      elapsedMs: rounded(elapsedMs),
      perSecond: rounded(this.#answered / Math.max(0.001, elapsedMs / 1000)),
      latestStartMs: rounded(this.#latestStartMs),
    };
  }

  #latency(): RepeatLatency | null {
    if (this.#answered === 0) return null;
    const durations = this.#durations.slice(0, this.#answered).sort();
    /** The smallest that so many per cent do not exceed. */
    const at = (share: number) => rounded(durations[Math.ceil(share * durations.length) - 1]!);
    return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), slowestMs: at(1) };
  }
}

/** More than so many different ones are counted as one. */
function countUpTo(counts: Map<string, number>, key: string, most: number): void {
  const known = counts.has(key) || counts.size < most ? key : 'others';
  counts.set(known, (counts.get(known) ?? 0) + 1);
}

function sorted<Key>(counts: ReadonlyMap<Key, number>): (readonly [Key, number])[] {
  return [...counts].sort((a, b) => b[1] - a[1]);
}
