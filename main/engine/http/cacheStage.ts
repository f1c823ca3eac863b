// Copies the body of a response into the cache while it passes.
import type { BodyStage } from './bodyStage';

export class CacheStage implements BodyStage {
  #parts: Buffer[] | null = [];
  #bytes = 0;

  /** `store` gets the whole body; `giveUp` is called once instead when it is larger than `maxBytes`. */
  constructor(
    private readonly maxBytes: number,
    private readonly store: (body: Buffer) => void,
    private readonly giveUp: (reason: string) => void,
    private readonly next: BodyStage,
  ) {}

  get isFull(): boolean {
    return this.next.isFull;
  }

  take(buffer: Buffer, start: number, end: number): void {
    if (this.#parts !== null && end > start) {
      this.#bytes += end - start;
      if (this.#bytes > this.maxBytes) {
        this.#parts = null;
        this.giveUp(`the body is larger than ${this.maxBytes} bytes`);
      } else this.#parts.push(Buffer.from(buffer.subarray(start, end)));
    }
    this.next.take(buffer, start, end);
  }

  end(): void {
    const parts = this.#parts;
    this.#parts = null;
    // Its own memory: a small body must not keep a shared block alive.
    if (parts !== null) this.store(ownMemory(parts, this.#bytes));
    this.next.end();
  }

  onDrain(): void {
    this.next.onDrain();
  }

  close(): void {
    this.#parts = null;
    this.next.close();
  }
}

function ownMemory(parts: readonly Buffer[], bytes: number): Buffer {
  const whole = Buffer.allocUnsafeSlow(bytes);
  let position = 0;
  for (const part of parts) position += part.copy(whole, position);
  return whole;
}
