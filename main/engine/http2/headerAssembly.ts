// Gathers a header block from HEADERS and CONTINUATION frames (RFC 9113 4.3, 6.2, 6.10), bounded in frames and bytes.
import { ErrorCode, Flag, frameHeaderBytes } from './frame';

/** What a frame of a header block led to. */
export const Assembly = { needMore: 0, whole: 1, failed: 2 } as const;

const noBytes: Buffer = Buffer.alloc(0);

export class HeaderAssembly {
  /** Of the block that is whole. */
  block = noBytes;
  start = 0;
  end = 0;
  isEndStream = false;
  /** The priority section makes the stream depend on itself. */
  dependsOnItself = false;
  /** Why it failed. */
  code = 0;
  message = '';
  /** 0 = no block is open. */
  streamId = 0;
  #parts: Buffer[] = [];
  #bytes = 0;
  #maxBytes = 0;
  #maxFrames = 0;

  /** `maxHeaderBytes` of a list of fields; a block may be a bit longer than what it stands for. */
  setLimit(maxHeaderBytes: number): void {
    this.#maxBytes = maxHeaderBytes + 8192;
    // The smallest frames that an honest peer cuts a block into are full ones.
    this.#maxFrames = 8 + Math.ceil(maxHeaderBytes / 1024);
  }

  /** A HEADERS frame's payload. */
  begin(flags: number, streamId: number, buffer: Buffer, start: number, end: number): number {
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      if (from >= to) return this.#fail(ErrorCode.frameSizeError, 'HEADERS too short for its padding length');
      to -= buffer[from]!;
      from++;
      if (to < from)
        return this.#fail(ErrorCode.protocolError, 'the padding is longer than the HEADERS frame');
    }
    this.dependsOnItself = false;
    if ((flags & Flag.priority) !== 0) {
      if (to - from < 5) return this.#fail(ErrorCode.frameSizeError, 'HEADERS too short for its priority');
      this.dependsOnItself = (buffer.readUInt32BE(from) & 0x7fff_ffff) === streamId;
      from += 5;
    }
    this.isEndStream = (flags & Flag.endStream) !== 0;
    if ((flags & Flag.endHeaders) !== 0) {
      this.block = buffer;
      this.start = from;
      this.end = to;
      return Assembly.whole;
    }
    this.streamId = streamId;
    this.#parts = [Buffer.from(buffer.subarray(from, to))];
    this.#bytes = to - from;
    return this.#check();
  }

  /** A CONTINUATION frame's payload; its stream is the right one. */
  append(flags: number, buffer: Buffer, start: number, end: number): number {
    this.#parts.push(Buffer.from(buffer.subarray(start, end)));
    this.#bytes += end - start;
    const result = this.#check();
    if (result === Assembly.failed || (flags & Flag.endHeaders) === 0) return result;
    this.block = Buffer.concat(this.#parts);
    this.start = 0;
    this.end = this.block.length;
    this.#parts = [];
    this.streamId = 0;
    return Assembly.whole;
  }

  #check(): number {
    const isTooMuch = this.#bytes > this.#maxBytes || this.#parts.length > this.#maxFrames;
    if (!isTooMuch) return Assembly.needMore;
    this.#parts = [];
    return this.#fail(
      ErrorCode.enhanceYourCalm,
      `a header block of more than ${this.#maxBytes} bytes or ${this.#maxFrames} frames (of ${frameHeaderBytes} bytes and more)`,
    );
  }

  #fail(code: number, message: string): number {
    this.code = code;
    this.message = message;
    return Assembly.failed;
  }
}
