// Makes diagrams of real traffic through the running app, one of each kind that the product is about: pictures of the
// screen, the drawings alone, their Mermaid text, and packet captures. `npm run diagrams [-- --out FOLDER] [-- --looks all]`
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { sceneTraffic } from './diagramTraffic.mjs';
import { ensureBuilt } from './ensureBuilt.mjs';
import { findOrInstallBrowser } from './findBrowser.mjs';
import { firstLink } from './firstLink.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(tmpdir(), 'hopscope-diagrams') },
    /** `all` = both themes and sizes of the window. */
    looks: { type: 'string', default: 'one' },
    /** Parts of names, with commas between them: only those scenes. */
    only: { type: 'string' },
  },
});
const sizes = { wide: { width: 1440, height: 900 }, small: { width: 1024, height: 640 } };
const looks =
  values.looks === 'all'
    ? ['light', 'dark'].flatMap((theme) => Object.keys(sizes).map((size) => ({ theme, size })))
    : [{ theme: 'light', size: 'wide' }];

const executablePath = findOrInstallBrowser();
if (executablePath === null) {
  console.error('diagrams need a Chromium: set HOPSCOPE_CHROMIUM to one');
  process.exit(2);
}
ensureBuilt();
mkdirSync(values.out, { recursive: true });
const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-diagrams-'));
const env = { ...process.env, HOPSCOPE_DATA: dataFolder };
const cli = (...args) =>
  execFileSync(process.execPath, ['dist/main/cli.js', ...args], { cwd: root, env, encoding: 'utf8' });
cli('cert', 'issue', 'shop.test', '--id', 'shop');
cli('cert', 'issue', 'bank.test', '--id', 'bank');
const traffic = await sceneTraffic({
  caPem: cli('cert', 'export', 'ca'),
  chainPem: cli('cert', 'export', 'bank', '--format', 'chain'),
  keyPem: cli('cert', 'export', 'bank', '--format', 'key', '--yes-export-key', '--plain-key'),
});
writeFileSync(join(dataFolder, 'workspace.yaml'), traffic.workspace);

const app = spawn(process.execPath, ['dist/main/cli.js', 'ui', '--no-open'], {
  cwd: root,
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const pairs = [
  { name: '12-compare-layers', label: 'L4 | L7' },
  { name: '13-compare-tls', label: 'Passthrough | terminate' },
  { name: '14-compare-buffering', label: 'Buffered | streamed' },
];
let taken = 0;
try {
  const page = await browser.newPage({ viewport: sizes.wide });
  page.setDefaultTimeout(15_000);
  await page.goto(await firstLink(app));
  await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  for (const scene of traffic.scenes) {
    if (!isWanted(scene.name)) continue;
    await scene.run();
    await show(page, scene);
    for (const look of looks) await picture(page, scene.name, look);
    await page.setViewportSize(sizes.wide);
    await save(page, `${scene.name}.mmd`, 'Copy', 'Save as Mermaid');
    await save(page, `${scene.name}.png`, 'Copy', 'Save as PNG');
    if (scene.packets) await savePackets(page, scene);
    if (scene.hasTls) await tabPictures(page, `${scene.name}-tls`, 'TLS');
  }
  for (const pair of pairs) if (isWanted(pair.name)) await comparePair(page, pair);
  if (isWanted('11-capture-file')) await openSaved(page);
} finally {
  await browser.close();
  app.kill('SIGINT');
  await new Promise((done) => app.once('exit', done));
  await traffic.close();
  rmSync(dataFolder, { recursive: true, force: true });
}
console.log(`diagrams: ${taken} pictures in ${values.out}`);

/** "Send through both", at its end and in the middle of it. */
async function comparePair(page, { name, label }) {
  await setFilter(page, '');
  await page.getByRole('button', { name: 'Send through both…' }).click();
  await page.getByRole('radio', { name: label }).check();
  await page.getByRole('button', { name: 'Send and compare' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  for (const look of looks) await picture(page, name, look);
  await page.getByRole('slider', { name: 'Step' }).fill('8');
  for (const look of looks) await picture(page, `${name}-step`, look);
  await page.setViewportSize(sizes.wide);
  await save(page, `${name}.md`, 'Copy', 'Save as Markdown with Mermaid', '.compare-head');
  await save(page, `${name}.png`, 'Copy', 'Save as PNG', '.compare-head');
  await page.getByRole('button', { name: 'End the comparison (Esc)' }).click();
}

function isWanted(name) {
  return values.only === undefined || values.only.split(',').some((part) => name.includes(part));
}

/** What it offers to complete would lie over the list. */
async function setFilter(page, text) {
  const filter = page.getByRole('combobox', { name: 'Filter flows' });
  await filter.fill(text);
  await filter.blur();
}

async function show(page, { filter, level, isWhole }) {
  await setFilter(page, filter);
  await page
    .locator('.flow-row')
    .first()
    .click({ position: { x: 150, y: 10 } });
  if (isWhole === true) {
    await page.getByRole('tab', { name: 'Connection', exact: true }).click();
    await page.getByRole('button', { name: /Draw all/ }).click();
  } else await page.getByRole('tab', { name: 'Diagram', exact: true }).click();
  await page.getByRole('button', { name: level, exact: true }).click();
  await page.frameLocator('iframe').locator('#stage svg[role]').waitFor();
  // A flow that is not over yet is drawn again and again.
  await page.locator('.flow-heading', { hasNotText: 'open' }).waitFor();
}

async function tabPictures(page, name, tab) {
  await page.getByRole('tab', { name: tab, exact: true }).click();
  for (const look of looks) await picture(page, name, look);
  await page.setViewportSize(sizes.wide);
}

/** Everything as a capture file, and that file opened again. */
async function openSaved(page) {
  await page.setViewportSize(sizes.wide);
  await setFilter(page, '');
  await page.locator('.flows-toolbar').getByRole('button', { name: 'Take away' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: /Save capture file .*with bodies/ }).click(),
  ]);
  const file = join(values.out, download.suggestedFilename());
  await download.saveAs(file);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open a capture file' }).click(),
  ]);
  await chooser.setFiles(file);
  await page.getByText('Capture file, not live:').waitFor();
  for (const look of looks) await picture(page, '11-capture-file', look);
}

async function picture(page, name, { theme, size }) {
  await page.setViewportSize(sizes[size]);
  await page.emulateMedia({ colorScheme: theme });
  await page.mouse.move(2, 2);
  // The diagram is drawn anew for another theme, at most every quarter of a second.
  await page.waitForTimeout(1200);
  await page.screenshot({ path: join(values.out, `${name}-screen-${theme}-${size}.png`) });
  taken++;
}

async function save(page, name, menu, entry, where = '.diagram-controls') {
  await page.locator(where).getByRole('button', { name: menu, exact: true }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry, exact: true }).click(),
  ]);
  await download.saveAs(join(values.out, name));
  await page.getByRole('button', { name: 'Saved' }).waitFor({ state: 'detached' });
  taken++;
}

/** A pcapng of the flow, and what tshark reads in it where that is installed. */
async function savePackets(page, { name, isWhole }) {
  // Of a whole connection those of all its flows, which are what the list shows.
  await page
    .locator(isWhole === true ? '.flows-toolbar' : '.flow-heading')
    .getByRole('button', { name: 'Take away' })
    .click();
  await page.getByRole('menuitem', { name: 'Save packets as pcapng…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save packets for Wireshark?' });
  await dialog.getByText('Whoever has the file', { exact: false }).waitFor();
  for (const look of looks) await picture(page, `${name}-packets`, look);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save pcapng' }).click(),
  ]);
  const file = join(values.out, `${name}.pcapng`);
  await download.saveAs(file);
  const read = spawnSync('tshark', ['-r', file], { encoding: 'utf8' });
  if (read.error !== undefined) {
    console.warn(`${name}: tshark is not installed, so nothing read the packets`);
    return;
  }
  const trouble = spawnSync('tshark', ['-r', file, '-Y', 'tcp.analysis.flags or _ws.malformed'], {
    encoding: 'utf8',
  });
  const comments = spawnSync(
    'tshark',
    ['-r', file, '-Y', 'frame.comment', '-T', 'fields', '-e', 'frame.number', '-e', 'frame.comment'],
    { encoding: 'utf8' },
  );
  const text = `${read.stdout}\ncomments\n${comments.stdout}\ntroubles\n${trouble.stdout || 'none\n'}`;
  writeFileSync(join(values.out, `${name}.tshark.txt`), text);
}
