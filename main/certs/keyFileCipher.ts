// Seals keys with AES-256-GCM by a random key in `vault.key` (0600) beside them: what stands against a copied or backed-up
// certificate file, not against who can read the whole folder. The system's key store is the stronger choice.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';
import { isSystemError, writeFileAtomic } from '../platform/atomicFile';

const layoutVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = 1 + nonceBytes + tagBytes;

/** The cipher of a store folder. The key file is made at the first `encrypt` and never replaced. */
export function keyFileCipher(folder: string): KeyCipher {
  const file = join(folder, 'vault.key');
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

function seal(bytes: Uint8Array, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([Buffer.of(layoutVersion), nonce, cipher.getAuthTag(), sealed]);
}

function unseal(bytes: Uint8Array, key: Uint8Array, file: string): Uint8Array {
  if (bytes.length < headerBytes || bytes[0] !== layoutVersion) {
    throw new AppError('disk_failed', 'the sealed key is damaged');
  }
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(1 + nonceBytes, headerBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(headerBytes)), decipher.final()]);
  } catch (cause) {
    throw new AppError('disk_failed', `the sealed key is damaged or was not sealed with ${file}`, { cause });
  }
}
