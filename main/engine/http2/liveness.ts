/** Whether anybody is still there at the other end of a connection: after a silence a PING is due, and without an answer it is over. */
export class Liveness {
  #hasRead = true;
  #readAt = 0;
  /** 0 = no PING waits for its answer. */
  #pingedAt = 0;

  constructor(
    private readonly silenceMs: number,
    private readonly answerMs: number,
  ) {}

  noteRead(): void {
    this.#hasRead = true;
  }

  /** To be asked every tick while something is expected of the peer. `now` in microseconds. */
  check(now: number): 'alive' | 'pingDue' | 'gone' {
    if (this.#hasRead) {
      this.#hasRead = false;
      this.#readAt = now;
      this.#pingedAt = 0;
      return 'alive';
    }
    if (this.#pingedAt !== 0) return now - this.#pingedAt > this.answerMs * 1000 ? 'gone' : 'alive';
    if (now - this.#readAt <= this.silenceMs * 1000) return 'alive';
    this.#pingedAt = now;
    return 'pingDue';
  }
}
