// Reads a socket into one buffer that is used again and again instead of a fresh one per chunk. A buffer that a
// pending write still refers to is left to it and replaced. It begins small, because most connections are quiet, and
// grows while reads fill it.
import type { OnReadOpts } from 'node:net';

const smallest = 16 * 1024;
const largest = 256 * 1024;

export interface ByteSink {
  /** `bytes` are only valid until the sink's target has written them. false = pause. */
  onBytes(bytes: Uint8Array): boolean;
  /** A write that refers to the last bytes is pending. */
  isHolding(): boolean;
}

export class StaticReader {
  /** Set before the first byte can come, that is when the socket connects. */
  sink: ByteSink | null = null;
  #buffer = Buffer.allocUnsafeSlow(smallest);
  #wasFilled = false;

  /** For `net.connect`. */
  readonly onread: OnReadOpts = {
    buffer: () => this.#nextBuffer(),
    callback: (count, buffer) => this.#deliver(count, buffer),
  };

  #deliver(count: number, buffer: Uint8Array): boolean {
    this.#wasFilled = count === buffer.length;
    return this.sink?.onBytes(buffer.subarray(0, count)) ?? false;
  }

  #nextBuffer(): Uint8Array {
    const { length } = this.#buffer;
    if (this.#wasFilled && length < largest) this.#buffer = Buffer.allocUnsafeSlow(length * 4);
    else if (this.sink?.isHolding() === true) this.#buffer = Buffer.allocUnsafeSlow(length);
    return this.#buffer;
  }
}
