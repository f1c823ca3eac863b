// Frames as bytes (RFC 9113 6), gathered until whoever owns the socket takes them: one write for all that one turn made.
import { ByteWriter } from './byteWriter';
import type { FieldBlock } from './fieldBlock';
import { Flag, FrameType, frameHeaderBytes, maxFrameBytes } from './frame';
import type { HpackEncoder } from './hpackEncoder';

export class FrameWriter {
  readonly #out = new ByteWriter(4096);

  /** Bytes that nobody took yet. */
  get length(): number {
    return this.#out.length;
  }

  take(): Buffer {
    return this.#out.take();
  }

  raw(bytes: Buffer): void {
    this.#out.reserve(bytes.length);
    this.#out.copy(bytes, 0, bytes.length);
  }

  data(streamId: number, buffer: Uint8Array, start: number, end: number, isEnd: boolean): void {
    this.#head(end - start, FrameType.data, isEnd ? Flag.endStream : 0, streamId);
    this.#out.copy(buffer, start, end);
  }

  /** A header block, in as many frames as it needs. Returns its bytes. */
  headers(streamId: number, encoder: HpackEncoder, fields: FieldBlock, isEnd: boolean): number {
    const out = this.#out;
    const start = out.length;
    const flags = Flag.endHeaders | (isEnd ? Flag.endStream : 0);
    this.#head(0, FrameType.headers, flags, streamId);
    const blockStart = out.length;
    encoder.begin(out);
    for (let index = 0; index < fields.count; index++) encoder.field(fields, index, out);
    const blockBytes = out.length - blockStart;
    if (blockBytes <= maxFrameBytes) patchLength(out.bytes, start, blockBytes);
    else this.#split(start, streamId, isEnd);
    return blockBytes;
  }

  /** A block that is too long for one frame (RFC 9113 6.10). */
  #split(start: number, streamId: number, isEnd: boolean): void {
    const out = this.#out;
    const block = Buffer.from(out.bytes.subarray(start + frameHeaderBytes, out.length));
    out.length = start;
    for (let position = 0; position < block.length; position += maxFrameBytes) {
      const end = Math.min(block.length, position + maxFrameBytes);
      const flags =
        (end === block.length ? Flag.endHeaders : 0) | (position === 0 && isEnd ? Flag.endStream : 0);
      this.#head(
        end - position,
        position === 0 ? FrameType.headers : FrameType.continuation,
        flags,
        streamId,
      );
      out.copy(block, position, end);
    }
  }

  rstStream(streamId: number, code: number): void {
    this.#head(4, FrameType.rstStream, 0, streamId);
    this.#out.uint32(code);
  }

  settings(pairs: readonly (readonly [setting: number, value: number])[]): void {
    this.#head(pairs.length * 6, FrameType.settings, 0, 0);
    for (const [setting, value] of pairs) {
      this.#out.byte(setting >> 8);
      this.#out.byte(setting & 0xff);
      this.#out.uint32(value);
    }
  }

  settingsAck(): void {
    this.#head(0, FrameType.settings, Flag.ack, 0);
  }

  /** Eight bytes from `start`. */
  ping(isAck: boolean, buffer: Uint8Array, start: number): void {
    this.#head(8, FrameType.ping, isAck ? Flag.ack : 0, 0);
    this.#out.copy(buffer, start, start + 8);
  }

  goaway(lastStreamId: number, code: number, message: string): void {
    const words = Buffer.from(message.slice(0, 128), 'latin1');
    this.#head(8 + words.length, FrameType.goaway, 0, 0);
    this.#out.uint32(lastStreamId);
    this.#out.uint32(code);
    this.#out.copy(words, 0, words.length);
  }

  windowUpdate(streamId: number, increment: number): void {
    this.#head(4, FrameType.windowUpdate, 0, streamId);
    this.#out.uint32(increment);
  }

  /** The frame's header, with room behind it for the payload. */
  #head(length: number, type: number, flags: number, streamId: number): void {
    const out = this.#out;
    out.reserve(frameHeaderBytes + length);
    const { bytes } = out;
    const at = out.length;
    patchLength(bytes, at, length);
    bytes[at + 3] = type;
    bytes[at + 4] = flags;
    out.length = at + 5;
    out.uint32(streamId);
  }
}

function patchLength(bytes: Buffer, at: number, length: number): void {
  bytes[at] = length >> 16;
  bytes[at + 1] = length >> 8;
  bytes[at + 2] = length;
}
