// A message going out on one stream of an HTTP/2 connection.
import type { Chunk, Direction, Leg } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { FlowEmitter } from '../flowEmitter';
import type { FieldBlock } from '../http2/fieldBlock';
import type { SessionStream } from '../http2/sessionStream';
import { ChunkPiece } from './chunkedScanner';
import { BodyKind, type MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';

/** How the heads of a message travel on a stream. */
export interface HeadForm {
  /** A head of HTTP/1.1 as fields. */
  fields(text: string): FieldBlock;
  /** What events keep of it: the text, or, where the fields cannot be told from that, these. */
  toldText(text: string, fields: FieldBlock): string;
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

  constructor(
    private readonly stream: SessionStream,
    private readonly form: HeadForm,
    private readonly emitter: FlowEmitter,
    private readonly flowId: number,
    private readonly connectionId: number,
    private readonly direction: Direction,
    private readonly leg: Leg,
  ) {}

  get isCongested(): boolean {
    return this.stream.isCongested;
  }

  head(text: string, hasBody: boolean): void {
    const { form } = this;
    const fields = form.fields(text);
    this.sentHeadBytes = this.stream.sendHead(fields, !hasBody);
    this.bytes += this.sentHeadBytes;
    if (this.emitter.isWatched) this.sentHead = form.toldText(text, fields);
  }

  flush(): void {
    const { emitter, flowId, connectionId, direction, leg, stream } = this;
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
    this.stream.sendEnd(trailers);
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
    this.stream.sendData(buffer, start, end, isEnd);
  }
}
