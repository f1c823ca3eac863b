// Files that must never be seen half-written: a reader, also after a crash or SIGKILL at any point, finds the old content
// or the new one. Write beside, fsync, then take the name.
import { randomBytes } from 'node:crypto';
import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface AtomicWriteOptions {
  /** Permissions of the file; default 0o600. */
  readonly mode?: number;
  /** Fail with the system's EEXIST instead of replacing a file of that name. */
  readonly exclusive?: boolean;
}

const temporarySuffix = '.hopscope-tmp';
const staleTemporaryMs = 3_600_000;

/** Replaces (or with `exclusive` creates) a file whole. Throws the system's error, then nothing of the old content is touched. */
export async function writeFileAtomic(
  file: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}${temporarySuffix}`);
  try {
    await writeWhole(temporary, data, options.mode ?? 0o600);
    if (options.exclusive === true) await link(temporary, file);
    else await rename(temporary, file);
  } finally {
    // Gone already after a rename; left over after a failure or a link.
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

/** Deletes what writers that were killed left in a folder more than an hour ago. A folder that is not there is no error. */
export async function sweepTemporaries(folder: string, now: number = Date.now()): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith('.') || !name.endsWith(temporarySuffix)) continue;
    const file = join(folder, name);
    const stats = await stat(file).catch(() => null); // its writer may finish meanwhile
    if (stats !== null && now - stats.mtimeMs > staleTemporaryMs) await rm(file, { force: true });
  }
}

/** True for the system's error of this code, e.g. `ENOENT`. */
export function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function writeWhole(file: string, data: string | Uint8Array, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the new name itself survive a power cut. Windows cannot open folders and needs no such step. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
