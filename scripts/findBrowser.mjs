// Finds the Chromium that drives the end-to-end tests and the screenshots; installs one where that is possible.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
    join(process.env[name] ?? '', 'Google/Chrome/Application/chrome.exe'),
  ),
];

/** Path of a Chromium, or null. HOPSCOPE_CHROMIUM names one explicitly. */
export function findBrowser() {
  const named = process.env.HOPSCOPE_CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const playwright = createRequire(import.meta.url)('playwright-core');
  const downloaded = playwright.chromium.executablePath();
  return downloaded !== '' && existsSync(downloaded) ? downloaded : null;
}

/** Like findBrowser, and tries Debian's package (as root) and then Playwright's download. */
export function findOrInstallBrowser() {
  const found = findBrowser();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('No Chromium found: installing the "chromium" package with apt-get…');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      {
        stdio: 'ignore',
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      },
    );
  } else {
    console.log('No Chromium found: downloading one with playwright-core…');
    const cli = createRequire(import.meta.url).resolve('playwright-core/cli.js');
    spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit', timeout: 300_000 });
  }
  return findBrowser();
}
