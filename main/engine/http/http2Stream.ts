// One stream on which a client asks: the exchange's view of the client, whose connection other streams share.
import { randomBytes } from 'node:crypto';
import type { SocketAddress } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { CompiledConfig, CompiledListener } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import type { TrafficCounters } from '../engineMetrics';
import type { FieldBlock } from '../http2/fieldBlock';
import { ErrorCode, errorName } from '../http2/frame';
import type { SessionStream, StreamOwner } from '../http2/sessionStream';
import { StreamState } from '../http2/streamState';
import { recordStreamReset } from '../http2Records';
import type { PickRequest } from '../upstream/poolRuntimes';
import type { RelayedBytes } from '../upstream/upstreamLink';
import type { ConnectionMessages } from './connectionMessages';
import type { Downstream } from './downstream';
import { Exchange } from './exchange';
import { headTooLarge } from './headReader';
import type { Http2Connection } from './http2Connection';
import { responseFields, tunnelResponseFields } from './http2HeadFields';
import { describeRequest, describeResponse } from './http2HeadText';
import { Http2RequestText } from './http2RequestText';
import { recordRequestHead } from './httpRecords';
import { BodyKind, type MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';
import { type Refusal, refused } from './refusal';
import type { RequestHead } from './requestHead';
import { beginRequest, prepareRequest, refuse } from './requestPhase';
import { abandon, rescueThrown } from './rescue';
import type { ResponseHead } from './responseHead';
import { type HeadForm, StreamSink } from './streamSink';
import { trailerLinesOf } from './trailerLines';
import type { UpgradeRelay } from './upgradeRelay';

interface Ending {
  readonly isOurs: boolean;
  readonly message: string;
}

/** The text of a head is read at once, so one is enough for all. */
const requestText = new Http2RequestText();
const plainResponse: HeadForm = { fields: responseFields, toldText: (text) => text };
const tunnelResponse: HeadForm = {
  fields: tunnelResponseFields,
  toldText: (_text, fields) => describeResponse(fields),
};
const continueHead = 'HTTP/1.1 100 Continue\r\n\r\n';
const newWebSocketKey = () => randomBytes(16).toString('base64');

export class Http2Stream implements Downstream, StreamOwner, RelayedBytes {
  readonly context: EngineContext;
  readonly connectionId: number;
  readonly client: SocketAddress;
  readonly isTls: boolean;
  readonly listenerCounters: TrafficCounters;
  readonly pickRequest: PickRequest;
  readonly head: RequestHead;
  readonly responseHead: ResponseHead;
  readonly requestBody: MessageBody;
  readonly responseBody: MessageBody;
  readonly isProcessing = false;
  readonly hasUnreadBytes = false;
  /** The client asks for another protocol on this stream (RFC 8441). */
  asksTunnel = false;
  travelledHead = '';

  #exchange: Exchange | null = null;
  #relay: UpgradeRelay | null = null;
  #refusal: Refusal | null = null;
  #ending: Ending | null = null;
  #idleSince = 0;
  /** The request's last byte has come. */
  #hasEnd = false;
  #trailers = '';
  #hasToldEnd = false;
  /** Came before the exchange took it; the stream's window bounds it. */
  #waiting: Buffer[] = [];
  #isPaused = false;
  /** The exchange began at some time, so that none means that it is over. */
  #hasBegun = false;
  readonly #startedAt: number;

  constructor(
    readonly connection: Http2Connection,
    readonly stream: SessionStream,
    readonly flowId: number,
    readonly travelledHeadBytes: number,
    private readonly messages: ConnectionMessages,
  ) {
    this.head = messages.head;
    this.responseHead = messages.responseHead;
    this.requestBody = messages.requestBody;
    this.responseBody = messages.responseBody;
    this.context = connection.context;
    this.connectionId = connection.connectionId;
    this.client = connection.client;
    this.isTls = connection.isTls;
    this.listenerCounters = connection.listenerCounters;
    this.pickRequest = connection.pickRequest;
    this.#startedAt = connection.readAt;
  }

  get streamId(): number {
    return this.stream.id;
  }

  get clientSubject(): string | undefined {
    return this.connection.clientSubject;
  }

  get destination(): SocketAddress {
    return this.connection.destination;
  }

  get toldHead(): string {
    return this.asksTunnel || this.travelledHead === '' ? this.head.raw : this.travelledHead;
  }

  get exchange(): Exchange | null {
    return this.#exchange;
  }

  get relayed(): RelayedBytes {
    return this;
  }

  get relay(): UpgradeRelay | null {
    return this.#relay;
  }

  // ---- the request

  /** Reads the head. What is malformed resets the stream at once. */
  read(fields: FieldBlock, isEnd: boolean): void {
    this.#hasEnd = isEnd;
    this.#recordHeadChunk();
    if (fields.isTooLarge) {
      this.#refusal = headTooLarge;
      return;
    }
    if (!requestText.write(fields, newWebSocketKey)) {
      this.connection.session.streamError(this.stream, ErrorCode.protocolError, requestText.problem);
      return;
    }
    this.asksTunnel = requestText.protocol !== '';
    if (this.context.emitter.isWatched) this.travelledHead = describeRequest(fields);
    if (this.head.parse(requestText.bytes, 0, requestText.length) === refused)
      this.#refusal = this.head.refusal;
    else if (!this.asksTunnel) this.stream.expectedBytes = this.head.framing.contentLength;
    const { expectedBytes } = this.stream;
    if (isEnd && expectedBytes > 0)
      this.connection.session.streamError(
        this.stream,
        ErrorCode.protocolError,
        'Content-Length without DATA',
      );
  }

  /** The exchange begins; or, where the stream was ended before that, it is over. */
  start(config: CompiledConfig, listener: CompiledListener): void {
    if (this.#ending !== null && !this.context.emitter.isWatched) {
      // A flood of requests that are reset at once must cost next to nothing.
      this.listenerCounters.countFlow(0, true, 0);
      return;
    }
    const exchange = new Exchange(this, this.flowId, config, listener, this.#startedAt);
    this.#exchange = exchange;
    this.#hasBegun = true;
    const isRefused = this.#refusal !== null || this.#ending !== null;
    if (!isRefused) prepareRequest(exchange);
    else if (this.#refusal !== null) this.head.forget();
    if (isRefused) this.#recordHead();
    if (this.#ending !== null) this.#endExchange(exchange, this.#ending);
    else if (this.#refusal !== null) refuse(exchange, this.#refusal);
    else {
      try {
        beginRequest(exchange);
      } catch (error) {
        rescueThrown(exchange, error);
      }
    }
  }

  #recordHeadChunk(): void {
    const { emitter } = this.context;
    if (!emitter.isWatched) return;
    const { flowId, connectionId, travelledHeadBytes, streamId } = this;
    recordChunk(
      emitter,
      flowId,
      connectionId,
      'request',
      'downstream',
      'read',
      'consumed',
      travelledHeadBytes,
      streamId,
    );
  }

  #recordHead(): void {
    const { emitter } = this.context;
    if (!emitter.isWatched || this.travelledHead === '') return;
    const { flowId, connectionId, travelledHead, streamId, travelledHeadBytes } = this;
    recordRequestHead(
      emitter,
      flowId,
      connectionId,
      'downstream',
      travelledHead,
      streamId,
      travelledHeadBytes,
    );
  }

  startRequestBody(): void {
    const { contentLength } = this.head.framing;
    const isBodiless =
      this.asksTunnel || (this.#hasEnd && this.#waiting.length === 0 && this.#trailers === '');
    if (isBodiless || contentLength === 0) this.requestBody.start(BodyKind.none, 0);
    else this.requestBody.start(BodyKind.untilClose, Math.max(contentLength, 0));
  }

  onHead(): void {
    throw new Error('a client sends no head of a response');
  }

  onData(buffer: Buffer, start: number, end: number, isEnd: boolean): void {
    const exchange = this.#exchange;
    this.#hasEnd = isEnd;
    const isTaken = exchange?.takesBody === true && !this.#isPaused && this.#waiting.length === 0;
    this.#recordRead(isTaken && exchange?.holdsBody !== true ? 'forwarded' : 'held', end - start);
    if (this.#relay !== null && !this.#isPaused) this.#relayData(buffer.subarray(start, end));
    else if (isTaken) this.#feed(exchange, buffer, start, end);
    else if (exchange === null && this.#relay === null && this.#hasBegun) this.stream.giveBack(end - start);
    else if (end > start) this.#waiting.push(Buffer.from(buffer.subarray(start, end)));
    if (isEnd) this.#tellRelayEnd();
  }

  onTrailers(fields: FieldBlock, blockBytes: number): void {
    const trailers = trailerLinesOf(fields.text);
    this.#recordRead('consumed', blockBytes);
    if (trailers === null) {
      this.connection.session.streamError(
        this.stream,
        ErrorCode.protocolError,
        'a trailer that must not be one',
      );
      return;
    }
    this.#trailers = trailers;
    this.#hasEnd = true;
    this.#tellRelayEnd();
    if (this.#exchange?.takesBody === true && this.#waiting.length === 0 && !this.#isPaused)
      this.#feed(this.#exchange, noBytes, 0, 0);
  }

  /** Gives the exchange bytes that were just read or had waited. */
  #feed(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
    const isLast = this.#hasEnd && this.#waiting.length === 0;
    if (isLast) {
      this.requestBody.endsNow = true;
      this.requestBody.trailers = this.#trailers;
    }
    try {
      exchange.readRequest(buffer, start, end);
      exchange.flushRequest();
    } catch (error) {
      rescueThrown(exchange, error);
    }
    this.stream.giveBack(end - start);
  }

  pauseReading(): void {
    this.#isPaused = true;
  }

  resumeReading(): void {
    this.#isPaused = false;
    while (!this.#isPaused && this.#exchange?.takesBody === true) {
      const bytes = this.#waiting.shift();
      if (bytes !== undefined) this.#feed(this.#exchange, bytes, 0, bytes.length);
      else {
        if (this.#hasEnd && !this.#exchange.isRequestComplete) this.#feed(this.#exchange, noBytes, 0, 0);
        return;
      }
    }
  }

  #recordRead(disposition: 'forwarded' | 'held' | 'consumed', bytes: number): void {
    const { emitter } = this.context;
    if (!emitter.isWatched || bytes === 0 || this.#relay !== null) return;
    const { connectionId, streamId } = this;
    const [flowId, fate] = this.#isOver ? [0, 'consumed' as const] : [this.flowId, disposition];
    recordChunk(emitter, flowId, connectionId, 'request', 'downstream', 'read', fate, bytes, streamId);
  }

  /** The flow has ended: what the stream still does belongs to the connection. */
  get #isOver(): boolean {
    return this.#hasBegun && this.#exchange === null && this.#relay === null;
  }

  // ---- the response

  keepsOpen(): boolean {
    return true;
  }

  newResponseSink({ emitter, flowId }: Exchange): MessageSink {
    const { connectionId, stream } = this;
    const form = this.asksTunnel ? tunnelResponse : plainResponse;
    return new StreamSink(stream, form, emitter, flowId, connectionId, 'response', 'downstream');
  }

  writeContinue(): void {
    const { emitter } = this.context;
    const bytes = this.stream.sendHead(responseFields(continueHead), false);
    const { flowId, connectionId, streamId } = this;
    if (emitter.isWatched)
      recordChunk(
        emitter,
        flowId,
        connectionId,
        'response',
        'downstream',
        'write',
        'generated',
        bytes,
        streamId,
      );
  }

  onSendDrain(): void {
    if (this.#relay !== null) this.#relay.onClientDrain();
    else this.#exchange?.onDownstreamDrain();
  }

  /** Our side is done; what the client might still send of its request has no use any more (RFC 9113 8.1). */
  onSentEnd(): void {
    if (this.#exchange === null && this.#relay === null) this.#stopClient();
  }

  #stopClient(): void {
    if (this.stream.state === StreamState.halfClosedLocal) this.stream.reset(ErrorCode.noError);
  }

  onExchangeDone(exchange: Exchange): void {
    this.#exchange = null;
    this.#dropWaiting();
    this.#stopClient();
    // What went wrong may still be looked into by who waits for a disk or a password.
    if (exchange.keepsClient && !exchange.hasFailed) this.connection.reuse(this.messages);
  }

  reset(reason: string): void {
    if (this.stream.isClosed) return;
    const code = reason === 'idle_timeout' ? ErrorCode.cancel : ErrorCode.internalError;
    this.#recordReset(code, 'proxy');
    this.stream.reset(code);
  }

  onReset(code: number, isOurs: boolean, message: string): void {
    this.#recordReset(code, isOurs ? 'proxy' : 'client');
    this.#relay?.onClientClosed();
    this.#ending = { isOurs, message: isOurs ? message : `the client reset the stream (${errorName(code)})` };
    if (this.#exchange !== null) this.#endExchange(this.#exchange, this.#ending);
    this.#dropWaiting();
  }

  /** What nobody will take; the other streams share the connection's window. */
  #dropWaiting(): void {
    for (const { length } of this.#waiting.splice(0)) this.stream.giveBack(length);
  }

  #endExchange(exchange: Exchange, { isOurs, message }: Ending): void {
    abandon(exchange, message, isOurs ? 'bad_request' : 'downstream_reset');
  }

  /** The connection is gone. */
  onConnectionClosed(): void {
    this.#relay?.onClientClosed();
    if (this.#exchange !== null) abandon(this.#exchange, 'the client closed the connection');
  }

  /** The response is out of the exchange's hands, and nothing of it moved for that long. `now` in microseconds. */
  isStalled(now: number, afterMs: number): boolean {
    if (this.stream.isActive) {
      this.stream.isActive = false;
      this.#idleSince = now;
    }
    return now - this.#idleSince > afterMs * 1000;
  }

  #recordReset(code: number, resetBy: 'client' | 'proxy'): void {
    const { emitter } = this.context;
    if (!emitter.isWatched) return;
    const fields = { leg: 'downstream', stream: this.streamId, resetBy, code } as const;
    recordStreamReset(emitter, this.#isOver ? 0 : this.flowId, this.connectionId, fields);
  }

  // ---- after a switch of protocols

  becomeRelay(relay: UpgradeRelay): void {
    this.#exchange = null;
    this.#relay = relay;
    this.resume();
  }

  #relayData(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#relay!.onClientData(bytes);
    this.stream.giveBack(bytes.length);
  }

  write(bytes: Buffer): void {
    this.stream.sendData(bytes, 0, bytes.length, false);
  }

  end(): void {
    this.stream.sendEnd('');
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    while (!this.#isPaused && this.#relay !== null && this.#waiting.length > 0)
      this.#relayData(this.#waiting.shift()!);
    this.#tellRelayEnd();
  }

  #tellRelayEnd(): void {
    if (this.#relay === null || !this.#hasEnd || this.#waiting.length > 0 || this.#hasToldEnd) return;
    this.#hasToldEnd = true;
    this.#relay.onClientEnd();
  }

  get writableLength(): number {
    return this.stream.queuedBytes;
  }
}

const noBytes = Buffer.alloc(0);
