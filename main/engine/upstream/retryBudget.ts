// How many retries a pool may cause: without a bound, retries multiply the load of an endpoint that is failing because
// of its load. Over the last ten seconds: a fifth of the requests, or three a second, whichever is more.

const windowSeconds = 10;
const share = 0.2;
const leastPerSecond = 3;

export class RetryBudget {
  readonly #requests = new Float64Array(windowSeconds);
  readonly #retries = new Float64Array(windowSeconds);
  #second = 0;

  /** `now` in microseconds, never going back. */
  countRequest(now: number): void {
    this.#requests[this.#slot(now)]!++;
  }

  /** False = the budget is used up. */
  takeRetry(now: number): boolean {
    const slot = this.#slot(now);
    const allowed = Math.max(share * sum(this.#requests), leastPerSecond * windowSeconds);
    if (sum(this.#retries) + 1 > allowed) return false;
    this.#retries[slot]!++;
    return true;
  }

  #slot(now: number): number {
    const second = Math.floor(now / 1_000_000);
    const passed = Math.min(second - this.#second, windowSeconds);
    for (let step = 1; step <= passed; step++) {
      const slot = (this.#second + step) % windowSeconds;
      this.#requests[slot] = 0;
      this.#retries[slot] = 0;
    }
    this.#second = second;
    return second % windowSeconds;
  }
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
