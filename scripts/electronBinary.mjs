// Electron's npm package brings no program; it is fetched at first use, which not every machine can do.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The program of the electron package in this folder; null = it was not fetched (whole) yet. */
export function findElectron(packageFolder) {
  try {
    const name = readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim();
    const file = join(process.env.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist'), name);
    return name !== '' && existsSync(file) ? file : null;
  } catch {
    return null; // no path.txt: its installer never finished
  }
}

/**
 * Runs the package's own installer. Waits as long as bytes arrive, but not longer than `stallMs` without any.
 * Resolves to null when it worked, else to the reason in a few words.
 */
export function fetchElectron(packageFolder, stallMs = 30_000) {
  const downloads = mkdtempSync(join(tmpdir(), 'hopscope-electron-'));
  const env = { ...process.env, TMPDIR: downloads, TEMP: downloads, TMP: downloads };
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [join(packageFolder, 'install.js')], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let lastWords = '';
    installer.stderr.setEncoding('utf8').on('data', (text) => {
      lastWords = (lastWords + text).slice(0, 4000);
    });
    let size = 0;
    let grewAt = Date.now();
    const watch = setInterval(
      () => {
        const now = sizeOf(downloads);
        if (now !== size) grewAt = Date.now();
        size = now;
        if (Date.now() - grewAt >= stallMs)
          finish(`nothing arrived for ${Math.round(stallMs / 1000)} seconds`);
      },
      Math.min(500, stallMs / 4),
    );
    const finish = (reason) => {
      clearInterval(watch);
      installer.kill('SIGKILL');
      rmSync(downloads, { recursive: true, force: true });
      resolve(reason);
    };
    installer.on('error', (error) => finish(error.message));
    installer.on('exit', (code) => {
      if (code === 0 && findElectron(packageFolder) !== null) finish(null);
      else finish(reasonIn(lastWords) ?? `its installer ended with ${code}`);
    });
  });
}

/** "TypeError: fetch failed\n  at …\n cause: Error: getaddrinfo ENOTFOUND host" → the last line that names an error. */
function reasonIn(text) {
  const lines = text.split('\n').map((line) => line.trim());
  const named = lines.findLast((line) => /^(\[?cause\]?: )?\w*Error: /.test(line));
  const reason = named?.replace(/^(\[?cause\]?: )?\w*Error: /, '').replace(/ \{$/, '');
  if (reason === 'fetch failed') return 'its download site cannot be reached';
  return reason?.slice(0, 200) ?? null;
}

function sizeOf(folder) {
  let size = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) size += statSync(join(entry.parentPath ?? entry.path, entry.name)).size;
    }
  } catch {
    return size + 1; // the installer moves its files meanwhile: that is life too
  }
  return size;
}
