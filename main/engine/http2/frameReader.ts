// Cuts the bytes of a connection into frames (RFC 9113 4.1). A frame that lies whole in one read is handed out in place;
// one that is cut is gathered first, at most one frame at a time.
import { frameHeaderBytes, maxFrameBytes } from './frame';

export interface FrameHandler {
  /** The payload is bytes start…end of the buffer, valid during the call only. False = read no further. */
  onFrame(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): boolean;
  onFrameTooLong(type: number, streamId: number): void;
}

export class FrameReader {
  /** The frame that is being gathered. */
  #partial: Buffer | null = null;
  #have = 0;
  #need = 0;

  constructor(private readonly handler: FrameHandler) {}

  /** Returns false when reading is over: a frame was too long, or the handler said so. */
  read(chunk: Buffer, from = 0): boolean {
    const end = chunk.length;
    let position = from;
    while (position < end) {
      if (this.#partial !== null) {
        position = this.#gather(chunk, position, end);
        if (position < 0) return false;
        continue;
      }
      if (end - position < frameHeaderBytes) {
        this.#begin(chunk, position, end, frameHeaderBytes);
        return true;
      }
      const length = chunk.readUIntBE(position, 3);
      if (length > maxFrameBytes) return this.#refuse(chunk, position);
      const after = position + frameHeaderBytes + length;
      if (after > end) {
        this.#begin(chunk, position, end, frameHeaderBytes + length);
        return true;
      }
      if (!this.#deliver(chunk, position, after)) return false;
      position = after;
    }
    return true;
  }

  #begin(chunk: Buffer, start: number, end: number, need: number): void {
    this.#partial = Buffer.allocUnsafeSlow(need);
    chunk.copy(this.#partial, 0, start, end);
    this.#have = end - start;
    this.#need = need;
  }

  /** Returns where the gathering goes on, −1 = reading is over. */
  #gather(chunk: Buffer, start: number, end: number): number {
    const partial = this.#partial!;
    const taken = Math.min(end - start, this.#need - this.#have);
    chunk.copy(partial, this.#have, start, start + taken);
    this.#have += taken;
    if (this.#have < this.#need) return start + taken;
    if (this.#need === frameHeaderBytes) {
      const length = partial.readUIntBE(0, 3);
      if (length > maxFrameBytes) {
        this.#refuse(partial, 0);
        return -1;
      }
      if (length > 0) {
        this.#begin(partial, 0, frameHeaderBytes, frameHeaderBytes + length);
        return start + taken;
      }
    }
    this.#partial = null;
    return this.#deliver(partial, 0, this.#need) ? start + taken : -1;
  }

  #deliver(buffer: Buffer, start: number, end: number): boolean {
    // The highest bit of the stream's number means nothing (RFC 9113 4.1).
    const streamId = buffer.readUInt32BE(start + 5) & 0x7fff_ffff;
    const payload = start + frameHeaderBytes;
    return this.handler.onFrame(buffer[start + 3]!, buffer[start + 4]!, streamId, buffer, payload, end);
  }

  #refuse(buffer: Buffer, start: number): false {
    this.handler.onFrameTooLong(buffer[start + 3]!, buffer.readUInt32BE(start + 5) & 0x7fff_ffff);
    return false;
  }
}
