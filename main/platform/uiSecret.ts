// What the UI server's cookie is made of, kept over restarts: a page that is open when Hopscope ends and comes back is let in
// again, and no edit of it is lost. Readable by its owner only, like the keys beside it, and changed every 30 days.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, writeFileAtomic } from './atomicFile';

const fileName = 'ui-secret.json';
const longestMs = 30 * 24 * 3_600_000;
const secretPattern = /^[\w-]{43}$/;

/** The same secret for each start on this data folder. Rejects with the system's error when it cannot be kept. */
export async function readUiSecret(dataFolder: string, now: number = Date.now()): Promise<string> {
  const file = join(dataFolder, fileName);
  const kept = parseSecret(await textOf(file));
  if (kept !== null && now - kept.madeAt < longestMs && kept.madeAt <= now) return kept.secret;
  const secret = randomBytes(32).toString('base64url');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFileAtomic(file, `${JSON.stringify({ secret, madeAt: now })}\n`, { mode: 0o600 });
  return secret;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}

function parseSecret(text: string): { readonly secret: string; readonly madeAt: number } | null {
  try {
    const { secret, madeAt } = JSON.parse(text) as { secret?: unknown; madeAt?: unknown };
    if (typeof secret !== 'string' || !secretPattern.test(secret) || typeof madeAt !== 'number') return null;
    return { secret, madeAt };
  } catch {
    return null; // not what we wrote: a new one is made
  }
}
