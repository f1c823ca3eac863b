// Connects to an endpoint of a pool; when one cannot be reached, to the next.
import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CompiledPool } from '../compiledConfig';
import { recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { recordTimeout } from '../flowRecords';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import type { Ticking } from '../ticker';
import { describeConnectError } from '../upstream/connectError';
import { recordEndpointPicked } from '../upstream/pickRecords';
import type { EndpointRuntime, PoolRuntime } from '../upstream/poolRuntimes';
import { startUpstreamHandshake } from '../upstream/upstreamHandshake';
import {
  recordUpstreamConnected,
  recordUpstreamConnecting,
  recordUpstreamFailed,
} from '../upstream/upstreamRecords';
import type { UpstreamTls } from '../upstream/upstreamTls';
import { type TransportClient, transportOf } from '../upstream/upstreamTransport';
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
  /** Called synchronously when connected: set `reader.sink` at once. */
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
  readonly endpoint: EndpointRuntime;
}

export class Dialer implements Ticking {
  readonly #options: DialOptions;
  readonly #runtime: PoolRuntime;
  readonly #excluded = new Set<string>();
  #failures = 0;
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
    this.#socket?.destroy();
  }

  onTick(now: number): void {
    if (now >= this.#deadline) this.#onDeadline?.();
  }

  #attempt(): void {
    const { context, flowId, pool, client, onFailed } = this.#options;
    const isSpent = this.#failures >= maxAttempts;
    const pick = isSpent
      ? null
      : this.#runtime.pick({ clientAddress: client.source.address, exclude: this.#excluded });
    if (pick === null) {
      this.#finish();
      onFailed(
        this.#lastFailure ?? {
          code: 'no_healthy_endpoint',
          message: `the pool "${pool.id}" has no endpoint with a weight above 0`,
        },
      );
      return;
    }
    const { endpoint } = pick;
    const { maxPerEndpoint } = pool.config.connections;
    if (endpoint.activeRequests >= maxPerEndpoint) {
      // A relayed connection lasts as long as it likes, so nobody waits for one: the next endpoint, or none.
      const message = `${endpoint.compiled.key} has ${maxPerEndpoint} connections, as many as it may have`;
      this.#lastFailure = { code: 'upstream_overloaded', message };
      this.#excluded.add(endpoint.compiled.key);
      this.#attempt();
      return;
    }
    const connectionId = context.emitter.nextConnectionId();
    recordEndpointPicked(context.emitter, flowId, connectionId, pick);
    this.#connect(endpoint, connectionId);
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

  #failAttempt(endpoint: EndpointRuntime, connectionId: number, failure: DialFailure): void {
    const { context, flowId } = this.#options;
    this.#onDeadline = null;
    this.#lastFailure = failure;
    this.#failures++;
    this.#excluded.add(endpoint.compiled.key);
    endpoint.onFailure();
    recordUpstreamFailed(context.emitter, flowId, connectionId, endpoint, failure.code, failure.message);
    this.#attempt();
  }

  #finish(): void {
    this.#onDeadline = null;
    this.#options.context.ticker.delete(this);
  }
}

/** What is decrypted, or written down, comes in buffers of its own, as if a static one had been read. */
function feed(socket: Socket, reader: StaticReader): void {
  socket.on('data', (bytes: Buffer) => {
    if (reader.sink?.onBytes(bytes) === false) socket.pause();
  });
}

/** A destroyed attempt may still report; its failure was told already. */
function ignoreLateError(): undefined {
  return undefined;
}
