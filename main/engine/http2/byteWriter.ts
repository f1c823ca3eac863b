/** A buffer that grows. What was taken from it is not written to again. */
export class ByteWriter {
  bytes = emptyBuffer;
  length = 0;

  constructor(private readonly startBytes: number) {}

  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.startBytes, needed * 2));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  uint32(value: number): void {
    const { bytes, length } = this;
    bytes[length] = value >>> 24;
    bytes[length + 1] = value >>> 16;
    bytes[length + 2] = value >>> 8;
    bytes[length + 3] = value;
    this.length = length + 4;
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const { bytes, length } = this;
    if (end - start > 64) bytes.set(source.subarray(start, end), length);
    else for (let index = start; index < end; index++) bytes[length + index - start] = source[index]!;
    this.length = length + end - start;
  }

  /** What was written since the last take. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.length);
    // The rest of the buffer is as good as a new one.
    this.bytes = this.bytes.length - this.length >= 1024 ? this.bytes.subarray(this.length) : emptyBuffer;
    this.length = 0;
    return taken;
  }
}

const emptyBuffer = Buffer.alloc(0);
