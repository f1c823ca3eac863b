import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchElectron, findElectron } from '../../scripts/electronBinary.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-electron-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An electron package whose installer does this. */
const installer = (body: string) =>
  writeFile(
    join(folder, 'install.js'),
    `const fs = require('fs'); const os = require('os'); const path = require('path');\n${body}`,
  );

const success = `
  fs.mkdirSync(path.join(__dirname, 'dist'));
  fs.writeFileSync(path.join(__dirname, 'dist', 'electron'), '');
  fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');`;

describe('findElectron', () => {
  it('finds nothing before the installer ran, or when it did not finish', async () => {
    expect(findElectron(folder)).toBeNull();
    await writeFile(join(folder, 'path.txt'), 'electron');
    expect(findElectron(folder)).toBeNull();
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist', 'electron'), '');
    await chmod(join(folder, 'dist', 'electron'), 0o755);
    expect(findElectron(folder)).toBe(join(folder, 'dist', 'electron'));
  });
});

describe('fetchElectron', () => {
  it('runs the installer', async () => {
    await installer(success);
    expect(await fetchElectron(folder, 5000)).toBeNull();
    expect(findElectron(folder)).not.toBeNull();
  });

  it('says in a few words why the installer failed', async () => {
    await installer(
      `console.error('RequestError: getaddrinfo ENOTFOUND example.invalid\\n    at x (y.js:1:1)'); process.exit(1);`,
    );
    expect(await fetchElectron(folder, 5000)).toBe('getaddrinfo ENOTFOUND example.invalid');
    await installer('process.exit(3);');
    expect(await fetchElectron(folder, 5000)).toBe('its installer ended with 3');
  });

  it('gives up on an installer that claims success without a program', async () => {
    await installer('');
    expect(await fetchElectron(folder, 5000)).toBe('its installer ended with 0');
  });

  it('gives up when nothing arrives', async () => {
    await installer('setInterval(() => {}, 1000);');
    expect(await fetchElectron(folder, 1000)).toBe('nothing arrived for 1 seconds');
  });

  it('waits longer than that as long as something arrives', async () => {
    await installer(`
      const file = path.join(os.tmpdir(), 'part');
      let parts = 0;
      const timer = setInterval(() => {
        fs.appendFileSync(file, 'x');
        if (++parts < 12) return;
        clearInterval(timer);${success}
      }, 200);`);
    expect(await fetchElectron(folder, 1200)).toBeNull();
  });
});
