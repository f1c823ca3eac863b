// What leaves the Flows screen as a file, and comes back: by hand in a real Chromium, with real traffic.
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
import { harSchema } from '../helpers/harSchema';
import { readPcapng, readStreams } from '../helpers/pcapngReader';

const soon = { timeout: 10_000 };

describe.skipIf(browserPath === null)('taking flows away', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-take-'));
  const origin: Server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.end(`${incoming.method} ${incoming.url}\n`));
  });
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  let port = 0;

  const send = (path: string) =>
    new Promise<void>((done, fail) => {
      const headers = { host: 'shop.test', authorization: 'Basic c2VjcmV0' };
      const outgoing = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) =>
        response.resume().on('end', () => done()),
      );
      outgoing.on('error', fail);
      outgoing.end();
    });
  const row = (text: string) => page.locator('.flow-row').filter({ hasText: text }).first();
  const choose = async (text: string) => {
    await row(text).click({ position: { x: 150, y: 10 } });
    await page.locator('.flow-heading', { hasText: text }).waitFor(soon);
  };
  const takeAway = async (entry: string) => {
    await page.locator('.flow-heading').getByRole('button', { name: 'Take away' }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };
  const writeWorkspace = (capture: string) =>
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners: [{ id: web, port: ${port}, protocol: http }]
routes: [{ id: shop, kind: http, listeners: [web], backends: [{ pool: shop }] }]
pools: [{ id: shop, endpoints: [{ address: 127.0.0.1, port: ${(origin.address() as AddressInfo).port} }] }]
capture: { ${capture} }
`,
    );

  beforeAll(async () => {
    await new Promise<void>((done) => origin.listen(0, '127.0.0.1', done));
    port = await freePort();
    writeWorkspace('bodies: on');
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  });

  takeFailurePictures('take', () => page);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    origin.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('gives no packets while capture is not full, and says what is missing', async () => {
    await send('/masked');
    await row('/masked').waitFor(soon);
    await choose('/masked');
    await takeAway('Save packets as pcapng…');
    const dialog = page.getByRole('dialog', { name: 'Save packets for Wireshark?' });
    await dialog.getByText('Only while capture is full', { exact: false }).waitFor(soon);
    expect(await dialog.getByRole('button', { name: 'Save pcapng' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ ...soon, state: 'detached' });
  });

  it('gives packets of both sides after asking, once, and no frame carries them', async () => {
    writeWorkspace('headers: full, bodies: on');
    await page.getByText('full capture on', { exact: false }).waitFor(soon);
    await send('/open');
    await row('/open').waitFor(soon);
    await choose('/open');
    await takeAway('Save packets as pcapng…');
    const dialog = page.getByRole('dialog', { name: 'Save packets for Wireshark?' });
    await dialog.getByText('2 TCP connections', { exact: false }).waitFor(soon);
    await dialog.getByText('Whoever has the file', { exact: false }).waitFor(soon);
    expect(await axeViolations(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save pcapng' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^hopscope-\d{8}-\d{6}\.pcapng$/);
    const file = readPcapng(readFileSync(await download.path()));
    const [front, back] = readStreams(file.packets);
    expect(front!.fromOpener.toString()).toContain('GET /open HTTP/1.1');
    expect(front!.fromOpener.toString()).toContain('Basic c2VjcmV0');
    expect(back!.fromServer.toString()).toContain('GET /open\n');
    const remarks = file.packets.flatMap(({ comments }) => comments);
    expect(remarks).toContainEqual(expect.stringMatching(/^flow \d+: The client asks GET \/open/));
    expect(remarks).toContainEqual(expect.stringMatching(/^flow \d+: Route shop wins/));
    const again = await page.request.get(download.url());
    expect(again.status()).toBe(404);
  });

  it('saves a HAR that another program replays, as it travelled', async () => {
    await page.locator('.flow-heading').getByRole('button', { name: 'Take away' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^Save HAR/ }).click(),
    ]);
    const path = join(dataFolder, 'open.har');
    await download.saveAs(path);
    harSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    // Playwright's own reader of HAR answers from the file; nothing is asked of the network.
    const replay = await browser.context.newPage();
    await replay.routeFromHAR(path, { notFound: 'abort' });
    const answer = await replay.goto('http://shop.test/open');
    expect([answer?.status(), await answer?.text()]).toEqual([200, 'GET /open\n']);
    await expect(replay.goto('http://shop.test/other')).rejects.toThrow();
    await replay.close();
  });

  const banner = () => page.getByRole('region', { name: 'Capture file' });
  const saveList = async () => {
    await page.locator('.flows-toolbar').getByRole('button', { name: 'Take away' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('menuitem', {
          name: /Save capture file of \d+ flows?, without bodies|Save capture file of \d+ flows?$/,
        })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toBe('hopscope-flows.hopscope.ndjson');
    return download.path();
  };
  /** As a file that is dragged from a folder. */
  const drop = async (name: string, text: string) => {
    const data = await page.evaluateHandle(
      ({ name, text }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], name));
        return transfer;
      },
      { name, text },
    );
    const screen = page.getByRole('region', { name: 'Flows', exact: true });
    await screen.dispatchEvent('dragover', { dataTransfer: data });
    await screen.dispatchEvent('drop', { dataTransfer: data });
  };

  it('saves a capture file, opens it again without the engine, and goes back to live', async () => {
    const saved = readFileSync(await saveList(), 'utf8');
    const before = await page.locator('.flows-count').innerText();
    await page.getByRole('button', { name: 'Clear the list (C)' }).click();
    await page.getByText('No traffic yet').waitFor(soon);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a capture file' }).click(),
    ]);
    const path = join(dataFolder, 'monday.hopscope.ndjson');
    writeFileSync(path, saved);
    await chooser.setFiles(path);
    await banner().getByText('Capture file, not live:').waitFor(soon);
    await banner().getByText('monday.hopscope.ndjson').waitFor(soon);
    expect(await page.locator('.flows-count').innerText()).toBe(before);
    await choose('/masked');
    await page.frameLocator('iframe').locator('#stage').getByText('GET /masked').first().waitFor(soon);
    await page.getByRole('slider', { name: 'Step' }).fill('3');
    await page.locator('.diagram-position', { hasText: /^4 of / }).waitFor(soon);
    await page.getByRole('tab', { name: 'Headers', exact: true }).click();
    await page.getByText('•••').first().waitFor(soon);
    await page.getByRole('combobox', { name: 'Filter flows' }).fill('"/open"');
    await page.getByText(/^1 of \d flows$/).waitFor(soon);
    await page.getByRole('combobox', { name: 'Filter flows' }).fill('');
    // Its connections are those of another day: packets of today's with the same numbers would be a lie.
    await page.locator('.flow-heading').getByRole('button', { name: 'Take away' }).click();
    await page.getByRole('menuitem', { name: /Save HAR/ }).waitFor(soon);
    expect(await page.getByRole('menuitem', { name: /pcapng/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await axeViolations(page)).toEqual([]);
    await send('/meanwhile');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await row('/meanwhile').waitFor(soon);
    expect(await banner().count()).toBe(0);
    expect(await row('/masked').count()).toBe(0);
  });

  it('shows a capture file without the engine: hopscope ui --capture FILE', async () => {
    const viewer = await startApp(dataFolder, ['--capture', join(dataFolder, 'monday.hopscope.ndjson')]);
    const viewing = await browser.context.newPage();
    viewing.setDefaultTimeout(10_000);
    await viewing.goto(viewer.url);
    await viewing.getByRole('region', { name: 'Capture file' }).getByText('monday.hopscope.ndjson').waitFor();
    await viewing
      .locator('.flow-row')
      .filter({ hasText: '/masked' })
      .first()
      .click({ position: { x: 150, y: 10 } });
    await viewing.frameLocator('iframe').locator('#stage').getByText('GET /masked').first().waitFor();
    // What needs a running proxy is not offered.
    expect(await viewing.getByRole('navigation').count()).toBe(0);
    for (const name of ['Send a request', 'Back to live', 'Pause']) {
      expect(await viewing.getByRole('button', { name }).count(), name).toBe(0);
    }
    expect(await viewing.locator('.flow-heading').getByRole('button', { name: 'Route shop' }).count()).toBe(
      0,
    );
    expect(await axeViolations(viewing)).toEqual([]);
    await viewing.reload();
    await viewing.getByRole('region', { name: 'Capture file' }).waitFor();
    await viewing.close();
    expect(await viewer.stop()).toBe(0);
  });

  it('says what is wrong with a file, by line, and shows what it showed before', async () => {
    await drop('broken.ndjson', '{"kind":"hopscope.capture","version":9}\n');
    await page
      .getByText('broken.ndjson was not opened: line 1: the file has version 9', { exact: false })
      .waitFor(soon);
    await row('/meanwhile').waitFor(soon);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page
      .getByText('broken.ndjson was not opened', { exact: false })
      .waitFor({ ...soon, state: 'detached' });
    const event = { seq: 5, at: 10, wallTime: 1_700_000_000_000, flowId: 1, connectionId: 1 };
    const opened = {
      ...event,
      kind: 'flow.opened',
      flow: 'tcp',
      listener: 'old',
      revision: 1,
      client: { address: '::1', port: 7 },
    };
    await drop('log.ndjson', `${JSON.stringify(opened)}\n{"kind":"ch`);
    await banner().getByText('Its last line (2) is cut and was left out', { exact: false }).waitFor(soon);
    await row('old').waitFor(soon);
    await page.getByRole('button', { name: 'Back to live' }).click();
  });
});
