// Copies the body of a response into the cache while it passes.
import type { ResponseCache } from '../cache/responseCache';
import type { BodyStage } from './bodyStage';

export class CacheStage implements BodyStage {
  #parts: Buffer[] | null = [];
  #bytes = 0;

  /** `store` gets the whole body; `giveUp` is called once instead when there is no room for it. */
  constructor(
    private readonly cache: ResponseCache,
    private readonly store: (body: Buffer) => void,
    private readonly giveUp: (reason: string) => void,
    private readonly next: BodyStage,
  ) {}

  get isFull(): boolean {
    return this.next.isFull;
  }

  take(buffer: Buffer, start: number, end: number): void {
    if (this.#parts !== null && end > start) this.#copy(this.#parts, buffer.subarray(start, end));
    this.next.take(buffer, start, end);
  }

  end(): void {
    const parts = this.#parts;
    const bytes = this.#bytes;
    this.#drop();
    // Its own memory: a small body must not keep a shared block alive.
    if (parts !== null) this.store(ownMemory(parts, bytes));
    this.next.end();
  }

  onDrain(): void {
    this.next.onDrain();
  }

  close(): void {
    this.#drop();
    this.next.close();
  }

  #copy(parts: Buffer[], bytes: Buffer): void {
    const { maxEntryBytes } = this.cache;
    const isTooLarge = this.#bytes + bytes.length > maxEntryBytes;
    if (isTooLarge || !this.cache.takeArriving(bytes.length)) {
      this.#drop();
      this.giveUp(
        isTooLarge ? `the body is larger than ${maxEntryBytes} bytes` : 'too much is being stored at once',
      );
      return;
    }
    this.#bytes += bytes.length;
    parts.push(Buffer.from(bytes));
  }

  #drop(): void {
    this.#parts = null;
    this.cache.giveArriving(this.#bytes);
    this.#bytes = 0;
  }
}

function ownMemory(parts: readonly Buffer[], bytes: number): Buffer {
  const whole = Buffer.allocUnsafeSlow(bytes);
  let position = 0;
  for (const part of parts) position += part.copy(whole, position);
  return whole;
}
