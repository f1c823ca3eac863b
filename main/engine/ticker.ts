// One coarse timer for every deadline of the engine, so that no request sets a timer of its own.

export interface Ticking {
  /** `now` in microseconds of the emitter's clock. Compare with your own deadline fields; may add or delete tickers. */
  onTick(now: number): void;
}

/** Deadlines fire up to this much late. */
export const tickMs = 100;

export class Ticker {
  readonly #items = new Set<Ticking>();
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly now: () => number) {}

  add(item: Ticking): void {
    this.#items.add(item);
    this.#timer ??= setInterval(() => this.#tick(), tickMs);
  }

  delete(item: Ticking): void {
    this.#items.delete(item);
    if (this.#items.size === 0) this.close();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    const now = this.now();
    for (const item of this.#items) item.onTick(now);
  }
}
