// The commands of the README as npm runs them: a signal must reach the program, and its exit code must come back.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it.skipIf(process.platform === 'win32')(
  'npm run hopscope passes SIGTERM on and exits 0 after the drain',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hopscope-npm-'));
    const file = join(folder, 'workspace.yaml');
    writeFileSync(file, 'schemaVersion: 1\nlisteners: [{ id: web, port: 0, protocol: http }]\n');
    const npm = spawn(
      'npm',
      ['run', '-s', 'hopscope', '--', 'serve', file, '--store', join(folder, 'store')],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const exited = new Promise<number | null>((done) => npm.once('exit', (code) => done(code)));
    try {
      for await (const line of createInterface({ input: npm.stdout })) {
        expect(JSON.parse(line)).toMatchObject({ event: 'ready', listeners: [{ id: 'web' }] });
        break;
      }
      npm.kill('SIGTERM');
      expect(await exited).toBe(0);
    } finally {
      npm.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
