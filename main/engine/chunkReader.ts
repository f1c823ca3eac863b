// Reading a flowing socket past the queue of its stream. Node hands every read of a socket to `push`, which queues it,
// tells listeners and plans to read more; while nothing waits and nobody paused, all of that ends in one call. Here that
// call comes at once. In every other state the chunk goes the usual way and arrives as a 'data' event in the same place,
// so the order is that of the stream, and a Node that would not call `push` would only be slower.
import type { Socket } from 'node:net';

/** Like `socket.on('data', onChunk)`. Once for each socket. */
export function readChunks(socket: Socket, onChunk: (chunk: Buffer) => void): void {
  const queue = socket.push;
  socket.push = function push(this: Socket, chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (chunk === null || this.readableFlowing !== true || this.readableLength !== 0) {
      return queue.call(this, chunk, encoding);
    }
    onChunk(chunk);
    return true;
  };
  socket.on('data', onChunk);
}
