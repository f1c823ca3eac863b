// Connects to an endpoint of a pool; when one cannot be reached, to the next.
import { connect, type Socket } from 'node:net';
import type { CompiledPool } from '../compiledConfig';
import { recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { recordTimeout } from '../flowRecords';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import type { Ticking } from '../ticker';
import { describeConnectError } from '../upstream/connectError';
import { recordEndpointPicked } from '../upstream/pickRecords';
import type { EndpointRuntime, PoolRuntime } from '../upstream/poolRuntimes';
import {
  recordUpstreamConnected,
  recordUpstreamConnecting,
  recordUpstreamFailed,
} from '../upstream/upstreamRecords';
import { StaticReader } from './staticReader';

/** Endpoints that one flow may try. */
const maxAttempts = 8;

export interface DialOptions {
  readonly context: EngineContext;
  readonly flowId: number;
  readonly listenerId: string;
  readonly pool: CompiledPool;
  readonly clientAddress: string;
  /** Called synchronously when connected: set `reader.sink` at once. */
  readonly onConnected: (connection: DialedConnection) => void;
  readonly onFailed: (failure: DialFailure) => void;
}

export interface DialFailure {
  readonly code: 'no_healthy_endpoint' | 'upstream_connect_failed' | 'upstream_connect_timeout';
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
    const { context, flowId, pool, clientAddress, onFailed } = this.#options;
    const isSpent = this.#excluded.size >= maxAttempts;
    const pick = isSpent ? null : this.#runtime.pick({ clientAddress, exclude: this.#excluded });
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
    const connectionId = context.emitter.nextConnectionId();
    recordEndpointPicked(context.emitter, flowId, connectionId, pool, pick);
    this.#connect(pick.endpoint, connectionId);
  }

  #connect(endpoint: EndpointRuntime, connectionId: number): void {
    const { context, flowId, pool } = this.#options;
    const { address, port } = endpoint.compiled;
    const { emitter } = context;
    const { connectTimeoutMs } = pool.config.connections;
    recordUpstreamConnecting(emitter, flowId, connectionId, endpoint);
    const startedAt = emitter.now();
    const reader = new StaticReader();
    const socket = connect({
      host: address,
      port,
      allowHalfOpen: true,
      noDelay: true,
      onread: reader.onread,
    });
    this.#socket = socket;
    this.#deadline = startedAt + connectTimeoutMs * 1000;
    const onError = (error: Error) => {
      const message = describeConnectError(error, endpoint.compiled.key);
      this.#failAttempt(endpoint, connectionId, { code: 'upstream_connect_failed', message });
    };
    this.#onDeadline = () => {
      socket.off('error', onError).on('error', ignoreLateError).destroy();
      recordTimeout(emitter, flowId, connectionId, 'connect', connectTimeoutMs);
      const message = `${endpoint.compiled.key} did not answer within ${connectTimeoutMs} ms`;
      this.#failAttempt(endpoint, connectionId, { code: 'upstream_connect_timeout', message });
    };
    socket.on('error', onError);
    socket.once('connect', () => {
      this.#finish();
      this.#socket = null;
      const connection = { socket, reader, connectionId, endpoint };
      this.#recordConnected(connection, emitter.now() - startedAt);
      endpoint.onSuccess();
      this.#options.onConnected(connection);
      // Only now: a socket is never without an error handler.
      socket.off('error', onError);
    });
  }

  #recordConnected({ socket, connectionId, endpoint }: DialedConnection, durationMicroseconds: number): void {
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
    recordUpstreamConnected(context.emitter, flowId, connectionId, endpoint, durationMicroseconds);
  }

  #failAttempt(endpoint: EndpointRuntime, connectionId: number, failure: DialFailure): void {
    const { context, flowId } = this.#options;
    this.#onDeadline = null;
    this.#lastFailure = failure;
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

/** A destroyed attempt may still report; its failure was told already. */
function ignoreLateError(): undefined {
  return undefined;
}
