// One order as people see it: its steps, records and end. Told to listeners at each change; never holds a key.
import type { AcmeDnsRecord, AcmeOrder, AcmeStep } from '../../contract/acme';
import { serverWords } from './serverWords';

export interface OrderWish {
  readonly id: string;
  readonly account: string;
  readonly names: readonly string[];
  readonly challenge: AcmeOrder['challenge'];
  readonly certificate: string;
  readonly isRenewal: boolean;
}

export class OrderProgress {
  #state: AcmeOrder['state'] = 'running';
  #problem: string | null = null;
  #steps: AcmeStep[] = [];
  #records: readonly AcmeDnsRecord[] = [];
  #continue: (() => void) | null = null;
  readonly #startedAt = new Date().toISOString();

  constructor(
    readonly wish: OrderWish,
    private readonly onChange: () => void,
  ) {}

  snapshot(): AcmeOrder {
    const { id, account, names, challenge, certificate, isRenewal } = this.wish;
    return {
      id,
      account,
      names,
      challenge,
      certificate,
      isRenewal,
      state: this.#state,
      steps: [...this.#steps],
      records: this.#records,
      problem: this.#problem,
      startedAt: this.#startedAt,
      nextAttemptAt: null,
    };
  }

  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'failed' || this.#state === 'cancelled';
  }

  /** Runs a step; its end, good or bad, is shown. Throws `CancelledError` when the order was cancelled meanwhile. */
  async step<Result>(
    name: AcmeStep['name'],
    hostname: string | null,
    detail: string,
    work: () => Promise<Result>,
    done: (result: Result) => string,
  ): Promise<Result> {
    this.#throwIfCancelled();
    const index = this.#steps.length;
    const startedAt = new Date().toISOString();
    const show = (state: AcmeStep['state'], words: string) => {
      const endedAt = state === 'running' ? null : new Date().toISOString();
      this.#steps[index] = { name, hostname, state, detail: words, startedAt, endedAt };
      this.onChange();
    };
    show('running', detail);
    try {
      const result = await work();
      show('done', done(result));
      this.#throwIfCancelled();
      return result;
    } catch (error) {
      if (!(error instanceof CancelledError)) show('failed', serverWords(error));
      throw error;
    }
  }

  /** Until the person says that the records are set. */
  waitForRecords(records: readonly AcmeDnsRecord[]): Promise<void> {
    this.#throwIfCancelled();
    this.#records = records;
    this.#state = 'needsRecords';
    this.onChange();
    return new Promise((resolve, reject) => {
      this.#continue = () => {
        this.#continue = null;
        if (this.#state === 'cancelled') reject(new CancelledError());
        else {
          this.#state = 'running';
          this.onChange();
          resolve();
        }
      };
    });
  }

  showRecords(records: readonly AcmeDnsRecord[]): void {
    this.#records = records;
    this.onChange();
  }

  /** False = it does not wait. */
  continue(): boolean {
    const isWaiting = this.#continue !== null;
    this.#continue?.();
    return isWaiting;
  }

  cancel(): void {
    if (this.isOver) return;
    this.#state = 'cancelled';
    this.#continue?.();
    this.onChange();
  }

  finish(problem: string | null): void {
    if (this.#state !== 'cancelled') this.#state = problem === null ? 'done' : 'failed';
    this.#problem = problem;
    this.onChange();
  }

  #throwIfCancelled(): void {
    if (this.#state === 'cancelled') throw new CancelledError();
  }
}

/** The person ended the order. */
export class CancelledError extends Error {
  constructor() {
    super('the order was cancelled');
  }
}
