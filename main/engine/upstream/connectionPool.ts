// The connections to one endpoint: the idle ones newest first (the newest is the least likely to be closed by the
// endpoint just now), and who waits because the endpoint has as many as it may have.
import type { Pool } from '../../contract/config';
import type { CompiledPool } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import type { Ticking } from '../ticker';
import { Http2Connections } from './http2Connections';
import { HttpUpstreamConnection, type UpstreamOwner } from './httpUpstreamConnection';
import type { EndpointRuntime } from './poolRuntimes';
import { OverloadedError } from './upstreamErrors';
import type { UpstreamHandler } from './upstreamLink';
import { isSameTransport, type UpstreamTransport } from './upstreamTransport';

type ConnectionSettings = Pool['connections'];

export class ConnectionPool implements Ticking, UpstreamOwner {
  readonly http2: Http2Connections;
  readonly #idle: HttpUpstreamConnection[] = [];
  readonly #waiting: UpstreamHandler[] = [];
  /** Those whose requests are still coming in: a slow client must not keep a connection from who is ready. */
  readonly #givingWay: UpstreamHandler[] = [];
  readonly #evicted = new Set<HttpUpstreamConnection>();
  #open = 0;
  #idleTimeoutMs = 0;
  #isTicking = false;
  #isForgotten = false;

  constructor(
    private readonly context: EngineContext,
    private readonly endpoint: EndpointRuntime,
  ) {
    this.http2 = new Http2Connections(context, endpoint, (handler, pool) => {
      if (!this.openFresh(handler, pool.config.connections)) handler.onUpstreamClosed(new OverloadedError());
    });
  }

  /** An idle connection, or null. The common case costs no allocation. */
  takeIdle(handler: UpstreamHandler): HttpUpstreamConnection | null {
    const transport = handler.transport ?? null;
    for (;;) {
      const newest = this.#idle[this.#idle.length - 1];
      if (newest === undefined) return null;
      const fits = newest.transport === transport || isSameTransport(newest.transport, transport);
      const connection = fits ? this.#idle.pop() : this.#takeFitting(transport);
      if (connection === undefined) return null;
      if (connection.isClosed || connection.socket.destroyed) continue;
      connection.handler = handler;
      return connection;
    }
  }

  #takeFitting(transport: UpstreamTransport | null): HttpUpstreamConnection | undefined {
    for (let index = this.#idle.length - 1; index >= 0; index--) {
      if (isSameTransport(this.#idle[index]!.transport, transport)) return this.#idle.splice(index, 1)[0];
    }
    return undefined;
  }

  /**
   * Gets the handler a connection that nobody used before, now or when one of the allowed number is free. False = too
   * many are waiting already.
   */
  openFresh(handler: UpstreamHandler, settings: ConnectionSettings): boolean {
    if (this.#open >= settings.maxPerEndpoint) {
      const oldest = this.#idle.shift();
      if (oldest === undefined) {
        return this.#wait(handler, settings.maxWaiting);
      }
      this.#evict(oldest);
    }
    this.#connect(handler);
    return true;
  }

  /** For requests of our own: a link of the version of HTTP that the pool speaks. False = too many are waiting already. */
  openAny(handler: UpstreamHandler, pool: CompiledPool): boolean {
    if (this.http2.isFor(pool)) return this.http2.open(handler, pool, false);
    return this.openFresh(handler, pool.config.connections);
  }

  /** The exchange is over at `now` (emitter's clock) and the connection is good for another one. */
  release(connection: HttpUpstreamConnection, settings: ConnectionSettings, now: number): void {
    connection.exchanges++;
    connection.handler = null;
    if (this.#isForgotten || !settings.reuse || connection.socket.destroyed) {
      connection.destroy('not_reusable');
      return;
    }
    const next = this.#waiting[0] ?? this.#givingWay[0];
    if (next !== undefined) {
      if (!isSameTransport(connection.transport, next.transport ?? null)) {
        // Who waits needs another kind of connection; it is made when this one is gone.
        connection.destroy('not_reusable');
        return;
      }
      this.#takeNext();
      connection.handler = next;
      next.onUpstreamReady(connection);
      return;
    }
    connection.idleSince = now;
    this.#idleTimeoutMs = settings.idleTimeoutMs;
    this.#idle.push(connection);
    if (!this.#isTicking) {
      this.#isTicking = true;
      this.context.ticker.add(this);
    }
  }

  /** Somebody waits for a connection. */
  get isCrowded(): boolean {
    return this.#waiting.length + this.#givingWay.length > 0;
  }

  /** Its place goes to somebody now, and must not go to another when it is closed. */
  #evict(connection: HttpUpstreamConnection): void {
    this.#open--;
    this.#evicted.add(connection);
    connection.destroy('not_reusable');
  }

  #wait(handler: UpstreamHandler, maxWaiting: number): boolean {
    const count = this.#waiting.length + this.#givingWay.length;
    if (count >= maxWaiting) return false;
    if (handler.givesWay === true) {
      this.#givingWay.push(handler);
      handler.onUpstreamWaiting(count);
    } else handler.onUpstreamWaiting(this.#waiting.push(handler) - 1);
    return true;
  }

  #takeNext(): UpstreamHandler | undefined {
    return this.#waiting.shift() ?? this.#givingWay.shift();
  }

  /** Leaves the queue. */
  stopWaiting(handler: UpstreamHandler): void {
    for (const line of [this.#waiting, this.#givingWay]) {
      const index = line.indexOf(handler);
      if (index === -1) continue;
      line.splice(index, 1);
      return;
    }
    this.http2.stopWaiting(handler);
  }

  onTick(now: number): void {
    while (this.#idle.length > 0 && now - this.#idle[0]!.idleSince > this.#idleTimeoutMs * 1000) {
      this.#idle.shift()!.destroy('idle_timeout');
    }
    if (this.#idle.length === 0) this.#stopTicking();
  }

  onConnectionClosed(connection: HttpUpstreamConnection): void {
    if (this.#evicted.delete(connection)) return;
    this.#open--;
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
    const next = this.#takeNext();
    if (next !== undefined) this.#connect(next);
  }

  /** No configuration names the endpoint any more: what is idle closes now, what is busy after its exchange. */
  forget(): void {
    this.#isForgotten = true;
    this.http2.forget();
    for (const connection of this.#idle.splice(0)) connection.destroy('drained');
    this.#stopTicking();
  }

  closeIdle(): void {
    this.http2.closeIdle();
    for (const connection of this.#idle.splice(0)) connection.destroy('drained');
  }

  #connect(handler: UpstreamHandler): void {
    this.#open++;
    handler.onUpstreamConnecting(new HttpUpstreamConnection(this.context, this.endpoint, this, handler));
  }

  #stopTicking(): void {
    if (!this.#isTicking) return;
    this.#isTicking = false;
    this.context.ticker.delete(this);
  }
}

/** The pool that belongs to an endpoint; made at its first use. */
export function connectionPoolOf(context: EngineContext, endpoint: EndpointRuntime): ConnectionPool {
  if (endpoint.idleHttp instanceof ConnectionPool) return endpoint.idleHttp;
  const pool = new ConnectionPool(context, endpoint);
  endpoint.idleHttp = pool;
  endpoint.onForgotten = () => pool.forget();
  endpoint.closeIdle = () => pool.closeIdle();
  return pool;
}
