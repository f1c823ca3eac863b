// The chunked coding (RFC 9112 7.1), byte-exact and resumable at every byte. The scanner moves no bytes: it says what
// the bytes of one read are, so that they are passed on as they came when that is provably the plain form, and
// written anew when it is not (extensions, leading zeros, trailers, a line cut by a read).
import {
  carriageReturn,
  hexValues,
  lineFeed,
  space,
  tab,
  tokenCharacters,
  valueCharacters,
} from './characters';
import { FieldId } from './fieldId';
import { FieldIndex } from './fieldIndex';
import { PartialHead } from './partialHead';
import { badMessage, needMore, type Refusal, refused } from './refusal';

const badSize = badMessage('a chunk size is not a plain hexadecimal number');
const badLine = badMessage('a chunk line does not end with CR LF');
const badExtension = badMessage('a chunk extension is too long or not allowed');
const badEnd = badMessage('chunk data is not followed by CR LF');
const badTrailer = badMessage('the trailer section is too long or has a field that must not be there');

const maxSizeDigits = 13; // 16^13 < 2^53
const maxLeadingZeros = 15;
const maxExtensionBytes = 256;
const maxExtensionBytesTotal = 16_384;
const maxTrailerBytes = 8192;

const state = {
  sizeStart: 0,
  size: 1,
  extension: 2,
  sizeLineFeed: 3,
  data: 4,
  dataReturn: 5,
  dataLineFeed: 6,
  trailer: 7,
  done: 8,
} as const;

/** What one piece of a read is; pieces come as triples: kind, first number, second number. */
export const ChunkPiece = {
  /** A chunk begins: its size. */
  begin: 0,
  /** Body bytes: start and end in the buffer. */
  data: 1,
  /** The chunk's closing CR LF. */
  end: 2,
  /** The last chunk and the trailer section; `trailers` has its lines. */
  last: 3,
} as const;

export class ChunkedScanner {
  isDone = false;
  /** The bytes of the last scan may be passed on as they came. */
  isPlain = false;
  /** Of the last scan: kind, a, b, kind, a, b… */
  readonly pieces: number[] = [];
  pieceCount = 0;
  /** Body bytes of the last scan. */
  dataBytes = 0;
  /** Body bytes announced so far: what a size limit must look at. */
  announcedBytes = 0;
  /** Trailer lines with their CR LFs, latin1; '' = none. */
  trailers = '';
  refusal: Refusal = badSize;

  #state: number = state.sizeStart;
  #size = 0;
  #digits = 0;
  #zeros = 0;
  #extensionBytes = 0;
  #extensionBytesTotal = 0;
  #trailerBytes: PartialHead | null = null;

  reset(): void {
    this.isDone = false;
    this.pieceCount = 0;
    this.announcedBytes = 0;
    this.trailers = '';
    this.#state = state.sizeStart;
    this.#size = 0;
    this.#extensionBytesTotal = 0;
    this.#trailerBytes = null;
  }

  /** Scans start…end; returns where the message ends if it ends there (`isDone`), else `end`, or `refused`. */
  scan(buffer: Buffer, start: number, end: number): number {
    this.pieceCount = 0;
    this.dataBytes = 0;
    this.isPlain = this.#state === state.sizeStart || this.#state === state.data;
    let position = start;
    while (position < end && !this.isDone) {
      if (this.#state === state.data) position = this.#scanData(position, end);
      else if (this.#state === state.trailer) position = this.#scanTrailers(buffer, position, end);
      else if (this.#step(buffer[position]!)) position++;
      else return refused;
      if (position < 0) return position;
    }
    if (!this.isDone && this.#state !== state.sizeStart && this.#state !== state.data) this.isPlain = false;
    return position;
  }

  #scanData(position: number, end: number): number {
    const dataEnd = Math.min(end, position + this.#size);
    this.#push(ChunkPiece.data, position, dataEnd);
    this.dataBytes += dataEnd - position;
    this.#size -= dataEnd - position;
    if (this.#size === 0) this.#state = state.dataReturn;
    return dataEnd;
  }

  /** One byte of a chunk line; false = refused. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case state.sizeStart:
        if (hexValues[byte] === 255) return this.#refuse(badSize);
        this.#size = 0;
        this.#digits = 0;
        this.#zeros = 0;
        this.#extensionBytes = 0;
        this.#state = state.size;
        return this.#stepSize(byte);
      case state.size:
        return this.#stepSize(byte);
      case state.extension:
        return this.#stepExtension(byte);
      case state.sizeLineFeed:
        return byte === lineFeed ? this.#endSizeLine() : this.#refuse(badLine);
      case state.dataReturn:
        this.#state = state.dataLineFeed;
        return byte === carriageReturn || this.#refuse(badEnd);
      default:
        if (byte !== lineFeed) return this.#refuse(badEnd);
        this.#push(ChunkPiece.end, 0, 0);
        this.#state = state.sizeStart;
        return true;
    }
  }

  #stepSize(byte: number): boolean {
    const digit = hexValues[byte]!;
    if (digit === 255) return this.#endSize(byte);
    if (this.#size === 0 && digit === 0) {
      // "0" is the last chunk; any zero before another digit is odd and is written anew.
      if (++this.#zeros > 1) this.isPlain = false;
      return this.#zeros <= maxLeadingZeros || this.#refuse(badSize);
    }
    if (this.#zeros > 0) this.isPlain = false;
    this.#size = this.#size * 16 + digit;
    return ++this.#digits <= maxSizeDigits || this.#refuse(badSize);
  }

  #endSize(byte: number): boolean {
    if (byte === carriageReturn) this.#state = state.sizeLineFeed;
    else if (byte === 0x3b) {
      this.#state = state.extension;
      this.isPlain = false;
    } else return this.#refuse(byte === lineFeed ? badLine : badSize);
    return true;
  }

  /** Extensions are counted, checked for characters that do not belong in a line, and dropped. */
  #stepExtension(byte: number): boolean {
    this.isPlain = false;
    if (byte === carriageReturn) {
      this.#state = state.sizeLineFeed;
      return true;
    }
    const isAllowed =
      tokenCharacters[byte] === 1 ||
      (valueCharacters[byte] === 1 && byte < 0x80) ||
      byte === space ||
      byte === tab;
    if (!isAllowed || ++this.#extensionBytes > maxExtensionBytes) return this.#refuse(badExtension);
    return ++this.#extensionBytesTotal <= maxExtensionBytesTotal || this.#refuse(badExtension);
  }

  #endSizeLine(): boolean {
    if (this.#size === 0) {
      this.#state = state.trailer;
      return true;
    }
    this.announcedBytes += this.#size;
    if (this.announcedBytes > Number.MAX_SAFE_INTEGER) return this.#refuse(badSize);
    this.#push(ChunkPiece.begin, this.#size, 0);
    this.#state = state.data;
    return true;
  }

  #scanTrailers(buffer: Buffer, start: number, end: number): number {
    if (
      this.#trailerBytes === null &&
      end - start >= 2 &&
      buffer[start] === carriageReturn &&
      buffer[start + 1] === lineFeed
    ) {
      this.#finish();
      return start + 2;
    }
    this.isPlain = false;
    const partial = this.#trailerBytes;
    partial?.append(buffer, start, end);
    if (partial?.isWorthParsing() === false && partial.length <= maxTrailerBytes) return end;
    const bytes = partial === null ? buffer.subarray(start, end) : partial.bytes.subarray(0, partial.length);
    const fields = new FieldIndex();
    const after = fields.scan(bytes, 0, bytes.length, 0);
    if (after === needMore) {
      if (bytes.length > maxTrailerBytes) return this.#refuseAt(badTrailer);
      this.#trailerBytes ??= new PartialHead(buffer, start, end);
      return end;
    }
    if (after === refused) return this.#refuseAt(fields.refusal);
    const raw = bytes.toString('latin1', 0, after - 2);
    if (after > maxTrailerBytes || !areTrailersAllowed(raw, fields)) return this.#refuseAt(badTrailer);
    this.trailers = raw;
    this.#finish();
    return end - (bytes.length - after);
  }

  #finish(): void {
    this.#push(ChunkPiece.last, 0, 0);
    this.#state = state.done;
    this.isDone = true;
  }

  #push(kind: number, a: number, b: number): void {
    const slot = this.pieceCount * 3;
    this.pieces[slot] = kind;
    this.pieces[slot + 1] = a;
    this.pieces[slot + 2] = b;
    this.pieceCount++;
  }

  #refuse(refusal: Refusal): false {
    this.refusal = refusal;
    return false;
  }

  #refuseAt(refusal: Refusal): number {
    this.refusal = refusal;
    return refused;
  }
}

const routingTrailers: ReadonlySet<string> = new Set([
  'authorization',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'cookie',
  'forwarded',
  'max-forwards',
  'proxy-authorization',
  'range',
  'set-cookie',
  'via',
]);

/** RFC 9110 6.5.1: nothing that frames, routes, authenticates or changes how the content is read. */
export function areTrailersAllowed(raw: string, fields: FieldIndex): boolean {
  for (let index = 0; index < fields.count; index++) {
    const id = fields.id(index);
    if (id !== FieldId.other) return false;
    if (routingTrailers.has(fields.name(raw, index).toLowerCase())) return false;
  }
  return true;
}
