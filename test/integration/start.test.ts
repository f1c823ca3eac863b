// `npm start` on a machine without a window. (That it really serves the UI is for the browser tests.)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
let dataFolder: string;
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'hopscope-start-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5 }));

function start(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: root,
    env: { ...process.env, HOPSCOPE_DATA: dataFolder, DISPLAY: '', WAYLAND_DISPLAY: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const more = (data: Buffer) => {
    output += data.toString();
    child.emit('output');
  };
  child.stdout.on('data', more);
  child.stderr.on('data', more);
  const printed = async (pattern: RegExp) => {
    while (!pattern.test(output)) await once(child, 'output');
    return output;
  };
  return { child, printed, output: () => output };
}

async function interrupt(child: ReturnType<typeof start>['child']): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = await exited;
  return code as number | null;
}

describe('npm start', () => {
  it.runIf(process.platform === 'linux')(
    'says in one sentence why the browser is used, and prints the link',
    async () => {
      const { child, printed } = start({ HOPSCOPE_HOST: '' });
      const output = await printed(/Open http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n/);
      const sentence =
        'There is no display here, so Hopscope runs in your browser instead of its own window.\n';
      expect(output.split(sentence)).toHaveLength(2);
      expect(await interrupt(child)).toBe(0);
    },
  );

  it('says nothing of the kind when the browser was asked for', async () => {
    const { child, printed } = start({ HOPSCOPE_HOST: 'browser' });
    const output = await printed(/Open http/);
    expect(output).not.toContain('instead of its own window');
    expect(await interrupt(child)).toBe(0);
  });

  it('refuses a host that does not exist', async () => {
    const { child, output } = start({ HOPSCOPE_HOST: 'tablet' });
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(output()).toBe('HOPSCOPE_HOST is "tablet"; it can be electron or browser.\n');
  });
});
