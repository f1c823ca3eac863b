// The workspace file: read, replaced whole, watched. The folder is watched, not the file, because editors save by renaming
// a new file over the old one; the content's hash decides, so our own writes and touched timestamps are no news.
import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../contract/appError';
import { isSystemError, writeFileAtomic } from '../platform/atomicFile';

const debounceMs = 50;
/** Larger files are refused before they are read. */
const maxFileBytes = 4 * 1024 * 1024;

export class ConfigFile {
  #knownHash: string | null = null;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(readonly path: string) {}

  /** The text as it is now; null = there is no such file. Rejects with `disk_failed` when it cannot be read. */
  async read(): Promise<string | null> {
    try {
      const stats = await stat(this.path);
      if (!stats.isFile()) throw new AppError('disk_failed', `${this.path} is not a file`);
      if (stats.size > maxFileBytes) throw new AppError('disk_failed', `${this.path} is larger than 4 MiB`);
      const text = await readFile(this.path, 'utf8');
      this.#knownHash = hashOf(text);
      return text;
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      if (isSystemError(cause, 'ENOENT')) return null;
      throw new AppError('disk_failed', `${this.path} cannot be read: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Replaces the content; a reader finds the old or the new, never a part. Permissions stay; a link stays a link. */
  async write(text: string): Promise<void> {
    try {
      await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
      const target = await realpath(this.path).catch((error: unknown) => {
        if (isSystemError(error, 'ENOENT')) return this.path;
        throw error;
      });
      await writeFileAtomic(target, text, { mode: await modeOf(target) });
      this.#knownHash = hashOf(text);
    } catch (cause) {
      throw new AppError('disk_failed', `${this.path} cannot be written: ${reasonOf(cause)}`, { cause });
    }
  }

  /** Keeps a copy beside the file, before something that could not be understood is replaced. Returns its path. */
  async keepCopy(text: string): Promise<string> {
    const copy = join(dirname(this.path), `${basename(this.path)}.rejected`);
    try {
      await writeFileAtomic(copy, text, { mode: await modeOf(this.path) });
    } catch (cause) {
      throw new AppError('disk_failed', `${copy} cannot be written: ${reasonOf(cause)}`, { cause });
    }
    return copy;
  }

  /** Calls back some 50 ms after somebody else changed the content. Does nothing where the system cannot watch. */
  watch(onChange: () => void, onProblem: (message: string) => void): void {
    const name = basename(this.path);
    const fail = (error: unknown) => onProblem(`${this.path} cannot be watched: ${reasonOf(error)}`);
    try {
      this.#watcher = watch(dirname(this.path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed === name) this.#armCheck(onChange);
      });
      this.#watcher.on('error', fail);
    } catch (error) {
      fail(error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#watcher?.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #armCheck(onChange: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#hasNewContent().then((isNew) => {
        if (isNew && !this.#isClosed) onChange();
      });
    }, debounceMs);
  }

  async #hasNewContent(): Promise<boolean> {
    try {
      return hashOf(await readFile(this.path, 'utf8')) !== this.#knownHash;
    } catch (error) {
      // Gone for the moment of a rename, or for good: what runs goes on. Anything else is told when it is read.
      return !isSystemError(error, 'ENOENT');
    }
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return 0o600; // a new file
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
