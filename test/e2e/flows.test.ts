// The Flows screen in a real Chromium with real traffic: the list and its language, the diagram step by step, every tab.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';
import { takeFailurePictures } from '../helpers/failurePictures';

const soon = { timeout: 10_000 };

describe.skipIf(browserPath === null)('the Flows screen', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-flows-'));
  const origin: Server = createServer((incoming, response) => {
    let bytes = 0;
    incoming.on('data', (data: Buffer) => {
      bytes += data.length;
    });
    incoming.on('end', () => {
      response.statusCode = incoming.url === '/broken' ? 500 : 200;
      response.setHeader('server', 'origin');
      response.end(`${incoming.method} ${incoming.url} ${bytes}\n`);
    });
  });
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let port = 0;

  const send = (path: string, method = 'GET', parts: readonly string[] = []) =>
    new Promise<number>((done, fail) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          headers: { host: 'shop.test', authorization: 'Basic c2VjcmV0' },
          agent: false,
        },
        (response) => response.resume().on('end', () => done(response.statusCode ?? 0)),
      );
      outgoing.on('error', fail);
      for (const part of parts) outgoing.write(part);
      outgoing.end();
    });
  const rows = () => page.locator('.flow-row');
  const row = (text: string) => rows().filter({ hasText: text }).first();
  const filter = async (text: string) => page.getByRole('combobox', { name: 'Filter flows' }).fill(text);
  const diagram = () => page.frameLocator('iframe').locator('#stage');
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  const press = (key: string) => page.keyboard.press(key);
  const choose = async (text: string) => {
    await row(text).click({ position: { x: 150, y: 10 } });
    await page.locator('.flow-heading', { hasText: text }).waitFor(soon);
  };

  beforeAll(async () => {
    await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done));
    port = await freePort();
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes:
  - id: shop
    kind: http
    listeners: [web]
    hostnames: [shop.test]
    filters: [{ type: responseHeaders, remove: [server] }]
    backends: [{ pool: shop }]
pools: [{ id: shop, endpoints: [{ address: 127.0.0.1, port: ${(origin.address() as AddressInfo).port} }] }]
capture: { bodies: on }
`,
    );
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
    await send('/cart');
    await send('/upload', 'POST', ['x'.repeat(3000), 'hello world']);
    await send('/broken');
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
    await row('/broken').waitFor(soon);
  });

  takeFailurePictures('flows', () => page);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    origin.closeAllConnections?.call(origin);
    origin.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('filters by a language that completes itself and says what is wrong', async () => {
    await press('/');
    await page.keyboard.type('stat');
    await page.getByRole('option', { name: /status>=500/ }).waitFor(soon);
    await press('ArrowDown');
    await press('Enter');
    await page.keyboard.type('500');
    await page.getByText('1 of 3 flows').waitFor(soon);
    expect(await rows().count()).toBe(1);
    await filter('status>=five');
    await page.getByText('"five" is not a number, like status>=500').waitFor(soon);
    expect(await rows().count()).toBe(1);
    await filter('-is:failed method:POST');
    await page.getByText('1 of 3 flows').waitFor(soon);
    await press('Enter');
    await filter('');
    await page.getByRole('option', { name: /-is:failed method:POST.*used before/ }).waitFor(soon);
    await press('Escape');
    await press('Escape');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('listbox');
  });

  it('is worked by keyboard: choose, pin, mark, pause, clear', async () => {
    await page.getByRole('listbox', { name: 'Flows, newest first' }).focus();
    await press('End');
    await page.locator('.flow-heading', { hasText: '/cart' }).waitFor(soon);
    await press('p');
    expect(await rows().first().textContent()).toContain('/cart');
    await press('3');
    expect(await rows().first().locator('.mark-green').count()).toBe(1);
    await press(' ');
    await page.getByRole('button', { name: 'Resume' }).waitFor(soon);
    await send('/unseen');
    expect(await row('/unseen').count()).toBe(0);
    await press(' ');
    await row('/unseen').waitFor(soon);
    await press('c');
    await page.waitForFunction(() => document.querySelectorAll('.flow-row').length === 1);
    expect(await rows().first().textContent()).toContain('/cart');
    await press('p');
    await send('/upload', 'POST', ['x'.repeat(3000), 'hello world']);
    await row('/upload').waitFor(soon);
  });

  it('widens a column by keyboard, and keeps it', async () => {
    const cell = page.locator('.flow-list-head .flow-cell', { hasText: 'Method' });
    const before = (await cell.boundingBox())!.width;
    await page.getByRole('button', { name: 'Choose columns' }).press('Enter');
    await page.getByRole('menuitemcheckbox', { name: 'Method' }).focus();
    await press('ArrowRight');
    await press('ArrowRight');
    await press('ArrowLeft');
    await press('Escape');
    expect((await cell.boundingBox())!.width).toBe(before + 12);
  });

  it('steps through the picture with the words beside it, and leads to the configuration', async () => {
    await choose('/upload');
    await page.getByRole('button', { name: 'Chunks' }).click();
    await diagram()
      .getByText(/head complete/)
      .first()
      .waitFor(soon);
    await page.getByRole('slider', { name: 'Step' }).fill('3');
    const panel = page.getByRole('region', { name: 'This step' });
    await panel.getByText('routes › shop').first().waitFor(soon);
    await diagram().locator('.row-current').first().waitFor(soon);
    const before = await page.locator('.diagram-position').textContent();
    await page.locator('.diagram-position').click();
    await press('ArrowRight');
    await page.waitForFunction(
      (text) => document.querySelector('.diagram-position')?.textContent !== text,
      before,
    );
    await diagram()
      .getByText(/head complete: POST/)
      .first()
      .click();
    await panel.getByText('The client asks POST /upload').waitFor(soon);
    await page.getByRole('button', { name: 'Play (S)' }).click();
    await page.getByRole('button', { name: 'Stop playing (S)' }).click();
    await page.getByRole('button', { name: 'Back to the newest (Esc)' }).click();
    await tab('Decisions');
    await page.getByRole('button', { name: 'routes › shop › filters › 1' }).first().click();
    await page.locator('.inspector details[open]', { hasText: 'Filters' }).first().waitFor(soon);
    // The very filter, not only its section.
    await page.waitForFunction(() => document.activeElement?.closest('[data-at="filters.0"]') !== null);
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  });

  it('tells headers, times, bytes and connections', async () => {
    await choose('/upload');
    await tab('Headers');
    await page.getByText(/removed by filter 1 \(responseHeaders\)/).waitFor(soon);
    await tab('Timing');
    expect(await page.locator('.timing tbody tr').allTextContents()).toEqual(
      expect.arrayContaining([expect.stringContaining('Held'), expect.stringContaining('Wait')]),
    );
    await page.getByText('body capture on').waitFor(soon);
    await tab('Bytes');
    await page.locator('.bytes-text', { hasText: 'xhello world' }).waitFor(soon);
    expect(await page.locator('.hex-row').first().textContent()).toContain('78 78 78 78');
    expect(await page.locator('body').textContent()).not.toContain('c2VjcmV0');
    await tab('Connection');
    await page.getByText('this one').first().waitFor(soon);
  });

  it('gives the diagram away as a picture that needs nothing else', async () => {
    await tab('Diagram');
    await diagram().locator('.messageText').first().waitFor(soon);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    const svg = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Save as SVG' }).click();
    const text = readFileSync(await (await svg).path(), 'utf8');
    expect(text).toMatch(/^<svg/);
    expect(text).not.toMatch(/var\(--|class="row-marker/);
    // The ground covers nothing: neither boxes, nor lifelines, nor their heads.
    expect(text.indexOf('<rect')).toBeLessThan(text.indexOf('<g'));
    expect(text).toContain('actor-top');
    await page.getByRole('button', { name: /Saved|Copy/ }).click();
    const png = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
    expect(
      readFileSync(await (await png).path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('takes a flow, and what the list shows, away as HAR, events and curl', async () => {
    await choose('/upload');
    const save = async (menu: number, entry: RegExp) => {
      await page.getByRole('button', { name: 'Take away' }).nth(menu).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: entry }).click(),
      ]);
      await expect.poll(() => page.getByRole('button', { name: 'Saved' }).count(), soon).toBe(0);
      return readFileSync(await file.path(), 'utf8');
    };
    const [entry] = JSON.parse(await save(1, /Save HAR/)).log.entries;
    expect(entry.request).toMatchObject({ method: 'POST', url: 'http://shop.test/upload', bodySize: 3011 });
    expect(entry.request.postData.text).toBe(`${'x'.repeat(3000)}hello world`);
    expect(entry.request.headers).toContainEqual({ name: 'authorization', value: '•••' });
    expect(entry.response).toMatchObject({ status: 200, content: { text: 'POST /upload 3011\n' } });
    expect(entry.serverIPAddress).toBe('127.0.0.1');
    // Every flow of this test is an HTTP exchange, so each that the list counts is an entry.
    const shown = Number(/^\d+/.exec(await page.locator('.flows-count').innerText())?.[0]);
    expect(shown).toBeGreaterThan(1);
    expect(JSON.parse(await save(0, /Save HAR/)).log.entries).toHaveLength(shown);
    const lines = (await save(1, /capture file, with bodies/)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(
      expect.arrayContaining(['hopscope.capture', 'route.matched', 'body.captured']),
    );
  });

  it('compares two flows, stepped together, by keyboard', async () => {
    await choose('/cart');
    await press('x');
    await choose('/upload');
    await press('x');
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await comparison.waitFor(soon);
    await page.frameLocator('iframe').first().locator('#stage svg[role]').waitFor(soon);
    expect(await comparison.locator('iframe').count()).toBeGreaterThanOrEqual(2);
    const text = await comparison.getByRole('table').innerText();
    expect(text).toMatch(/Written to endpoints\s+1 chunk/);
    expect(text).toContain('plaintext: head and body');
    await press('ArrowRight');
    await press('ArrowRight');
    await comparison.getByRole('status').filter({ hasText: '2 of ' }).waitFor(soon);
    await press('Escape');
    await press('Escape');
    await comparison.waitFor({ ...soon, state: 'detached' });
  });

  it('makes a route in the draft from a flow', async () => {
    await page.getByRole('button', { name: 'What to do with this flow' }).click();
    await page.getByRole('menuitem', { name: 'Make a route from this' }).click();
    await page.getByText('Route shop-upload is in the draft').waitFor(soon);
    await page
      .locator('.react-flow__node-route, .react-flow__node', { hasText: 'shop-upload' })
      .first()
      .waitFor(soon);
    await page.keyboard.press('Control+z');
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  });

  it.each(['light', 'dark'] as const)('has no accessibility problem in the %s theme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const name of ['Diagram', 'Decisions', 'Headers', 'Timing', 'Bytes', 'Connection', 'Events']) {
      await tab(name);
      const problems = await axeViolations(page, { iframes: false });
      expect(problems, name).toEqual([]);
    }
  });
});
