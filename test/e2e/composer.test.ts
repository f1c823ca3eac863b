// The composer in a real Chromium: a request in five pieces, seen in the diagram; a recorded one sent again; curl in and out.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';
import { takeFailurePictures } from '../helpers/failurePictures';

const soon = { timeout: 10_000 };

describe.skipIf(browserPath === null)('the composer', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-composer-'));
  const seen: string[] = [];
  const origin: Server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (data: Buffer) => {
      bytes += data.length;
    });
    request.on('end', () => {
      seen.push(`${request.method} ${request.url} ${bytes} ${request.headers['x-mine'] ?? ''}`.trim());
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ got: bytes }));
    });
  });
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let port = 0;

  const url = () => page.getByRole('combobox', { name: 'URL' });
  const response = () => page.getByRole('region', { name: 'Response', exact: true });
  const answered = (status: string) => response().getByText(status, { exact: true }).waitFor(soon);
  const requestTab = (name: string) =>
    page
      .getByRole('tablist', { name: 'Request' })
      .getByRole('tab', { name: new RegExp(`^${name}`) })
      .click();
  const diagram = () => page.frameLocator('iframe').locator('#stage');

  beforeAll(async () => {
    new WebSocketServer({ server: origin }).on('connection', (socket) => {
      socket.on('message', (data) => socket.send(`echo ${data}`));
    });
    await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done));
    port = await freePort();
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes: [{ id: shop, kind: http, listeners: [web], hostnames: [shop.test], backends: [{ pool: shop }] }]
pools: [{ id: shop, endpoints: [{ address: 127.0.0.1, port: ${(origin.address() as AddressInfo).port} }] }]
`,
    );
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
    await page.getByText('No traffic yet').waitFor(soon);
  });

  takeFailurePictures('composer', () => page);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    origin.closeAllConnections();
    origin.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('sends by N and Enter, and shows the answer beside its flow', async () => {
    await page.keyboard.press('n');
    expect(await url().inputValue()).toBe(`http://shop.test:${port}/`);
    await page.keyboard.press('Enter');
    await answered('200 OK');
    await response().getByText('"got": 0').waitFor(soon);
    await page.locator('.flow-heading', { hasText: `shop.test:${port}/` }).waitFor(soon);
    expect(seen).toEqual(['GET / 0']);
  });

  it('sends 61,000 bytes in five pieces with pauses, and the diagram says that the proxy held five chunks', async () => {
    await page.getByLabel('Method').fill('POST');
    await requestTab('Body');
    await page.getByRole('combobox', { name: 'Body', exact: true }).selectOption('fill');
    await page.getByLabel('Length').fill('61000');
    await requestTab('Chunks');
    await page.getByRole('combobox', { name: 'Send', exact: true }).selectOption('count');
    await page.getByLabel('Pause between them').fill('60');
    await page.keyboard.press('Control+Enter');
    await response().getByText('"got": 61000').waitFor(soon);
    await diagram()
      .getByText(/held 5 chunks, 59\.\d KB/)
      .waitFor(soon);
    await response().getByRole('tab', { name: 'Timeline' }).click();
    expect(
      await response()
        .getByText(/piece \d of 5$/)
        .count(),
    ).toBe(5);
    expect(seen.at(-1)).toBe('POST / 61000');
    // Recorded, it is taken over with the cuts that the proxy saw.
    await page.locator('.flow-heading').click();
    await page.keyboard.press('e');
    await page.getByText(/its 61000 bytes were not captured/).waitFor(soon);
    await requestTab('Chunks');
    expect(await page.getByLabel('Cut before byte').inputValue()).toMatch(/^\d+(, \d+){3}$/);
  });

  it('takes a curl command over, says what it leaves out, and can send what was recorded again', async () => {
    await page.getByRole('button', { name: 'curl and more' }).click();
    await page.getByText('Paste a curl command…').click();
    await page
      .getByRole('textbox', { name: 'Command' })
      .fill(`curl -X PUT --limit-rate 5k -H 'X-Mine: yes' -u ann:secret http://shop.test:${port}/cart`);
    await page.keyboard.press('Control+Enter');
    await page.getByText('Left out of the curl command: --limit-rate 5k.').waitFor(soon);
    await page.keyboard.press('Control+Enter');
    await answered('200 OK');
    await expect.poll(() => seen.at(-1)).toBe('PUT /cart 0 yes');
    // Recorded with a mask in place of the password: it must not be sent like that.
    await page.locator('.flow-heading', { hasText: '/cart' }).waitFor(soon);
    await page.locator('.flow-heading').click();
    await page.keyboard.press('a');
    await page.getByText(/the value of Authorization \(masked when it was recorded\)/).waitFor(soon);
    expect(seen).toHaveLength(3);
    await requestTab('Headers');
    await page.getByRole('textbox', { name: 'Headers' }).fill('X-Mine: again');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => seen.at(-1)).toBe('PUT /cart 0 again');
    const history = await page.evaluate(() => localStorage.getItem('hopscope.sent'));
    expect(history).toContain('/cart');
    expect(history).not.toContain('YW5uOnNlY3JldA');
  });

  it('speaks WebSocket, live', async () => {
    await page.getByRole('button', { name: 'WebSocket' }).click();
    await url().fill(`ws://shop.test:${port}/chat`);
    await page.keyboard.press('Enter');
    await page.getByPlaceholder('Message; Enter sends it').fill('hello');
    await page.keyboard.press('Enter');
    await response().getByText('echo hello').waitFor(soon);
    await response().getByRole('button', { name: 'Close', exact: true }).click();
    await response().getByText('closed by the client: 1000').waitFor(soon);
  });

  it('speaks WebSocket on a stream of HTTP/2', async () => {
    await page.getByRole('combobox', { name: 'HTTP version' }).selectOption('h2');
    await url().press('Enter');
    await response().getByText('open', { exact: true }).waitFor(soon);
    await page.getByPlaceholder('Message; Enter sends it').fill('on a stream');
    await page.keyboard.press('Enter');
    await response().getByText('echo on a stream').waitFor(soon);
    await response().getByRole('button', { name: 'Close', exact: true }).click();
    await response().getByText('closed by the client: 1000').waitFor(soon);
    await response().getByRole('tab', { name: 'Timeline' }).click();
    await response().getByText('HTTP/2 200 (stream 1)').waitFor(soon);
  });

  it('gives up on purpose, and has its form again after a reload, without secrets', async () => {
    await page.getByRole('button', { name: 'HTTP', exact: true }).click();
    await url().fill(`http://shop.test:${port}/given-up`);
    await page.getByLabel('Method').fill('POST');
    await requestTab('Headers');
    await page.getByRole('textbox', { name: 'Headers' }).fill('X-Mine: yes\nAuthorization: Bearer token1');
    await requestTab('Body');
    await page.getByRole('combobox', { name: 'Body', exact: true }).selectOption('fill');
    await page.getByLabel('Length').fill('6000');
    await requestTab('Chunks');
    await page.getByRole('combobox', { name: 'Send the body', exact: true }).selectOption('count');
    await page.getByRole('combobox', { name: 'Give up on purpose' }).selectOption('pieces');
    await page.keyboard.press('Control+Enter');
    await response().getByText('given up', { exact: true }).waitFor(soon);
    await response().getByText('the stream was reset (CANCEL)', { exact: false }).first().waitFor(soon);
    await page.locator('.flow-heading', { hasText: '/given-up' }).waitFor(soon);
    await page.reload();
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
    await page.locator('.flow-row').first().waitFor(soon);
    await page.keyboard.press('n');
    await page.getByText('Not kept since the page was left: secret headers.').waitFor(soon);
    expect(await url().inputValue()).toBe(`http://shop.test:${port}/given-up`);
    expect(await page.getByRole('textbox', { name: 'Headers' }).inputValue()).toBe(
      'X-Mine: yes\nAuthorization: •••',
    );
    await requestTab('Chunks');
    expect(await page.getByRole('combobox', { name: 'Give up on purpose' }).inputValue()).toBe('pieces');
  });

  it('has nothing for axe to find, in both themes', async () => {
    await page.getByRole('button', { name: 'HTTP', exact: true }).click();
    for (const theme of ['Dark', 'Light']) {
      await page.getByRole('button', { name: theme, exact: true }).click();
      for (const name of ['Headers', 'Body', 'Chunks', 'TLS', 'Repeat']) {
        await requestTab(name);
        expect(await axeViolations(page, { iframes: false }), `${theme} ${name}`).toEqual([]);
      }
    }
  });
});
