// A server that is away for a while: it refuses connections as one that is not running does, or resets them as one that
// crashes does. Afterwards it is back on the same port.
import type { AddressInfo, Server, Socket } from 'node:net';

/** When somebody else took the port meanwhile it is tried again. */
const againMs = 500;

export class Outage {
  #isDropping = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #sockets = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      if (this.#isDropping) {
        socket.resetAndDestroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Resets every connection, those that are open and new ones. Nothing while it is away already. */
  drop(ms: number): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    this.#isDropping = true;
    this.#cut();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#isDropping = false;
    }, ms);
  }

  /** Listens no more, and cuts what is open. Nothing while it is away already. */
  refuse(ms: number): void {
    if (this.#timer !== undefined || this.#isClosed || !this.server.listening) return;
    const { address, port } = this.server.address() as AddressInfo;
    this.server.close();
    this.#cut();
    this.#timer = setTimeout(() => this.#comeBack(address, port), ms);
  }

  /** It does not come back any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #comeBack(host: string, port: number): void {
    const fail = () => {
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => this.#comeBack(host, port), againMs);
    };
    this.server.once('error', fail);
    this.server.listen({ host, port, exclusive: true }, () => {
      this.server.off('error', fail);
      this.#timer = undefined;
    });
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
