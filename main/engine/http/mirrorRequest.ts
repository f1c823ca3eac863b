// One copy of a request on its way to another pool: sent on a connection of its own, the answer is read and thrown
// away, and nobody waits for it. It belongs to no flow: it may outlive the request that it was copied from.
import type { CompiledPool } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import type { Ticking } from '../ticker';
import { type ConnectionPool, connectionPoolOf } from '../upstream/connectionPool';
import type { EndpointRuntime } from '../upstream/poolRuntimes';
import type { UpstreamHandler, UpstreamLink } from '../upstream/upstreamLink';
import type { UpstreamTransport } from '../upstream/upstreamTransport';
import { newRequestSink } from './requestSink';

/** A copy that is not answered by then is given up. */
const longestMicroseconds = 30_000_000;

export interface MirrorMessage {
  readonly listenerId: string;
  /** With `Connection: close`: the end of the connection is the end of the answer. */
  readonly head: string;
  readonly body: Buffer;
  readonly transport: UpstreamTransport | null;
}

export class MirrorRequest implements UpstreamHandler, Ticking {
  readonly flowId = 0;
  readonly listenerId: string;
  readonly transport: UpstreamTransport | null;
  readonly #connections: ConnectionPool;
  #connection: UpstreamLink | null = null;
  #startedAt = 0;
  #isDone = false;

  /** `onDone` is called exactly once, if `begin` returned true. */
  constructor(
    private readonly context: EngineContext,
    private readonly endpoint: EndpointRuntime,
    private readonly message: MirrorMessage,
    private readonly onDone: () => void,
  ) {
    this.listenerId = message.listenerId;
    this.transport = message.transport;
    this.#connections = connectionPoolOf(context, endpoint);
  }

  /** False = the endpoint has as many connections as it may have, and a copy never queues before real requests. */
  begin(pool: CompiledPool): boolean {
    if (!this.#connections.openAny(this, pool)) return false;
    if (this.#connection === null) {
      this.#connections.stopWaiting(this);
      return false;
    }
    this.#startedAt = this.context.emitter.now();
    this.endpoint.activeRequests++;
    this.context.ticker.add(this);
    return true;
  }

  /** Gives it up. */
  close(): void {
    this.#finish('drained');
  }

  onUpstreamWaiting(): void {
    this.#connection = null;
  }

  onUpstreamConnecting(connection: UpstreamLink): void {
    this.#connection = connection;
  }

  onUpstreamReady(connection: UpstreamLink): void {
    const { head, body } = this.message;
    this.#connection = connection;
    const sink = newRequestSink({ emitter: this.context.emitter, flowId: 0 }, connection);
    sink.head(head, body.length > 0);
    if (body.length > 0) sink.held(body);
    sink.end('');
  }

  onUpstreamData(): boolean {
    return false;
  }

  onUpstreamEnd(): void {
    this.#finish('end');
  }

  onUpstreamDrain(): void {
    // The whole copy was handed over at once; nothing waits for room.
  }

  onUpstreamClosed(): void {
    this.#connection = null;
    this.#finish('end');
  }

  onTick(now: number): void {
    if (now - this.#startedAt > longestMicroseconds) this.#finish('idle_timeout');
  }

  #finish(reason: string): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.context.ticker.delete(this);
    this.endpoint.activeRequests--;
    if (this.#connection === null) this.#connections.stopWaiting(this);
    else this.#connection.destroy(reason);
    this.onDone();
  }
}
