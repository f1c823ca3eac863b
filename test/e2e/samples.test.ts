// The panel of the sample servers in a real Chromium: a port in use, starting, use on the canvas and through the proxy, stopping.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';

const flakyPort = 17_806;

describe.skipIf(browserPath === null)('the panel of the sample servers', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-samples-'));
  /** Has flaky's port, unless somebody else has it already. */
  const other: Server = createServer((socket) => socket.end());
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let port = 0;

  const row = (name: string) => page.getByRole('listitem', { name: `Sample ${name}`, exact: true });
  const openPanel = async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Sample servers');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Sample servers' }).waitFor();
  };
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then((response) => response.text());

  beforeAll(async () => {
    other.on('error', () => undefined);
    other.listen({ port: flakyPort, host: '127.0.0.1', exclusive: true });
    await Promise.race([once(other, 'listening'), once(other, 'error')]);
    port = await freePort();
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes: [{ id: shop, kind: http, listeners: [web], backends: [{ pool: shop }] }]
pools: [{ id: shop, endpoints: [{ address: 127.0.0.1, port: ${flakyPort} }] }]
`,
    );
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
    await page.locator('.react-flow__node[data-id="pool:shop"]').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    other.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('says that a port is in use, takes another one, and leads the endpoint there', async () => {
    await openPanel();
    await row('flaky').getByRole('button', { name: 'Start flaky' }).click();
    await row('flaky').getByText('running').waitFor();
    const words = row('flaky').getByText(/Another program uses port 17806, so flaky listens on \d+\./);
    const taken = /listens on (\d+)/.exec((await words.textContent()) ?? '')![1]!;
    await row('flaky').getByText('1 endpoint of the draft still leads to the other program.').waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await row('flaky')
      .getByRole('button', { name: `Lead it to ${taken}` })
      .click();
    await row('flaky').getByText('still leads').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.locator('.react-flow__node', { hasText: 'Sample: flaky' }).getByText(taken).waitFor();
  });

  it('serves through the proxy once it is applied, and counts', async () => {
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('revision 2', { exact: true }).waitFor();
    expect(await ask('/?share=0')).toBe('request 1: fine\n');
    expect(await ask('/?share=100&how=status&status=500')).toBe('request 2: failed on purpose\n');
    await openPanel();
    await row('flaky').getByText('2 served').waitFor();
  });

  it('stops, which the canvas says with a way to start it again', async () => {
    await row('flaky').getByRole('button', { name: 'Stop flaky' }).click();
    await row('flaky').getByText('stopped').waitFor();
    await page.keyboard.press('Escape');
    const node = page.locator('.react-flow__node', { hasText: 'Sample: flaky' });
    await node.getByText('not running').waitFor();
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(502);
    await node.getByRole('button', { name: 'Start sample flaky' }).click();
    await node.getByText('not running').waitFor({ state: 'detached' });
    expect(await ask('/?share=0')).toMatch(/fine/);
  });
});
