/** Walks over bytes that a stranger wrote: reading past the end gives zeros and sets `hasFailed`, never throws. */
export class ByteReader {
  hasFailed = false;
  #position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get remaining(): number {
    return this.bytes.length - this.#position;
  }

  uint8(): number {
    if (this.remaining < 1) return this.fail();
    return this.bytes[this.#position++]!;
  }

  uint16(): number {
    if (this.remaining < 2) return this.fail();
    const value = this.bytes[this.#position]! * 256 + this.bytes[this.#position + 1]!;
    this.#position += 2;
    return value;
  }

  skip(count: number): void {
    if (this.remaining < count) this.fail();
    else this.#position += count;
  }

  /** Bytes behind a one-byte length. */
  vector8(): Uint8Array {
    return this.#take(this.uint8());
  }

  /** Bytes behind a two-byte length. */
  vector16(): Uint8Array {
    return this.#take(this.uint16());
  }

  /** From now on nothing more can be read. */
  fail(): 0 {
    this.hasFailed = true;
    this.#position = this.bytes.length;
    return 0;
  }

  #take(count: number): Uint8Array {
    if (this.remaining < count) this.fail();
    const taken = this.bytes.subarray(this.#position, this.#position + (this.hasFailed ? 0 : count));
    this.#position += taken.length;
    return taken;
  }
}
