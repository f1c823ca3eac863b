// A message going out on one stream of an HTTP/2 connection.
import type { Chunk, Direction, Leg } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { FlowEmitter } from '../flowEmitter';
import type { SessionStream } from '../http2/sessionStream';
import { ChunkPiece } from './chunkedScanner';
import { travelledText } from './http2HeadLines';
import { BodyKind, type MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';

export interface StreamSinkOptions {
  readonly stream: SessionStream;
  readonly emitter: FlowEmitter;
  readonly flowId: number;
  readonly connectionId: number;
  readonly direction: Direction;
  readonly leg: Leg;
  /** A head of HTTP/1.1 → "name: value" lines, pseudo-headers first. */
  readonly lines: (text: string) => string[];
}

export class StreamSink implements MessageSink {
  isChunked = false;
  disposition: Chunk['disposition'] = 'forwarded';
  bytes = 0;
  /** What cannot leave at once is copied. */
  readonly isBufferHeld = false;
  sentHead = '';
  sentHeadBytes = 0;
  #recordedBytes = 0;

  constructor(private readonly options: StreamSinkOptions) {}

  get isCongested(): boolean {
    return this.options.stream.isCongested;
  }

  head(text: string, hasBody: boolean): void {
    const { stream, emitter, direction } = this.options;
    const lines = this.options.lines(text);
    this.sentHeadBytes = stream.sendHead(lines, !hasBody);
    this.bytes += this.sentHeadBytes;
    if (emitter.isWatched) this.sentHead = travelledText(firstLine(text, lines, direction), lines);
  }

  flush(): void {
    const { emitter, flowId, connectionId, direction, leg, stream } = this.options;
    const bytes = this.bytes - this.#recordedBytes;
    if (bytes === 0) return;
    this.#recordedBytes = this.bytes;
    if (!emitter.isWatched) return;
    recordChunk(emitter, flowId, connectionId, direction, leg, 'write', this.disposition, bytes, stream.id);
  }

  body(body: MessageBody, buffer: Buffer, start: number, end: number): void {
    const endsHere = body.isDone && body.trailers === '';
    if (body.kind === BodyKind.chunked) this.#pieces(body, buffer, endsHere);
    else this.#data(buffer, start, end, endsHere);
  }

  held(buffer: Buffer): void {
    this.#data(buffer, 0, buffer.length, false);
    this.flush();
  }

  end(trailers: string): void {
    this.options.stream.sendEnd(trailers);
    this.flush();
  }

  #pieces({ scanner }: MessageBody, buffer: Buffer, endsHere: boolean): void {
    const { pieces, pieceCount } = scanner;
    let last = -1;
    for (let slot = 0; slot < pieceCount * 3; slot += 3) if (pieces[slot] === ChunkPiece.data) last = slot;
    for (let slot = 0; slot <= last; slot += 3) {
      if (pieces[slot] === ChunkPiece.data)
        this.#data(buffer, pieces[slot + 1]!, pieces[slot + 2]!, endsHere && slot === last);
    }
  }

  #data(buffer: Buffer, start: number, end: number, isEnd: boolean): void {
    if (end === start && !isEnd) return;
    this.bytes += end - start;
    this.options.stream.sendData(buffer, start, end, isEnd);
  }
}

/** In the manner of HTTP/1.1, for the parts of the event that say what the pseudo-headers say. */
function firstLine(text: string, lines: readonly string[], direction: Direction): string {
  if (direction === 'response') return `HTTP/2 ${lines[0]!.slice(':status: '.length)} `;
  const line = text.slice(text.indexOf(' '), text.indexOf('\r\n')).replace(/HTTP\/1\.\d$/, 'HTTP/2');
  return lines[0]!.slice(':method: '.length) + line;
}
