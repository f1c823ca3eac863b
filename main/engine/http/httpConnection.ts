import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SocketAddress } from '../../contract/flowEvent';
import type { EngineContext } from '../engineContext';

export interface HttpConnectionOptions {
  readonly context: EngineContext;
  /** Looked up in the current configuration at each request start. */
  readonly listenerId: string;
  /** `connection.opened` (and tls.*) were already recorded by the listener. */
  readonly connectionId: number;
  readonly isTls: boolean;
  /** Already corrected by the PROXY protocol. */
  readonly client: SocketAddress;
  /** Called exactly once when the socket is gone, after `connection.closed` was recorded. */
  readonly onClosed: () => void;
}

/** Takes over a connection on which a client speaks HTTP/1.x. */
export function acceptHttpConnection(
  socket: Socket | TLSSocket,
  options: HttpConnectionOptions,
): HttpConnection {
  return new HttpConnection(socket, options);
}

export class HttpConnection {
  constructor(
    readonly socket: Socket | TLSSocket,
    readonly options: HttpConnectionOptions,
  ) {}

  /** Finishes what is in flight, answers with `Connection: close`, then closes; idle = closes now. */
  drain(): void {
    this.socket.end();
  }

  destroy(_reason: string): void {
    this.socket.destroy();
    this.options.onClosed();
  }
}
