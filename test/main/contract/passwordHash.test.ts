import { describe, expect, it } from 'vitest';
import { parsePasswordHash } from '../../../main/contract/passwordHash';
import { parseWorkspace } from '../../../main/contract/validateConfig';
import { hashPassword, verifyPassword } from '../../../main/engine/filter/scrypt';

const salt = 'c2FsdHNhbHQ=';
const hash = 'MDEyMzQ1Njc4OWFiY2RlZg==';

describe('a password hash', () => {
  it('is read into its parts', () => {
    expect(parsePasswordHash(`scrypt:1024:8:1:${salt}:${hash}`)).toEqual({
      ok: true,
      hash: { cost: 1024, blockSize: 8, parallelization: 1, salt, hash, hashBytes: 16 },
    });
  });

  it.each([
    'hunter2',
    `bcrypt:1024:8:1:${salt}:${hash}`,
    `scrypt:1000:8:1:${salt}:${hash}`,
    `scrypt:1:8:1:${salt}:${hash}`,
    `scrypt:1024:0:1:${salt}:${hash}`,
    `scrypt:1024:8:1.5:${salt}:${hash}`,
    `scrypt:1048576:8:1:${salt}:${hash}`,
    `scrypt:2:1:900000:${salt}:${hash}`,
    `scrypt:65536:8:64:${salt}:${hash}`,
    `scrypt:1024:8:1:c2FsdA==:${hash}`,
    `scrypt:1024:8:1:${salt}:c2hvcnQ=`,
    `scrypt:1024:8:1:${salt}:not base64!`,
    `scrypt:1024:8:1:${salt}:${hash}:more`,
  ])('%s is none', (text) => {
    expect(parsePasswordHash(text).ok).toBe(false);
  });

  it('that is none is said at the user, without quoting what may be a password', () => {
    const { workspace, issues } = parseWorkspace({
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
      routes: [
        {
          id: 'all',
          kind: 'http',
          listeners: ['web'],
          filters: [{ type: 'basicAuth', users: { ann: 'hunter2' } }, { type: 'respond' }],
        },
      ],
    });
    expect(workspace).toBeNull();
    expect(issues.map(({ path }) => path.slice(3))).toEqual([[0, 'users', 'ann']]);
    expect(JSON.stringify(issues)).not.toContain('hunter2');
  });

  it('made from a password is right for it and for no other', async () => {
    const parsed = parsePasswordHash(await hashPassword('pässword'));
    if (!parsed.ok) throw new Error(parsed.reason);
    const verify = (password: string) =>
      new Promise<boolean | null>((done) => verifyPassword(password, parsed.hash, done));
    expect(await verify('pa\u0308ssword')).toBe(true);
    expect(await verify('password')).toBe(false);
  });

  it('is not checked for more than a bounded number at once', async () => {
    const parsed = parsePasswordHash(`scrypt:1024:8:1:${salt}:${hash}`);
    if (!parsed.ok) throw new Error(parsed.reason);
    let finished = 0;
    const begun: (() => void)[] = [];
    await new Promise<void>((allDone) => {
      for (;;) {
        const giveUp = verifyPassword('x', parsed.hash, () => {
          if (++finished === begun.length) allDone();
        });
        if (giveUp === null) break;
        begun.push(giveUp);
      }
    });
    expect(begun.length).toBe(66);
  });
});
