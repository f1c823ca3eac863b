import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSystemError, sweepTemporaries, writeFileAtomic } from '../../../main/platform/atomicFile';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-atomic-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('creates a file that only its owner may read, and leaves nothing else', async () => {
    await writeFileAtomic(join(folder, 'a.json'), '{}');
    expect(await readdir(folder)).toEqual(['a.json']);
    expect((await stat(join(folder, 'a.json'))).mode & 0o777).toBe(0o600);
  });

  it('replaces the content and takes the mode that is asked for', async () => {
    const file = join(folder, 'a.pem');
    await writeFile(file, 'old and longer');
    await writeFileAtomic(file, new TextEncoder().encode('new'), { mode: 0o644 });
    expect(await readFile(file, 'utf8')).toBe('new');
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  it('refuses to replace when it must create', async () => {
    const file = join(folder, 'a.json');
    await writeFile(file, 'kept');
    const error: unknown = await writeFileAtomic(file, 'new', { exclusive: true }).catch((e: unknown) => e);
    expect(isSystemError(error, 'EEXIST')).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('kept');
    expect(await readdir(folder)).toEqual(['a.json']);
  });

  it('lets exactly one of several writers create a file', async () => {
    const file = join(folder, 'a.json');
    const results = await Promise.allSettled(
      ['one', 'two', 'three', 'four'].map((text) => writeFileAtomic(file, text, { exclusive: true })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('keeps the old content and no leftovers when the name cannot be taken', async () => {
    await expect(writeFileAtomic(join(folder, 'missing', 'a'), 'x')).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows the whole old or the whole new content to a reader while it is rewritten and the writer is killed', async () => {
    const file = join(folder, 'a.txt');
    await writeFile(file, 'a'.repeat(200_000));
    // Another process swaps the content for ever, exactly as writeFileAtomic does, until it is killed.
    const source = `
      import { writeFileAtomic } from ${JSON.stringify(join(import.meta.dirname, '../../../main/platform/atomicFile.ts'))};
      for (let i = 0; ; i++) {
        await writeFileAtomic(${JSON.stringify(file)}, 'ab'[i % 2].repeat(200_000));
        if (i === 0) console.log('writing');
      }`;
    const script = join(folder, 'writer.ts');
    await writeFile(script, source);
    const vite = join(import.meta.dirname, '../../../node_modules/vite/dist/node/index.js');
    const runner = `
      import { createServer } from ${JSON.stringify(vite)};
      const server = await createServer({ configFile: false, root: ${JSON.stringify(folder)}, logLevel: 'silent', server: { middlewareMode: true, watch: null, ws: false, fs: { strict: false } } });
      await server.ssrLoadModule(${JSON.stringify(script)});`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', runner], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    for (let i = 0; i < 50; i++) expect(await readFile(file, 'utf8')).toMatch(/^(a{200000}|b{200000})$/);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect(await readFile(file, 'utf8')).toMatch(/^(a{200000}|b{200000})$/);
  });
});

describe('sweepTemporaries', () => {
  it('deletes old leftovers of its own only', async () => {
    const old = new Date(Date.now() - 7_200_000);
    for (const name of [
      '.a.json.0011.hopscope-tmp',
      '.b.json.0022.hopscope-tmp',
      '.c.json',
      'd.hopscope-tmp',
    ]) {
      await writeFile(join(folder, name), '');
      if (!name.startsWith('.b')) await utimes(join(folder, name), old, old);
    }
    await sweepTemporaries(folder);
    expect((await readdir(folder)).sort()).toEqual([
      '.b.json.0022.hopscope-tmp',
      '.c.json',
      'd.hopscope-tmp',
    ]);
  });

  it('takes a folder that is not there as clean', async () => {
    await expect(sweepTemporaries(join(folder, 'none'))).resolves.toBeUndefined();
  });
});
