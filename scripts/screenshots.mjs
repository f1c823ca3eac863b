// Takes the pictures of the README and of every screen from the running app: real listeners, real sample servers, real
// traffic. `npm run screenshots [-- --out FOLDER] [-- --all]`; --all adds small windows and the other theme.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ensureBuilt } from './ensureBuilt.mjs';
import { findOrInstallBrowser } from './findBrowser.mjs';
import { firstLink } from './firstLink.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'docs', 'screenshots') },
    all: { type: 'boolean', default: false },
  },
});
const sizes = { wide: { width: 1440, height: 900 }, small: { width: 1024, height: 640 } };
/** What the README shows; --all takes every screen in every theme and size. */
const shown = new Set(['routes-light-wide', 'flows-dark-wide']);

const executablePath = findOrInstallBrowser();
if (executablePath === null) {
  console.error('screenshots need a Chromium: set HOPSCOPE_CHROMIUM to one');
  process.exit(2);
}
ensureBuilt();
mkdirSync(values.out, { recursive: true });
const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-pictures-'));
const app = spawn(process.execPath, ['dist/main/cli.js', 'ui', '--no-open'], {
  cwd: root,
  env: { ...process.env, HOPSCOPE_DATA: dataFolder },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
let taken = 0;
try {
  const page = await browser.newPage({ viewport: sizes.wide });
  page.setDefaultTimeout(15_000);
  await page.goto(await firstLink(app));
  await page.getByRole('button', { name: 'Start sample servers' }).waitFor();
  await everyLook(page, 'start');
  await page.getByRole('button', { name: 'Start sample servers' }).click();
  await page.getByText('listening', { exact: true }).waitFor();
  const command = await page
    .locator('.inspector code, .inspector pre', { hasText: 'curl' })
    .first()
    .innerText();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(command)[1]);
  for (const path of ['/', '/pictures/1?size=large', '/basket', '/pictures/2']) await ask(port, path);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('200 OK').waitFor();
  await everyLook(page, 'routes');
  await open(page, 'Flows');
  await page
    .frameLocator('iframe')
    .getByText(/200 OK/)
    .first()
    .waitFor();
  await everyLook(page, 'flows');
  await open(page, 'Certificates');
  await everyLook(page, 'certificates');
} finally {
  await browser.close();
  app.kill('SIGINT');
  await new Promise((done) => app.once('exit', done));
  rmSync(dataFolder, { recursive: true, force: true });
}
console.log(`screenshots: ${taken} taken into ${values.out}`);

function ask(port, path) {
  return new Promise((done, fail) => {
    const request = get({ port, host: '127.0.0.1', path, headers: { host: 'hello.test' } }, (response) => {
      response.resume().once('end', done);
    });
    request.once('error', fail);
  });
}

async function open(page, screen) {
  await page.getByRole('navigation').getByText(screen, { exact: true }).click();
}

async function everyLook(page, screen) {
  for (const theme of ['light', 'dark']) {
    for (const [size, viewport] of Object.entries(sizes)) {
      const name = `${screen}-${theme}-${size}`;
      if (!values.all && !shown.has(name)) continue;
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: theme });
      await page.mouse.move(2, 2);
      // The diagram is drawn anew for another theme, at most every quarter of a second.
      await page.waitForTimeout(1200);
      const file = values.all ? `${name}.png` : `${screen}-${theme}.png`;
      await page.screenshot({ path: join(values.out, file) });
      taken++;
    }
  }
}
