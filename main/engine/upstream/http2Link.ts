// One exchange with an endpoint that speaks HTTP/2: a stream of a connection that others share. Until the connection is
// there and has room, it waits for its stream.
import type { Pool } from '../../contract/config';
import { recordChunk } from '../chunkRecord';
import type { FieldBlock } from '../http2/fieldBlock';
import { ErrorCode, errorName } from '../http2/frame';
import type { SessionStream, StreamOwner } from '../http2/sessionStream';
import { StreamState } from '../http2/streamState';
import { recordStreamReset } from '../http2Records';
import { Http2ResponseText } from './http2ResponseText';
import type { Http2UpstreamConnection } from './http2UpstreamConnection';
import type { EndpointRuntime } from './poolRuntimes';
import { BadMessageError, UnprocessedError } from './upstreamErrors';
import type { AskedTunnel, RelayedBytes, UpstreamHandler, UpstreamLink } from './upstreamLink';

/** How long an endpoint may take to end a stream on which it has said everything. */
const endTimeoutMs = 1000;

/** The text of a head is read at once, so one is enough for all. */
const responseText = new Http2ResponseText();

export class Http2Link implements UpstreamLink, StreamOwner, RelayedBytes {
  readonly id: number;
  readonly startedAt: number;
  exchanges = 0;
  idleSince = 0;
  hasEnded = false;
  travelledHead = '';
  travelledHeadBytes = 0;
  /** The response to HEAD has no body, whatever its head says. */
  isHeadRequest = false;
  /** The request is an extended CONNECT: a 2xx switches to its protocol. */
  tunnel: AskedTunnel | null = null;
  #stream: SessionStream | null = null;
  #isPaused = false;
  /** The exchange is over, and only the end of the stream is still to come; 0 = not so. */
  #releasedAt = 0;
  /** Taken while paused; given back to the endpoint's window on resuming. */
  #owedBytes = 0;

  constructor(
    readonly connection: Http2UpstreamConnection,
    public handler: UpstreamHandler | null,
  ) {
    this.id = connection.id;
    this.startedAt = connection.startedAt;
  }

  get endpoint(): EndpointRuntime {
    return this.connection.endpoint;
  }

  /** null = still waiting for it. */
  get stream(): SessionStream | null {
    return this.#stream;
  }

  get streamId(): number {
    return this.#stream?.id ?? 0;
  }

  get relayed(): RelayedBytes {
    return this;
  }

  get hasSentAll(): boolean {
    return this.#stream?.hasSentAll !== false;
  }

  get needsDrain(): boolean {
    return (this.#stream?.queuedBytes ?? 0) > 0;
  }

  /** The stream is there; the handler may write. */
  begin(stream: SessionStream, exchanges: number, idleSince: number): void {
    this.#stream = stream;
    this.exchanges = exchanges;
    this.idleSince = idleSince;
    stream.owner = this;
    this.handler?.onUpstreamReady(this);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const owed = this.#owedBytes;
    this.#owedBytes = 0;
    if (owed > 0) this.#stream?.giveBack(owed);
  }

  /** A response that is whole by its length lacks the end of its stream for a moment; a reset would look like an attack. */
  release(_settings: Pool['connections'], now: number): void {
    const stream = this.#stream;
    if (stream === null || stream.isClosed || stream.state !== StreamState.halfClosedLocal) {
      this.#leave(ErrorCode.noError);
      return;
    }
    this.handler = null;
    this.resume();
    this.#releasedAt = now;
    this.connection.noteReleased();
  }

  /** False = nothing is waited for. `now` in microseconds of the emitter's clock. */
  endsSoon(now: number): boolean {
    const stream = this.#stream;
    if (this.#releasedAt === 0 || stream === null || stream.isClosed) return false;
    if (now - this.#releasedAt <= endTimeoutMs * 1000) return true;
    this.#leave(ErrorCode.cancel);
    return false;
  }

  destroy(_reason: string): void {
    this.#leave(ErrorCode.cancel);
  }

  #leave(code: number): void {
    const { handler } = this;
    this.handler = null;
    this.resume();
    const stream = this.#stream;
    if (stream === null) this.connection.stopWaiting(this);
    else if (!stream.isClosed) {
      this.#recordReset(code, 'proxy', handler?.flowId ?? 0);
      stream.reset(code);
    }
  }

  // ---- after a switch of protocols

  write(bytes: Buffer): void {
    this.#stream?.sendData(bytes, 0, bytes.length, false);
  }

  end(): void {
    this.#stream?.sendEnd('');
  }

  get writableLength(): number {
    return this.#stream?.queuedBytes ?? 0;
  }

  // ---- from the stream

  onHead(fields: FieldBlock, blockBytes: number, isEnd: boolean): void {
    const { handler } = this;
    this.#recordRead(blockBytes);
    if (handler === null) return;
    if (!responseText.write(fields, this.tunnel)) {
      this.#fail(responseText.problem);
      return;
    }
    const { status, contentLength } = responseText;
    const isFinal = status >= 200;
    if (isFinal) this.#stream!.hasFinalHead = true;
    const isSwitch = this.tunnel !== null && isFinal && status < 300;
    const hasBody = !this.isHeadRequest && !isSwitch && isFinal && status !== 204 && status !== 304;
    if (hasBody) this.#stream!.expectedBytes = contentLength;
    if (isEnd && (!isFinal || (hasBody && contentLength > 0))) {
      this.#fail('the stream ended before the response was whole');
      return;
    }
    if (this.connection.isWatched) this.travelledHead = `HTTP/2 ${status} \r\n${fields.text}\r\n`;
    this.travelledHeadBytes = blockBytes;
    this.hasEnded = isEnd;
    handler.onUpstreamData(responseText.bytes, responseText.length);
    if (isEnd) this.handler?.onUpstreamEnd('');
  }

  onData(buffer: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#recordRead(end - start);
    this.hasEnded = isEnd;
    if (end > start || isEnd) this.handler?.onUpstreamData(buffer.subarray(start, end), end - start);
    if (this.#isPaused && this.handler !== null) this.#owedBytes += end - start;
    else this.#stream!.giveBack(end - start);
    if (isEnd) this.handler?.onUpstreamEnd('');
  }

  onTrailers(fields: FieldBlock, blockBytes: number): void {
    this.#recordRead(blockBytes);
    this.hasEnded = true;
    this.handler?.onUpstreamEnd(fields.text);
  }

  onReset(code: number, isOurs: boolean, message: string): void {
    const { handler } = this;
    this.handler = null;
    // What was held back is nobody's any more, and the other streams share the connection's window.
    this.resume();
    this.#recordReset(code, isOurs ? 'proxy' : 'endpoint', handler?.flowId ?? 0);
    if (isOurs) handler?.onUpstreamClosed(new BadMessageError(message));
    else if (code === ErrorCode.refusedStream)
      handler?.onUpstreamClosed(new UnprocessedError('the endpoint refused the stream'));
    else handler?.onUpstreamClosed(new Error(`the endpoint reset the stream (${errorName(code)})`));
  }

  onSendDrain(): void {
    this.handler?.onUpstreamDrain();
  }

  onSentEnd(): void {
    // The response is still to come.
  }

  /** The connection is gone, or will not answer this stream. */
  onConnectionClosed(error: Error | null): void {
    const { handler } = this;
    this.handler = null;
    handler?.onUpstreamClosed(error);
  }

  #fail(problem: string): void {
    const { handler } = this;
    this.#leave(ErrorCode.protocolError);
    handler?.onUpstreamClosed(new BadMessageError(problem));
  }

  // ---- events

  #recordRead(bytes: number): void {
    const { handler, connection } = this;
    if (!connection.isWatched || handler === null || bytes === 0) return;
    const { emitter } = connection.context;
    recordChunk(
      emitter,
      handler.flowId,
      this.id,
      'response',
      'upstream',
      'read',
      'forwarded',
      bytes,
      this.streamId,
    );
  }

  #recordReset(code: number, resetBy: 'proxy' | 'endpoint', flowId: number): void {
    const { emitter } = this.connection.context;
    recordStreamReset(emitter, flowId, this.id, { leg: 'upstream', stream: this.streamId, resetBy, code });
  }
}
