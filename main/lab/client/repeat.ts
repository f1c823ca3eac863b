// The same request many times, at a rate, over connections that are used again or not.
import type { RepeatPlan } from '../../contract/clientRequest';
import type { ClientResponse, RepeatSummary } from '../../contract/clientResult';
import type { Carrier } from './carrier';
import type { ExchangeOutcome, ExchangeWatch } from './exchange';
import { atLeast } from './pieces';
import { RepeatCount } from './repeatCount';

export interface RepeatOptions {
  readonly plan: RepeatPlan;
  /** Rejects when no connection can be had. */
  readonly open: () => Promise<Carrier>;
  readonly signal: AbortSignal;
  readonly watch: ExchangeWatch;
  readonly onProgress: (summary: RepeatSummary) => void;
}

export interface RepeatOutcome {
  readonly summary: RepeatSummary;
  readonly first: ClientResponse | null;
  /** Why it was not carried out to its end; null = it was, or was cancelled. */
  readonly problem: string | null;
}

const progressMs = 200;
/** Then it is over: nobody learns from more of them. */
const mostFailuresInARow = 100;

export async function repeatRequest(options: RepeatOptions): Promise<RepeatOutcome> {
  const { plan, signal, onProgress } = options;
  const run = new RepeatRun(options);
  const progress = setInterval(() => onProgress(run.count.summary()), progressMs);
  const workers = Math.min(plan.concurrency, plan.times);
  await Promise.all(Array.from({ length: workers }, () => run.work()));
  clearInterval(progress);
  run.close();
  const problem =
    run.failuresInARow >= mostFailuresInARow && !signal.aborted
      ? `it was given up after ${mostFailuresInARow} failures in a row`
      : null;
  return { summary: run.count.summary(), first: run.first, problem };
}

class RepeatRun {
  readonly count: RepeatCount;
  first: ClientResponse | null = null;
  failuresInARow = 0;
  readonly #startedAt = performance.now();
  /** Connections that wait for the next request, the last used one on top. */
  readonly #free: Carrier[] = [];
  #first: Promise<Carrier> | null = null;
  #isFirstTaken = false;
  #shared: Promise<Carrier> | null = null;
  #next = 0;

  constructor(private readonly options: RepeatOptions) {
    this.count = new RepeatCount(options.plan);
  }

  async work(): Promise<void> {
    const { plan, signal } = this.options;
    for (;;) {
      if (signal.aborted || this.#next >= plan.times || this.failuresInARow >= mostFailuresInARow) return;
      const number = this.#next++;
      const plannedMs = plan.perSecond === null ? 0 : (number * 1000) / plan.perSecond;
      const early = plannedMs - (performance.now() - this.#startedAt);
      if (early > 0) await atLeast(early, signal);
      if (signal.aborted) return;
      const late = plan.perSecond === null ? 0 : performance.now() - this.#startedAt - plannedMs;
      this.count.start(late);
      await this.#once(number);
    }
  }

  close(): void {
    for (const carrier of this.#free) carrier.close();
    for (const opening of [this.#first, this.#shared]) {
      opening?.then(
        (carrier) => carrier.close(),
        () => undefined,
      );
    }
  }

  async #once(number: number): Promise<void> {
    const { signal, watch } = this.options;
    const isFirst = number === 0;
    const touch: ExchangeWatch = watch.touch === undefined ? {} : { touch: watch.touch };
    const keptBytes = isFirst ? undefined : 0;
    let outcome: ExchangeOutcome;
    try {
      outcome = await this.#exchange(isFirst ? watch : touch, keptBytes);
      // The server did nothing with it: on a connection that it began to close it may be sent again (RFC 9113 8.7).
      if (outcome.isUnprocessed) outcome = await this.#exchange(touch, keptBytes);
    } catch (error) {
      if (!signal.aborted) this.#fail(error instanceof Error ? error.message : String(error));
      return;
    }
    const { response } = outcome;
    if (isFirst) this.first = response;
    if (signal.aborted && response.problem !== null) return;
    if (response.problem !== null) this.#fail(response.problem);
    else {
      this.failuresInARow = 0;
      this.count.answer(response);
    }
  }

  async #exchange(watch: ExchangeWatch, keptBytes: number | undefined): Promise<ExchangeOutcome> {
    const carrier = await this.#take();
    const outcome = await carrier.exchange(0, watch, keptBytes);
    this.#give(carrier, outcome.isReusable);
    return outcome;
  }

  #fail(message: string): void {
    this.failuresInARow++;
    this.count.fail(message);
  }

  async #take(): Promise<Carrier> {
    if (!this.options.plan.reuse) return await this.#open();
    // The first connection tells which protocol it is; the others wait for that.
    this.#first ??= this.#open();
    const first = await this.#first.catch((error: unknown) => {
      this.#first = null;
      throw error;
    });
    if (first.isHttp2) return await this.#share(first);
    if (!this.#isFirstTaken) {
      this.#isFirstTaken = true;
      return first;
    }
    for (let free = this.#free.pop(); free !== undefined; free = this.#free.pop()) {
      if (!free.isClosed) return free;
      free.close();
    }
    return await this.#open();
  }

  /** HTTP/2: all are streams of the newest connection, until that takes no more. */
  async #share(first: Carrier): Promise<Carrier> {
    this.#shared ??= Promise.resolve(first);
    const shared = this.#shared;
    const carrier = await shared.catch(() => null);
    if (carrier?.isClosed === false) return carrier;
    // Whoever finds it closed first opens the next one for all.
    if (this.#shared === shared) this.#shared = this.#open();
    return await this.#shared;
  }

  async #open(): Promise<Carrier> {
    const carrier = await this.options.open();
    this.count.connections++;
    return carrier;
  }

  #give(carrier: Carrier, isReusable: boolean): void {
    const { reuse } = this.options.plan;
    if (reuse && carrier.isHttp2) return;
    if (reuse && isReusable) this.#free.push(carrier);
    else carrier.close();
  }
}
