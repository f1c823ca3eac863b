import { ChunkedScanner } from './chunkedScanner';
import type { Refusal } from './refusal';

/** `untilClose` = it ends where what carries it ends: an HTTP/1.x connection, or an HTTP/2 stream. */
export const BodyKind = { none: 0, length: 1, chunked: 2, untilClose: 3 } as const;

/** Where one message body ends in the bytes that are read. Reused from message to message. */
export class MessageBody {
  kind: number = BodyKind.none;
  isDone = true;
  /** Body bytes read so far, without framing. */
  bytes = 0;
  /** Field lines behind the body; '' = none. */
  trailers = '';
  /** Of a body that ends with what carries it: the bytes read next are its last. */
  endsNow = false;
  /** Made at the first chunked message. */
  #scanner: ChunkedScanner | null = null;
  #remaining = 0;

  /** `length` = what the head says, 0 = nothing. */
  start(kind: number, length: number): void {
    this.kind = kind;
    this.bytes = 0;
    this.trailers = '';
    this.endsNow = false;
    this.#remaining = length;
    this.isDone = kind === BodyKind.none || (kind === BodyKind.length && length === 0);
    if (kind !== BodyKind.chunked) return;
    if (this.#scanner === null) this.#scanner = new ChunkedScanner();
    else this.#scanner.reset();
  }

  /** Only of a chunked body. */
  get scanner(): ChunkedScanner {
    return this.#scanner!;
  }

  get refusal(): Refusal {
    return this.#scanner!.refusal;
  }

  /** Body bytes that the message is known to have at least. */
  get announcedBytes(): number {
    if (this.kind === BodyKind.chunked) return this.#scanner!.announcedBytes;
    return this.kind === BodyKind.length
      ? this.bytes + this.#remaining
      : Math.max(this.bytes, this.#remaining);
  }

  /** Takes start…end; returns where the body ends if it ends there, else `end`, or `refused`. */
  read(buffer: Buffer, start: number, end: number): number {
    if (this.kind === BodyKind.length) {
      const taken = Math.min(end - start, this.#remaining);
      this.#remaining -= taken;
      this.bytes += taken;
      if (this.#remaining === 0) this.isDone = true;
      return start + taken;
    }
    if (this.kind === BodyKind.chunked) {
      const scanner = this.#scanner!;
      const position = scanner.scan(buffer, start, end);
      this.bytes += scanner.dataBytes;
      this.isDone = scanner.isDone;
      if (this.isDone) this.trailers = scanner.trailers;
      return position;
    }
    this.bytes += end - start;
    this.isDone = this.endsNow;
    return end;
  }

  /** What carries it ended. False = the message is cut off. */
  readEnd(): boolean {
    if (this.kind === BodyKind.untilClose) this.isDone = true;
    return this.isDone;
  }
}
