// Reads a socket into one buffer that is used again and again instead of a fresh one per chunk. A buffer that a
// pending write still refers to is left to it and replaced. It begins small, because most connections are quiet, and
// grows while reads fill it.
import type { OnReadOpts, Socket } from 'node:net';
import { type OwnBufferReader, readDirectly } from '../socketReader';

const smallest = 16 * 1024;
const largest = 256 * 1024;

export interface ByteSink {
  /** `bytes` 0…`length` are only valid until the sink's target has written them. false = pause. */
  onBytes(bytes: Uint8Array, length: number): boolean;
  /** A write that refers to the last bytes is pending. */
  isHolding(): boolean;
}

export class StaticReader implements OwnBufferReader {
  #sink: ByteSink | null = null;
  #buffer = Buffer.allocUnsafeSlow(smallest);
  #wasFilled = false;
  /** The socket was given the buffer. */
  #isUsed = false;

  /** For `net.connect`. Node takes a function that may return undefined = "keep the buffer"; its types do not know it. */
  readonly onread: OnReadOpts = {
    buffer: (() => this.nextBuffer()) as () => Uint8Array,
    callback: (length) => this.onRead(length),
  };

  /** To be called when the socket connects, before the first byte can come. */
  start(socket: Socket, sink: ByteSink): void {
    this.#sink = sink;
    if (this.#isUsed) readDirectly(socket, this);
  }

  onRead(length: number): boolean {
    this.#wasFilled = length === this.#buffer.length;
    return this.take(this.#buffer, length);
  }

  /** Bytes that were read in another way. */
  take(bytes: Uint8Array, length: number): boolean {
    return this.#sink?.onBytes(bytes, length) ?? false;
  }

  nextBuffer(): Uint8Array | undefined {
    if (this.#sink === null) {
      this.#isUsed = true;
      return this.#buffer;
    }
    const { length } = this.#buffer;
    if (this.#wasFilled && length < largest) this.#buffer = Buffer.allocUnsafeSlow(length * 4);
    else if (this.#sink.isHolding()) this.#buffer = Buffer.allocUnsafeSlow(length);
    else return undefined;
    return this.#buffer;
  }
}
