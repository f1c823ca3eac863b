// Builds dist/ when it is missing or older than its sources. Prints to stderr only, so that stdout stays machine-readable.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'dist', '.built');
const lock = join(root, 'node_modules', '.hopscope-build');
const sources = ['main', 'preload', 'renderer', 'vite.config.ts', 'package-lock.json'];
const staleLockMs = 120_000;

export function ensureBuilt() {
  if (isFresh()) return;
  waitForLock();
  try {
    if (isFresh()) return;
    process.stderr.write('Building Hopscope (a few seconds, only after a change)…\n');
    const startedAt = new Date(); // a file saved during the build makes the build stale
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const built = spawnSync(process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (built.status !== 0) {
      process.stderr.write(
        `${built.stdout ?? ''}${built.stderr ?? ''}\nThe build failed; run "npm run build" to see why.\n`,
      );
      process.exit(1);
    }
    writeFileSync(stamp, '');
    utimesSync(stamp, startedAt, startedAt);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isFresh() {
  if (!existsSync(stamp)) return false;
  return newestChange() <= statSync(stamp).mtimeMs;
}

function newestChange() {
  let newest = 0;
  const visit = (path) => {
    const stats = statSync(path);
    if (stats.mtimeMs > newest) newest = stats.mtimeMs;
    if (stats.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
  };
  for (const source of sources) {
    const path = join(root, source);
    if (existsSync(path)) visit(path);
  }
  return newest;
}

// mkdir is atomic: whoever makes the folder builds, everyone else waits for it to go.
function waitForLock() {
  const deadline = Date.now() + staleLockMs;
  for (;;) {
    try {
      mkdirSync(lock);
      return;
    } catch {
      const age = existsSync(lock) ? Date.now() - statSync(lock).mtimeMs : 0;
      if (age > staleLockMs || Date.now() > deadline) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt();
