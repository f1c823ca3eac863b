// HPACK encoding (RFC 7541). Fields that come again and again are put into the dynamic table; what is secret or never
// the same is not. Lines are found by a hash of their bytes and then compared, so no text is made of them.
import type { ByteWriter } from './byteWriter';
import type { FieldBlock } from './fieldBlock';
import { defaultTableBytes, entryOverhead, staticTable } from './hpackStaticTable';
import { encodeHuffman, huffmanLength } from './huffman';

/** Never put into a table, and no intermediary may do so (RFC 7541 7.1.3). */
const secretNames = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie'];
/** Different nearly every time: in the table they would only push out what comes again. */
const fleetingNames = [
  ':path',
  'age',
  'content-length',
  'content-range',
  'etag',
  'expires',
  'if-modified-since',
  'if-none-match',
  'last-modified',
  'location',
  'range',
  'x-request-id',
];
/** A longer line would take too much of the table. */
const maxIndexedBytes = 512;

const Habit = { indexed: 0, fleeting: 1, secret: 2 } as const;

interface KnownName {
  readonly bytes: Uint8Array;
  /** In the static table; 0 = not there. */
  readonly index: number;
  readonly habit: number;
}

interface TableLine {
  /** "name: value". */
  readonly bytes: Uint8Array;
  readonly hash: number;
  /** Of the static table: its index; of the dynamic table: the number of its insertion, counted from 1. */
  readonly number: number;
}

const hashStart = 0x011c9dc5;
const knownNames = new Map<number, KnownName>();
const staticLines = new Map<number, TableLine>();
staticTable.forEach(([name, value], position) => {
  addKnownName(name, position + 1);
  if (value === '') return;
  const bytes = Buffer.from(`${name}: ${value}`, 'latin1');
  const hash = hashOf(bytes, name.length, bytes.length, hashOf(bytes, 0, name.length, hashStart));
  staticLines.set(hash, { bytes, hash, number: position + 1 });
});
for (const name of [...secretNames, ...fleetingNames]) addKnownName(name, 0);

function addKnownName(name: string, index: number): void {
  const bytes = Buffer.from(name, 'latin1');
  const hash = hashOf(bytes, 0, bytes.length, hashStart);
  if (knownNames.has(hash)) return;
  const habit = secretNames.includes(name)
    ? Habit.secret
    : fleetingNames.includes(name)
      ? Habit.fleeting
      : Habit.indexed;
  knownNames.set(hash, { bytes, index, habit });
}

export class HpackEncoder {
  #maxTableBytes = defaultTableBytes;
  #tableBytes = 0;
  /** The dynamic table, oldest first. */
  readonly #lines: TableLine[] = [];
  /** Lines ever put into the table. */
  #inserted = 0;
  /** Of two lines with one hash the newer one; the older is not found any more. */
  readonly #byHash = new Map<number, TableLine>();
  #announcedSize = -1;

  /** The peer allows a table of this many bytes; more than ours is never used. */
  setMaxTableBytes(bytes: number): void {
    const allowed = Math.min(bytes, defaultTableBytes);
    if (allowed === this.#maxTableBytes) return;
    this.#maxTableBytes = allowed;
    this.#announcedSize = allowed;
    this.#evictTo(allowed);
  }

  /** To be called before the fields of a block. */
  begin(out: ByteWriter): void {
    if (this.#announcedSize === -1) return;
    out.reserve(8);
    writeInteger(out, 0x20, 5, this.#announcedSize);
    this.#announcedSize = -1;
  }

  /** One field; its name is in lower case. */
  field(fields: FieldBlock, index: number, out: ByteWriter): void {
    const { bytes } = fields;
    const start = fields.nameStart(index);
    const nameEnd = fields.nameEnd(index);
    const end = fields.valueEnd(index);
    const nameHash = hashOf(bytes, start, nameEnd, hashStart);
    const hash = hashOf(bytes, nameEnd, end, nameHash);
    out.reserve(8);
    const found = this.#byHash.get(hash);
    if (found !== undefined && isSame(found.bytes, bytes, start, end)) {
      writeInteger(out, 0x80, 7, staticTable.length + 1 + this.#inserted - found.number);
      return;
    }
    const known = staticLines.get(hash);
    if (known !== undefined && isSame(known.bytes, bytes, start, end)) out.byte(0x80 | known.number);
    else this.#literal(fields, index, nameHash, hash, out);
  }

  #literal(fields: FieldBlock, index: number, nameHash: number, hash: number, out: ByteWriter): void {
    const { bytes } = fields;
    const start = fields.nameStart(index);
    const nameEnd = fields.nameEnd(index);
    const valueStart = fields.valueStart(index);
    const end = fields.valueEnd(index);
    out.reserve(end - start + 32);
    const known = knownNames.get(nameHash);
    const isKnown = known !== undefined && isSame(known.bytes, bytes, start, nameEnd);
    const nameIndex = isKnown ? known.index : 0;
    const habit = isKnown ? known.habit : Habit.indexed;
    if (habit === Habit.secret) writeInteger(out, 0x10, 4, nameIndex);
    else if (habit === Habit.fleeting || end - start > maxIndexedBytes) writeInteger(out, 0, 4, nameIndex);
    else {
      writeInteger(out, 0x40, 6, nameIndex);
      this.#insert(bytes, start, end, hash);
    }
    if (nameIndex === 0) writeString(out, bytes, start, nameEnd);
    writeString(out, bytes, valueStart, end);
  }

  #insert(bytes: Uint8Array, start: number, end: number, hash: number): void {
    const size = sizeOf(end - start);
    this.#evictTo(this.#maxTableBytes - size);
    if (size > this.#maxTableBytes) return;
    const line = { bytes: Uint8Array.from(bytes.subarray(start, end)), hash, number: ++this.#inserted };
    this.#lines.push(line);
    this.#byHash.set(hash, line);
    this.#tableBytes += size;
  }

  #evictTo(bytes: number): void {
    while (this.#tableBytes > bytes && this.#lines.length > 0) {
      const line = this.#lines.shift()!;
      this.#tableBytes -= sizeOf(line.bytes.length);
      if (this.#byHash.get(line.hash) === line) this.#byHash.delete(line.hash);
    }
  }
}

/** Of an entry; its line has two bytes, ": ", that do not count (RFC 7541 4.1). */
function sizeOf(lineBytes: number): number {
  return lineBytes - 2 + entryOverhead;
}

/** FNV-1a, 30 bits of it; goes on from `hash`. */
function hashOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
  let value = hash;
  for (let index = start; index < end; index++) value = Math.imul(value ^ bytes[index]!, 0x01000193);
  return value & 0x3fffffff;
}

function isSame(line: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (line.length !== end - start) return false;
  for (let index = 0; index < line.length; index++) if (line[index] !== bytes[start + index]) return false;
  return true;
}

/** RFC 7541 5.1. */
function writeInteger(out: ByteWriter, first: number, prefixBits: number, value: number): void {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) {
    out.byte(first | value);
    return;
  }
  out.byte(first | mask);
  let rest = value - mask;
  while (rest >= 0x80) {
    out.byte((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  out.byte(rest);
}

/** Coded where that is shorter. */
function writeString(out: ByteWriter, bytes: Uint8Array, start: number, end: number): void {
  const codedLength = huffmanLength(bytes, start, end);
  if (codedLength < end - start) {
    writeInteger(out, 0x80, 7, codedLength);
    out.length = encodeHuffman(bytes, start, end, out.bytes, out.length);
  } else {
    writeInteger(out, 0, 7, end - start);
    out.copy(bytes, start, end);
  }
}
