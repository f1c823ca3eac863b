// HPACK encoding (RFC 7541). Fields that come again and again are put into the dynamic table; what is secret or never
// the same is not. The table is found by the field's line as it stands in a head of HTTP/1.1, so a hit costs one look-up.
import type { ByteWriter } from './byteWriter';
import { defaultTableBytes, entryOverhead, staticTable } from './hpackStaticTable';
import { encodeHuffman, huffmanLength } from './huffman';

/** Never put into a table, and no intermediary may do so (RFC 7541 7.1.3). */
const secretNames: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
]);
/** Different nearly every time: in the table they would only push out what comes again. */
const fleetingNames: ReadonlySet<string> = new Set([
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
]);
/** A longer line would take too much of the table. */
const maxIndexedBytes = 512;

const staticLines = new Map<string, number>();
const staticNames = new Map<string, number>();
staticTable.forEach(([name, value], position) => {
  if (value !== '') staticLines.set(`${name}: ${value}`, position + 1);
  if (!staticNames.has(name)) staticNames.set(name, position + 1);
});

export class HpackEncoder {
  #maxTableBytes = defaultTableBytes;
  #tableBytes = 0;
  /** Lines of the dynamic table, oldest first, and their sizes. */
  readonly #lines: { readonly line: string; readonly size: number }[] = [];
  /** Lines ever put into the table. */
  #inserted = 0;
  /** By line: the number of its insertion, counted from 1. */
  readonly #byLine = new Map<string, number>();
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

  /** One field. `line` is "name: value" in any case of the name. */
  line(line: string, out: ByteWriter): void {
    out.reserve(8);
    const known = staticLines.get(line);
    if (known !== undefined) {
      out.byte(0x80 | known);
      return;
    }
    const insertion = this.#byLine.get(line);
    if (insertion !== undefined) {
      writeInteger(out, 0x80, 7, staticTable.length + 1 + this.#inserted - insertion);
      return;
    }
    const colonAt = line.indexOf(':', 1);
    const name = line.slice(0, colonAt).toLowerCase();
    this.#literal(line, name, line.slice(colonAt + 1).trim(), out);
  }

  #literal(line: string, name: string, value: string, out: ByteWriter): void {
    out.reserve(line.length + 32);
    const nameIndex = staticNames.get(name) ?? 0;
    if (secretNames.has(name)) writeInteger(out, 0x10, 4, nameIndex);
    else if (fleetingNames.has(name) || line.length > maxIndexedBytes) writeInteger(out, 0, 4, nameIndex);
    else {
      writeInteger(out, 0x40, 6, nameIndex);
      this.#insert(line, name.length + value.length + entryOverhead);
    }
    if (nameIndex === 0) writeString(out, name);
    writeString(out, value);
  }

  #insert(line: string, size: number): void {
    this.#evictTo(this.#maxTableBytes - size);
    if (size > this.#maxTableBytes) return;
    this.#lines.push({ line, size });
    this.#byLine.set(line, ++this.#inserted);
    this.#tableBytes += size;
  }

  #evictTo(bytes: number): void {
    while (this.#tableBytes > bytes && this.#lines.length > 0) {
      const { line, size } = this.#lines.shift()!;
      this.#tableBytes -= size;
      this.#byLine.delete(line);
    }
  }
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
function writeString(out: ByteWriter, text: string): void {
  const codedLength = huffmanLength(text);
  if (codedLength < text.length) {
    writeInteger(out, 0x80, 7, codedLength);
    out.length = encodeHuffman(text, out.bytes, out.length);
  } else {
    writeInteger(out, 0, 7, text.length);
    out.length += out.bytes.write(text, out.length, 'latin1');
  }
}
