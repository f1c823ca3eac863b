// Seals keys with AES-256-GCM by a random key in `vault.key` (0600) beside them: what stands against a copied or backed-up
// certificate file, not against who can read the whole folder. The system's key store is the stronger choice.
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';
import { isSystemError, writeFileAtomic } from '../platform/atomicFile';
import { seal, unseal } from './aesSeal';

/** Where the key of a store folder lies. */
export function keyFileOf(folder: string): string {
  return join(folder, 'vault.key');
}

/** The cipher of a store folder. The key file is made at the first `encrypt` and never replaced. */
export function keyFileCipher(folder: string): KeyCipher {
  const file = keyFileOf(folder);
  let key: Promise<Uint8Array> | null = null;
  const keyOf = (read: () => Promise<Uint8Array>): Promise<Uint8Array> => {
    key ??= read().catch((error: unknown) => {
      key = null; // the file may be put back later
      throw error;
    });
    return key;
  };
  return {
    protection: 'keyFile',
    encrypt: async (bytes) => seal(bytes, await keyOf(() => readOrCreateKey(folder, file))),
    decrypt: async (bytes) => unseal(bytes, await keyOf(() => readKey(file)), file),
  };
}

async function readOrCreateKey(folder: string, file: string): Promise<Uint8Array> {
  const text = `${randomBytes(32).toString('hex')}\n`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await writeFileAtomic(file, text, { exclusive: true });
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
  return readKey(file);
}

async function readKey(file: string): Promise<Uint8Array> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const what = isSystemError(cause, 'ENOENT') ? 'is missing' : 'cannot be read';
    throw new AppError('disk_failed', `the key file ${file} ${what}; put it back from a backup`, { cause });
  }
  if (/^[0-9a-f]{64}\n?$/.test(text)) return Buffer.from(text.trim(), 'hex');
  throw new AppError('disk_failed', `the key file ${file} is damaged; put it back from a backup`);
}
