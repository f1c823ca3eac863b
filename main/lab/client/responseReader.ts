// One HTTP/1.1 response out of the bytes of a connection, by the engine's own strict parsers.
import type { RawHeaders } from '../../contract/flowEvent';
import { ChunkPiece } from '../../engine/http/chunkedScanner';
import { FieldIndex } from '../../engine/http/fieldIndex';
import { BodyKind, MessageBody } from '../../engine/http/messageBody';
import { PartialHead } from '../../engine/http/partialHead';
import { needMore, refused } from '../../engine/http/refusal';
import { ResponseHead } from '../../engine/http/responseHead';

export interface ReadHead {
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: RawHeaders;
}

export interface ResponseHandler {
  informational(head: ReadHead): void;
  head(head: ReadHead): void;
  body(bytes: Buffer): void;
}

const maxHeadBytes = 1_048_576;

export class ResponseReader {
  isDone = false;
  /** Why it is no response, in words; null = so far it is one. */
  problem: string | null = null;
  trailers: RawHeaders = [];
  /** What came behind the response with its last bytes. */
  leftover = Buffer.alloc(0);
  /** The connection can carry another request. */
  isPersistent = false;
  readonly #head = new ResponseHead();
  readonly #body = new MessageBody();
  #partial: PartialHead | null = null;
  #hasHead = false;

  constructor(
    private readonly method: string,
    private readonly handler: ResponseHandler,
  ) {}

  /** Takes what came; false = it is over: see `isDone` and `problem`. */
  read(bytes: Buffer): boolean {
    let position = 0;
    while (position < bytes.length && !this.isDone && this.problem === null) {
      position = this.#hasHead ? this.#readBody(bytes, position) : this.#readHead(bytes, position);
    }
    // Nobody asked for more: whatever it is, the next response would be read out of step.
    if (this.isDone && position < bytes.length) {
      this.isPersistent = false;
      this.leftover = Buffer.from(bytes.subarray(position));
    }
    return !this.isDone && this.problem === null;
  }

  /** The other side sends no more. */
  end(): void {
    if (this.isDone || this.problem !== null) return;
    if (this.#hasHead && this.#body.readEnd()) this.isDone = true;
    else if (this.#hasHead) {
      this.problem = `the connection was closed in the middle of the response, after ${this.#body.bytes} bytes of its body`;
    } else {
      const cut = this.#partial === null ? 'before a response came' : 'in the middle of the response head';
      this.problem = `the connection was closed ${cut}`;
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    if (this.#partial === null) {
      const after = this.#head.parse(bytes, start, bytes.length);
      if (after !== needMore) return this.#takeHead(after, bytes.length);
      this.#partial = new PartialHead(bytes, start, bytes.length);
      return bytes.length;
    }
    this.#partial.append(bytes, start, bytes.length);
    const { length } = this.#partial;
    if (!this.#partial.isWorthParsing()) return this.#boundHead(length, bytes.length);
    const after = this.#head.parse(this.#partial.bytes, 0, length);
    if (after === needMore) return this.#boundHead(length, bytes.length);
    this.#partial = null;
    return this.#takeHead(after < 0 ? after : bytes.length - (length - after), bytes.length);
  }

  #boundHead(length: number, end: number): number {
    if (length > maxHeadBytes) this.problem = 'the response head is larger than 1 MiB';
    return end;
  }

  #takeHead(after: number, end: number): number {
    const head = this.#head;
    if (after === refused) {
      this.problem = `what came is no HTTP/1.x response: ${head.refusal.message}`;
      return end;
    }
    const read = this.#describe();
    if (head.status < 200 && head.status !== 101) {
      this.handler.informational(read);
      return after;
    }
    this.handler.head(read);
    this.#hasHead = true;
    this.#startBody();
    return after;
  }

  #startBody(): void {
    const { status, framing, isPersistent } = this.#head;
    const isTunnel = status === 101 || (this.method === 'CONNECT' && status < 300);
    const isBodiless = this.#head.isBodiless(this.method) || isTunnel;
    const kind = isBodiless
      ? BodyKind.none
      : framing.isChunked
        ? BodyKind.chunked
        : framing.contentLength === -1
          ? BodyKind.untilClose
          : BodyKind.length;
    this.isPersistent = isPersistent && kind !== BodyKind.untilClose && !isTunnel;
    this.#body.start(kind, Math.max(0, framing.contentLength));
    this.isDone = this.#body.isDone;
  }

  #readBody(bytes: Buffer, start: number): number {
    const body = this.#body;
    const after = body.read(bytes, start, bytes.length);
    if (body.kind === BodyKind.chunked) this.#takeChunks(bytes);
    else this.handler.body(bytes.subarray(start, after));
    if (after === refused) {
      this.problem = `the response's body is broken: ${body.refusal.message}`;
      return bytes.length;
    }
    this.isDone = body.isDone;
    if (body.isDone && body.trailers !== '') this.trailers = trailerFields(body.trailers);
    return after;
  }

  #takeChunks(bytes: Buffer): void {
    const { pieces, pieceCount } = this.#body.scanner;
    for (let slot = 0; slot < pieceCount * 3; slot += 3) {
      if (pieces[slot] === ChunkPiece.data) {
        this.handler.body(bytes.subarray(pieces[slot + 1], pieces[slot + 2]));
      }
    }
  }

  #describe(): ReadHead {
    const { status, reason, minorVersion, fields, raw } = this.#head;
    return { status, reason, version: `HTTP/1.${minorVersion}`, headers: listOf(raw, fields) };
  }
}

function trailerFields(lines: string): RawHeaders {
  const fields = new FieldIndex();
  const bytes = Buffer.from(`${lines}\r\n`, 'latin1');
  fields.scan(bytes, 0, bytes.length, 0);
  return listOf(lines, fields);
}

function listOf(raw: string, fields: FieldIndex): RawHeaders {
  return Array.from({ length: fields.count }, (_, index) => [
    fields.name(raw, index),
    fields.value(raw, index),
  ]);
}
