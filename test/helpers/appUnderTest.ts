// Starts the app as `npm start` does where there is no window, on a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

// Linux without a display falls back to the browser by itself; elsewhere a window would open.
const forcedHost = process.platform === 'linux' ? { HOPSCOPE_HOST: '' } : { HOPSCOPE_HOST: 'browser' };

export interface AppUnderTest {
  /** With the one-time token. */
  readonly url: string;
  readonly output: () => string;
  /** Ends it as Ctrl-C does and resolves with the exit code. */
  stop(): Promise<number | null>;
}

export async function startApp(
  dataFolder: string,
  extraArguments: readonly string[] = [],
): Promise<AppUnderTest> {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...extraArguments], {
    cwd: root,
    env: {
      ...process.env,
      HOPSCOPE_DATA: dataFolder,
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
      ...forcedHost,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((done, fail) => {
    const read = (data: Buffer) => {
      output += data.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(output);
      if (found !== null) done(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) =>
      fail(new Error(`the app ended with ${code} before it printed its URL:\n${output}`)),
    );
  });
  return { url, output: () => output, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done(child.exitCode);
    child.once('exit', (code) => done(code));
    child.kill('SIGINT');
  });
}
