import type { HttpMessage } from '../../contract/clientRequest';
import { type Http1Message, http1Message } from './http1Message';
import { bytesOf, splitBytes } from './pieces';

/** An HTTP request made ready once, however often and over whichever version it is sent. */
export class PreparedHttp {
  readonly body: Buffer;
  #http1: Http1Message | null = null;
  #bodyPieces: readonly Buffer[] | null = null;

  constructor(readonly message: HttpMessage) {
    this.body = bytesOf(message.body);
  }

  /** Throws `invalid_input` where there would be too many pieces. */
  get http1(): Http1Message {
    this.#http1 ??= http1Message(this.message, this.body);
    return this.#http1;
  }

  /** With HTTP/2 the head is a frame of its own anyway. Throws as `http1` does. */
  get bodyPieces(): readonly Buffer[] {
    this.#bodyPieces ??= splitBytes(this.body, this.message.pieces.split);
    return this.#bodyPieces;
  }
}
