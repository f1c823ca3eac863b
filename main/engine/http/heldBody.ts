// A request body that is held until the whole request has come: in memory up to a bound, then in a temporary file
// that has no name any more by the time anything is in it.

import { randomUUID } from 'node:crypto';
import { close, open, read, unlink, write } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Takes a held body when it is sent. */
export interface HeldBodySink {
  /** False = wait: `resume` will be called. */
  onHeldBytes(bytes: Buffer): boolean;
  onHeldSent(): void;
}

export interface HeldBodyOwner {
  /** Everything appended is safe; reading may go on. */
  onHeldSettled(): void;
  onHeldFailed(error: Error): void;
}

/** Smaller pieces are copied together, so that a body of single bytes does not cost a buffer object each. */
const keptAsIsBytes = 4096;
const blockBytes = 16_384;
const fileReadBytes = 65_536;

export class HeldBody {
  bytes = 0;
  /** Pieces in which it came. */
  chunks = 0;
  #blocks: Buffer[] = [];
  #openBlock: Buffer | null = null;
  #openLength = 0;
  #unwrittenBytes = 0;
  #file: number | null = null;
  #fileBytes = 0;
  #isWorking = false;
  #isClosed = false;
  #sink: HeldBodySink | null = null;
  #sentBlocks = 0;
  #sentFileBytes = 0;
  /** Counts attempts: what was read for an earlier one is not sent in a later one. */
  #sending = 0;

  constructor(
    private readonly memoryBytes: number,
    private readonly owner: HeldBodyOwner,
  ) {}

  get isSpilled(): boolean {
    return this.#fileBytes > 0 || this.#isWorking || this.#file !== null;
  }

  /** A disk operation is under way: stop reading from the client until `onHeldSettled`. */
  get isBusy(): boolean {
    return this.#isWorking;
  }

  append(buffer: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length === 0) return;
    if (length >= keptAsIsBytes) {
      this.#sealBlock();
      this.#blocks.push(buffer.subarray(start, end));
    } else this.#copy(buffer, start, end);
    this.bytes += length;
    this.#unwrittenBytes += length;
  }

  /** To be called after the pieces of one read were appended; then `keepWithinMemory`. */
  countChunk(): void {
    this.chunks++;
  }

  /** Moves what is too much into the file. When there is nothing to wait for, the request may go on before this returns. */
  keepWithinMemory(): void {
    if (this.bytes > this.memoryBytes) this.#spill();
  }

  /** Sends everything from the start; may be called again for a second attempt. */
  sendTo(sink: HeldBodySink): void {
    this.#sealBlock();
    this.#sink = sink;
    this.#sending++;
    this.#sentBlocks = 0;
    this.#sentFileBytes = 0;
    this.resume();
  }

  resume(): void {
    if (this.#sink === null || this.#isWorking || this.#isClosed) return;
    if (this.#sentFileBytes < this.#fileBytes) {
      this.#readFile();
      return;
    }
    while (this.#sentBlocks < this.#blocks.length) {
      if (!this.#sink.onHeldBytes(this.#blocks[this.#sentBlocks++]!)) return;
      if (this.#sink === null) return;
    }
    const sink = this.#sink;
    this.#sink = null;
    sink.onHeldSent();
  }

  /** Stops sending; the body stays. */
  stop(): void {
    this.#sink = null;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#sink = null;
    this.#blocks = [];
    this.#openBlock = null;
    if (!this.#isWorking) this.#closeFile();
  }

  #copy(buffer: Buffer, start: number, end: number): void {
    if (this.#openBlock === null || this.#openLength + end - start > blockBytes) {
      this.#sealBlock();
      this.#openBlock = Buffer.allocUnsafeSlow(end - start > 1024 ? blockBytes : 2048);
    }
    if (this.#openLength + end - start > this.#openBlock.length) {
      const grown = Buffer.allocUnsafeSlow(blockBytes);
      this.#openBlock.copy(grown, 0, 0, this.#openLength);
      this.#openBlock = grown;
    }
    buffer.copy(this.#openBlock, this.#openLength, start, end);
    this.#openLength += end - start;
  }

  #sealBlock(): void {
    if (this.#openBlock === null) return;
    if (this.#openLength > 0) this.#blocks.push(this.#openBlock.subarray(0, this.#openLength));
    this.#openBlock = null;
    this.#openLength = 0;
  }

  #spill(): void {
    if (this.#isWorking || this.#isClosed) return;
    this.#isWorking = true;
    if (this.#file !== null) {
      this.#writeFile();
      return;
    }
    const path = join(tmpdir(), `hopscope-body-${randomUUID()}`);
    open(path, 'wx+', 0o600, (error, file) => {
      if (error !== null) {
        this.#fail(error);
        return;
      }
      this.#file = file;
      unlink(path, (unlinkError) => {
        if (unlinkError !== null) this.#fail(unlinkError);
        else this.#writeFile();
      });
    });
  }

  #writeFile(): void {
    this.#sealBlock();
    const bytes = this.#blocks.length === 1 ? this.#blocks[0]! : Buffer.concat(this.#blocks);
    this.#blocks = [];
    this.#writeRest(bytes);
  }

  #writeRest(bytes: Buffer): void {
    if (bytes.length === 0 || this.#isClosed) {
      this.#settle();
      return;
    }
    write(this.#file!, bytes, 0, bytes.length, this.#fileBytes, (error, written) => {
      if (error !== null) {
        this.#fail(error);
        return;
      }
      this.#fileBytes += written;
      this.#unwrittenBytes -= written;
      this.#writeRest(bytes.subarray(written));
    });
  }

  #settle(): void {
    this.#isWorking = false;
    if (this.#isClosed) this.#closeFile();
    else if (this.#unwrittenBytes > 0) this.#spill();
    else this.owner.onHeldSettled();
  }

  #readFile(): void {
    this.#isWorking = true;
    const sending = this.#sending;
    const wanted = Math.min(fileReadBytes, this.#fileBytes - this.#sentFileBytes);
    read(
      this.#file!,
      Buffer.allocUnsafeSlow(wanted),
      0,
      wanted,
      this.#sentFileBytes,
      (error, length, bytes) => {
        this.#isWorking = false;
        if (this.#isClosed) {
          this.#closeFile();
          return;
        }
        if (error !== null || length === 0) {
          this.#fail(error ?? new Error('the temporary file is shorter than what was written to it'));
          return;
        }
        if (sending !== this.#sending) {
          this.resume();
          return;
        }
        this.#sentFileBytes += length;
        if (this.#sink?.onHeldBytes(bytes.subarray(0, length)) === true) this.resume();
      },
    );
  }

  #fail(error: Error): void {
    this.#isWorking = false;
    if (this.#isClosed) this.#closeFile();
    else this.owner.onHeldFailed(error);
  }

  #closeFile(): void {
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    close(file, (error) => {
      if (error !== null) process.emitWarning(`a temporary file could not be closed: ${error.message}`);
    });
  }
}
