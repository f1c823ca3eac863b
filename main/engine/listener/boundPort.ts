// One listening socket and the connections that came in on it.
import { createServer, type Server, type Socket } from 'node:net';
import type { Listener } from '../../contract/config';
import { recordConnectionClosed, recordConnectionOpened } from '../connectionRecords';
import type { EngineContext } from '../engineContext';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import { AcceptedConnection, type PortIdentity } from './acceptedConnection';

const backlog = 1024;

export class BoundPort implements PortIdentity {
  listenerId: string;
  readonly address: string;
  /** As configured; 0 = any. */
  configuredPort: number;
  /** As bound. */
  #port: number;
  #server: Server | null = null;
  readonly #connections = new Set<AcceptedConnection>();
  #onEmpty: (() => void)[] = [];

  private constructor(
    private readonly context: EngineContext,
    listener: Listener,
  ) {
    this.listenerId = listener.id;
    this.address = listener.address;
    this.configuredPort = listener.port;
    this.#port = listener.port;
  }

  /** Rejects with the system's error (EADDRINUSE, EACCES…). */
  static async bind(context: EngineContext, listener: Listener): Promise<BoundPort> {
    const bound = new BoundPort(context, listener);
    await bound.listen();
    return bound;
  }

  get port(): number {
    return this.#port;
  }

  /** Also after `stopAccepting`, on the same port again. */
  async listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.address, port: this.#port, backlog }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    // accept() failed, mostly for want of file descriptors. The connection waits in the kernel's queue or was refused;
    // the listening socket is sound and the next one may succeed.
    server.on('error', () => {
      this.context.metrics.counters('listener', this.listenerId).errors++;
    });
    server.on('connection', (socket) => this.#accept(socket));
    const address = server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  /** The port is free when this returns. */
  stopAccepting(): void {
    this.#server?.close();
    this.#server = null;
  }

  drain(): void {
    for (const connection of [...this.#connections]) connection.drain();
  }

  destroyConnections(reason: string): void {
    for (const connection of [...this.#connections]) connection.destroy(reason);
  }

  /** Resolves when no connection is left. */
  whenEmpty(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  #accept(socket: Socket): void {
    const { context } = this;
    const listener = context.config().listeners.get(this.listenerId);
    if (listener === undefined || this.#connections.size >= listener.config.limits.maxConnections) {
      this.#refuse(socket, listener === undefined ? 'drained' : 'too_many_connections');
      return;
    }
    const counters = context.metrics.counters('listener', this.listenerId);
    counters.connections++;
    counters.openConnections++;
    const connection = new AcceptedConnection(context, this, listener, socket, () => {
      counters.openConnections--;
      this.#connections.delete(connection);
      if (this.#connections.size === 0) for (const resolve of this.#onEmpty.splice(0)) resolve();
    });
    this.#connections.add(connection);
    connection.start();
  }

  #refuse(socket: Socket, reason: string): void {
    const { emitter } = this.context;
    socket.on('error', ignoreErrorOfRefused);
    if (emitter.isWatched) {
      const connectionId = emitter.nextConnectionId();
      recordConnectionOpened(emitter, {
        flowId: 0,
        connectionId,
        leg: 'downstream',
        listener: this.listenerId,
        remote: remoteAddressOf(socket),
        local: localAddressOf(socket),
      });
      recordConnectionClosed(emitter, {
        flowId: 0,
        connectionId,
        leg: 'downstream',
        closedBy: 'proxy',
        reason,
        bytesRead: 0,
        bytesWritten: 0,
      });
    }
    socket.resetAndDestroy();
  }
}

function ignoreErrorOfRefused(): undefined {
  return undefined;
}
