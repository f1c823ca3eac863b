// Seals keys with a random key that is itself sealed by a passphrase (scrypt, about 0.3 s and 128 MiB a try). Without the
// passphrase nothing can be opened, and changing it does not touch what is sealed.
import { randomBytes, scrypt } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../contract/appError';
import type { KeyCipher } from '../contract/keyCipher';
import { seal, unseal } from './aesSeal';
import { StoreFolder } from './storeFolder';

const cost = { N: 131_072, r: 8, p: 1 } as const;
const fileName = 'vault.passphrase.json';

const fileSchema = z.strictObject({
  format: z.literal('hopscope-passphrase'),
  version: z.literal(1),
  salt: z.base64(),
  /** The random key, sealed by what scrypt makes of the passphrase. */
  sealedKey: z.base64(),
});

type PassphraseFile = z.output<typeof fileSchema>;

export class PassphraseCipher implements KeyCipher {
  readonly protection = 'passphrase';
  #key: Uint8Array | null = null;

  private constructor(
    private readonly folder: StoreFolder,
    private readonly content: PassphraseFile,
  ) {}

  /** Locked. null = the store has no passphrase. */
  static async read(path: string): Promise<PassphraseCipher | null> {
    const folder = new StoreFolder(path);
    const content = await folder.read(fileName, fileSchema);
    return content === null ? null : new PassphraseCipher(folder, content);
  }

  /** Unlocked. Rejects with `already_exists` when there is one: unlock that first. */
  static async create(path: string, passphrase: string): Promise<PassphraseCipher> {
    const folder = new StoreFolder(path);
    await mkdir(path, { recursive: true, mode: 0o700 });
    const key = randomBytes(32);
    const content = await wrap(key, passphrase);
    await folder.create(fileName, content);
    return PassphraseCipher.#unlocked(folder, content, key);
  }

  /** The same key under another passphrase: nothing needs to be sealed again. No backup is kept, or the old one would go on working. */
  async changed(passphrase: string): Promise<PassphraseCipher> {
    const key = this.#openKey();
    const content = await wrap(key, passphrase);
    await this.folder.writeDerived(fileName, `${JSON.stringify(content, null, 1)}\n`, 0o600);
    return PassphraseCipher.#unlocked(this.folder, content, key);
  }

  static #unlocked(folder: StoreFolder, content: PassphraseFile, key: Uint8Array): PassphraseCipher {
    const cipher = new PassphraseCipher(folder, content);
    cipher.#key = key;
    return cipher;
  }

  get isLocked(): boolean {
    return this.#key === null;
  }

  /** The file is still the one that this was made from. */
  async isCurrent(): Promise<boolean> {
    return (await this.folder.read(fileName, fileSchema))?.sealedKey === this.content.sealedKey;
  }

  async unlock(passphrase: string): Promise<void> {
    const wrapping = await derive(passphrase, Buffer.from(this.content.salt, 'base64'));
    try {
      this.#key = unseal(Buffer.from(this.content.sealedKey, 'base64'), wrapping, 'this passphrase');
    } catch (cause) {
      throw new AppError('unauthorized', 'that is not the passphrase of this key store', { cause });
    }
  }

  /** What it sealed can never be opened again. */
  async remove(): Promise<void> {
    await rm(this.folder.file(fileName), { force: true });
  }

  async encrypt(bytes: Uint8Array): Promise<Uint8Array> {
    return seal(bytes, this.#openKey());
  }

  async decrypt(bytes: Uint8Array): Promise<Uint8Array> {
    return unseal(bytes, this.#openKey(), 'the passphrase of this key store');
  }

  #openKey(): Uint8Array {
    if (this.#key !== null) return this.#key;
    throw new AppError('unavailable', 'the key store is locked: give its passphrase');
  }
}

async function wrap(key: Uint8Array, passphrase: string): Promise<PassphraseFile> {
  const salt = randomBytes(16);
  return {
    format: 'hopscope-passphrase',
    version: 1,
    salt: salt.toString('base64'),
    sealedKey: Buffer.from(seal(key, await derive(passphrase, salt))).toString('base64'),
  };
}

function derive(passphrase: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // The same passphrase typed on two keyboards is the same bytes.
    const bytes = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
    scrypt(bytes, salt, 32, { ...cost, maxmem: 256 * 1024 * 1024 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
