// One TCP connection to an endpoint that speaks HTTP/1.x. It owns the socket and its static read buffer; what the
// bytes mean is its handler's business.
import { connect, type OnReadOpts, type Socket } from 'node:net';
import type { Pool } from '../../contract/config';
import type { ConnectionCloser } from '../../contract/flowEvent';
import { recordConnectionClosed, recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import { type OwnBufferReader, readDirectly } from '../socketReader';
import type { WireTap } from '../wire/wireTap';
import type { EndpointRuntime } from './poolRuntimes';
import { startUpstreamHandshake } from './upstreamHandshake';
import type { RelayedBytes, UpstreamHandler, UpstreamLink } from './upstreamLink';
import type { UpstreamTransport } from './upstreamTransport';

export interface UpstreamOwner {
  release(connection: HttpUpstreamConnection, settings: Pool['connections'], now: number): void;
  onConnectionClosed(connection: HttpUpstreamConnection): void;
}

const readBufferBytes = 65_536;
const noBuffer = Buffer.alloc(0);
const plain: UpstreamTransport = { tls: null, serverName: '', proxyHeader: null, clientConnectionId: 0 };

export class HttpUpstreamConnection implements UpstreamLink, OwnBufferReader {
  readonly id: number;
  readonly streamId = 0;
  readonly hasEnded = false;
  readonly travelledHead = '';
  readonly travelledHeadBytes = 0;
  /** Of an encrypted connection: the encrypting socket as soon as TCP is connected. */
  socket: Socket;
  readonly transport: UpstreamTransport | null;
  handler: UpstreamHandler | null;
  isConnected = false;
  isClosed = false;
  /** Exchanges that it carried to their end. */
  exchanges = 0;
  /** Microseconds of the emitter's clock. */
  readonly startedAt: number;
  idleSince = 0;
  #flowId: number;
  #isOpenRecorded = false;
  /** What is read goes here, unless every read makes a buffer of its own. */
  #buffer = noBuffer;
  #isBufferHeld = false;
  #error: Error | null = null;
  #closedBy: ConnectionCloser = 'endpoint';
  #reason = 'end';

  constructor(
    private readonly context: EngineContext,
    readonly endpoint: EndpointRuntime,
    private readonly owner: UpstreamOwner,
    handler: UpstreamHandler,
  ) {
    this.id = context.emitter.nextConnectionId();
    this.startedAt = context.emitter.now();
    this.handler = handler;
    this.#flowId = handler.flowId;
    this.transport = handler.transport ?? null;
    // What is read into a static buffer passes no stream, and so no tap either.
    const isStatic = this.transport === null && !context.wire.isOn;
    if (isStatic) this.#buffer = Buffer.allocUnsafeSlow(readBufferBytes);
    this.socket = isStatic ? this.#connect() : this.#connectTransport(this.transport ?? plain);
    endpoint.onConnectionOpened();
  }

  get relayed(): RelayedBytes {
    return this.socket;
  }

  get hasSentAll(): boolean {
    return this.socket.writableLength === 0;
  }

  get needsDrain(): boolean {
    return this.socket.writableNeedDrain;
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  release(settings: Pool['connections'], now: number): void {
    this.owner.release(this, settings, now);
  }

  /** Closes now; the reason goes into connection.closed. */
  destroy(reason: string): void {
    this.#blame('proxy', reason);
    this.handler = null;
    this.socket.destroy();
  }

  #connect(): Socket {
    const { address, port } = this.endpoint.compiled;
    // Node takes a function that may return undefined = "keep the buffer"; its types only know one that always returns.
    const buffer = (() => this.nextBuffer()) as () => Uint8Array;
    const onread: OnReadOpts = { buffer, callback: (length) => this.onRead(length) };
    const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true, onread });
    socket.on('connect', () => {
      readDirectly(socket, this);
      this.#onConnect();
    });
    this.#listen(socket);
    return socket;
  }

  #listen(socket: Socket): void {
    socket.on('end', () => this.#onEnd());
    socket.on('drain', () => this.handler?.onUpstreamDrain());
    socket.on('error', (error) => this.#onError(error));
    socket.on('close', () => this.#onClose());
  }

  /** TCP first, then what the transport asks for; ready when all of it is done. */
  #connectTransport({ tls, serverName, proxyHeader }: UpstreamTransport): Socket {
    const { address, port, key } = this.endpoint.compiled;
    const raw = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    const wire = this.#tap(raw);
    const onClose = () => this.#onClose();
    raw.on('error', (error) => this.#onError(error));
    raw.on('close', onClose);
    raw.once('connect', () => {
      this.isConnected = true;
      this.#recordOpened();
      if (proxyHeader !== null) raw.write(proxyHeader);
      if (tls === null) {
        this.#readFresh(raw);
        this.handler?.onUpstreamReady(this);
        return;
      }
      raw.off('close', onClose);
      this.socket = startUpstreamHandshake({
        context: this.context,
        tls,
        serverName,
        socket: raw,
        wire,
        endpointKey: key,
        alpn: ['http/1.1'],
        flowId: this.#flowId,
        connectionId: this.id,
        onSecure: (socket) => {
          this.#readFresh(socket);
          socket.on('error', (error) => this.#onError(error));
          this.handler?.onUpstreamReady(this);
        },
        onFailed: (error) => {
          this.#error = error;
          this.#blame('proxy', 'tls_failed');
        },
      });
      this.socket.on('close', onClose);
    });
    return raw;
  }

  #tap(socket: Socket): WireTap | null {
    const { wire } = this.context;
    if (!wire.isOn) return null;
    const listener = this.handler?.listenerId ?? '';
    return wire.tap(socket, { connectionId: this.id, leg: 'upstream', listener, pool: this.endpoint.poolId });
  }

  /** Asked for a buffer per handle (a name with several addresses has several), then after every read. */
  nextBuffer(): Buffer | undefined {
    if (!this.isConnected) return this.#buffer;
    if (!this.#isBufferHeld) return undefined;
    this.#isBufferHeld = false;
    this.#buffer = Buffer.allocUnsafeSlow(readBufferBytes);
    return this.#buffer;
  }

  #onConnect(): void {
    this.isConnected = true;
    this.#recordOpened();
    this.handler?.onUpstreamReady(this);
  }

  #readFresh(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#onFreshData(bytes));
    socket.on('end', () => this.#onEnd());
    socket.on('drain', () => this.handler?.onUpstreamDrain());
  }

  #recordOpened(): void {
    const { emitter } = this.context;
    if (!emitter.isWatched) return;
    this.#isOpenRecorded = true;
    recordConnectionOpened(emitter, {
      flowId: this.#flowId,
      connectionId: this.id,
      leg: 'upstream',
      listener: this.handler?.listenerId ?? '',
      pool: this.endpoint.poolId,
      remote: remoteAddressOf(this.socket),
      local: localAddressOf(this.socket),
    });
  }

  /** Of a socket that makes a buffer for every read. */
  #onFreshData(bytes: Buffer): void {
    this.#take(bytes, bytes.length);
  }

  /** True = the buffer is still held by a pending write. */
  #take(bytes: Buffer, length: number): boolean {
    const { handler } = this;
    if (handler === null) {
      // Nobody asked: the endpoint breaks the protocol, and whatever it says must not become the next answer.
      this.#blame('proxy', 'protocol_error');
      this.socket.destroy();
      return false;
    }
    const { emitter } = this.context;
    if (emitter.isWatched) emitter.holdTime();
    const isHeld = handler.onUpstreamData(bytes, length);
    emitter.releaseTime();
    return isHeld;
  }

  onRead(length: number): boolean {
    this.#isBufferHeld = this.#take(this.#buffer, length);
    // pause() inside the handler stops the handle itself; the answer here must not start it again.
    return true;
  }

  #onEnd(): void {
    if (this.handler === null) {
      this.socket.destroy();
    } else this.handler.onUpstreamEnd('');
  }

  #onError(error: Error): void {
    this.#error = error;
    if (this.#closedBy === 'endpoint') this.#reason = 'reset';
  }

  #blame(closer: ConnectionCloser, reason: string): void {
    if (this.isClosed || this.#closedBy === 'proxy') return;
    this.#closedBy = closer;
    this.#reason = reason;
  }

  #onClose(): void {
    this.isClosed = true;
    this.endpoint.onConnectionClosed();
    const { emitter } = this.context;
    if (emitter.isWatched && this.#isOpenRecorded) {
      recordConnectionClosed(emitter, {
        flowId: this.handler?.flowId ?? 0,
        connectionId: this.id,
        leg: 'upstream',
        closedBy: this.#closedBy,
        reason: this.#reason,
        bytesRead: this.socket.bytesRead,
        bytesWritten: this.socket.bytesWritten,
      });
    }
    const { handler } = this;
    this.handler = null;
    this.owner.onConnectionClosed(this);
    handler?.onUpstreamClosed(this.#error);
  }
}
