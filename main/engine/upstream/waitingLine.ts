// Who waits because every endpoint of a pool has as many connections as it may have. First come, first served.

export interface Waiter {
  /** There may be a place now. False = there is none; true = it took one, or gave up, and has left the line. */
  tryAgain(): boolean;
}

export class WaitingLine {
  readonly #waiters = new Set<Waiter>();

  get length(): number {
    return this.#waiters.size;
  }

  isFirst(waiter: Waiter): boolean {
    const [first] = this.#waiters;
    return first === waiter;
  }

  join(waiter: Waiter): void {
    this.#waiters.add(waiter);
  }

  /** Does nothing to who is not in it. */
  leave(waiter: Waiter): void {
    this.#waiters.delete(waiter);
  }

  /** A place became free: those in front try, until one of them finds none. */
  wake(): void {
    for (const waiter of this.#waiters) if (!waiter.tryAgain()) return;
  }
}
