import { latin1Text, writeLatin1 } from '../latin1';
import { entryOverhead } from './hpackStaticTable';

const numbersPerField = 4;
/** For heads that the engine made itself: no bound, they were read with one. */
export const mostFieldBytes = 2 ** 30;

/**
 * The fields of one decoded header block as text lines ("name: value\r\n", pseudo-headers as ":path: /"), in the order in
 * which they travelled, with the offsets of names and values. Reused from block to block; bounded by `maxBytes`.
 */
export class FieldBlock {
  bytes = Buffer.allocUnsafeSlow(2048);
  length = 0;
  count = 0;
  /** More than `maxBytes` (names, values and 32 bytes each, RFC 9113 10.5.1): what did not fit is left out. */
  isTooLarge = false;
  maxBytes: number;
  #size = 0;
  #offsets = new Int32Array(32 * numbersPerField);

  constructor(maxBytes = 16_384) {
    this.maxBytes = maxBytes;
  }

  clear(): void {
    this.length = 0;
    this.count = 0;
    this.isTooLarge = false;
    this.#size = 0;
  }

  /** Room for one more field of at most this many bytes; false = it does not fit and is to be dropped. */
  makeRoom(nameLength: number, valueLength: number): boolean {
    if (this.isTooLarge || this.#size + nameLength + valueLength + entryOverhead > this.maxBytes) {
      this.isTooLarge = true;
      return false;
    }
    const needed = this.length + nameLength + valueLength + 4;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(needed * 2);
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    return true;
  }

  /** A line of the tables; it has its line end. */
  addLine(line: Uint8Array, nameLength: number): void {
    const valueLength = line.length - nameLength - 4;
    if (!this.makeRoom(nameLength, valueLength)) return;
    const { bytes, length } = this;
    for (let index = 0; index < line.length; index++) bytes[length + index] = line[index]!;
    this.commit(nameLength, valueLength);
  }

  /** The line's name and value were written to `bytes`, at `length` and two bytes behind the name. */
  commit(nameLength: number, valueLength: number): void {
    const { bytes, length } = this;
    const slot = this.count * numbersPerField;
    if (slot === this.#offsets.length) {
      const grown = new Int32Array(this.#offsets.length * 2);
      grown.set(this.#offsets);
      this.#offsets = grown;
    }
    const valueStart = length + nameLength + 2;
    const end = valueStart + valueLength;
    bytes[valueStart - 2] = 0x3a;
    bytes[valueStart - 1] = 0x20;
    bytes[end] = 0x0d;
    bytes[end + 1] = 0x0a;
    this.#offsets[slot] = length;
    this.#offsets[slot + 1] = length + nameLength;
    this.#offsets[slot + 2] = valueStart;
    this.#offsets[slot + 3] = end;
    this.length = end + 2;
    this.count++;
    this.#size += nameLength + valueLength + entryOverhead;
  }

  nameStart(index: number): number {
    return this.#offsets[index * numbersPerField]!;
  }

  nameEnd(index: number): number {
    return this.#offsets[index * numbersPerField + 1]!;
  }

  valueStart(index: number): number {
    return this.#offsets[index * numbersPerField + 2]!;
  }

  valueEnd(index: number): number {
    return this.#offsets[index * numbersPerField + 3]!;
  }

  name(index: number): string {
    return latin1Text(this.bytes, this.nameStart(index), this.nameEnd(index));
  }

  value(index: number): string {
    return latin1Text(this.bytes, this.valueStart(index), this.valueEnd(index));
  }

  /** Without making a text of the name. */
  isNamed(index: number, name: string): boolean {
    const start = this.nameStart(index);
    if (this.nameEnd(index) - start !== name.length) return false;
    const { bytes } = this;
    for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name.charCodeAt(at)) return false;
    return true;
  }

  /** A field in one call; name in lower case. */
  add(name: string, value: string): void {
    if (!this.makeRoom(name.length, value.length)) return;
    writeLatin1(this.bytes, name, this.length);
    writeLatin1(this.bytes, value, this.length + name.length + 2);
    this.commit(name.length, value.length);
  }

  /** All lines, latin1. */
  get text(): string {
    return latin1Text(this.bytes, 0, this.length);
  }
}
