// A socket as a plain stream. Node's TLS takes the handle of a net.Socket and works below JavaScript; of a stream it reads
// and writes every record here, where it can be seen.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class SocketStream extends Duplex {
  constructor(private readonly socket: Socket) {
    // It lives until TLS lets go of it: closing earlier would take with it what was read and is not yet taken.
    super({ allowHalfOpen: true, autoDestroy: false });
    socket.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      // After an end it is TLS that closes, when it has read so far.
      if (!socket.readableEnded) this.destroy();
    });
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.socket.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.socket.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.socket.destroy();
    callback(error);
  }
}
