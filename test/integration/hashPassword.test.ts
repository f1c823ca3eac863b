// `hopscope hash-password` as a program: what it prints is what a basicAuth filter takes.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parsePasswordHash } from '../../main/contract/passwordHash';
import { verifyPassword } from '../../main/engine/filter/scrypt';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'main', 'cli.js');

it('prints the hash of the first line of stdin', async () => {
  const printed = execFileSync(process.execPath, [cli, 'hash-password'], {
    input: 'correct horse\r\nrest\n',
    encoding: 'utf8',
  });
  const parsed = parsePasswordHash(printed.trimEnd());
  if (!parsed.ok) throw new Error(parsed.reason);
  const isRight = await new Promise((done) => verifyPassword('correct horse', parsed.hash, done));
  expect(isRight).toBe(true);
});
