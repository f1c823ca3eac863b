import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFile } from '../../../main/services/configFile';

let folder = '';
let file: ConfigFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-file-'));
  file = new ConfigFile(join(folder, 'workspace.yaml'));
});
afterEach(async () => {
  file.close();
  await rm(folder, { recursive: true });
});

/** Resolves at each change; rejects where the system cannot watch. */
function changes() {
  let count = 0;
  let wake: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  file.watch(
    () => {
      count++;
      wake();
    },
    (message) => fail(new Error(message)),
  );
  return {
    count: () => count,
    next: () =>
      new Promise<void>((resolve, reject) => {
        wake = resolve;
        fail = reject;
      }),
  };
}

describe('ConfigFile', () => {
  it('reads nothing where no file is, and what was written where one is', async () => {
    expect(await file.read()).toBeNull();
    await file.write('a: 1\n');
    expect(await file.read()).toBe('a: 1\n');
  });

  it('keeps the permissions and the link of the file', async () => {
    const target = join(folder, 'real.yaml');
    await writeFile(target, 'a: 1\n');
    await chmod(target, 0o640);
    await symlink(target, file.path);
    await file.write('a: 2\n');
    expect(await readFile(target, 'utf8')).toBe('a: 2\n');
    expect((await stat(target)).mode & 0o777).toBe(0o640);
  });

  it('says in one sentence what it cannot read or write', async () => {
    await expect(new ConfigFile(folder).read()).rejects.toThrow(`${folder} is not a file`);
    const below = new ConfigFile(join(folder, 'x', 'y'));
    await writeFile(join(folder, 'x'), '');
    await expect(below.write('')).rejects.toMatchObject({ code: 'disk_failed' });
  });

  it('tells of a save in place', async () => {
    await file.write('a: 1\n');
    const seen = changes();
    const next = seen.next();
    await writeFile(file.path, 'a: 2\n');
    await next;
    expect(await file.read()).toBe('a: 2\n');
  });

  it('tells of a save that renames a new file over the old one, twice', async () => {
    await file.write('a: 1\n');
    const seen = changes();
    for (const text of ['a: 2\n', 'a: 3\n']) {
      const next = seen.next();
      await writeFile(join(folder, 'swap'), text);
      await rename(join(folder, 'swap'), file.path);
      await next;
      expect(await file.read()).toBe(text);
    }
  });

  it('does not tell of our own writes, nor of saves that change nothing', async () => {
    await file.write('a: 1\n');
    // A second reader of the same file, to which our writes are foreign, proves that the system told of them.
    const stranger = new ConfigFile(file.path);
    await stranger.read();
    const told = new Promise<void>((resolve, reject) => stranger.watch(resolve, reject));
    const seen = changes();
    await file.write('a: 2\n');
    await writeFile(file.path, 'a: 2\n');
    await told;
    stranger.close();
    const next = seen.next();
    await writeFile(file.path, 'a: 3\n');
    await next;
    expect(seen.count()).toBe(1);
  });
});
