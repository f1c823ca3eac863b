// A file of lines that never grows without end: at a size it becomes PATH.1, what was PATH.1 becomes PATH.2, and the
// oldest goes. Lines wait in memory, bounded; while the disk does not take them, new ones are dropped and counted.
import { type FileHandle, open, rename, rm } from 'node:fs/promises';

export interface RotatingFileOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** Older files beside the current one; 0 = begin anew. */
  readonly keep: number;
  readonly onProblem: (message: string) => void;
}

const maxWaitingCharacters = 8_388_608;
const flushAfterMs = 200;
const flushAtCharacters = 262_144;
const retryAfterMs = 1000;

export class RotatingFile {
  #file: FileHandle | null;
  #bytes: number;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #isReopenAsked = false;
  #isFailing = false;
  #isClosed = false;
  #dropped = 0;

  private constructor(
    private readonly options: RotatingFileOptions,
    file: FileHandle,
    bytes: number,
  ) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** Appends to what is there. Rejects with the system's error. The file is only for its owner to read. */
  static async open(options: RotatingFileOptions): Promise<RotatingFile> {
    const { file, bytes } = await openToAppend(options.path);
    return new RotatingFile(options, file, bytes);
  }

  /** Lines that were dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** `line` with its line end. */
  write(line: string): void {
    if (this.#isClosed || this.#waitingCharacters + line.length > maxWaitingCharacters) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    if (this.#waitingCharacters >= flushAtCharacters && !this.#isFailing) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#isFailing ? retryAfterMs : flushAfterMs);
  }

  /** Somebody else moved the file away: opens it anew before the next line. */
  reopen(): void {
    this.#isReopenAsked = true;
    void this.#flush();
  }

  /** Writes what waits, if the disk takes it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flush();
    await this.#flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#file?.close().catch(() => undefined);
    this.#file = null;
  }

  #flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing ??= this.#writeWaiting()
      .then(
        () => this.#recovered(),
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        this.#writing = null;
      });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    if (this.#isReopenAsked || this.#file === null) await this.#openAgain();
    while (this.#waiting.length > 0) {
      const lines = this.#takeUntilFull();
      const bytes = Buffer.from(lines.join(''));
      await this.#append(bytes, lines);
      this.#bytes += bytes.length;
      if (this.#bytes >= this.options.maxBytes) await this.#rotate();
    }
  }

  /** Whole lines, about as many as the file has room for. */
  #takeUntilFull(): string[] {
    let count = 0;
    let room = this.options.maxBytes - this.#bytes;
    while (count < this.#waiting.length && (room > 0 || count === 0)) room -= this.#waiting[count++]!.length;
    const taken = this.#waiting.splice(0, count);
    for (const line of taken) this.#waitingCharacters -= line.length;
    return taken;
  }

  /** A full disk may have taken a part: the file is cut back to whole lines, and the lines wait for the next attempt. */
  async #append(bytes: Buffer, lines: readonly string[]): Promise<void> {
    const file = this.#file!;
    try {
      let written = 0;
      while (written < bytes.length) written += (await file.write(bytes, written)).bytesWritten;
    } catch (error) {
      await file.truncate(this.#bytes).catch(() => undefined);
      this.#waiting = [...lines, ...this.#waiting];
      for (const line of lines) this.#waitingCharacters += line.length;
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    const { path, keep } = this.options;
    await this.#file?.close();
    this.#file = null;
    await rm(`${path}.${keep}`, { force: true });
    for (let number = keep; number > 0; number--) {
      await rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`).catch(ignoreMissing);
    }
    if (keep === 0) await rm(path, { force: true });
    await this.#openAgain();
  }

  async #openAgain(): Promise<void> {
    this.#isReopenAsked = false;
    await this.#file?.close();
    this.#file = null;
    const { file, bytes } = await openToAppend(this.options.path);
    this.#file = file;
    this.#bytes = bytes;
  }

  #failed(error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#isFailing) this.options.onProblem(`${this.options.path} cannot be written: ${why}`);
    this.#isFailing = true;
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#flush(), retryAfterMs);
  }

  #recovered(): void {
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.options.onProblem(
      `${this.options.path} is written again; ${this.#dropped} lines were dropped so far`,
    );
  }
}

async function openToAppend(path: string): Promise<{ file: FileHandle; bytes: number }> {
  const file = await open(path, 'a', 0o600);
  const { size } = await file.stat();
  return { file, bytes: size };
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
