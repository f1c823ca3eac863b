// The folder of a store: JSON files that are written whole or not at all, read only when they are what they should be, and
// copied to "backup" before anything takes their place. A damaged file is named and never overwritten.
import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../contract/appError';
import { isSystemError, sweepTemporaries, writeFileAtomic } from '../platform/atomicFile';

const maxFileBytes = 1_048_576;
/** Of each file. */
const keptBackups = 5;

export class StoreFolder {
  constructor(readonly path: string) {}

  file(name: string): string {
    return join(this.path, name);
  }

  get backupFolder(): string {
    return join(this.path, 'backup');
  }

  async sweep(): Promise<void> {
    await sweepTemporaries(this.path);
  }

  /** A folder that is not there has none. */
  async names(): Promise<string[]> {
    try {
      return await readdir(this.path);
    } catch (cause) {
      if (isSystemError(cause, 'ENOENT')) return [];
      const message = `the certificate store ${this.path} cannot be read: ${reasonOf(cause)}`;
      throw new AppError('disk_failed', message, { cause });
    }
  }

  /** null = there is no such file. Rejects with a sentence that names the file when it is damaged. */
  async read<Output>(name: string, schema: z.ZodType<Output>): Promise<Output | null> {
    const file = this.file(name);
    let text: string;
    try {
      if ((await stat(file)).size > maxFileBytes) throw damaged(file, 'it is larger than 1 MiB');
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return null;
      if (error instanceof AppError) throw error;
      throw new AppError('disk_failed', `${file} cannot be read: ${reasonOf(error)}`, { cause: error });
    }
    return parse(file, text, schema);
  }

  /** Never replaces a file: `already_exists`. */
  async create(name: string, content: object): Promise<void> {
    await this.#write(name, content, true);
  }

  /** The old content goes to the backup folder first. */
  async replace(name: string, content: object): Promise<void> {
    await this.#keepBackup(name);
    await this.#write(name, content, false);
  }

  /** Into the backup folder. */
  async remove(name: string): Promise<void> {
    try {
      await this.#keepBackup(name);
      await rm(this.file(name), { force: true });
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      throw new AppError('disk_failed', `${this.file(name)} cannot be removed: ${reasonOf(cause)}`, {
        cause,
      });
    }
  }

  /** For what is made from the JSON files and may be made again: no backup. */
  async writeDerived(name: string, text: string, mode: number): Promise<void> {
    await writeFileAtomic(this.file(name), text, { mode });
  }

  /** The same, but only where there is none: rejects with the system's EEXIST. */
  async createDerived(name: string, text: string, mode: number): Promise<void> {
    await writeFileAtomic(this.file(name), text, { mode, exclusive: true });
  }

  async removeBackups(): Promise<void> {
    await rm(this.backupFolder, { recursive: true, force: true });
  }

  async #write(name: string, content: object, exclusive: boolean): Promise<void> {
    const file = this.file(name);
    try {
      // An existing folder keeps the permissions that its owner gave it; the files in it are 0600 in any case.
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      await writeFileAtomic(file, `${JSON.stringify(content, null, 1)}\n`, { exclusive });
    } catch (cause) {
      if (isSystemError(cause, 'EEXIST')) {
        throw new AppError('already_exists', `${file} was made by another process; try again`, { cause });
      }
      throw new AppError('disk_failed', `${file} cannot be written: ${reasonOf(cause)}`, { cause });
    }
  }

  async #keepBackup(name: string): Promise<void> {
    await mkdir(this.backupFolder, { recursive: true, mode: 0o700 });
    const stamp = new Date().toISOString().replace(/[:.]/g, '-');
    const backup = join(this.backupFolder, `${name}.${stamp}`);
    try {
      await link(this.file(name), backup);
    } catch (error) {
      if (isSystemError(error, 'ENOENT') || isSystemError(error, 'EEXIST')) return;
      // No hard links on this file system.
      await copyFile(this.file(name), `${backup}.part`);
      await rename(`${backup}.part`, backup);
    }
    const old = (await readdir(this.backupFolder)).filter((each) => each.startsWith(`${name}.`)).sort();
    for (const each of old.slice(0, -keptBackups)) await rm(join(this.backupFolder, each), { force: true });
  }
}

export function damaged(file: string, why: string): AppError {
  return new AppError(
    'disk_failed',
    `${file} is damaged (${why}); it was left as it is: put it back from a backup or move it away`,
  );
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parse<Output>(file: string, text: string, schema: z.ZodType<Output>): Output {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(file, 'it is not JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'the document';
  throw damaged(file, `"${field}" is missing or wrong`);
}
