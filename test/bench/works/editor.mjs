// How the canvas feels, in Chromium on the real app: frames while it is panned, from a key to the repainted screen, and from
// the click on Apply to traffic that goes the new way.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../../scripts/findBrowser.mjs';
import { clickApply, editOnce, panFrames } from '../editorPage.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const repeats = 15;
const titleOf = { frame: 'a frame while panning', edit: 'edit → repaint', apply: 'apply → traffic' };

export default {
  id: 'editor',
  order: 200,
  title: 'The canvas in Chromium: medians at 200 and 1,000 nodes',
  figure: { key: 'milliseconds', label: 'ms' },
  goals: [
    { row: `200 nodes, ${titleOf.frame}`, limit: 22.3, aim: 17 },
    { row: `200 nodes, ${titleOf.edit}`, limit: 32, aim: 17 },
    { row: `200 nodes, ${titleOf.apply}`, limit: 150, aim: 50 },
    { row: `1000 nodes, ${titleOf.frame}`, limit: 67, aim: 34 },
  ],
  unavailable: () => (findBrowser() === null ? 'no Chromium' : null),
  async run(processes) {
    const rows = [];
    for (const nodes of [200, 1000]) rows.push(...(await measure(join(processes.folder, `${nodes}`), nodes)));
    return { rows, skipped: [] };
  },
};

async function measure(folder, nodes) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'workspace.yaml'), JSON.stringify(workspaceOf(nodes)));
  const app = spawn(process.execPath, ['dist/main/cli.js', 'ui', '--no-open'], {
    cwd: root,
    env: { ...process.env, HOPSCOPE_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(await linkOf(app));
    await page.locator('.react-flow__node').first().waitFor();
    const port = await portOf(page);
    const frames = await page.evaluate(panFrames, { frames: 120, stepPixels: 7 });
    const edits = [];
    await page.locator('.react-flow__node[data-id="route:r0"]').click();
    await page.locator('[data-field="route.timeouts.requestMs"] input').waitFor({ state: 'attached' });
    for (let turn = 0; turn < repeats; turn++) edits.push(await page.evaluate(editOnce, String(1000 + turn)));
    const applies = [];
    for (const status of [403, 404, 410, 429, 503]) applies.push(await applyAndAsk(page, port, status));
    const row = (what, milliseconds) => ({ name: `${nodes} nodes, ${titleOf[what]}`, milliseconds });
    return [row('frame', median(frames)), row('edit', median(edits)), row('apply', median(applies))];
  } finally {
    await browser.close();
    app.kill('SIGINT');
    await once(app, 'exit');
  }
}

/** A listener and as many routes, pools and endpoints as make `nodes`; the first route answers itself. */
function workspaceOf(nodes) {
  const count = Math.floor((nodes - 2) / 3);
  const numbers = Array.from({ length: count }, (_, number) => number);
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: numbers.map((number) => ({
      id: `r${number}`,
      kind: 'http',
      listeners: ['web'],
      hostnames: [`r${number}.test`],
      ...(number === 0 ? { filters: [{ type: 'respond', status: 200 }] } : {}),
      backends: [{ pool: `p${number}` }],
    })),
    pools: numbers.map((number) => ({
      id: `p${number}`,
      endpoints: [{ address: '127.0.0.1', port: 20_000 + number }],
    })),
  };
}

async function linkOf(app) {
  let text = '';
  for await (const data of app.stdout) {
    text += data;
    const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(text);
    if (found !== null) return found[0];
  }
  throw new Error(`the app ended:\n${text}`);
}

async function portOf(page) {
  const words = await page.locator('.react-flow__node[data-id="listener:web"]').innerText();
  return Number(/listening on (\d+)/.exec(words)?.[1]);
}

/** From the click until a request gets the new answer. */
async function applyAndAsk(page, port, status) {
  await page.locator('[data-field="filter.respond.status"] select').selectOption(String(status));
  const startedAt = performance.now();
  const clicked = page.evaluate(clickApply);
  while ((await statusOf(port)) !== status) {
    if (performance.now() - startedAt > 10_000) throw new Error(`the answer never became ${status}`);
  }
  const milliseconds = performance.now() - startedAt;
  await clicked;
  await page.getByText('Everything is applied').waitFor();
  return milliseconds;
}

function statusOf(port) {
  return new Promise((done, fail) => {
    const request = get({ host: '127.0.0.1', port, headers: { host: 'r0.test' } }, (response) => {
      response.resume().once('end', () => done(response.statusCode));
    });
    request.once('error', fail);
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(1));
}
