// Sample servers and "send through both" in a real Chromium.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../main/contract/flow';
import { captureFileOf } from '../../renderer/flows/takeAway/captureFile';
import type { TakenFlow } from '../../renderer/flows/takeAway/har';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';
import { type EventSketch, flowEvents, httpExchange } from '../helpers/flowEvents';
import { hostileTexts } from '../helpers/hostileTexts';
import { sizesOf, toldChunks, type WireWitness } from '../helpers/wireWitness';
import { type WitnessedEndpoint, WitnessedPeers } from '../helpers/witnessedPeers';

const soon = { timeout: 10_000 };
/** Set to keep pictures of what was seen. */

/** One request with a Content-Length, then an answer in one write. */
async function answerOnce(connection: WireWitness): Promise<void> {
  await connection.until(({ received }) => {
    const [head = '', ...body] = received.toString('latin1').split('\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    return length !== undefined && body.join('\r\n\r\n').length === Number(length);
  });
  connection.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nseen\n');
  await connection.until(({ endedFirst }) => endedFirst === 'other');
  connection.end();
}

/** Lone surrogates do not survive the way out of the browser. */
const wellFormed = (text: string) => Buffer.from(text).toString();

/** An exchange to which every hostile text was added as a header, and a sealed connection with a hostile server name. */
function hostilePair(): TakenFlow[] {
  const headers = hostileTexts.map((text) => [text, 'x'] as const);
  const [target, serverName] = [
    '/<img src=x onerror=window.hacked=1>',
    '</text></svg><script>window.hacked=1</script>',
  ];
  const exchange = httpExchange().map((sketch): EventSketch => {
    if (sketch.kind !== 'request.head') return sketch;
    return sketch.leg === 'upstream' ? { ...sketch, target, headers } : { ...sketch, target, headers: [] };
  });
  const client = { address: '127.0.0.1', port: 50_001 };
  const hello = { alpn: [], versions: [], groups: [], encryptedClientHello: false, bytes: 200 } as const;
  const sealed: EventSketch[] = [
    {
      kind: 'flow.opened',
      flow: 'tls',
      listener: serverName,
      client,
      revision: 1,
      flowId: 2,
      connectionId: 7,
    },
    { kind: 'tls.clientHello', serverName, ...hello, flowId: 2, connectionId: 7 },
    { kind: 'flow.closed', outcome: 'completed', durationMicroseconds: 10, flowId: 2, connectionId: 7 },
  ];
  return [flowEvents(exchange), flowEvents(sealed, 1000)].map((events) => {
    const own = events.filter(({ flowId }) => flowId !== 0);
    return { flow: own.reduce<Flow | undefined>((flow, event) => foldFlow(flow, event), undefined)!, events };
  });
}

describe.skipIf(browserPath === null)('sample servers and send through both', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-both-'));
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  const peers = new WitnessedPeers();
  let endpoint: WitnessedEndpoint;

  const row = (name: string) => page.getByRole('listitem', { name: `Sample ${name}`, exact: true });

  beforeAll(async () => {
    endpoint = await peers.endpoint(undefined, (connection) => void answerOnce(connection));
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners:
  - { id: web, port: ${await freePort()}, protocol: http }
  - { id: raw, port: ${await freePort()}, protocol: tcp }
routes:
  - { id: shop, kind: http, listeners: [web], matches: [{ path: { type: prefix, value: /shop } }], backends: [{ pool: shop }] }
  - { id: direct, kind: http, listeners: [web], matches: [{ path: { type: prefix, value: /direct } }], backends: [{ pool: direct }] }
  - { id: nowhere, kind: http, listeners: [web], matches: [{ path: { type: prefix, value: /nowhere } }], backends: [{ pool: shop }] }
  - { id: raw, kind: tcp, listeners: [raw], backends: [{ pool: direct }] }
pools:
  - { id: shop, endpoints: [] }
  - { id: direct, endpoints: [{ address: 127.0.0.1, port: ${endpoint.port} }] }
`,
    );
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await peers.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('starts a sample from the pool, adds it, and shows on the canvas that it was stopped', async () => {
    await page.locator('.react-flow__node[data-id="pool:shop"]').click();
    await page.getByRole('button', { name: 'Use a sample server…' }).click();
    await row('slow').getByText('stopped').waitFor(soon);
    await row('slow').getByRole('button', { name: 'Use slow as an endpoint' }).click();
    await row('slow').getByText('running').waitFor(soon);
    await row('slow').getByText('In the pool').waitFor(soon);
    expect(await axeViolations(page)).toEqual([]);
    await row('slow').getByRole('button', { name: 'Stop slow' }).click();
    await row('slow').getByText('stopped').waitFor(soon);
    await page.keyboard.press('Escape');
    const node = page.locator('.react-flow__node', { hasText: 'Sample: slow' });
    await node.getByText('not running').waitFor(soon);
    await node.getByRole('button', { name: 'Start sample slow' }).click();
    await node.getByText('not running').waitFor({ state: 'detached' });
    expect(await node.textContent()).toContain('Sample: slow');
  });

  const openFlows = () => page.getByRole('navigation').getByText('Flows', { exact: true }).click();
  const sendBoth = () => page.getByRole('button', { name: 'Send through both…' }).first().click();
  const comparison = () => page.getByRole('region', { name: 'Comparison' });
  const heldCells = () =>
    comparison().getByRole('row', { name: /^Held/ }).getByRole('cell').allTextContents();
  const sendAndCompare = async () => {
    await page.getByRole('button', { name: 'Send and compare' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await comparison().waitFor(soon);
  };
  /** Whether a relay had to wait for its connection is a race; what it says must be one of both. */
  const heldByRelay = /^(nothing|\d+ B in 1 chunk, .* until the endpoint was connected)$/;
  const heldWhole = /^59\.6 KB in 5 chunks, .* until it was whole$/;

  it.each([
    ['L4 | L7', 'layers', heldByRelay, heldWhole],
    ['Buffered | streamed', 'buffering', heldWhole, /^nothing$/],
    ['Passthrough | terminate', 'tls', heldByRelay, /^nothing$/],
    ['Reuse on | reuse off', 'reuse', heldWhole, heldWhole],
  ] as const)('compares %s from what the events say', async (label, name, heldA, heldB) => {
    await openFlows();
    await sendBoth();
    await page.getByRole('radio', { name: label }).check();
    if (name === 'layers') {
      expect(await axeViolations(page)).toEqual([]);
    }
    await sendAndCompare();
    const cells = await heldCells();
    expect(cells[0]).toMatch(heldA);
    expect(cells[1]).toMatch(heldB);
    await comparison().getByRole('slider', { name: 'Step' }).fill('3');
    await comparison().getByRole('region', { name: 'This step' }).first().waitFor(soon);
    expect(await axeViolations(page)).toEqual([]);
  });

  it('sends through two ways of the workspace, from the palette, and tells what both sockets saw', async () => {
    const before = endpoint.connections.length;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('send through both');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Two of your own' }).check();
    await page.getByLabel('A', { exact: true }).selectOption({ label: 'raw › raw · L4' });
    await page.getByLabel('B', { exact: true }).selectOption({ label: 'web › direct · L7 buffered' });
    // One request that gets to both, found by itself.
    expect(await page.getByLabel('Host and path').inputValue()).toBe('localhost/direct');
    await page.getByText('Both get the same bytes').waitFor(soon);
    // Below 1 KB what is told is exact.
    const sizes = [200, 200, 200];
    await page.getByLabel('Chunks', { exact: true }).fill('3');
    await page.getByLabel('Bytes of each').fill('200');
    await page.getByLabel('Pause (ms)').fill('60');
    expect(await axeViolations(page)).toEqual([]);
    await sendAndCompare();
    await comparison().getByRole('button', { name: 'Chunks', exact: true }).click();

    const markdown = await savedText('Save as Markdown with Mermaid');
    const [a = '', b = ''] = [...markdown.matchAll(/```mermaid\n([^`]*)```/g)].map(([, text]) => text!);
    const [first, second] = endpoint.connections.slice(before);
    const table = new Map(
      [...markdown.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \|$/gm)].map(([, name, ...cells]) => [name!, cells]),
    );
    for (const [text, seen] of [
      [a, first!],
      [b, second!],
    ] as const) {
      const chunks = toldChunks(text);
      const sum = (way: string) => sizesOf(chunks, way).reduce((all, bytes) => all + bytes, 0);
      expect(sizesOf(chunks, 'client>proxy').slice(1)).toEqual(sizes);
      expect(sum('proxy>endpoint')).toBe(seen.received.length);
      expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(seen.written);
    }
    // Through L4 the endpoint got what the client sent; through L7 a head of Hopscope's.
    const head = sizesOf(toldChunks(a), 'client>proxy')[0]!;
    expect(first!.received.length).toBe(head + 600);
    expect(first!.received.toString()).toContain('POST /direct HTTP/1.1\r\nHost: localhost\r\n');
    expect(second!.received.toString().toLowerCase()).toContain('via: ');
    expect(table.get('Changed')![0]).toBe('inferred: no header: bytes are relayed');
    expect(table.get('Changed')![1]).toContain('+Via');
    expect(table.get('Held')![1]).toMatch(/^600 B in 3 chunks, .* until it was whole$/);
    const heldInA = toldChunks(a).filter(({ fate }) => fate === 'held').length;
    expect(table.get('Held')![0]).toMatch(heldInA === 0 ? /^nothing$/ : /^\d+ B in 1 chunk/);
  });

  it('takes both diagrams away as one picture', async () => {
    // The drawings of the level that was chosen last are there.
    for (const side of ['Flow A', 'Flow B'])
      await page
        .frameLocator(`section[aria-label="${side}"] iframe`)
        .getByText('chunk 200 B')
        .first()
        .waitFor(soon);
    const svg = await savedText('Save as SVG');
    expect(svg.match(/<svg/g)).toHaveLength(3);
    expect(svg).toContain('>A ');
    expect(svg).toContain('listener raw');
    expect(svg).toContain('listener web');
    expect(svg).not.toContain('var(--');
    const png = await saved('Save as PNG');
    const [width = 0, height = 0] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const [, wide, high] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!;
    expect([Math.abs(width - 2 * Number(wide)) < 3, Math.abs(height - 2 * Number(high)) < 3]).toEqual([
      true,
      true,
    ]);
  });

  it('says in words why two ways cannot be compared, and keeps what was typed', async () => {
    await sendBoth();
    await page.getByLabel('B', { exact: true }).selectOption({ label: 'web › nowhere · L7 buffered' });
    await page.getByText('Route nowhere', { exact: false }).waitFor({ state: 'detached' });
    await page.getByLabel('Bytes of each').fill('0');
    await page.getByRole('button', { name: 'Send and compare' }).click();
    await page.getByText('Bytes of each: "0" is no whole number from 1 to 1,048,576.').waitFor(soon);
    await page.getByLabel('Host and path').fill('localhost/elsewhere');
    await page.getByText('No route takes this host and path.').waitFor(soon);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The comparison below the dialog is still there: the key was the dialog's.
    await comparison().waitFor(soon);
  });

  it('shows hostile texts of both sides as text, and takes them away as text', async () => {
    const pair = hostilePair();
    const path = join(dataFolder, 'hostile.hopscope.ndjson');
    writeFileSync(path, captureFileOf(pair, false, { app: 'test', savedAt: 0, lostEvents: 0, sampling: 1 }));
    await page.keyboard.press('Escape');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Open a capture file' }).click(),
    ]);
    await chooser.setFiles(path);
    await page.getByText('Capture file, not live:').waitFor(soon);
    for (const row of [1, 0]) {
      await page
        .locator('.flow-row')
        .nth(row)
        .click({ position: { x: 150, y: 10 } });
      await page.keyboard.press('x');
    }
    await comparison().waitFor(soon);
    // A file can be compared; nothing can be sent from it.
    expect(await comparison().getByRole('button', { name: 'Send through both…' }).count()).toBe(0);
    const changed = comparison()
      .getByRole('row', { name: /^Changed/ })
      .getByRole('cell');
    const named = wellFormed((await changed.first().evaluate((cell) => cell.textContent)) ?? '');
    for (const text of hostileTexts) expect(named).toContain(`+${wellFormed(text)}`);
    expect(await comparison().locator('td *:not(.compare-inferred), h3 *:not(b, span)').count()).toBe(0);
    const svg = await savedText('Save as SVG');
    const odd = await page.evaluate((text) => {
      const all = [...new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('*')];
      const acts = (element: Element) => [...element.attributes].some(({ name }) => /^on|href$/i.test(name));
      const isOdd = (element: Element) =>
        /^(script|img|image|iframe|foreignObject|a|parsererror)$/i.test(element.localName) || acts(element);
      return all.filter(isOdd).map(({ outerHTML }) => outerHTML.slice(0, 100));
    }, svg);
    expect(odd).toEqual([]);
    const markdown = await savedText('Save as Markdown with Mermaid');
    expect(markdown.replaceAll('<br/>', '')).not.toContain('<');
    expect((await saved('Save as PNG')).subarray(1, 4).toString()).toBe('PNG');
    for (const frame of page.frames()) expect(await frame.evaluate(() => 'hacked' in window)).toBe(false);
  });

  async function saved(entry: string): Promise<Buffer> {
    await comparison()
      .getByRole('button', { name: /^(Copy|Copied|Saved)$/ })
      .click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: entry, exact: true }).click(),
    ]);
    return readFileSync(await download.path());
  }
  const savedText = async (entry: string) => (await saved(entry)).toString();
});
