// Reading a flowing socket past the queue of its stream. Node hands every read of a socket to `push`, which queues it,
// tells listeners and plans to read more; while nothing waits and nobody paused, all of that ends in one call. Here that
// call comes at once. In every other state the chunk goes the usual way and arrives as a 'data' event in the same place,
// so the order is that of the stream, and a Node that would not call `push` would only be slower.
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

/** One for all sockets that are read the same way, so that a socket costs nothing. */
export class ChunkReader<Kind extends Socket> {
  readonly #onChunk: (this: Kind, chunk: Buffer) => void;
  readonly #push: Socket['push'];

  /** `onChunk` gets what 'data' would give; `this` is the socket. */
  constructor(onChunk: (this: Kind, chunk: Buffer) => void) {
    this.#onChunk = onChunk;
    this.#push = function push(this: Kind, chunk: Buffer | null, encoding?: BufferEncoding): boolean {
      if (chunk === null || this.readableFlowing !== true || this.readableLength !== 0) {
        return Readable.prototype.push.call(this, chunk, encoding);
      }
      onChunk.call(this, chunk);
      return true;
    };
  }

  /** Like `socket.on('data', …)`. */
  attach(socket: Kind): void {
    // A socket whose bytes are written down (wireTap.ts) has a `push` of its own and keeps it.
    if (socket.push === Readable.prototype.push) socket.push = this.#push;
    socket.on('data', this.#onChunk);
  }

  /** Whoever listens next gets 'data' events again. */
  detach(socket: Kind): void {
    if (socket.push === this.#push) socket.push = Readable.prototype.push;
    socket.off('data', this.#onChunk);
  }
}
