// Stands between a socket and the system: writes down what is read and what is written, and changes nothing of it. What
// Node's TLS reads never comes by here, because it takes the socket's handle; `stream` makes it read through the socket.
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import { SocketStream } from './socketStream';
import type { RecordedConnection, WireMark, WireSender } from './wireConnection';

export interface WireTapOptions {
  /** Microseconds. */
  readonly now: () => number;
  readonly keep: (mark: WireMark) => void;
  readonly onClosed: () => void;
}

/** Key log lines of one connection: TLS 1.3 writes five, and two for each key update. */
const mostKeyLines = 16;

type WriteCallback = (error?: Error | null) => void;

export class WireTap {
  #peerHasEnded = false;
  #proxyHasEnded = false;
  #isCut = false;

  constructor(
    private readonly socket: Socket,
    private readonly connection: RecordedConnection,
    private readonly options: WireTapOptions,
  ) {
    if (socket.connecting) socket.once('connect', () => this.#onOpen());
    else this.#onOpen();
    this.#tapReads();
    this.#tapWrites();
    this.#tapEnds();
  }

  /** The socket for TLS to work on. Bytes that were put back with `unshift` come first. */
  stream(): SocketStream {
    return new SocketStream(this.socket);
  }

  /** Call it before the handshake begins. */
  keepKeysOf(tls: TLSSocket): void {
    tls.on('keylog', (line: Buffer) => {
      const { keyLog, isDropped } = this.connection;
      if (!isDropped && keyLog.length < mostKeyLines) keyLog.push(line.toString('latin1').trimEnd());
    });
  }

  #onOpen(): void {
    this.connection.openedAt = this.options.now();
    this.connection.local = localAddressOf(this.socket);
    this.connection.remote = remoteAddressOf(this.socket);
  }

  #tapReads(): void {
    const { socket } = this;
    // A SocketReader sees that there is a `push` already and leaves it in place.
    socket.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
      if (chunk === null) this.#end('peer');
      else this.#bytes('peer', Buffer.from(chunk));
      return Readable.prototype.push.call(socket, chunk, encoding);
    };
  }

  #tapWrites(): void {
    const { socket } = this;
    const { _write, _writev } = socket;
    socket._write = (chunk: Buffer | string, encoding: BufferEncoding, callback: WriteCallback) => {
      this.#bytes('proxy', copyOf(chunk, encoding));
      _write.call(socket, chunk, encoding, callback);
    };
    if (_writev === undefined) return;
    socket._writev = (
      chunks: { chunk: Buffer | string; encoding: BufferEncoding }[],
      callback: WriteCallback,
    ) => {
      this.#bytes('proxy', Buffer.concat(chunks.map(({ chunk, encoding }) => copyOf(chunk, encoding))));
      _writev.call(socket, chunks, callback);
    };
  }

  #tapEnds(): void {
    const { socket } = this;
    const { _final, resetAndDestroy } = socket;
    socket._final = (callback: WriteCallback) => {
      this.#end('proxy');
      _final.call(socket, callback);
    };
    socket.resetAndDestroy = () => {
      this.#cut('proxy');
      return resetAndDestroy.call(socket);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (this.connection.openedAt !== null && isCutByPeer(error)) this.#cut('peer');
    });
    socket.on('close', () => {
      // Closed without an end of its own: the system says FIN for it, or RST where bytes were left unread.
      if (this.connection.openedAt !== null) this.#end('proxy');
      this.options.onClosed();
    });
  }

  #bytes(sender: WireSender, data: Buffer): void {
    if (data.length > 0) this.options.keep({ kind: 'bytes', at: this.options.now(), sender, data });
  }

  #end(sender: WireSender): void {
    if (this.#isCut || (sender === 'peer' ? this.#peerHasEnded : this.#proxyHasEnded)) return;
    if (sender === 'peer') this.#peerHasEnded = true;
    else this.#proxyHasEnded = true;
    this.options.keep({ kind: 'end', at: this.options.now(), sender });
  }

  #cut(sender: WireSender): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.options.keep({ kind: 'reset', at: this.options.now(), sender });
  }
}

/** The buffer may be read into again, and of a text only its bytes travel. */
function copyOf(chunk: Buffer | string, encoding: BufferEncoding): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
}

function isCutByPeer({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}
