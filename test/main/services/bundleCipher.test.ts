import { describe, expect, it } from 'vitest';
import { openBundle, sealBundle } from '../../../main/services/bundleCipher';

const content = Buffer.from('a workspace and its keys');

const sealed = await sealBundle(content, 'correct horse');

describe('the bundle envelope', () => {
  it('opens with its passphrase and with no other', async () => {
    expect(sealed.includes(content)).toBe(false);
    expect(await openBundle(sealed, 'correct horse')).toEqual(content);
    await expect(openBundle(sealed, 'wrong horse')).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('passphrase is wrong'),
    });
  });

  it('never makes the same file twice', async () => {
    expect(await sealBundle(content, 'correct horse')).not.toEqual(
      await sealBundle(content, 'correct horse'),
    );
  });

  const damages: readonly (readonly [string, (file: Buffer) => Buffer, string, RegExp])[] = [
    ['one bit of the content', (file) => flip(file, 45), 'unauthorized', /was changed/],
    ['one bit of the nonce', (file) => flip(file, 30), 'unauthorized', /was changed/],
    ['a cut end', (file) => file.subarray(0, -1), 'unauthorized', /was changed/],
    ['another version', (file) => set(file, 8, 2), 'invalid_input', /version 2/],
    ['a cost that would take gigabytes', (file) => set(file, 9, 30), 'invalid_input', /logN = 30; 14 to 18/],
    ['a cost that is too low', (file) => set(file, 9, 1), 'invalid_input', /logN = 1;/],
    [
      'another kind of file',
      () => Buffer.from('schemaVersion: 1\n'.repeat(9)),
      'invalid_input',
      /no Hopscope/,
    ],
    ['nothing', () => Buffer.alloc(0), 'invalid_input', /no Hopscope/],
  ];
  it.each(damages)('refuses %s', async (_name, damage, code, message) => {
    const file = damage(Buffer.from(sealed));
    await expect(openBundle(file, 'correct horse')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

function flip(file: Buffer, at: number): Buffer {
  return set(file, at, file[at]! ^ 1);
}

function set(file: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(file);
  copy[at] = value;
  return copy;
}
