// A connection on which a client speaks HTTP/1.x: cuts the bytes into requests, one exchange at a time, answered in
// order. It owns the socket; the exchange owns what happens with the request.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Chunk, ConnectionCloser, SocketAddress } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { CompiledConfig, CompiledListener } from '../compiledConfig';
import { recordConnectionClosed } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import type { TrafficCounters } from '../engineMetrics';
import { type FlowOpenedFields, recordFlowOpened, recordTimeout } from '../flowRecords';
import { resetSocket } from '../resetSocket';
import { localAddressOf } from '../socketAddress';
import { ownCopy, SocketReader } from '../socketReader';
import type { Ticking } from '../ticker';
import type { PickRequest } from '../upstream/poolRuntimes';
import type { RelayedBytes } from '../upstream/upstreamLink';
import { carriageReturn, lineFeed } from './characters';
import { ConnectionMessages } from './connectionMessages';
import type { Downstream } from './downstream';
import { Exchange } from './exchange';
import { checkDeadlines } from './exchangeDeadlines';
import { type HttpConnectionOptions, removedListener } from './httpConnectionOptions';
import { BodyKind, type MessageBody } from './messageBody';
import type { MessageSink } from './messageSink';
import { highWaterBytes, MessageWriter } from './messageWriter';
import { needMore, type Refusal, refused } from './refusal';
import type { RequestHead } from './requestHead';
import { beginRequest, prepareRequest, refuse } from './requestPhase';
import { abandon, rescueThrown } from './rescue';
import type { ResponseHead } from './responseHead';
import type { ServedConnection } from './servedConnection';
import type { UpgradeRelay } from './upgradeRelay';

const headTooSlow: Refusal = {
  status: 408,
  code: 'request_timeout',
  message: 'the request head did not come in time',
};

/** After our last word the client may still send; reading it on keeps the answer from being lost to a reset. */
const lingerMs = 2000;
/** Ticks after a half-close at which the client is probed: late enough for most answers to come without it. */
const firstProbeTick = 4;
const lastProbeTick = 5;
const http2FirstLine = Buffer.from('PRI * HTTP/2.0\r\n', 'latin1');
const continueHead = 'HTTP/1.1 100 Continue\r\n\r\n';

/** Takes over a connection on which a client speaks HTTP/1.x. */
export function acceptHttpConnection(
  socket: Socket | TLSSocket,
  options: HttpConnectionOptions,
): HttpConnection {
  return new HttpConnection(socket, options);
}

const served = Symbol('served by');
type ServedSocket = (Socket | TLSSocket) & { [served]?: HttpConnection | null };

export class HttpConnection implements Ticking, Downstream, ServedConnection {
  readonly context: EngineContext;
  readonly connectionId: number;
  readonly streamId = 0;
  readonly travelledHeadBytes = 0;
  readonly asksTunnel = false;
  readonly client: SocketAddress;
  readonly isTls: boolean;
  readonly listenerCounters: TrafficCounters;
  readonly pickRequest: PickRequest;
  /** Bytes of the client are being handled further up the stack. */
  isProcessing = false;
  /** Bytes behind the head that came with it. */
  hasUnreadBytes = false;

  /** Made for a request, and given up when the connection falls idle. */
  #messages: ConnectionMessages | null = null;
  #config: CompiledConfig;
  #listener: CompiledListener;
  #exchange: Exchange | null = null;
  #relay: UpgradeRelay | null = null;
  /** The flow whose head is being read; 0 = none. */
  #flowId = 0;
  #flowStartedAt = 0;
  /** The same for all flows of a revision. */
  #opened: FlowOpenedFields | null = null;
  /** Read from the socket and not yet taken by an exchange. Then reading stops, so it is bounded. */
  #pending: Buffer | null = null;
  #isPaused = false;
  #unrecordedBytes = 0;
  #isDraining = false;
  #hasServed = false;
  #hasClientEnded = false;
  /** A first request was begun: from then on the client may rest between requests. */
  #hasAsked = false;
  #destination: SocketAddress | null = null;
  #isActive = true;
  #idleSince = 0;
  #halfClosedTicks = 0;
  #isClosing = false;
  #closingSince = 0;
  #isGone = false;
  #closedBy: ConnectionCloser = 'client';
  #reason = 'end';

  constructor(
    readonly socket: Socket | TLSSocket,
    private readonly options: HttpConnectionOptions,
  ) {
    const { context, client } = options;
    this.context = context;
    this.connectionId = options.connectionId;
    this.client = client;
    this.isTls = options.isTls;
    this.#config = context.config();
    const { listenerId } = options.port;
    this.#listener = this.#config.listeners.get(listenerId) ?? removedListener(listenerId);
    this.listenerCounters = context.metrics.counters('listener', listenerId);
    this.pickRequest = { clientAddress: client.address };
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    HttpConnection.#attach(socket, this);
    context.ticker.add(this);
  }

  /** Finishes what is in flight, answers with `Connection: close`, then closes; idle = closes now. Relays go on. */
  drain(): void {
    this.#isDraining = true;
    if (this.#exchange === null && this.#relay === null && this.#flowId === 0) this.#close('drained');
  }

  destroy(reason: string): void {
    this.#blame('proxy', reason);
    this.socket.destroy();
  }

  // ---- for the exchange

  get head(): RequestHead {
    return this.#inUse().head;
  }

  get responseHead(): ResponseHead {
    return this.#inUse().responseHead;
  }

  get requestBody(): MessageBody {
    return this.#inUse().requestBody;
  }

  get responseBody(): MessageBody {
    return this.#inUse().responseBody;
  }

  #inUse(): ConnectionMessages {
    this.#messages ??= new ConnectionMessages();
    return this.#messages;
  }

  get clientSubject(): string | undefined {
    return this.options.clientSubject;
  }

  /** Where the client connected to. */
  get destination(): SocketAddress {
    this.#destination ??= this.options.destination ?? localAddressOf(this.socket);
    return this.#destination;
  }

  get travelledHead(): string {
    return this.head.raw;
  }

  get toldHead(): string {
    return this.head.raw;
  }

  get relayed(): RelayedBytes {
    return this.socket;
  }

  startRequestBody(): void {
    const { framing } = this.head;
    if (framing.isChunked) this.requestBody.start(BodyKind.chunked, 0);
    else if (framing.contentLength > 0) this.requestBody.start(BodyKind.length, framing.contentLength);
    else this.requestBody.start(BodyKind.none, 0);
  }

  newResponseSink({ emitter, flowId }: Exchange): MessageSink {
    return new MessageWriter(this.socket, emitter, flowId, this.connectionId, 'response', 'downstream');
  }

  /** Whether the client's connection may carry another request after this exchange. */
  keepsOpen(exchange: Exchange): boolean {
    if (this.#isDraining || this.#isClosing || !exchange.isRequestComplete) return false;
    return exchange.head.isPersistent && (!this.#hasClientEnded || this.#pending !== null);
  }

  pauseReading(): void {
    this.#isPaused = true;
    this.socket.pause();
  }

  resumeReading(): void {
    if (this.isProcessing) return;
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null) this.#process(pending, pending.length, false);
    if (this.#isPaused && this.#pending === null) {
      this.#isPaused = false;
      this.socket.resume();
    }
  }

  writeContinue(): void {
    const { emitter } = this.context;
    this.socket.write(continueHead, 'latin1');
    if (!emitter.isWatched) return;
    const flowId = this.#exchange?.flowId ?? 0;
    const bytes = continueHead.length;
    recordChunk(emitter, flowId, this.connectionId, 'response', 'downstream', 'write', 'generated', bytes);
  }

  onExchangeDone(exchange: Exchange): void {
    this.#exchange = null;
    this.#isActive = true;
    this.#halfClosedTicks = 0;
    if (this.#isGone) return;
    if (!exchange.keepsClient) this.#close(this.#isDraining ? 'drained' : 'not_reusable');
    else if (!this.isProcessing && (this.#pending !== null || this.#isPaused)) this.resumeReading();
  }

  /** The response cannot be finished: the client must see that it is cut. */
  reset(reason: string): void {
    this.#blame('proxy', reason);
    this.#isClosing = true;
    resetSocket(this.socket);
  }

  becomeRelay(relay: UpgradeRelay): void {
    this.#exchange = null;
    this.#relay = relay;
    const pending = this.#pending;
    this.#pending = null;
    if (pending !== null) relay.onClientData(pending);
    if (this.#isPaused) this.socket.resume();
    this.#isPaused = false;
    if (this.#hasClientEnded) relay.onClientEnd();
  }

  // ---- the socket. Its handlers are the same functions for all connections: an idle one should cost little.

  static readonly #reader = new SocketReader<ServedSocket>(function onBytes(bytes, length, isShared) {
    this[served]!.#onBytes(bytes, length, isShared);
  });

  static readonly #handlers: readonly [event: string, handler: (this: ServedSocket) => void][] = [
    [
      'drain',
      function onDrain() {
        this[served]!.#onDrain();
      },
    ],
    [
      'end',
      function onEnd() {
        this[served]!.#onEnd();
      },
    ],
    [
      'error',
      function onError() {
        this[served]!.#onError();
      },
    ],
    [
      'close',
      function onClose() {
        this[served]!.#onClose();
      },
    ],
  ];

  static #attach(socket: ServedSocket, connection: HttpConnection): void {
    socket[served] = connection;
    HttpConnection.#reader.attach(socket);
    for (const [event, handler] of HttpConnection.#handlers) socket.on(event, handler);
  }

  static #detach(socket: ServedSocket): void {
    HttpConnection.#reader.detach(socket);
    for (const [event, handler] of HttpConnection.#handlers) socket.off(event, handler);
    socket[served] = null;
  }

  #onBytes(bytes: Buffer, length: number, isShared: boolean): void {
    const { emitter } = this.context;
    if (emitter.isWatched) emitter.holdTime();
    if (this.#exchange === null && this.#relay === null && this.#pending === null && !this.#isClosing) {
      this.#unrecordedBytes = length;
      this.#process(bytes, length, isShared);
    } else this.#take(isShared ? ownCopy(bytes, 0, length) : bytes);
    emitter.releaseTime();
  }

  #take(chunk: Buffer): void {
    if (this.#relay !== null) this.#relay.onClientData(chunk);
    else if (this.#isClosing) this.#recordRead(0, 'consumed', chunk.length);
    else if (this.#pending !== null) {
      this.#recordRead(this.#exchange?.flowId ?? 0, 'held', chunk.length);
      this.#pending = Buffer.concat([this.#pending, chunk]);
    } else {
      this.#unrecordedBytes = chunk.length;
      this.#process(chunk, chunk.length, false);
    }
  }

  /** Only heads are read from bytes that are shared; what comes behind them is copied. */
  #process(bytes: Buffer, length: number, isShared: boolean): void {
    let isLent = isShared;
    let buffer = bytes;
    let end = length;
    let position = 0;
    this.isProcessing = true;
    try {
      while (position < end && !this.#isClosing && this.#relay === null) {
        const exchange = this.#exchange;
        if (exchange === null && this.socket.writableLength >= highWaterBytes) {
          // A client that asks and asks and does not read: no more until it has read.
          this.#keep(isLent ? ownCopy(buffer, position, end) : buffer.subarray(position));
          break;
        }
        if (exchange === null) {
          position = this.#readHead(buffer, position, end);
          if (isLent && position < end) {
            isLent = false;
            buffer = ownCopy(bytes, position, end);
            end -= position;
            position = 0;
          }
        } else if (exchange.takesBody) {
          this.#recordUnrecorded(exchange.flowId, exchange.holdsBody ? 'held' : 'forwarded');
          position = exchange.readRequest(buffer, position, end);
          if (position < 0) break;
        } else {
          this.#keep(buffer.subarray(position));
          break;
        }
      }
    } catch (error) {
      if (this.#exchange === null) this.reset('internal_error');
      else rescueThrown(this.#exchange, error);
    }
    this.isProcessing = false;
    this.#exchange?.flushRequest();
  }

  #keep(bytes: Buffer): void {
    this.#recordUnrecorded(this.#exchange?.flowId ?? 0, 'held');
    this.#pending = bytes;
    this.pauseReading();
  }

  /** Returns where the head ends, or `end`. */
  #readHead(buffer: Buffer, position: number, end: number): number {
    if (this.#flowId === 0) {
      // An empty line alone, as some clients send behind a body, opens nothing (RFC 9112 2.2).
      if (end - position === 2 && buffer[position] === carriageReturn && buffer[position + 1] === lineFeed)
        return end;
      if (buffer[position] === 0x50 && this.#handsOver(buffer, position, end)) return end;
      this.#openFlow();
    }
    const { headReader } = this.#inUse();
    const next = headReader.read(buffer, position, end, this.#listener.config.limits.maxHeaderBytes);
    if (next === refused) return this.#refuseHead(headReader.refusal, end);
    if (next === needMore) {
      this.#recordUnrecorded(this.#flowId, 'held');
      if (this.#hasClientEnded) this.#endInsideHead();
      return end;
    }
    this.#startExchange(next < end);
    return next;
  }

  /** HTTP/2 with prior knowledge: its first line is no request of HTTP/1.x. Only as the first thing on plain TCP. */
  #handsOver(buffer: Buffer, position: number, end: number): boolean {
    const { onHttp2 } = this.options;
    const { length } = http2FirstLine;
    const isFirst = !this.#hasServed && !this.isTls && onHttp2 !== undefined && end - position >= length;
    if (!isFirst || buffer.compare(http2FirstLine, 0, length, position, position + length) !== 0)
      return false;
    this.#isGone = true;
    this.#isClosing = true;
    this.context.ticker.delete(this);
    HttpConnection.#detach(this.socket);
    onHttp2(ownCopy(buffer, position, end));
    return true;
  }

  #openFlow(): void {
    const { context } = this;
    this.#hasAsked = true;
    const config = context.config();
    if (config !== this.#config) {
      this.#config = config;
      // A removed listener keeps serving what it had accepted, with what it knew last.
      this.#listener = config.listeners.get(this.options.port.listenerId) ?? this.#listener;
      this.#opened = null;
    }
    this.head.isForProxy = this.#listener.config.protocol === 'forward';
    this.#flowId = context.emitter.nextFlowId();
    this.#flowStartedAt = context.emitter.time;
    if (!context.emitter.isWatched) return;
    this.#opened ??= {
      flow: 'http',
      listener: this.options.port.listenerId,
      client: this.client,
      revision: config.revision,
    };
    recordFlowOpened(context.emitter, this.#flowId, this.connectionId, this.#opened);
  }

  #newExchange(): Exchange {
    const exchange = new Exchange(this, this.#flowId, this.#config, this.#listener, this.#flowStartedAt);
    this.#exchange = exchange;
    this.#hasServed = true;
    this.#flowId = 0;
    return exchange;
  }

  #startExchange(hasUnreadBytes: boolean): void {
    const exchange = this.#newExchange();
    this.hasUnreadBytes = hasUnreadBytes;
    prepareRequest(exchange);
    if (this.#unrecordedBytes > 0) {
      const isBodyHere = hasUnreadBytes && !exchange.isRequestComplete && exchange.route !== null;
      this.#recordUnrecorded(
        exchange.flowId,
        isBodyHere ? (exchange.holdsBody ? 'held' : 'forwarded') : 'consumed',
      );
    }
    beginRequest(exchange);
  }

  #refuseHead(refusal: Refusal, end: number): number {
    this.#recordUnrecorded(this.#flowId, 'consumed');
    this.#inUse().headReader.forget();
    const exchange = this.#newExchange();
    refuse(exchange, refusal);
    return end;
  }

  #onDrain(): void {
    if (this.#relay !== null) this.#relay.onClientDrain();
    else if (this.#exchange !== null) this.#exchange.onDownstreamDrain();
    else if (this.#pending !== null) this.resumeReading();
  }

  #onEnd(): void {
    this.#hasClientEnded = true;
    if (this.#relay !== null) {
      this.#relay.onClientEnd();
      return;
    }
    const exchange = this.#exchange;
    if (exchange === null) {
      this.#endInsideHead();
    } else if (!exchange.isRequestComplete) {
      abandon(exchange, 'the client closed the connection before its request was complete');
    } else if (exchange.status !== 0) {
      abandon(exchange, 'the client closed the connection before it had the whole response');
      this.socket.destroy();
    }
    // Else: a client may say that it has asked everything and still wait for the answer. `onTick` finds out.
  }

  /** Of a head, or between two messages. */
  #endInsideHead(): void {
    if (this.#flowId !== 0)
      abandon(this.#newExchange(), 'the client closed the connection in the middle of a head');
    this.#close('end', 'client');
  }

  #onError(): void {
    this.#reason = this.#closedBy === 'client' ? 'reset' : this.#reason;
  }

  #onClose(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.context.ticker.delete(this);
    this.#relay?.onClientClosed();
    if (this.#flowId !== 0) this.#newExchange();
    if (this.#exchange !== null) abandon(this.#exchange, 'the client closed the connection');
    const { bytesRead, bytesWritten } = this.socket;
    recordConnectionClosed(this.context.emitter, {
      flowId: 0,
      connectionId: this.connectionId,
      leg: 'downstream',
      closedBy: this.#closedBy,
      reason: this.#reason,
      bytesRead,
      bytesWritten,
    });
    this.options.onClosed();
  }

  // ---- time

  onTick(now: number): void {
    const exchange = this.#exchange;
    if (this.#isClosing) {
      if (this.#closingSince === 0) this.#closingSince = now;
      else if (now - this.#closingSince > lingerMs * 1000) this.socket.destroy();
    } else if (this.#relay !== null) this.#relay.onTick(now);
    else if (exchange !== null) {
      checkDeadlines(exchange, now);
      if (this.#hasClientEnded && !exchange.isDone) this.#probeClient(exchange);
    } else if (this.#flowId !== 0) this.#checkHead(now);
    else this.#checkIdle(now);
  }

  #checkHead(now: number): void {
    const { headerTimeoutMs } = this.#listener.config.limits;
    if (now - this.#flowStartedAt <= headerTimeoutMs * 1000) return;
    recordTimeout(this.context.emitter, this.#flowId, this.connectionId, 'header', headerTimeoutMs);
    this.#blame('proxy', 'header_timeout');
    this.#refuseHead(headTooSlow, 0);
  }

  #checkIdle(now: number): void {
    if (this.#isActive) {
      this.#isActive = false;
      this.#idleSince = now;
    } else this.#messages = null;
    const { idleTimeoutMs, headerTimeoutMs } = this.#listener.config.limits;
    if (!this.#hasAsked && now - this.#idleSince > headerTimeoutMs * 1000) {
      recordTimeout(this.context.emitter, 0, this.connectionId, 'header', headerTimeoutMs);
      this.#close('header_timeout');
      return;
    }
    if (now - this.#idleSince <= idleTimeoutMs * 1000) return;
    const timeout = this.socket.writableLength > 0 ? 'read' : 'idle';
    recordTimeout(this.context.emitter, 0, this.connectionId, timeout, idleTimeoutMs);
    this.#close('idle_timeout');
  }

  /**
   * The client half-closed and waits, or it is gone: only its system can tell, by what it answers to bytes. An interim
   * response is the one thing that every HTTP/1.1 client skips (RFC 9110 15.2); the second write shows the reset that
   * the first one drew.
   */
  #probeClient(exchange: Exchange): void {
    if (exchange.status !== 0 || exchange.head.minorVersion === 0) return;
    const tick = ++this.#halfClosedTicks;
    if (tick === firstProbeTick || tick === lastProbeTick) this.writeContinue();
  }

  // ---- closing

  #close(reason: string, closer: ConnectionCloser = 'proxy'): void {
    if (this.#isClosing) return;
    this.#blame(closer, reason);
    this.#isClosing = true;
    this.#pending = null;
    this.socket.end();
    this.#isPaused = false;
    this.socket.resume();
  }

  #blame(closer: ConnectionCloser, reason: string): void {
    if (this.#closedBy !== 'client' || this.#isGone) return;
    this.#closedBy = closer;
    this.#reason = reason;
  }

  // ---- events

  #recordUnrecorded(flowId: number, disposition: Chunk['disposition']): void {
    if (this.#unrecordedBytes === 0) return;
    const bytes = this.#unrecordedBytes;
    this.#unrecordedBytes = 0;
    this.#recordRead(flowId, disposition, bytes);
  }

  #recordRead(flowId: number, disposition: Chunk['disposition'], bytes: number): void {
    const { emitter } = this.context;
    if (!emitter.isWatched) return;
    recordChunk(emitter, flowId, this.connectionId, 'request', 'downstream', 'read', disposition, bytes);
  }
}
