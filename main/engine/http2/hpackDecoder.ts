// HPACK decoding (RFC 7541). One decoder per connection: every header block must pass through it, also of streams that
// are refused, or the two tables part. All errors are connection errors of type COMPRESSION_ERROR (RFC 9113 4.3).
import type { FieldBlock } from './fieldBlock';
import { defaultTableBytes, entryOverhead, staticTable } from './hpackStaticTable';
import { decodeHuffman, maxDecodedBytes } from './huffman';

interface TableEntry {
  /** "name: value\r\n". */
  readonly line: Uint8Array;
  readonly nameLength: number;
}

const staticEntries: readonly TableEntry[] = staticTable.map(([name, value]) => ({
  line: Buffer.from(`${name}: ${value}\r\n`, 'latin1'),
  nameLength: name.length,
}));

/** No integer of a valid block is larger: sizes are bounded by the block, indices by the table. */
const maxInteger = 2 ** 24;

export class HpackDecoder {
  #maxTableBytes = defaultTableBytes;
  #tableBytes = 0;
  /** Newest last. */
  readonly #entries: TableEntry[] = [];
  #block: Uint8Array = new Uint8Array(0);
  #position = 0;
  #end = 0;
  #scratch = new Uint8Array(256);

  /** Decodes a whole block into `fields`, which is cleared. False = COMPRESSION_ERROR. */
  decode(block: Uint8Array, start: number, end: number, fields: FieldBlock): boolean {
    fields.clear();
    this.#block = block;
    this.#position = start;
    this.#end = end;
    let isUpdateAllowed = true;
    while (this.#position < end) {
      const first = block[this.#position]!;
      if ((first & 0xe0) === 0x20) {
        // Only at the beginning of a block (RFC 7541 4.2).
        if (!isUpdateAllowed || !this.#resizeTable(this.#integer(5))) return false;
        continue;
      }
      isUpdateAllowed = false;
      if (first >= 0x80) {
        const entry = this.#entry(this.#integer(7));
        if (entry === undefined) return false;
        fields.addLine(entry.line, entry.nameLength);
      } else if (!this.#literal(fields, first >= 0x40)) return false;
    }
    return true;
  }

  /** RFC 7541 6.2. False = not valid. */
  #literal(fields: FieldBlock, isIndexed: boolean): boolean {
    const index = this.#integer(isIndexed ? 6 : 4);
    if (index < 0) return false;
    let nameLength: number;
    if (index === 0) nameLength = this.#string(0);
    else {
      const entry = this.#entry(index);
      if (entry === undefined) return false;
      ({ nameLength } = entry);
      this.#makeScratch(nameLength);
      for (let at = 0; at < nameLength; at++) this.#scratch[at] = entry.line[at]!;
    }
    if (nameLength < 0) return false;
    const valueAt = nameLength + 2;
    const valueEnd = this.#string(valueAt);
    if (valueEnd < 0) return false;
    const valueLength = valueEnd - valueAt;
    if (fields.makeRoom(nameLength, valueLength)) {
      const { bytes, length } = fields;
      const scratch = this.#scratch;
      for (let at = 0; at < nameLength; at++) bytes[length + at] = scratch[at]!;
      for (let at = valueAt; at < valueEnd; at++) bytes[length + at] = scratch[at]!;
      fields.commit(nameLength, valueLength);
    }
    if (isIndexed) this.#insert(nameLength, valueEnd);
    return true;
  }

  #insert(nameLength: number, valueEnd: number): void {
    const size = valueEnd - 2 + entryOverhead;
    this.#evictTo(this.#maxTableBytes - size);
    if (size > this.#maxTableBytes) return;
    const line = this.#scratch.slice(0, valueEnd + 2);
    line[nameLength] = 0x3a;
    line[nameLength + 1] = 0x20;
    line[valueEnd] = 0x0d;
    line[valueEnd + 1] = 0x0a;
    this.#entries.push({ line, nameLength });
    this.#tableBytes += size;
  }

  #evictTo(bytes: number): void {
    while (this.#tableBytes > bytes && this.#entries.length > 0) {
      this.#tableBytes -= this.#entries.shift()!.line.length - 4 + entryOverhead;
    }
  }

  #resizeTable(bytes: number): boolean {
    if (bytes < 0 || bytes > defaultTableBytes) return false;
    this.#maxTableBytes = bytes;
    this.#evictTo(bytes);
    return true;
  }

  #entry(index: number): TableEntry | undefined {
    if (index <= 0) return undefined;
    if (index <= staticEntries.length) return staticEntries[index - 1];
    return this.#entries[this.#entries.length - (index - staticEntries.length)];
  }

  /** RFC 7541 5.1; −1 = not valid. */
  #integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = this.#block[this.#position++]! & mask;
    if (value < mask) return value;
    for (let shift = 0; this.#position < this.#end && shift <= 21; shift += 7) {
      const byte = this.#block[this.#position++]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value <= maxInteger ? value : -1;
    }
    return -1;
  }

  /** A string (RFC 7541 5.2) to the scratch at `at`; returns where it ends there, −1 = not valid. */
  #string(at: number): number {
    if (this.#position >= this.#end) return -1;
    const isCoded = this.#block[this.#position]! >= 0x80;
    const length = this.#integer(7);
    const start = this.#position;
    if (length < 0 || start + length > this.#end) return -1;
    this.#position = start + length;
    this.#makeScratch(at + (isCoded ? maxDecodedBytes(length) : length) + 2);
    if (isCoded) return decodeHuffman(this.#block, start, start + length, this.#scratch, at);
    for (let index = 0; index < length; index++) this.#scratch[at + index] = this.#block[start + index]!;
    return at + length;
  }

  #makeScratch(bytes: number): void {
    if (bytes + 2 <= this.#scratch.length) return;
    const grown = new Uint8Array((bytes + 2) * 2);
    grown.set(this.#scratch);
    this.#scratch = grown;
  }
}
