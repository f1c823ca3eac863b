// `npm start`: the Electron window; where Electron's binary or a display cannot be had, the same app in the browser.
// HOPSCOPE_HOST=electron or =browser forces one of them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './ensureBuilt.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const electronFolder = join(root, 'node_modules', 'electron');
const downloadTimeoutMs = 10 * 60_000;
/** A window that dies with an error this soon never opened. */
const failedToOpenMs = 5000;

ensureBuilt();
const wanted = process.env.HOPSCOPE_HOST ?? 'any';
if (wanted === 'browser') runInBrowser('Running in your browser because HOPSCOPE_HOST=browser asks for it.');
else {
  const reason = whyNoWindow();
  if (reason === null) runInWindow(electronBinary());
  else if (wanted === 'electron') {
    console.error(`Cannot open the Electron window: ${reason}.`);
    process.exit(1);
  } else runInBrowser(`Running in your browser instead of a window: ${reason}.`);
}

/** null = Electron is here (fetched now if need be) and has a display. */
function whyNoWindow() {
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!hasDisplay) return 'this machine has no display';
  if (electronBinary() !== null) return null;
  console.log("Fetching Electron's binary, once (about 110 MB)…");
  const fetched = spawnSync(process.execPath, [join(electronFolder, 'install.js')], {
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: downloadTimeoutMs,
  });
  if (fetched.status === 0 && electronBinary() !== null) return null;
  return "Electron's binary could not be fetched (no way to its download server?)";
}

function electronBinary() {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist');
  const binary = join(folder, readFileSync(pathFile, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

function runInWindow(binary) {
  const startedAt = Date.now();
  const child = spawn(binary, [root, ...process.argv.slice(2)], { stdio: 'inherit' });
  passSignalsOn(child);
  child.on('exit', (code) => {
    const diedAtOnce = code !== 0 && code !== null && Date.now() - startedAt < failedToOpenMs;
    if (diedAtOnce && wanted !== 'electron') {
      runInBrowser(`Running in your browser instead of a window: Electron ended at once with code ${code}.`);
    } else process.exit(code ?? 0);
  });
}

function runInBrowser(notice) {
  const cli = join(root, 'dist', 'main', 'cli.js');
  const child = spawn(process.execPath, [cli, 'ui', '--notice', notice, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  passSignalsOn(child);
  child.on('exit', (code) => process.exit(code ?? 0));
}

function passSignalsOn(child) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
}
