import type { Chunk } from '../../contract/flowEvent';
import type { MessageBody } from './messageBody';

/** Where one message is written: an HTTP/1.x connection, or one stream of an HTTP/2 connection. */
export interface MessageSink {
  /** The message's length is not known beforehand: HTTP/1.1 frames it as chunked. */
  isChunked: boolean;
  disposition: Chunk['disposition'];
  /** Bytes handed over for this message, heads and framing included. */
  readonly bytes: number;
  /** The buffer of the last body write has not left yet: it must not be read into again. */
  readonly isBufferHeld: boolean;
  /** More than enough waits to be sent. */
  readonly isCongested: boolean;
  /** The head that was given last, as it travels; only while events are watched. */
  readonly sentHead: string;
  /** Its bytes as they travel; 0 = the length of `sentHead`. */
  readonly sentHeadBytes: number;
  /** Takes a head in the form of HTTP/1.1. It may wait for body bytes, or for `flush`. */
  head(text: string, hasBody: boolean): void;
  flush(): void;
  /** Writes what `body` just read from start…end of the buffer. */
  body(body: MessageBody, buffer: Buffer, start: number, end: number): void;
  /** Writes bytes that were held. */
  held(buffer: Buffer): void;
  /** The message is over; no effect if the bytes given have said so already. `trailers` = field lines. */
  end(trailers: string): void;
}
