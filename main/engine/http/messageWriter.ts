// Writes one message to one socket with as few system calls as can be: the head waits for the body bytes that came
// with it; small messages go out as one latin1 string, larger ones corked into one writev.
import type { Socket } from 'node:net';
import type { Chunk, Direction, Leg } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { FlowEmitter } from '../flowEmitter';
import { ChunkPiece } from './chunkedScanner';
import { BodyKind, type MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';

/** Up to this many bytes are copied into one string instead of being written as several parts. */
const maxCopiedBytes = 8192;

/** More unsent bytes than this on one side stop the reading of the other. */
export const highWaterBytes = 131_072;

export class MessageWriter implements MessageSink {
  /** The message is framed as chunked on this side. */
  isChunked = false;
  disposition: Chunk['disposition'] = 'forwarded';
  /** Bytes handed to the socket. */
  bytes = 0;
  /** The buffer of the last body write has not left yet: it must not be read into again. */
  isBufferHeld = false;
  sentHead = '';
  readonly sentHeadBytes = 0;
  #head = '';
  /** The moment of the head's own record is that of the write which it goes with. */
  #isHeadTold = false;
  /** The bytes of a chunked body that were written had its end in them. */
  #hasEnded = false;

  constructor(
    readonly socket: Socket,
    private readonly emitter: FlowEmitter,
    private readonly flowId: number,
    private readonly connectionId: number,
    private readonly direction: Direction,
    private readonly leg: Leg,
  ) {}

  /** Keeps the head until body bytes come or `flush`. */
  head(text: string): void {
    this.#head += text;
    this.#isHeadTold = true;
    this.sentHead = text;
  }

  flush(): void {
    if (this.#head !== '') this.#writeText('');
  }

  get isCongested(): boolean {
    return this.socket.writableLength >= highWaterBytes;
  }

  /** Writes what `body` just read from start…end of the buffer, framed as this side needs it. */
  body(body: MessageBody, buffer: Buffer, start: number, end: number): void {
    this.isBufferHeld = false;
    if (body.kind !== BodyKind.chunked) {
      if (!this.isChunked) this.#writeRange(buffer, start, end);
      else this.#writeChunk(buffer, start, end, body.isDone ? `0\r\n${body.trailers}\r\n` : '');
    } else if (this.isChunked && body.scanner.isPlain) this.#writeRange(buffer, start, end);
    else this.#writePieces(body, buffer);
    this.#hasEnded = body.isDone;
  }

  /** Writes bytes that were held, as one chunk where this side is chunked. */
  held(buffer: Buffer): void {
    this.isBufferHeld = false;
    if (this.isChunked)
      this.#writeFramed(`${buffer.length.toString(16)}\r\n`, buffer, 0, buffer.length, '\r\n');
    else this.#writeRange(buffer, 0, buffer.length);
  }

  end(trailers: string): void {
    if (this.isChunked && !this.#hasEnded) this.#writeText(`0\r\n${trailers}\r\n`);
    else this.flush();
  }

  #writeChunk(buffer: Buffer, start: number, end: number, last: string): void {
    if (end > start)
      this.#writeFramed(`${(end - start).toString(16)}\r\n`, buffer, start, end, `\r\n${last}`);
    else if (last !== '') this.#writeText(last);
  }

  #writeRange(buffer: Buffer, start: number, end: number): void {
    if (end === start) return;
    if (end - start <= maxCopiedBytes) this.#writeText(buffer.toString('latin1', start, end));
    else if (this.#head === '') {
      this.socket.write(start === 0 && end === buffer.length ? buffer : buffer.subarray(start, end));
      this.#wroteBuffer(end - start);
    } else this.#writeFramed('', buffer, start, end, '');
  }

  #writeFramed(before: string, buffer: Buffer, start: number, end: number, after: string): void {
    if (end - start <= maxCopiedBytes) {
      this.#writeText(before + buffer.toString('latin1', start, end) + after);
      return;
    }
    const { socket } = this;
    const head = this.#head + before;
    this.#head = '';
    socket.cork();
    if (head !== '') socket.write(head, 'latin1');
    socket.write(buffer.subarray(start, end));
    if (after !== '') socket.write(after, 'latin1');
    socket.uncork();
    this.#wroteBuffer(head.length + end - start + after.length);
  }

  /** A chunked body written anew, piece by piece: framing lines in plain form, data as it came. */
  #writePieces(body: MessageBody, buffer: Buffer): void {
    const { pieces, pieceCount, dataBytes, trailers } = body.scanner;
    const isSmall = dataBytes <= maxCopiedBytes;
    let text = '';
    let written = 0;
    if (!isSmall) this.socket.cork();
    for (let slot = 0; slot < pieceCount * 3; slot += 3) {
      const kind = pieces[slot]!;
      const a = pieces[slot + 1]!;
      const b = pieces[slot + 2]!;
      if (kind === ChunkPiece.data) {
        if (isSmall || b - a < 512) text += buffer.toString('latin1', a, b);
        else {
          text = this.#head + text;
          this.#head = '';
          if (text !== '') this.socket.write(text, 'latin1');
          this.socket.write(buffer.subarray(a, b));
          written += text.length + b - a;
          text = '';
        }
      } else if (this.isChunked) text += pieceText(kind, a, trailers);
    }
    if (text !== '') this.#writeText(text);
    if (isSmall) return;
    this.socket.uncork();
    if (written > 0) this.#wroteBuffer(written);
  }

  #writeText(text: string): void {
    const whole = this.#head + text;
    this.#head = '';
    this.socket.write(whole, 'latin1');
    this.#wrote(whole.length);
  }

  #wroteBuffer(length: number): void {
    this.isBufferHeld = this.socket.writableLength !== 0;
    this.#wrote(length);
  }

  #wrote(length: number): void {
    this.bytes += length;
    if (!this.emitter.isWatched) return;
    if (!this.#isHeadTold) this.emitter.moveTime();
    this.#isHeadTold = false;
    recordChunk(
      this.emitter,
      this.flowId,
      this.connectionId,
      this.direction,
      this.leg,
      'write',
      this.disposition,
      length,
    );
  }
}

function pieceText(kind: number, size: number, trailers: string): string {
  if (kind === ChunkPiece.begin) return `${size.toString(16)}\r\n`;
  return kind === ChunkPiece.end ? '\r\n' : `0\r\n${trailers}\r\n`;
}
