// One TCP connection to an endpoint that speaks HTTP/2, shared by many exchanges. It owns the socket and the clock; what
// happens on a stream is its link's business.
import { connect, type Socket } from 'node:net';
import type { ConnectionCloser } from '../../contract/flowEvent';
import type { CompiledPool } from '../compiledConfig';
import { recordConnectionClosed, recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { recordTimeout } from '../flowRecords';
import { ErrorCode, errorName } from '../http2/frame';
import { Http2Session, type SessionHandler } from '../http2/http2Session';
import { Liveness } from '../http2/liveness';
import type { SessionStream } from '../http2/sessionStream';
import { recordGoaway } from '../http2Records';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import type { Ticking } from '../ticker';
import type { WireTap } from '../wire/wireTap';
import { Http2Link } from './http2Link';
import type { EndpointRuntime } from './poolRuntimes';
import { UnprocessedError } from './upstreamErrors';
import { startUpstreamHandshake } from './upstreamHandshake';
import type { UpstreamHandler } from './upstreamLink';
import type { UpstreamTransport } from './upstreamTransport';

/** What an endpoint may send ahead of us on one stream, and on all together. */
const streamWindow = 262_144;
const connectionWindow = 4_194_304;
/** Streams at once where the endpoint sets no limit, or has not said one yet. */
const usualStreams = 100;
const mostStreams = 1000;
const maxHeaderBytes = 65_536;
const flushBytes = 65_536;
/** Nothing came for so long while streams are open: is anybody there? And how long the answer may take. */
const pingAfterMs = 10_000;
const pingTimeoutMs = 5_000;

export interface Http2Owner {
  /** There is, or may be, room for more streams. */
  onRoom(): void;
  /** ALPN: the endpoint wants HTTP/1.1. Nobody waits on the connection any more; it closes. */
  onHttp1Chosen(waiting: readonly UpstreamHandler[], pool: CompiledPool): void;
  /** The endpoint's SETTINGS do not allow what the handler needs. */
  onNoTunnel(handler: UpstreamHandler, pool: CompiledPool): void;
  onConnectionClosed(connection: Http2UpstreamConnection): void;
}

export interface Http2ConnectionOptions {
  readonly context: EngineContext;
  readonly endpoint: EndpointRuntime;
  readonly transport: UpstreamTransport | null;
  /** Of whose first exchange it is made. */
  readonly pool: CompiledPool;
  readonly flowId: number;
  readonly listenerId: string;
  readonly owner: Http2Owner;
}

export class Http2UpstreamConnection implements SessionHandler, Ticking {
  readonly id: number;
  readonly context: EngineContext;
  readonly endpoint: EndpointRuntime;
  readonly transport: UpstreamTransport | null;
  readonly startedAt: number;
  isClosed = false;
  #isReady = false;
  /** Takes no more streams. */
  #isLeaving = false;
  readonly #session: Http2Session;
  readonly #links = new Map<SessionStream, Http2Link>();
  #waiting: Http2Link[] = [];
  #socket: Socket;
  #exchanges = 0;
  #idleSince = 0;
  #isOpenRecorded = false;
  #isFlushScheduled = false;
  readonly #liveness = new Liveness(pingAfterMs, pingTimeoutMs);
  #hasReleased = false;
  #error: Error | null = null;
  #closedBy: ConnectionCloser = 'endpoint';
  #reason = 'end';

  constructor(private readonly options: Http2ConnectionOptions) {
    const { context, endpoint, transport } = options;
    this.context = context;
    this.endpoint = endpoint;
    this.transport = transport;
    this.id = context.emitter.nextConnectionId();
    this.startedAt = context.emitter.now();
    this.#session = new Http2Session(this, {
      role: 'client',
      maxHeaderBytes,
      maxConcurrentStreams: 0,
      streamWindow,
      connectionWindow,
      enablesConnectProtocol: false,
    });
    this.#socket = this.#connect();
    endpoint.onConnectionOpened();
    context.ticker.add(this);
  }

  /** HTTP/1.1 is offered too. */
  get #isChoice(): boolean {
    return this.options.pool.config.protocol === 'auto';
  }

  /** Carries one exchange only. */
  get #isSingle(): boolean {
    return !this.options.pool.config.connections.reuse;
  }

  get isIdle(): boolean {
    return this.#isReady && !this.#isLeaving && this.#links.size === 0;
  }

  get isWatched(): boolean {
    return this.context.emitter.isWatched;
  }

  /** Streams that may still be opened, those that wait for one counted out. */
  get room(): number {
    if (this.isClosed || this.#isLeaving) return 0;
    if (this.#isSingle) return this.#exchanges + this.#waiting.length === 0 ? 1 : 0;
    return this.#limit - this.#links.size - this.#waiting.length;
  }

  get #limit(): number {
    const { hasPeerSettings, peer } = this.#session;
    return hasPeerSettings ? Math.min(peer.maxConcurrentStreams, mostStreams) : usualStreams;
  }

  /** Gives the handler a stream, now or when the connection is ready. Only while there is room. */
  add(handler: UpstreamHandler): void {
    const link = new Http2Link(this, handler);
    if (this.#isReadyFor(link)) this.#begin(link);
    else {
      this.#waiting.push(link);
      handler.onUpstreamConnecting(link);
    }
  }

  /** A link waits for the end of its stream. */
  noteReleased(): void {
    this.#hasReleased = true;
  }

  stopWaiting(link: Http2Link): void {
    const index = this.#waiting.indexOf(link);
    if (index !== -1) this.#waiting.splice(index, 1);
    if (!this.#isReady && this.#waiting.length === 0) this.destroy('not_reusable');
  }

  /** Closes when its streams are done; takes no new ones. */
  leave(): void {
    this.#isLeaving = true;
    if (this.#links.size === 0 && this.#waiting.length === 0) this.#close('drained');
  }

  destroy(reason: string): void {
    this.#blame('proxy', reason);
    this.#socket.destroy();
  }

  /** Whether the endpoint takes tunnels stands in its SETTINGS, so who needs one waits for them. */
  #isReadyFor({ handler }: Http2Link): boolean {
    return this.#isReady && (handler?.needsTunnel !== true || this.#session.hasPeerSettings);
  }

  #beginWaiting(): void {
    const ready = this.#waiting.filter((link) => this.#isReadyFor(link));
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((link) => !ready.includes(link));
    for (const link of ready) this.#begin(link);
  }

  #begin(link: Http2Link): void {
    const { handler } = link;
    if (handler?.needsTunnel === true && !this.#session.peer.enablesConnectProtocol) {
      link.handler = null;
      this.options.owner.onNoTunnel(handler, this.options.pool);
      return;
    }
    const stream = this.#session.openStream();
    if (stream === null) {
      this.#isLeaving = true;
      link.onConnectionClosed(new UnprocessedError('the connection has no stream numbers left'));
      return;
    }
    const idleSince = this.#links.size > 0 ? this.context.emitter.now() : this.#idleSince;
    this.#links.set(stream, link);
    link.begin(stream, this.#exchanges++, idleSince);
  }

  // ---- the socket

  #connect(): Socket {
    const { address, port } = this.endpoint.compiled;
    const raw = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    const wire = this.#tap(raw);
    const onClose = () => this.#onClose();
    raw.on('error', (error) => this.#onError(error));
    raw.on('close', onClose);
    raw.once('connect', () => {
      this.#recordOpened();
      const { transport } = this;
      if (transport !== null && transport.proxyHeader !== null) raw.write(transport.proxyHeader);
      if (transport === null || transport.tls === null) this.#start(raw);
      else {
        raw.off('close', onClose);
        this.#secure(raw, wire, transport, onClose);
      }
    });
    return raw;
  }

  #tap(socket: Socket): WireTap | null {
    const { wire } = this.context;
    if (!wire.isOn) return null;
    const { id, endpoint, options } = this;
    const of = { connectionId: id, leg: 'upstream', listener: options.listenerId } as const;
    return wire.tap(socket, { ...of, pool: endpoint.poolId });
  }

  #secure(raw: Socket, wire: WireTap | null, transport: UpstreamTransport, onClose: () => void): void {
    const { context, options } = this;
    this.#socket = startUpstreamHandshake({
      context,
      tls: transport.tls!,
      serverName: transport.serverName,
      socket: raw,
      wire,
      endpointKey: this.endpoint.compiled.key,
      alpn: this.#isChoice ? ['h2', 'http/1.1'] : ['h2'],
      flowId: options.flowId,
      connectionId: this.id,
      onSecure: (socket) => {
        socket.on('error', (error) => this.#onError(error));
        // An endpoint without ALPN that was asked for nothing else may still speak it (RFC 9113 3.3).
        if (this.#isChoice && socket.alpnProtocol !== 'h2') this.#giveUpForHttp1();
        else this.#start(socket);
      },
      onFailed: (error) => {
        this.#error = error;
        this.#blame('proxy', 'tls_failed');
      },
    });
    this.#socket.on('close', onClose);
  }

  #giveUpForHttp1(): void {
    const handlers = this.#waiting.flatMap(({ handler }) => (handler === null ? [] : [handler]));
    this.#waiting = [];
    this.#isLeaving = true;
    this.options.owner.onHttp1Chosen(handlers, this.options.pool);
    this.destroy('not_reusable');
  }

  #start(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('end', () => this.#onEnd());
    socket.on('drain', () => this.#session.sender.pump());
    this.#session.start();
    this.#isReady = true;
    this.#idleSince = this.context.emitter.now();
    this.#beginWaiting();
    if (this.room > 0) this.options.owner.onRoom();
  }

  #onData(bytes: Buffer): void {
    this.#liveness.noteRead();
    const { emitter } = this.context;
    if (emitter.isWatched) emitter.holdTime();
    try {
      this.#session.receive(bytes);
    } catch (error) {
      this.#session.fail(ErrorCode.internalError, error instanceof Error ? error.name : 'unknown');
    }
    emitter.releaseTime();
  }

  #onEnd(): void {
    this.#isLeaving = true;
    if (this.#links.size === 0) this.#socket.end();
    else this.#socket.destroy();
  }

  #onError(error: Error): void {
    this.#error = error;
    if (this.#closedBy === 'endpoint') this.#reason = 'reset';
  }

  #onClose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.context.ticker.delete(this);
    this.endpoint.onConnectionClosed();
    this.#recordClosed();
    this.options.owner.onConnectionClosed(this);
    const links = [...this.#links.values(), ...this.#waiting];
    this.#links.clear();
    this.#waiting = [];
    for (const link of links) link.onConnectionClosed(this.#error);
  }

  #close(reason: string): void {
    if (this.isClosed) return;
    this.#blame('proxy', reason);
    this.#isLeaving = true;
    this.#flush();
    this.#socket.end();
    // What the endpoint does not close itself is closed a moment later.
    this.#idleSince = this.context.emitter.now();
  }

  #blame(closer: ConnectionCloser, reason: string): void {
    if (this.isClosed || this.#closedBy === 'proxy') return;
    this.#closedBy = closer;
    this.#reason = reason;
  }

  // ---- for the session

  unsentBytes(): number {
    return this.#socket.writableLength;
  }

  onOutput(): void {
    if (this.#session.sender.frames.length >= flushBytes) this.#flush();
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
    const { frames } = this.#session.sender;
    if (frames.length === 0) return;
    const bytes = frames.take();
    if (!this.isClosed && !this.#socket.destroyed && !this.#socket.writableEnded) this.#socket.write(bytes);
  }

  onRequest(): void {
    throw new Error('an endpoint sends no requests');
  }

  onGoaway(lastStream: number, code: number): void {
    this.#isLeaving = true;
    const fields = { leg: 'upstream', sentBy: 'endpoint', lastStream, code, message: '' } as const;
    recordGoaway(this.context.emitter, this.id, fields);
    // Those above were not and will not be looked at (RFC 9113 6.8).
    for (const [stream, link] of [...this.#links]) {
      if (stream.id <= lastStream) continue;
      this.#links.delete(stream);
      link.onConnectionClosed(
        new UnprocessedError(`the endpoint takes no more streams (${errorName(code)})`),
      );
    }
    if (this.#links.size === 0) this.#close('drained');
  }

  onPingAck(): void {
    // It was read, and that is what counts.
  }

  onSettings(): void {
    if (this.#waiting.length > 0) this.#beginWaiting();
    if (this.room > 0) this.options.owner.onRoom();
  }

  onStreamGone(stream: SessionStream): void {
    if (!this.#links.delete(stream)) return;
    this.#idleSince = this.context.emitter.now();
    if (this.#isLeaving || this.#isSingle) {
      if (this.#links.size === 0) this.#close('drained');
    } else this.options.owner.onRoom();
  }

  onFailed(code: number, message: string): void {
    const fields = { leg: 'upstream', sentBy: 'proxy', lastStream: 0, code, message } as const;
    recordGoaway(this.context.emitter, this.id, fields);
    for (const link of [...this.#links.values()]) link.onReset(code, true, message);
    this.#links.clear();
    this.#close('protocol_error');
  }

  // ---- time

  onTick(now: number): void {
    this.#session.guard.onTick(0.1);
    if (!this.#isReady) return;
    if (this.#hasReleased) {
      const waiting = [...this.#links.values()].filter((link) => link.endsSoon(now));
      this.#hasReleased = waiting.length > 0;
    }
    const idleMs = (now - this.#idleSince) / 1000;
    if (this.#links.size === 0) {
      if (this.#isLeaving && idleMs > 2000) this.destroy('drained');
      else if (!this.#isLeaving && idleMs > this.options.pool.config.connections.idleTimeoutMs)
        this.#close('idle_timeout');
    } else this.#checkLife(now);
  }

  #checkLife(now: number): void {
    const state = this.#liveness.check(now);
    if (state === 'pingDue') this.#session.ping();
    if (state !== 'gone') return;
    recordTimeout(this.context.emitter, 0, this.id, 'ping', pingTimeoutMs);
    this.#error = new Error(`the endpoint has not answered a PING for ${pingTimeoutMs} ms`);
    this.destroy('ping_timeout');
  }

  // ---- events

  #recordOpened(): void {
    if (!this.isWatched) return;
    this.#isOpenRecorded = true;
    recordConnectionOpened(this.context.emitter, {
      flowId: this.options.flowId,
      connectionId: this.id,
      leg: 'upstream',
      listener: this.options.listenerId,
      pool: this.endpoint.poolId,
      remote: remoteAddressOf(this.#socket),
      local: localAddressOf(this.#socket),
    });
  }

  #recordClosed(): void {
    if (!this.isWatched || !this.#isOpenRecorded) return;
    const { bytesRead, bytesWritten } = this.#socket;
    recordConnectionClosed(this.context.emitter, {
      flowId: 0,
      connectionId: this.id,
      leg: 'upstream',
      closedBy: this.#closedBy,
      reason: this.#reason,
      bytesRead,
      bytesWritten,
    });
  }
}
