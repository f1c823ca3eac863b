// The HTTP/2 connections to one endpoint: as few as there can be, each full of streams before the next is opened.
import type { CompiledPool } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import { type Http2Owner, Http2UpstreamConnection } from './http2UpstreamConnection';
import type { EndpointRuntime } from './poolRuntimes';
import { NoTunnelError } from './upstreamErrors';
import type { UpstreamHandler } from './upstreamLink';
import { isSameTransport } from './upstreamTransport';

const noTunnel =
  'the endpoint speaks HTTP/2 and takes no WebSockets there (no SETTINGS_ENABLE_CONNECT_PROTOCOL): let the pool speak http1, or auto';

interface Waiting {
  readonly handler: UpstreamHandler;
  readonly pool: CompiledPool;
}

export class Http2Connections implements Http2Owner {
  #connections: Http2UpstreamConnection[] = [];
  #waiting: Waiting[] = [];
  /** The endpoint was offered both and chose HTTP/1.1: it is not asked again while its TLS settings stay. */
  #http1Tls: unknown = null;

  constructor(
    private readonly context: EngineContext,
    private readonly endpoint: EndpointRuntime,
    /** Gets exchanges a connection of HTTP/1.1 instead. */
    private readonly onHttp1: (handler: UpstreamHandler, pool: CompiledPool) => void,
  ) {}

  /** Whether exchanges of this pool with this endpoint are to go here. */
  isFor(pool: CompiledPool): boolean {
    if (pool.config.protocol === 'h2') return true;
    return pool.config.protocol === 'auto' && pool.tls !== null && this.#http1Tls !== pool.tls;
  }

  /** Gets the handler a stream, now or later. `isFresh` = of a connection that nobody used before. False = too many wait. */
  open(handler: UpstreamHandler, pool: CompiledPool, isFresh: boolean): boolean {
    const transport = handler.transport ?? null;
    const { reuse, maxPerEndpoint, maxWaiting } = pool.config.connections;
    if (reuse && !isFresh) {
      const connection = this.#connections.find(
        (each) => each.room > 0 && isSameTransport(each.transport, transport),
      );
      if (connection !== undefined) {
        connection.add(handler);
        return true;
      }
    }
    if (this.#connections.length >= maxPerEndpoint) {
      if (this.#waiting.length >= maxWaiting) return false;
      handler.onUpstreamWaiting(this.#waiting.push({ handler, pool }) - 1);
      // Made for another client's PROXY header or server name, and of no use to this one.
      this.#connections.find((each) => each.isIdle)?.leave();
      return true;
    }
    this.#connect(handler, pool);
    return true;
  }

  stopWaiting(handler: UpstreamHandler): void {
    this.#waiting = this.#waiting.filter((each) => each.handler !== handler);
  }

  forget(): void {
    for (const connection of [...this.#connections]) connection.leave();
  }

  closeIdle(): void {
    for (const connection of [...this.#connections]) if (connection.isIdle) connection.leave();
  }

  onRoom(): void {
    while (this.#waiting.length > 0) {
      const { handler } = this.#waiting[0]!;
      const transport = handler.transport ?? null;
      const connection = this.#connections.find(
        (each) => each.room > 0 && isSameTransport(each.transport, transport),
      );
      if (connection === undefined) return;
      this.#waiting.shift();
      connection.add(handler);
    }
  }

  onHttp1Chosen(handlers: readonly UpstreamHandler[], pool: CompiledPool): void {
    this.#http1Tls = pool.tls;
    for (const handler of handlers) this.onHttp1(handler, pool);
  }

  onNoTunnel(handler: UpstreamHandler, pool: CompiledPool): void {
    if (pool.config.protocol === 'auto') this.onHttp1(handler, pool);
    else handler.onUpstreamClosed(new NoTunnelError(noTunnel));
  }

  onConnectionClosed(connection: Http2UpstreamConnection): void {
    this.#connections = this.#connections.filter((each) => each !== connection);
    const next = this.#waiting.shift();
    if (next !== undefined) this.open(next.handler, next.pool, false);
  }

  #connect(handler: UpstreamHandler, pool: CompiledPool): void {
    const connection = new Http2UpstreamConnection({
      context: this.context,
      endpoint: this.endpoint,
      transport: handler.transport ?? null,
      pool,
      flowId: handler.flowId,
      listenerId: handler.listenerId,
      owner: this,
    });
    this.#connections.push(connection);
    connection.add(handler);
  }
}
