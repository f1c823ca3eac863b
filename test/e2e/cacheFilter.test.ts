// A cache added by clicking: what it has stored is counted in the form, and a confirmed click empties it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { browserPath, openBrowser } from '../helpers/browser';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-cache-'));
const origin = createServer((_request, response) => {
  response.writeHead(200, { 'cache-control': 'max-age=600', 'content-type': 'text/plain' }).end('hello');
});

describe.skipIf(browserPath === null)("the cache filter's form", () => {
  let app: AppUnderTest;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;

  beforeAll(async () => {
    await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done));
    const { port } = origin.address() as AddressInfo;
    writeFileSync(
      join(folder, 'workspace.yaml'),
      `schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: http }
routes:
  - { id: shop, kind: http, listeners: [web], backends: [{ pool: tea }] }
pools:
  - { id: tea, endpoints: [{ address: 127.0.0.1, port: ${port} }] }
`,
    );
    app = await startApp(folder);
    browser = await openBrowser({ width: 1440, height: 900, colorScheme: 'light' });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    await page.goto(app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    origin.closeAllConnections();
    origin.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('counts what is stored, lists it, and empties it after a question', async () => {
    await page.locator('.react-flow__node[data-id="route:shop"]').click();
    const add = page.getByRole('button', { name: 'Add filter' });
    if (!(await add.isVisible())) await page.locator('summary', { hasText: 'Filters' }).click();
    await add.click();
    await page.getByRole('menuitem', { name: 'Cache' }).click();
    await page.getByText('Once it is applied, what it has stored is counted here.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Apply now' }).click();
    await page.getByText('Everything is applied').waitFor();

    const listening = await page.getByText(/listening on \d+/).innerText();
    const address = `http://127.0.0.1:${/\d+/.exec(listening)![0]}`;
    for (const path of ['/a', '/a', '/a', '/b']) await (await fetch(address + path)).text();
    await page.getByText('50 % of 4 requests').waitFor();

    await page.getByRole('button', { name: 'Entries' }).click();
    const rows = page.getByRole('dialog').locator('tbody tr');
    await page.getByLabel('Find in URLs').fill('/b');
    expect(await rows.count()).toBe(1);
    await page.getByRole('button', { name: `Remove ${address}/b` }).click();
    await page.getByText('No URL has this in it.').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Empty cache' }).click();
    await page
      .getByRole('dialog')
      .getByText(/^1 entry \(/)
      .waitFor();
    await page.getByRole('button', { name: 'Empty', exact: true }).click();
    await page.getByText('1 entry removed from the cache.').waitFor();
    expect((await fetch(`${address}/a`)).headers.get('cache-status')).toMatch(/fwd=miss/);
  });
});
