// Lets the body of a response through at a fixed rate. It stands between reading and forwarding: what was read waits
// here while the endpoint is paused, so it holds about one read buffer, and goes on in slices at the engine's ticks.
import type { Ticker, Ticking } from '../ticker';

/** What the pacer paces. Implemented by the response phase. */
export interface PacedResponse {
  /** Forwards bytes of the body. */
  onPacedBytes(bytes: Buffer): void;
  /** More than enough waits for the client to read. */
  isCongested(): boolean;
  pauseEndpoint(): void;
  resumeEndpoint(): void;
  /** Everything was passed on, and the endpoint had ended or was lost. */
  onPacedEnd(error: Error | null): void;
}

/** Saved up over a pause of the engine or of the client, in seconds; more would come as one burst. */
const longestSaving = 0.25;

export class ResponsePacer implements Ticking {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #allowance = 0;
  #since = 0;
  #hasEnded = false;
  #error: Error | null = null;
  #isTicking = false;

  constructor(
    private readonly bytesPerSecond: number,
    private readonly ticker: Ticker,
    private readonly response: PacedResponse,
  ) {}

  get holdsBytes(): boolean {
    return this.#waitingBytes > 0;
  }

  /** Takes bytes of the body; they are copied. `now` in microseconds of the emitter's clock. */
  take(buffer: Buffer, start: number, end: number, now: number): void {
    if (end === start) return;
    this.#waiting.push(Buffer.from(buffer.subarray(start, end)));
    this.#waitingBytes += end - start;
    this.response.pauseEndpoint();
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#since = now;
    this.ticker.add(this);
  }

  /** The endpoint will send no more; said on when everything that waits has gone. */
  end(error: Error | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#error = error;
  }

  onTick(now: number): void {
    const elapsedSeconds = (now - this.#since) / 1_000_000;
    this.#since = now;
    const most = Math.max(1, this.bytesPerSecond * longestSaving);
    this.#allowance = Math.min(most, this.#allowance + elapsedSeconds * this.bytesPerSecond);
    if (this.response.isCongested()) return;
    while (this.#isTicking && this.#allowance >= 1 && this.#waitingBytes > 0) this.#passOn();
    if (!this.#isTicking || this.#waitingBytes > 0) return;
    this.close();
    if (this.#hasEnded) this.response.onPacedEnd(this.#error);
    else this.response.resumeEndpoint();
  }

  /** Drops what waits. */
  close(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (!this.#isTicking) return;
    this.#isTicking = false;
    this.ticker.delete(this);
  }

  #passOn(): void {
    const first = this.#waiting[0]!;
    const length = Math.min(first.length, Math.floor(this.#allowance));
    if (length === first.length) this.#waiting.shift();
    else this.#waiting[0] = first.subarray(length);
    this.#waitingBytes -= length;
    this.#allowance -= length;
    this.response.onPacedBytes(first.subarray(0, length));
  }
}
