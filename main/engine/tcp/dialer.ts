// Connects to an endpoint of a pool; when one cannot be reached, to the next; when all have as many connections as they may
// have, as soon as one has a place.
import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CompiledPool } from '../compiledConfig';
import { recordConnectionClosed, recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { recordTimeout } from '../flowRecords';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import type { Ticking } from '../ticker';
import { describeConnectError } from '../upstream/connectError';
import type { EndpointPick } from '../upstream/endpointPick';
import { recordEndpointPicked } from '../upstream/pickRecords';
import type { EndpointRuntime, PoolRuntime } from '../upstream/poolRuntimes';
import { startUpstreamHandshake } from '../upstream/upstreamHandshake';
import {
  recordUpstreamConnected,
  recordUpstreamConnecting,
  recordUpstreamFailed,
  recordUpstreamWaiting,
} from '../upstream/upstreamRecords';
import type { UpstreamTls } from '../upstream/upstreamTls';
import { type TransportClient, transportOf } from '../upstream/upstreamTransport';
import type { Waiter } from '../upstream/waitingLine';
import type { WireTap } from '../wire/wireTap';
import { StaticReader } from './staticReader';

/** Endpoints that one flow may try. */
const maxAttempts = 8;

export interface DialOptions {
  readonly context: EngineContext;
  readonly flowId: number;
  readonly listenerId: string;
  readonly pool: CompiledPool;
  readonly client: TransportClient;
  /** SNI that the client asked for; '' = none. */
  readonly askedName: string;
  /** Called synchronously when connected: start the `reader` at once. */
  readonly onConnected: (connection: DialedConnection) => void;
  readonly onFailed: (failure: DialFailure) => void;
}

export interface DialFailure {
  readonly code:
    | 'no_healthy_endpoint'
    | 'upstream_connect_failed'
    | 'upstream_connect_timeout'
    | 'upstream_overloaded'
    | 'upstream_tls_failed';
  readonly message: string;
}

export interface DialedConnection {
  readonly socket: Socket;
  readonly reader: StaticReader;
  readonly connectionId: number;
  /** It counts one active request more, which is the receiver's to take back. */
  readonly endpoint: EndpointRuntime;
}

export class Dialer implements Ticking, Waiter {
  readonly #options: DialOptions;
  readonly #runtime: PoolRuntime;
  /** Keys of endpoints that could not be reached. */
  readonly #failed = new Set<string>();
  /** An endpoint that was left out because it has no place. */
  #busy: EndpointRuntime | null = null;
  /** Connected, and told of, but not handed over yet. */
  #opened: { readonly socket: Socket; readonly connectionId: number } | null = null;
  /** Where this attempt has its place. */
  #place: EndpointRuntime | null = null;
  #socket: Socket | null = null;
  #deadline = 0;
  #onDeadline: (() => void) | null = null;
  #lastFailure: DialFailure | null = null;

  constructor(options: DialOptions) {
    this.#options = options;
    this.#runtime = options.context.pools.runtime(options.pool);
  }

  start(): void {
    this.#options.context.ticker.add(this);
    this.#attempt();
  }

  /** Stops without calling anybody. */
  abort(): void {
    this.#finish();
    this.#recordClosed('not_reusable');
    this.#leavePlace();
    this.#socket?.destroy();
  }

  onTick(now: number): void {
    // HTTP requests that share the endpoints wake nobody.
    if (this.#runtime.line.isFirst(this) && this.tryAgain()) return;
    if (now >= this.#deadline) this.#onDeadline?.();
  }

  /** For the line. */
  tryAgain(): boolean {
    const pick = this.#pickFree();
    if (pick === null && this.#busy !== null) return false;
    this.#runtime.line.leave(this);
    if (pick === null) this.#giveUp();
    else this.#dial(pick);
    return true;
  }

  #attempt(): void {
    const isSpent = this.#failed.size >= maxAttempts;
    const pick = isSpent ? null : this.#pickFree();
    if (isSpent || (pick === null && this.#busy === null)) this.#giveUp();
    else if (pick === null || this.#runtime.line.length > 0) this.#wait(this.#busy ?? pick!.endpoint);
    else this.#dial(pick);
  }

  /** null = none; `#busy` says whether that is for want of places. */
  #pickFree(): EndpointPick | null {
    const { pool, client } = this.#options;
    const { maxPerEndpoint } = pool.config.connections;
    const exclude = new Set(this.#failed);
    this.#busy = null;
    for (;;) {
      const pick = this.#runtime.pick({ clientAddress: client.source.address, exclude });
      if (pick === null || pick.endpoint.activeRequests < maxPerEndpoint) return pick;
      this.#busy = pick.endpoint;
      exclude.add(pick.endpoint.compiled.key);
    }
  }

  #wait(endpoint: EndpointRuntime): void {
    const { context, flowId, pool } = this.#options;
    const { emitter } = context;
    const { maxPerEndpoint, maxWaiting, waitTimeoutMs } = pool.config.connections;
    const { line } = this.#runtime;
    const message = `${endpoint.compiled.key} has ${maxPerEndpoint} connections, as many as it may have`;
    this.#lastFailure = { code: 'upstream_overloaded', message };
    if (line.length >= maxWaiting) {
      this.#giveUp();
      return;
    }
    recordUpstreamWaiting(emitter, flowId, endpoint, line.length);
    line.join(this);
    this.#deadline = emitter.now() + waitTimeoutMs * 1000;
    this.#onDeadline = () => {
      recordTimeout(emitter, flowId, 0, 'queue', waitTimeoutMs);
      this.#giveUp();
    };
  }

  #giveUp(): void {
    const { pool, onFailed } = this.#options;
    this.#finish();
    onFailed(
      this.#lastFailure ?? {
        code: 'no_healthy_endpoint',
        message: `the pool "${pool.id}" has no endpoint with a weight above 0`,
      },
    );
  }

  #dial(pick: EndpointPick): void {
    const { context, flowId } = this.#options;
    const { endpoint } = pick;
    const connectionId = context.emitter.nextConnectionId();
    recordEndpointPicked(context.emitter, flowId, connectionId, pick);
    // From now on, so that many at once cannot become more than the endpoint may have.
    this.#place = endpoint;
    endpoint.activeRequests++;
    this.#connect(endpoint, connectionId);
  }

  #leavePlace(): void {
    if (this.#place === null) return;
    this.#place.activeRequests--;
    this.#place = null;
    this.#runtime.line.wake();
  }

  #connect(endpoint: EndpointRuntime, connectionId: number): void {
    const { context, flowId, pool } = this.#options;
    const { address, port } = endpoint.compiled;
    const { emitter } = context;
    const { connectTimeoutMs } = pool.config.connections;
    recordUpstreamConnecting(emitter, flowId, connectionId, endpoint);
    const startedAt = emitter.now();
    const reader = new StaticReader();
    const transport = transportOf(pool, endpoint.compiled, this.#options.askedName, this.#options.client);
    // Of these every read makes a buffer of its own.
    const isStatic = (transport === null || transport.tls === null) && !context.wire.isOn;
    const socket = connect({
      host: address,
      port,
      allowHalfOpen: true,
      noDelay: true,
      ...(isStatic ? { onread: reader.onread } : {}),
    });
    const wire = this.#tap(socket, connectionId);
    this.#socket = socket;
    this.#deadline = startedAt + connectTimeoutMs * 1000;
    const onError = (error: Error) => {
      const message = describeConnectError(error, endpoint.compiled.key);
      this.#failAttempt(endpoint, connectionId, { code: 'upstream_connect_failed', message });
    };
    this.#onDeadline = () => {
      this.#socket?.destroy();
      socket.off('error', onError).on('error', ignoreLateError).destroy();
      recordTimeout(emitter, flowId, connectionId, 'connect', connectTimeoutMs);
      const message = `${endpoint.compiled.key} did not answer within ${connectTimeoutMs} ms`;
      this.#failAttempt(endpoint, connectionId, { code: 'upstream_connect_timeout', message });
    };
    socket.on('error', onError);
    const onReady = (ready: Socket) => {
      this.#finish();
      this.#socket = null;
      this.#place = null;
      this.#opened = null;
      recordUpstreamConnected(emitter, flowId, connectionId, endpoint, emitter.now() - startedAt);
      endpoint.onSuccess();
      this.#options.onConnected({ socket: ready, reader, connectionId, endpoint });
      // Only now: a socket is never without an error handler.
      socket.off('error', onError);
    };
    socket.once('connect', () => {
      this.#recordOpened(socket, connectionId);
      if (transport !== null && transport.proxyHeader !== null) socket.write(transport.proxyHeader);
      if (transport !== null && transport.tls !== null) {
        socket.off('error', onError).on('error', ignoreLateError);
        const secure = { ...transport, tls: transport.tls };
        this.#encrypt(socket, wire, secure, endpoint, connectionId, (secured) => {
          feed(secured, reader);
          onReady(secured);
        });
      } else {
        if (!isStatic) feed(socket, reader);
        onReady(socket);
      }
    });
  }

  #tap(socket: Socket, connectionId: number): WireTap | null {
    const { context, listenerId, pool } = this.#options;
    if (!context.wire.isOn) return null;
    return context.wire.tap(socket, { connectionId, leg: 'upstream', listener: listenerId, pool: pool.id });
  }

  #encrypt(
    socket: Socket,
    wire: WireTap | null,
    { tls, serverName }: { readonly tls: UpstreamTls; readonly serverName: string },
    endpoint: EndpointRuntime,
    connectionId: number,
    onSecure: (socket: TLSSocket) => void,
  ): void {
    const { context, flowId } = this.#options;
    this.#socket = startUpstreamHandshake({
      context,
      tls,
      serverName,
      socket,
      wire,
      endpointKey: endpoint.compiled.key,
      alpn: [],
      flowId,
      connectionId,
      onSecure,
      onFailed: ({ message }) =>
        this.#failAttempt(endpoint, connectionId, { code: 'upstream_tls_failed', message }),
    });
  }

  #recordOpened(socket: Socket, connectionId: number): void {
    const { context, flowId, listenerId, pool } = this.#options;
    if (!context.emitter.isWatched) return;
    this.#opened = { socket, connectionId };
    const [remote, local] = [remoteAddressOf(socket), localAddressOf(socket)];
    recordConnectionOpened(context.emitter, {
      flowId,
      connectionId,
      leg: 'upstream',
      listener: listenerId,
      pool: pool.id,
      remote,
      local,
    });
  }

  #recordClosed(reason: string): void {
    const { context, flowId } = this.#options;
    const opened = this.#opened;
    this.#opened = null;
    if (opened === null || !context.emitter.isWatched) return;
    const { connectionId, socket } = opened;
    const { bytesRead, bytesWritten } = socket;
    recordConnectionClosed(context.emitter, {
      flowId,
      connectionId,
      leg: 'upstream',
      closedBy: 'proxy',
      reason,
      bytesRead,
      bytesWritten,
    });
  }

  #failAttempt(endpoint: EndpointRuntime, connectionId: number, failure: DialFailure): void {
    const { context, flowId } = this.#options;
    this.#onDeadline = null;
    this.#lastFailure = failure;
    this.#failed.add(endpoint.compiled.key);
    this.#leavePlace();
    endpoint.onFailure();
    recordUpstreamFailed(context.emitter, flowId, connectionId, endpoint, failure.code, failure.message);
    this.#recordClosed(failure.code === 'upstream_tls_failed' ? 'tls_failed' : failure.code);
    this.#attempt();
  }

  #finish(): void {
    this.#onDeadline = null;
    this.#runtime.line.leave(this);
    this.#options.context.ticker.delete(this);
  }
}

/** What is decrypted, or written down, comes in buffers of its own, as if a static one had been read. */
function feed(socket: Socket, reader: StaticReader): void {
  socket.on('data', (bytes: Buffer) => {
    if (!reader.take(bytes, bytes.length)) socket.pause();
  });
}

/** A destroyed attempt may still report; its failure was told already. */
function ignoreLateError(): undefined {
  return undefined;
}
