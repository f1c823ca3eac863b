import { mkdtemp, readdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotatingFile } from '../../../main/services/rotatingFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-lines-'));
});
afterEach(() => rm(folder, { recursive: true }));

const line = (number: number) => `line ${String(number).padStart(4, '0')}\n`;

async function open(path: string, options: { maxBytes?: number; keep?: number } = {}) {
  const problems: string[] = [];
  const file = await RotatingFile.open({
    path,
    maxBytes: options.maxBytes ?? 1_000_000,
    keep: options.keep ?? 2,
    onProblem: (message) => problems.push(message),
  });
  return { file, problems };
}

describe('RotatingFile', () => {
  it('rotates whole lines at a size, keeps so many older files, and loses nothing that it keeps', async () => {
    const path = join(folder, 'access.log');
    await writeFile(path, line(0));
    const { file } = await open(path, { maxBytes: 100 });
    for (let number = 1; number <= 35; number++) file.write(line(number));
    await file.close();
    expect((await readdir(folder)).sort()).toEqual(['access.log', 'access.log.1', 'access.log.2']);
    const texts = await Promise.all(['.2', '.1', ''].map((end) => readFile(path + end, 'utf8')));
    const kept = texts.join('');
    expect(kept.endsWith(line(35))).toBe(true);
    expect(
      kept
        .split('\n')
        .slice(0, -1)
        .every((text) => /^line \d{4}$/.test(text)),
    ).toBe(true);
    expect(kept.length).toBeGreaterThan(200);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(110);
  });

  it('goes on in a new file after somebody moved the old one and asked for it', async () => {
    const path = join(folder, 'access.log');
    const { file } = await open(path);
    file.write(line(1));
    file.reopen();
    await expect.poll(() => readFile(path, 'utf8')).toBe(line(1));
    await rename(path, join(folder, 'moved.log'));
    file.reopen();
    file.write(line(2));
    await file.close();
    expect(await readFile(path, 'utf8')).toBe(line(2));
  });

  it.runIf(process.platform === 'linux')(
    'survives a full disk, says so once, and goes on after it',
    async () => {
      const path = join(folder, 'access.log');
      await symlink('/dev/full', path);
      const { file, problems } = await open(path);
      file.write(line(1));
      await expect.poll(() => problems).toHaveLength(1);
      expect(problems[0]).toMatch(/cannot be written: .*ENOSPC/);
      await unlink(path);
      file.reopen();
      file.write(line(2));
      await expect.poll(() => problems, { timeout: 5000 }).toHaveLength(2);
      await file.close();
      expect(await readFile(path, 'utf8')).toBe(line(1) + line(2));
    },
  );

  it.runIf(process.platform === 'linux')(
    'holds a bounded number of lines for a disk that takes none',
    async () => {
      const path = join(folder, 'access.log');
      await symlink('/dev/full', path);
      const { file } = await open(path);
      const long = `${'x'.repeat(1_000_000)}\n`;
      for (let number = 0; number < 20; number++) file.write(long);
      expect(file.dropped).toBe(11);
      await file.close();
    },
  );
});
