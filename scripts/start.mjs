// `npm start`: the app in its Electron window; where that cannot be had, the same UI in the browser, and it says so.
// HOPSCOPE_HOST=electron or =browser forces one.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchElectron, findElectron } from './electronBinary.mjs';
import { ensureBuilt } from './ensureBuilt.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const electronPackage = join(root, 'node_modules', 'electron');
const args = process.argv.slice(2);
const host = process.env.HOPSCOPE_HOST || 'any';

if (!['any', 'electron', 'browser'].includes(host)) {
  process.stderr.write(`HOPSCOPE_HOST is "${host}"; it can be electron or browser.\n`);
  process.exit(2);
}
ensureBuilt();
if (host === 'browser') await startBrowser(null);
else await startElectron();

async function startElectron() {
  const obstacle = host === 'electron' ? null : obstacleHere();
  if (obstacle !== null) return startBrowser(obstacle);
  let program = findElectron(electronPackage);
  if (program === null) {
    process.stderr.write('Fetching Electron (about 110 MB, only the first time)…\n');
    const reason = await fetchElectron(electronPackage);
    program = findElectron(electronPackage);
    if (program === null) return withoutElectron(`Electron could not be fetched (${reason})`);
  }
  const child = spawn(program, [root, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined); // Ctrl-C reaches Electron too; wait for it to close down
  child.on('error', (error) => withoutElectron(`Electron could not be started (${error.message})`));
  child.on('exit', (code, signal) => {
    // 0 and 1 are ours: it ran, or it said itself why it cannot. Anything else is Electron failing on this machine.
    if (code === 0 || code === 1 || signal === 'SIGTERM' || signal === 'SIGINT') process.exit(code ?? 0);
    withoutElectron(`Electron stopped with ${signal ?? `exit code ${code}`}`);
  });
}

/** Why Electron need not even be tried; null = nothing speaks against it. */
function obstacleHere() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'There is no display here';
  // Chromium's sandbox does not work as root, and the app does not run without it.
  if (process.getuid() === 0) return 'Electron does not run as root';
  return null;
}

async function withoutElectron(reason) {
  if (host !== 'electron') return startBrowser(reason);
  process.stderr.write(`${reason}. Start with HOPSCOPE_HOST=browser to use the browser instead.\n`);
  process.exit(1);
}

/** `reason` = why it is not the window; null = the browser was asked for. */
async function startBrowser(reason) {
  const notice = `${reason}, so Hopscope runs in your browser instead of its own window.`;
  const cli = new URL('../dist/main/cli.js', import.meta.url);
  const noticeArgs = reason === null ? [] : ['--notice', notice];
  process.argv = [process.execPath, fileURLToPath(cli), 'ui', ...noticeArgs, ...args];
  await import(cli.href);
}
