// Rearranging with the mouse in a real Chromium: ends of lines, nodes dropped on lines and into groups, lists put in order.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { canvasPage } from '../helpers/canvasPage';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-gestures-'));
const workspaceFile = join(folder, 'workspace.yaml');
const workspace = `schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: http }
  - { id: api, port: 0, protocol: http }
routes:
  - { id: shop, kind: http, listeners: [web], backends: [{ pool: v1, weight: 90 }, { pool: v2, weight: 10 }] }
  - { id: blog, kind: http, listeners: [web], backends: [{ pool: v1 }] }
  - { id: news, kind: http, listeners: [web], backends: [{ pool: v2 }] }
pools:
  - { id: v1, endpoints: [{ address: 127.0.0.1, port: 3000 }, { address: 127.0.0.1, port: 3003 }] }
  - { id: v2, endpoints: [{ address: 127.0.0.1, port: 3001 }] }
  - { id: spare, endpoints: [{ address: 127.0.0.1, port: 3002 }] }
layout:
  groups:
    - { id: old, name: Old, members: ["pool:v2"] }
`;

describe.skipIf(browserPath === null)('gestures on the canvas', () => {
  let app: AppUnderTest;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];
  const { node, edge, centre, drag, dragBetween, pointsOf } = canvasPage(() => page);
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const applied = () => page.getByText('Everything is applied').waitFor();
  const undo = async () => {
    await page.keyboard.press('Control+z');
    await applied();
  };
  const said = (text: string) => page.getByRole('status').getByText(text).waitFor({ state: 'attached' });

  beforeAll(async () => {
    writeFileSync(workspaceFile, workspace);
    app = await startApp(folder);
    browser = await openBrowser({ colorScheme: 'light' });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(app.url);
    await node('route:shop').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leads a line elsewhere by dragging its end, and its beginning', async () => {
    const { end } = await pointsOf('route:blog>pool:v1');
    await dragBetween({ x: end.x - 8, y: end.y }, await centre(node('pool:spare')));
    await edge('route:blog>pool:spare').waitFor();
    expect(await edge('route:blog>pool:v1').count()).toBe(0);
    await undo();
    const { start } = await pointsOf('listener:web>route:news');
    await edge('listener:web>route:news').focus();
    await dragBetween({ x: start.x + 8, y: start.y }, await centre(node('listener:api')));
    await edge('listener:api>route:news').waitFor();
    expect(await edge('listener:web>route:news').count()).toBe(0);
    await undo();
  });

  it('leaves a line as it was where its end cannot be, and says why', async () => {
    const { end } = await pointsOf('route:blog>pool:v1');
    const grip = { x: end.x - 8, y: end.y };
    await dragBetween(grip, await centre(node('listener:api')));
    await page.getByText('A route leads to pools, not to listener api.').waitFor();
    await dragBetween(grip, { x: grip.x, y: grip.y + 250 });
    await dragBetween(grip, await centre(node('pool:v1')));
    expect(await page.getByRole('menu').count()).toBe(0);
    await edge('route:blog>pool:v1').waitFor();
    await applied();
  });

  it('connects a pool that is dropped on a line, beside what the line leads to', async () => {
    const { middle } = await pointsOf('route:blog>pool:v1');
    await drag(node('pool:spare'), middle);
    await edge('route:blog>pool:spare').waitFor();
    await edge('route:blog>pool:v1').waitFor();
    await page.getByText('Connected to the line that it was dropped on.').waitFor();
    await undo();
    expect(await edge('route:blog>pool:spare').count()).toBe(0);
  });

  it('moves what is in a group with it, takes in what is dropped into it, and lets it out', async () => {
    const frame = page.locator('.react-flow__node-frame');
    const before = await centre(node('pool:v2'));
    const box = (await frame.boundingBox())!;
    await dragBetween({ x: box.x + 30, y: box.y + 8 }, { x: box.x + 30, y: box.y + 68 });
    // The first step of the mouse only takes hold.
    await expect.poll(async () => (await centre(node('pool:v2'))).y - before.y).toBeGreaterThan(45);
    const { x, y, width, height } = (await frame.boundingBox())!;
    await drag(node('pool:spare'), { x: x + width - 60, y: y + height / 2 });
    await page.getByText('Now in the group Old.').waitFor();
    await expect.poll(() => readFileSync(workspaceFile, 'utf8')).toMatch(/members:[^\n]*\n?.*pool:spare/s);
    await frame.locator('.group-name').click();
    await button('Take pool spare out of the group').click();
    await expect.poll(() => frame.getAttribute('aria-label')).toBe('Group Old, 2 nodes');
  });

  it('puts backends, endpoints and routes in order by mouse, by menu and by keyboard', async () => {
    await node('route:shop').click();
    const pools = () =>
      page
        .locator('.backend select')
        .evaluateAll((all) => all.map((item) => (item as HTMLSelectElement).value));
    await button('Order of backend v2, 2 of 2').dragTo(button('Order of backend v1, 1 of 2'));
    await expect.poll(pools).toEqual(['v2', 'v1']);
    await button('Order of backend v2, 1 of 2').press('Alt+ArrowDown');
    await expect.poll(pools).toEqual(['v1', 'v2']);
    await said('backend v2 is now 2 of 2.');
    expect(
      await button('Order of backend v2, 2 of 2').evaluate((item) => item === document.activeElement),
    ).toBe(true);
    await node('pool:v1').click();
    await button(/^Order of endpoint 127.0.0.1:3003/).click();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'To the top' }).click();
    await node('endpoint:v1:0').getByText('127.0.0.1:3003').waitFor();
    await said('endpoint 127.0.0.1:3003 is now 1 of 2.');
    await node('listener:web').click();
    await page.getByText('Order of routes').click();
    const routes = page.locator('.order-open > span:first-child');
    await button('Order of route news, 3 of 3').dragTo(button('Order of route shop, 1 of 3'));
    await expect.poll(() => routes.allInnerTexts()).toEqual(['news', 'shop', 'blog']);
    await button('Order of route news, 1 of 3').click();
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.evaluate("document.activeElement.getAttribute('aria-label')"))
      .toBe('Order of route news, 1 of 3');
  });

  it('applies from a menu button, opens the keys from a slider, and closes by one Escape under a tooltip', async () => {
    await node('route:shop').click();
    await page.locator('summary', { hasText: 'Filters' }).click();
    await button('Add filter').press('Control+Enter');
    await button(/^Apply now/).waitFor();
    expect(await page.getByRole('menu').count()).toBe(0);
    await button('Close').focus();
    await page.getByRole('tooltip', { name: 'Close' }).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('slider', { name: 'Share of v1' }).press('?');
    await page.getByRole('heading', { name: 'Keys', level: 2 }).waitFor();
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  });
});
