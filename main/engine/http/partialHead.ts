import { carriageReturn, lineFeed } from './characters';

/**
 * Collects a head that comes in pieces and says when parsing it from the start again is worth it, so that a head sent
 * byte by byte costs about as much as one that comes at once.
 */
export class PartialHead {
  bytes: Buffer;
  length = 0;
  #searched = 0;
  #parsed = 0;

  constructor(buffer: Buffer, start: number, end: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(1024, (end - start) * 2));
    this.append(buffer, start, end);
    this.#parsed = this.length;
    this.#searched = this.length;
  }

  append(buffer: Buffer, start: number, end: number): void {
    const length = this.length + end - start;
    if (length > this.bytes.length) {
      const grown = Buffer.allocUnsafe(length * 2);
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    buffer.copy(this.bytes, this.length, start, end);
    this.length = length;
  }

  /** An empty line, or a line end that can only be wrong, has come; or there is twice as much as at the last parse. */
  isWorthParsing(): boolean {
    const { bytes, length } = this;
    let isWorth = length >= this.#parsed * 2;
    for (let index = this.#searched; index < length && !isWorth; index++) {
      if (bytes[index] !== lineFeed) continue;
      const isLineEnd = index > 0 && bytes[index - 1] === carriageReturn;
      isWorth = !isLineEnd || (index > 2 && bytes[index - 2] === lineFeed);
    }
    this.#searched = length;
    if (isWorth) this.#parsed = length;
    return isWorth;
  }
}
