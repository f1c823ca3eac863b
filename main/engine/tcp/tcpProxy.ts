// One L4 connection from its route to its end: pick a pool, dial, relay.
import type { Socket } from 'node:net';
import type { FlowFailureCode, SocketAddress } from '../../contract/flowEvent';
import { recordChunk } from '../chunkRecord';
import type { CompiledListener, CompiledTcpRoute, CompiledTlsRoute } from '../compiledConfig';
import { recordConnectionClosed } from '../connectionRecords';
import type { EndedFlow } from '../endedFlow';
import type { EngineContext } from '../engineContext';
import { type FlowOutcome, recordFlowClosed, recordFlowFailed, recordTimeout } from '../flowRecords';
import type { Ticking } from '../ticker';
import { pickBackend } from '../upstream/pickBackend';
import { recordBackendPicked } from '../upstream/pickRecords';
import type { PoolRuntime } from '../upstream/poolRuntimes';
import { type DialedConnection, Dialer } from './dialer';
import { Relay, type RelayEnd } from './relay';

/** Kept of what a client says before an endpoint is connected; then reading pauses. */
const maxHeldBytes = 64 * 1024;

export interface TcpFlowOptions {
  readonly context: EngineContext;
  /** As it was when the flow began; flow.opened and route.matched are recorded already. */
  readonly listener: CompiledListener;
  readonly route: CompiledTcpRoute | CompiledTlsRoute;
  readonly flowId: number;
  readonly connectionId: number;
  /** Paused, or not yet flowing. For terminated TLS the decrypting socket. */
  readonly client: Socket;
  readonly clientAddress: SocketAddress;
  /** Where the client connected to. */
  readonly destination: SocketAddress;
  /** SNI; null = none, or no TLS. */
  readonly serverName: string | null;
  /** What was read of the client already (a ClientHello), to be sent first. */
  readonly early: Uint8Array | null;
  readonly openedAt: number;
  /** Once, after the last event. */
  readonly onClosed: () => void;
}

export class TcpFlow implements Ticking {
  readonly #options: TcpFlowOptions;
  readonly #held: Uint8Array[] = [];
  #heldBytes = 0;
  #clientHasEnded = false;
  #dialer: Dialer | null = null;
  #connection: DialedConnection | null = null;
  #relay: Relay | null = null;
  #pool: PoolRuntime | null = null;
  #lastMoveAt: number;
  #outcome: FlowOutcome | null = null;
  #failure: FlowFailureCode | null = null;
  #earlyEnd: RelayEnd | null = null;

  constructor(options: TcpFlowOptions) {
    this.#options = options;
    this.#lastMoveAt = options.openedAt;
  }

  start(): void {
    const { context, route, flowId, connectionId, listener, clientAddress } = this.#options;
    this.#holdClient();
    const backend = pickBackend(route.backends, context.random);
    if (backend === null) {
      this.#fail('no_backend', `the route "${route.id}" has no backend with a weight above 0`);
      return;
    }
    const { pool } = backend;
    this.#pool = context.pools.runtime(pool);
    recordBackendPicked(context.emitter, flowId, connectionId, backend);
    this.#dialer = new Dialer({
      context,
      flowId,
      listenerId: listener.config.id,
      pool,
      client: {
        connectionId,
        source: clientAddress,
        destination: this.#options.destination,
      },
      askedName: this.#options.serverName ?? '',
      onConnected: (connection) => this.#startRelay(connection),
      onFailed: (error) => this.#fail(error.code, error.message),
    });
    this.#dialer.start();
  }

  destroy(reason: string): void {
    if (this.#earlyEnd !== null) return;
    this.#outcome ??= 'aborted';
    if (this.#relay !== null) this.#relay.destroy(reason);
    else this.#endEarly({ closedBy: 'proxy', reason });
  }

  onTick(now: number): void {
    const { context, listener, flowId, connectionId } = this.#options;
    const relay = this.#relay!;
    if (relay.hasMoved) {
      relay.hasMoved = false;
      this.#lastMoveAt = now;
      return;
    }
    const { idleTimeoutMs } = listener.config.limits;
    if (now - this.#lastMoveAt < idleTimeoutMs * 1000) return;
    context.ticker.delete(this);
    recordTimeout(context.emitter, flowId, connectionId, 'idle', idleTimeoutMs);
    this.#recordFailed('idle_timeout', `nothing moved for ${idleTimeoutMs} ms`);
    relay.destroy('idle_timeout');
  }

  /** Until there is an endpoint: what the client says is kept, up to a bound, and its leaving is noticed. */
  #holdClient(): void {
    const { client, early } = this.#options;
    if (early !== null && early.length > 0) this.#hold(early);
    client.on('data', this.#onEarlyData);
    client.on('end', this.#onEarlyEnd);
    client.on('error', this.#onEarlyError);
    client.on('close', this.#onEarlyClose);
    if (this.#heldBytes < maxHeldBytes) client.resume();
  }

  readonly #onEarlyData = (bytes: Buffer): void => this.#hold(bytes);

  readonly #onEarlyEnd = (): void => {
    this.#clientHasEnded = true;
  };

  readonly #onEarlyError = (): void => {
    if (this.#earlyEnd !== null) return;
    this.#recordFailed(
      'downstream_reset',
      'the client reset the connection before an endpoint was connected',
    );
    this.#outcome = 'aborted';
    this.#endEarly({ closedBy: 'client', reason: 'reset' });
  };

  readonly #onEarlyClose = (): void => this.#close(this.#earlyEnd ?? { closedBy: 'client', reason: 'reset' });

  #hold(bytes: Uint8Array): void {
    const { context, flowId, connectionId, client } = this.#options;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes >= maxHeldBytes) client.pause();
    if (!context.emitter.isWatched) return;
    recordChunk(context.emitter, flowId, connectionId, 'request', 'downstream', 'read', 'held', bytes.length);
  }

  #startRelay(connection: DialedConnection): void {
    const { context, client, flowId, connectionId } = this.#options;
    this.#connection = connection;
    connection.endpoint.onConnectionOpened();
    client.off('data', this.#onEarlyData);
    client.off('end', this.#onEarlyEnd);
    client.off('close', this.#onEarlyClose);
    this.#relay = new Relay({
      emitter: context.emitter.emitterOf(flowId),
      flowId,
      client,
      clientConnectionId: connectionId,
      upstream: connection.socket,
      upstreamReader: connection.reader,
      upstreamConnectionId: connection.connectionId,
      onClosed: (end) => this.#close(end),
    });
    client.off('error', this.#onEarlyError);
    this.#lastMoveAt = context.emitter.now();
    context.ticker.add(this);
    this.#relay.start(this.#held, this.#clientHasEnded);
    this.#held.length = 0;
  }

  #fail(code: FlowFailureCode, message: string): void {
    this.#recordFailed(code, message);
    this.#endEarly({ closedBy: 'proxy', reason: code });
  }

  #recordFailed(code: FlowFailureCode, message: string): void {
    const { context, flowId, connectionId } = this.#options;
    this.#outcome = 'failed';
    this.#failure = code;
    recordFlowFailed(context.emitter, flowId, connectionId, code, message, null);
  }

  #endEarly(end: RelayEnd): void {
    this.#earlyEnd = end;
    this.#dialer?.abort();
    this.#options.client.destroy();
  }

  #close(end: RelayEnd): void {
    const { context, flowId, connectionId, openedAt, onClosed } = this.#options;
    const { emitter } = context;
    context.ticker.delete(this);
    this.#dialer?.abort();
    if (end.reason === 'reset' && this.#outcome === null) this.#recordReset(end);
    const outcome = this.#outcome ?? 'completed';
    const fromClient = this.#relay?.bytesFromClient ?? this.#heldBytes;
    const fromUpstream = this.#relay?.bytesFromUpstream ?? 0;
    if (this.#connection !== null) {
      this.#connection.endpoint.activeRequests--;
      this.#recordClosed(end, 'upstream', this.#connection.connectionId, fromUpstream, fromClient);
    }
    this.#recordClosed(end, 'downstream', connectionId, fromClient, fromUpstream);
    const duration = emitter.now() - openedAt;
    recordFlowClosed(emitter, flowId, connectionId, outcome, duration);
    this.#count(outcome, duration, fromClient, fromUpstream);
    if (context.flowEnds.listener !== null)
      context.flowEnds.listener(this.#ended(outcome, duration / 1000, fromClient, fromUpstream));
    onClosed();
    if (this.#connection !== null) this.#pool?.line.wake();
  }

  #ended(outcome: FlowOutcome, durationMs: number, requestBytes: number, responseBytes: number): EndedFlow {
    const { flowId, listener, route, clientAddress, serverName } = this.#options;
    return {
      flowId,
      flow: route.config.kind,
      listener: listener.config.id,
      client: clientAddress,
      durationMs,
      outcome,
      failure: outcome === 'completed' ? null : this.#failure,
      route: route.id,
      pool: this.#pool?.compiled.id ?? null,
      endpoint: this.#connection?.endpoint.compiled.key ?? null,
      requestBytes,
      responseBytes,
      serverName,
      request: null,
      status: 0,
    };
  }

  #recordReset(end: RelayEnd): void {
    if (end.closedBy === 'client') {
      this.#recordFailed('downstream_reset', 'the client reset the connection');
      this.#outcome = 'aborted';
    } else {
      const key = this.#connection?.endpoint.compiled.key ?? 'the endpoint';
      this.#recordFailed('upstream_reset', `${key} reset the connection`);
    }
  }

  #recordClosed(
    end: RelayEnd,
    leg: 'upstream' | 'downstream',
    connectionId: number,
    bytesRead: number,
    bytesWritten: number,
  ): void {
    const { context, flowId } = this.#options;
    if (!context.emitter.isWatched) return;
    recordConnectionClosed(context.emitter, { flowId, connectionId, leg, ...end, bytesRead, bytesWritten });
  }

  #count(outcome: FlowOutcome, duration: number, requestBytes: number, responseBytes: number): void {
    const { context, listener, route } = this.#options;
    const { metrics } = context;
    const touched = [metrics.counters('listener', listener.config.id), metrics.counters('route', route.id)];
    if (this.#pool !== null) touched.push(this.#pool.counters);
    if (this.#connection !== null) {
      this.#connection.endpoint.onConnectionClosed();
      touched.push(this.#connection.endpoint.counters);
    }
    for (const counters of touched) {
      counters.requestBytes += requestBytes;
      counters.responseBytes += responseBytes;
      counters.countFlow(0, outcome === 'failed', duration / 1000);
    }
  }
}
