// A connection on which a client speaks HTTP/2: the socket, the clock, and one Http2Stream a request. The protocol
// itself is http2Session's.
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ConnectionCloser, SocketAddress } from '../../contract/flowEvent';
import type { CompiledConfig, CompiledListener } from '../compiledConfig';
import { recordConnectionClosed } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import type { TrafficCounters } from '../engineMetrics';
import { type FlowOpenedFields, recordFlowOpened, recordTimeout } from '../flowRecords';
import type { FieldBlock } from '../http2/fieldBlock';
import { Nuisance } from '../http2/floodGuard';
import { ErrorCode, maxStreamId } from '../http2/frame';
import { Http2Session, type SessionHandler } from '../http2/http2Session';
import { Liveness } from '../http2/liveness';
import type { SessionStream } from '../http2/sessionStream';
import { recordGoaway } from '../http2Records';
import { localAddressOf } from '../socketAddress';
import { type Ticking, tickMs } from '../ticker';
import type { PickRequest } from '../upstream/poolRuntimes';
import { ConnectionMessages } from './connectionMessages';
import { checkDeadlines } from './exchangeDeadlines';
import { Http2Stream } from './http2Stream';
import { type HttpConnectionOptions, removedListener } from './httpConnectionOptions';
import type { ServedConnection } from './servedConnection';

/** Requests that a client may have under way at once. */
const maxConcurrentStreams = 128;
/** What a client may send ahead of us on one stream, and on all together: the memory that a connection can fill. */
const streamWindow = 262_144;
const connectionWindow = 1_048_576;
/** Frames are gathered for one turn of the event loop, but not more than this. */
const flushBytes = 65_536;
/** More unsent bytes than this: nothing more is read until the client has read. */
const stopReadingBytes = 262_144;
/** After our last word the client may still send; reading it on keeps that word from being lost to a reset. */
const lingerMs = 2000;
const mostDroppedBytes = 1_048_576;
/** How long a client may take to learn that no more requests are taken. */
const goawayMs = 1000;
/** Nothing came for so long while streams are open: is anybody there? And how long the answer may take. */
const pingAfterMs = 30_000;
const pingTimeoutMs = 15_000;

export class Http2Connection implements Ticking, SessionHandler, ServedConnection {
  readonly context: EngineContext;
  readonly connectionId: number;
  readonly client: SocketAddress;
  readonly isTls: boolean;
  readonly listenerCounters: TrafficCounters;
  readonly pickRequest: PickRequest;
  readonly session: Http2Session;

  #config: CompiledConfig;
  #listener: CompiledListener;
  /** The same for all flows of a revision. */
  #opened: FlowOpenedFields | null = null;
  /** When the read came that is under way; microseconds of the emitter's clock. */
  readAt = 0;
  readonly #streams = new Map<SessionStream, Http2Stream>();
  /** Requests of the read that is under way. They begin when it is over: those reset in the same read cost nothing. */
  #starting: Http2Stream[] = [];
  /** At most as many as streams may be open. */
  #spareMessages: ConnectionMessages[] = [];
  #destination: SocketAddress | null = null;
  #isFlushScheduled = false;
  #isPaused = false;
  #pausedSince = 0;
  #isDraining = false;
  #drainingSince = 0;
  #hasFinalGoaway = false;
  #isActive = true;
  #idleSince = 0;
  #inFrameSince = 0;
  readonly #liveness = new Liveness(pingAfterMs, pingTimeoutMs);
  #unansweredPings = 0;
  #isClosing = false;
  #closingSince = 0;
  #droppedBytes = 0;
  #isGone = false;
  #closedBy: ConnectionCloser = 'client';
  #reason = 'end';

  constructor(
    readonly socket: Socket | TLSSocket,
    private readonly options: HttpConnectionOptions,
    /** Read from the socket already. */
    early: Buffer | null,
  ) {
    const { context, client } = options;
    this.context = context;
    this.connectionId = options.connectionId;
    this.client = client;
    this.isTls = options.isTls;
    this.#config = context.config();
    this.#listener =
      this.#config.listeners.get(options.port.listenerId) ?? removedListener(options.port.listenerId);
    this.listenerCounters = context.metrics.counters('listener', options.port.listenerId);
    this.pickRequest = { clientAddress: client.address };
    this.session = new Http2Session(this, {
      role: 'server',
      maxHeaderBytes: this.#listener.config.limits.maxHeaderBytes,
      maxConcurrentStreams,
      streamWindow,
      connectionWindow,
      enablesConnectProtocol: true,
    });
    socket.allowHalfOpen = true;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('drain', () => this.#onDrain());
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => this.#onError());
    socket.on('close', () => this.#onClose());
    context.ticker.add(this);
    this.session.start();
    if (early !== null) this.#onData(early);
  }

  get clientSubject(): string | undefined {
    return this.options.clientSubject;
  }

  get destination(): SocketAddress {
    this.#destination ??= this.options.destination ?? localAddressOf(this.socket);
    return this.#destination;
  }

  /** Says that no more requests are taken (RFC 9113 6.8), in two steps, so that those on their way are still served. */
  drain(): void {
    if (this.#isDraining || this.#isClosing) return;
    this.#isDraining = true;
    this.#goaway(maxStreamId);
    this.#ping();
    this.#flush();
  }

  destroy(reason: string): void {
    this.#blame('proxy', reason);
    this.socket.destroy();
  }

  // ---- the socket

  #onData(chunk: Buffer): void {
    if (this.#isClosing) {
      // What comes now is dropped; a client that goes on with a flood pays with the answer to it.
      this.#droppedBytes += chunk.length;
      if (this.#droppedBytes > mostDroppedBytes) this.socket.destroy();
      return;
    }
    this.#isActive = true;
    this.#liveness.noteRead();
    const { emitter } = this.context;
    this.readAt = emitter.now();
    if (emitter.isWatched) emitter.holdTime();
    try {
      this.session.receive(chunk);
      this.#startRequests();
    } catch (error) {
      this.session.fail(ErrorCode.internalError, error instanceof Error ? error.name : 'unknown');
    }
    emitter.releaseTime();
    if (!this.#isPaused && this.unsentBytes() + this.session.sender.frames.length >= stopReadingBytes) {
      this.#isPaused = true;
      this.#pausedSince = this.readAt;
      this.socket.pause();
    }
  }

  #onDrain(): void {
    this.session.sender.pump();
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.socket.resume();
  }

  #onEnd(): void {
    this.#close('end', 'client');
  }

  #onError(): void {
    this.#reason = this.#closedBy === 'client' ? 'reset' : this.#reason;
  }

  #onClose(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.context.ticker.delete(this);
    for (const stream of [...this.#streams.values()]) stream.onConnectionClosed();
    this.#streams.clear();
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

  // ---- for the session

  unsentBytes(): number {
    return this.socket.writableLength;
  }

  onOutput(): void {
    if (this.session.sender.frames.length >= flushBytes) this.#flush();
    else if (!this.#isFlushScheduled) {
      this.#isFlushScheduled = true;
      setImmediate(this.#flushLater);
    }
  }

  readonly #flushLater = (): void => {
    this.#isFlushScheduled = false;
    this.#flush();
  };

  #flush(): void {
    const { frames } = this.session.sender;
    if (frames.length === 0) return;
    const bytes = frames.take();
    if (!this.#isGone && !this.socket.destroyed && !this.socket.writableEnded) this.socket.write(bytes);
  }

  onRequest(stream: SessionStream, fields: FieldBlock, blockBytes: number, isEnd: boolean): void {
    const config = this.context.config();
    if (config !== this.#config) {
      this.#config = config;
      // A removed listener keeps serving what it had accepted, with what it knew last.
      this.#listener = config.listeners.get(this.options.port.listenerId) ?? this.#listener;
      this.#opened = null;
    }
    const flowId = this.context.emitter.nextFlowId();
    const messages = this.#spareMessages.pop() ?? new ConnectionMessages();
    const request = new Http2Stream(this, stream, flowId, blockBytes, messages);
    stream.owner = request;
    this.#streams.set(stream, request);
    this.#starting.push(request);
    this.#recordFlow(flowId);
    request.read(fields, isEnd);
  }

  #startRequests(): void {
    while (this.#starting.length > 0) {
      const starting = this.#starting;
      this.#starting = [];
      for (const request of starting) request.start(this.#config, this.#listener);
    }
  }

  #recordFlow(flowId: number): void {
    const { emitter } = this.context;
    if (!emitter.isWatched) return;
    this.#opened ??= {
      flow: 'http',
      listener: this.options.port.listenerId,
      client: this.client,
      revision: this.#config.revision,
    };
    recordFlowOpened(emitter, flowId, this.connectionId, this.#opened);
  }

  /** For the streams to come: making new ones costs more than reading a head with them. */
  reuse(messages: ConnectionMessages): void {
    messages.forget();
    this.#spareMessages.push(messages);
  }

  onStreamGone(stream: SessionStream): void {
    this.#streams.delete(stream);
    this.#isActive = true;
    this.session.guard.credit(Nuisance.reset, 0.5);
    if (this.#hasFinalGoaway && this.session.peerStreams === 0) setImmediate(() => this.#close('drained'));
  }

  onGoaway(lastStream: number, code: number): void {
    const fields = { leg: 'downstream', sentBy: 'client', lastStream, code, message: '' } as const;
    recordGoaway(this.context.emitter, this.connectionId, fields);
  }

  onPingAck(): void {
    this.#unansweredPings--;
    // Answers come in order, so the last one is that to the PING behind the announcement.
    if (this.#isDraining && this.#unansweredPings <= 0) this.#sendFinalGoaway();
  }

  onSettings(): void {
    // Nothing here depends on them; the session itself acts on windows and tables.
  }

  onFailed(code: number, message: string): void {
    const fields = {
      leg: 'downstream',
      sentBy: 'proxy',
      lastStream: this.session.lastPeerStreamId,
      code,
      message,
    } as const;
    recordGoaway(this.context.emitter, this.connectionId, fields);
    this.#startRequests();
    for (const [stream, request] of [...this.#streams]) {
      request.onReset(code, true, message);
      this.#streams.delete(stream);
    }
    this.#close('protocol_error');
  }

  #ping(): void {
    this.#unansweredPings++;
    this.session.ping();
  }

  #goaway(lastStream: number): void {
    this.session.goaway(lastStream);
    const fields = { leg: 'downstream', sentBy: 'proxy', lastStream, code: 0, message: '' } as const;
    recordGoaway(this.context.emitter, this.connectionId, fields);
  }

  #sendFinalGoaway(): void {
    if (this.#hasFinalGoaway || this.#isClosing) return;
    this.#hasFinalGoaway = true;
    this.#goaway(this.session.lastPeerStreamId);
    if (this.session.peerStreams === 0) this.#close('drained');
  }

  // ---- time

  onTick(now: number): void {
    this.session.guard.onTick(tickMs / 1000);
    if (this.#isClosing) {
      if (this.#closingSince === 0) this.#closingSince = now;
      else if (now - this.#closingSince > lingerMs * 1000) this.socket.destroy();
      return;
    }
    for (const request of this.#streams.values()) this.#checkStream(request, now);
    this.#checkConnection(now);
  }

  #checkStream(request: Http2Stream, now: number): void {
    const { exchange, relay } = request;
    if (exchange !== null) checkDeadlines(exchange, now);
    else if (relay !== null) relay.onTick(now);
    else {
      const { bodyIdleTimeoutMs } = this.#listener.config.limits;
      if (!request.isStalled(now, bodyIdleTimeoutMs)) return;
      // The flow is over: what is left of it is a matter of the connection.
      recordTimeout(this.context.emitter, 0, this.connectionId, 'read', bodyIdleTimeoutMs);
      request.reset('idle_timeout');
    }
  }

  #checkConnection(now: number): void {
    const { bodyIdleTimeoutMs, headerTimeoutMs, idleTimeoutMs } = this.#listener.config.limits;
    if (this.#isDraining && !this.#hasFinalGoaway) {
      if (this.#drainingSince === 0) this.#drainingSince = now;
      else if (now - this.#drainingSince > goawayMs * 1000) this.#sendFinalGoaway();
    }
    if (!this.session.isInHead) this.#inFrameSince = 0;
    else if (this.#inFrameSince === 0) this.#inFrameSince = now;
    else if (now - this.#inFrameSince > headerTimeoutMs * 1000) this.#expire('header', headerTimeoutMs);
    if (this.#isPaused && now - this.#pausedSince > bodyIdleTimeoutMs * 1000) {
      recordTimeout(this.context.emitter, 0, this.connectionId, 'read', bodyIdleTimeoutMs);
      this.destroy('idle_timeout');
      return;
    }
    if (this.session.peerStreams > 0) this.#checkLife(now);
    if (this.#isActive || this.session.peerStreams > 0) {
      this.#isActive = false;
      this.#idleSince = now;
      return;
    }
    this.#spareMessages = [];
    if (now - this.#idleSince > idleTimeoutMs * 1000) this.#expire('idle', idleTimeoutMs);
  }

  /** Only while streams are open: without them, being idle is limited anyway. */
  #checkLife(now: number): void {
    const state = this.#liveness.check(now);
    if (state === 'pingDue') this.#ping();
    if (state !== 'gone') return;
    recordTimeout(this.context.emitter, 0, this.connectionId, 'ping', pingTimeoutMs);
    this.destroy('ping_timeout');
  }

  #expire(timeout: 'header' | 'idle', afterMs: number): void {
    if (this.#isClosing) return;
    recordTimeout(this.context.emitter, 0, this.connectionId, timeout, afterMs);
    this.#goaway(this.session.lastPeerStreamId);
    this.#close(`${timeout}_timeout`);
  }

  // ---- closing

  #close(reason: string, closer: ConnectionCloser = 'proxy'): void {
    if (this.#isClosing) return;
    this.#blame(closer, reason);
    this.#flush();
    this.#isClosing = true;
    for (const request of [...this.#streams.values()]) request.onConnectionClosed();
    this.#streams.clear();
    this.#flush();
    this.socket.end();
    this.#isPaused = false;
    this.socket.resume();
  }

  #blame(closer: ConnectionCloser, reason: string): void {
    if (this.#closedBy !== 'client' || this.#isGone) return;
    this.#closedBy = closer;
    this.#reason = reason;
  }
}
