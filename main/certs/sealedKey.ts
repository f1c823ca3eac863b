// Private keys as they rest in the files of the store: sealed, with the name of what sealed them.
import { z } from 'zod';
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';

export const sealedKeySchema = z.strictObject({
  protection: z.enum(['system', 'passphrase', 'keyFile']),
  /** What the cipher made of the PKCS#8 PEM. */
  sealed: z.base64(),
});

export type SealedKey = z.output<typeof sealedKeySchema>;

export async function sealKey(privateKeyPem: string, cipher: KeyCipher): Promise<SealedKey> {
  const sealed = await cipher.encrypt(new TextEncoder().encode(privateKeyPem));
  return { protection: cipher.protection, sealed: Buffer.from(sealed).toString('base64') };
}

/** Rejects with a sentence that may be shown; never quotes what was sealed. `ciphers`: every way to open keys that is there. */
export async function openKey(file: string, key: SealedKey, ciphers: readonly KeyCipher[]): Promise<string> {
  const cipher = ciphers.find((candidate) => candidate.protection === key.protection);
  if (cipher === undefined) {
    throw new AppError('unavailable', `it is protected by ${keepers[key.protection]}`);
  }
  try {
    return new TextDecoder().decode(await cipher.decrypt(Buffer.from(key.sealed, 'base64')));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('disk_failed', `it could not be unsealed from ${file}`);
  }
}

const keepers = {
  system: "the system's key store, which only the app's window can use",
  passphrase: 'a passphrase that was not given yet',
  keyFile: 'the key file of the store',
} as const;
