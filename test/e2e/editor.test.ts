// The Routes screen in a real Chromium on the real app: gestures, keys, the draft and what becomes of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-editor-'));
const workspaceFile = join(folder, 'workspace.yaml');
/** Answers by itself, so that no server is needed. */
const answeringWorkspace = `schemaVersion: 1
listeners:
  - id: web
    port: 0
    protocol: http
routes:
  - id: shop
    kind: http
    listeners: [web]
    hostnames: [shop.test]
    matches:
      - path: { type: prefix, value: /tea }
    filters:
      - type: respond
        status: 418
  - id: coffee
    kind: http
    listeners: [web]
    hostnames: [shop.test]
    matches:
      - path: { type: prefix, value: /coffee }
        method: POST
    filters:
      - type: respond
        status: 200
`;
/** Everything that the main process keeps of drafts. */
const draftsOnDisk = () =>
  readdirSync(join(folder, 'drafts'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(folder, 'drafts', name), 'utf8'))
    .join();
const readWorkspace = () => readFileSync(workspaceFile, 'utf8');

describe.skipIf(browserPath === null)('the Routes screen', () => {
  let app: AppUnderTest;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];
  const node = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const applied = () => page.getByText('Everything is applied').waitFor();

  beforeAll(async () => {
    app = await startApp(folder);
    browser = await openBrowser({ width: 1024, height: 640, colorScheme: 'dark' });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function expectAccessible(): Promise<void> {
    expect(await axeViolations(page)).toEqual([]);
  }

  async function drag(from: Locator, by: { x: number; y: number }): Promise<void> {
    const box = (await from.boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by.x, y + by.y, { steps: 6 });
    await page.mouse.up();
  }

  it('starts with a form that says what is missing', async () => {
    await field('Host name').press('Enter');
    await page.getByText('Type a host name, for example shop.test.').waitFor();
    await expectAccessible();
  });

  it('builds listener, route, pool and endpoint from an empty canvas with the keyboard', async () => {
    await button('Open the canvas').click();
    await button('Add').press('Enter');
    await page.getByRole('menuitem', { name: /^TCP listener/ }).press('Enter');
    await field('Port').fill('0');
    await field('Port').press('Escape');
    await button('Add a route').press('Enter');
    await button('Add a pool').press('Enter');
    await node('endpoint:pool:0').waitFor();
    await button(/^Draft: 3 changes/).click();
    await page.getByText('Pool pool added: 127.0.0.1:3000').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: 'Apply 3 changes?' }).waitFor();
    await expectAccessible();
    await page.keyboard.press('Control+Enter');
    await applied();
    await page.getByText(/Applied as revision \d+: Listener tcp added/).waitFor();
    await page.getByText(/listening on \d+/).waitFor();
    expect(readWorkspace()).toContain('protocol: tcp');
  });

  it('walks between nodes by arrow keys, into the form by Enter and back by Escape', async () => {
    await node('listener:tcp').click();
    for (const expected of ['route:route', 'pool:pool', 'endpoint:pool:0']) {
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate('document.activeElement.dataset.id')).toBe(expected);
    }
    await page.keyboard.press('Enter');
    expect(await field('Address').evaluate((input) => input === document.activeElement)).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.dataset.id')).toBe('endpoint:pool:0');
  });

  it('deletes, undoes and redoes', async () => {
    await node('pool:pool').click();
    await page.keyboard.press('Delete');
    await page.getByText('Route route is left without a backend.').waitFor();
    await page.keyboard.press('Enter');
    expect(await node('pool:pool').count()).toBe(0);
    await page.keyboard.press('Control+z');
    expect(await node('pool:pool').count()).toBe(1);
    await page.keyboard.press('Control+Shift+z');
    expect(await node('pool:pool').count()).toBe(0);
    await button('Discard').click();
    await applied();
  });

  it('saves a moved node quietly, without a draft', async () => {
    await drag(node('pool:pool'), { x: 0, y: 80 });
    await applied();
    await expect.poll(readWorkspace, { timeout: 10_000 }).toContain('pool:pool');
  });

  it('pins a problem to the node and the field while typing, and refuses nothing that runs', async () => {
    await node('endpoint:pool:0').click();
    await field('Port').fill('99999');
    await node('endpoint:pool:0').locator('.node-problem').waitFor();
    expect(await field('Port').getAttribute('aria-invalid')).toBe('true');
    await button(/^1 problem/).click();
    await page.getByText('pools[0].endpoints[0].port').waitFor();
    await expectAccessible();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Not applied; what was running keeps running.').waitFor();
    await page.keyboard.press('Control+z');
    await applied();
  });

  it('keeps an unapplied draft over a reload of the page', async () => {
    await node('endpoint:pool:0').click();
    await field('Port').fill('3456');
    await expect.poll(() => draftsOnDisk()).toContain('3456');
    await page.reload();
    await page.getByText(/were restored as a draft/).waitFor();
    expect(await node('endpoint:pool:0').innerText()).toContain('127.0.0.1:3456');
    expect(readWorkspace()).not.toContain('3456');
  });

  it('never overwrites a change that was made elsewhere', async () => {
    writeFileSync(workspaceFile, readWorkspace().replace('id: tcp', 'id: tcp\n    name: Elsewhere'));
    await button('Keep my changes on top').click();
    await button('Apply').click();
    await button('Apply now').click();
    await applied();
    expect(readWorkspace()).toContain('3456');
    expect(readWorkspace()).toContain('Elsewhere');
  });

  it('shows exactly the flow of a request that was sent', async () => {
    writeFileSync(workspaceFile, answeringWorkspace);
    await node('route:shop').waitFor();
    await applied();
    await node('route:shop').click();
    await button('Send').click();
    await page.getByText('418 ').first().waitFor();
    // A newer flow than the one that is asked for.
    const listening = await node('listener:web').innerText();
    await fetch(`http://127.0.0.1:${/listening on (\d+)/.exec(listening)![1]}/newer`);
    await button('Show in Flows').click();
    await page.getByRole('heading', { name: 'GET shop.test/tea' }).waitFor();
    await page.getByText('2 flows', { exact: true }).waitFor();
    await page.getByRole('navigation').getByText('Routes', { exact: true }).click();
  });

  it('lights the way of a request that is only asked, and says why the other routes miss it', async () => {
    await node('route:shop').click();
    await button('Ask').click();
    expect(await field('Host name and path').inputValue()).toBe('shop.test/tea');
    await button('Show the way').click();
    await page.getByRole('heading', { name: 'Route shop takes it' }).waitFor();
    expect(await node('route:shop').locator('.node-lit').count()).toBe(1);
    expect(await node('route:coffee').innerText()).toContain('misses path prefix /coffee, was /tea');
    await expectAccessible();
    await field('Host name and path').fill('shop.test/coffee');
    await field('Host name and path').press('Enter');
    await page.getByRole('heading', { name: 'No route takes it' }).waitFor();
    expect(await node('route:coffee').innerText()).toContain('misses method POST, was GET');
    await field('Or take a recorded one').selectOption({ label: 'GET shop.test/tea → 418' });
    await page.getByRole('heading', { name: 'Route shop takes it' }).waitFor();
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
    await page.getByText('2 flows', { exact: true }).waitFor();
    await page.getByRole('navigation').getByText('Routes', { exact: true }).click();
    expect(await page.locator('.node-lit').count()).toBe(0);
  });

  it('finds a node by its path and runs a command by its name', async () => {
    await page.keyboard.press('Control+f');
    await page.getByRole('combobox', { name: 'Find on the canvas' }).fill('/coffee');
    await page.getByRole('option', { name: /^coffee/ }).waitFor();
    await expectAccessible();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Route coffee' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement.dataset.id')).toBe('route:coffee');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('add pool');
    await page.keyboard.press('Enter');
    await node('pool:pool').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('discard');
    await page.keyboard.press('Enter');
    await applied();
  });

  it('says that the engine is gone, and said no error before', async () => {
    expect(complaints).toEqual([]);
    await app.stop();
    await page.getByText('Connection to Hopscope lost.').waitFor();
  });
});
