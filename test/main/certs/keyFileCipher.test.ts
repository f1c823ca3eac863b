import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';

const secret = new TextEncoder().encode('a private key');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-vault-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('keyFileCipher', () => {
  it('opens what it sealed, also from a new object, and keeps the key to its owner', async () => {
    const sealed = await keyFileCipher(folder).encrypt(secret);
    expect(Buffer.from(sealed).includes(Buffer.from(secret))).toBe(false);
    expect(new Uint8Array(await keyFileCipher(folder).decrypt(sealed))).toEqual(secret);
    expect((await stat(join(folder, 'vault.key'))).mode & 0o777).toBe(0o600);
  });

  it('never seals the same bytes twice alike', async () => {
    const cipher = keyFileCipher(folder);
    expect(await cipher.encrypt(secret)).not.toEqual(await cipher.encrypt(secret));
  });

  it('makes one key when several start at once', async () => {
    const ciphers = [1, 2, 3, 4].map(() => keyFileCipher(folder));
    const sealed = await Promise.all(ciphers.map((cipher) => cipher.encrypt(secret)));
    for (const bytes of sealed) {
      expect(new Uint8Array(await keyFileCipher(folder).decrypt(bytes))).toEqual(secret);
    }
  });

  it('refuses every change of a single byte', async () => {
    const cipher = keyFileCipher(folder);
    const sealed = await cipher.encrypt(secret);
    for (let i = 0; i < sealed.length; i++) {
      const changed = Uint8Array.from(sealed);
      changed[i]! ^= 1;
      await expect(cipher.decrypt(changed)).rejects.toThrow('damaged');
    }
    await expect(cipher.decrypt(sealed.subarray(0, 20))).rejects.toThrow('damaged');
  });

  it('names a damaged key file and leaves it as it is', async () => {
    const file = join(folder, 'vault.key');
    await writeFile(file, 'not a key');
    await expect(keyFileCipher(folder).encrypt(secret)).rejects.toThrow(`${file} is damaged`);
    expect(await readFile(file, 'utf8')).toBe('not a key');
  });

  it('says that the key file is missing, and works again once it is back', async () => {
    const sealed = await keyFileCipher(folder).encrypt(secret);
    const file = join(folder, 'vault.key');
    const kept = await readFile(file);
    await rm(file);
    const cipher = keyFileCipher(folder);
    await expect(cipher.decrypt(sealed)).rejects.toThrow(`${file} is missing`);
    await writeFile(file, kept);
    expect(new Uint8Array(await cipher.decrypt(sealed))).toEqual(secret);
  });
});
