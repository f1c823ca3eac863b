// Sample servers and "send through both" in a real Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';

const soon = { timeout: 10_000 };
/** Set to keep pictures of what was seen. */
const shots = process.env.HOPSCOPE_SHOTS;

describe.skipIf(browserPath === null)('sample servers and send through both', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-both-'));
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;

  const shoot = async (name: string) => {
    if (shots === undefined) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [width, height] of [
        [1440, 900],
        [1024, 640],
      ] as const) {
        await page.setViewportSize({ width, height });
        // The canvas and the diagrams fit themselves into the new size.
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`) });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 900 });
  };
  const row = (name: string) => page.getByRole('listitem', { name: `Sample ${name}`, exact: true });

  beforeAll(async () => {
    writeFileSync(
      join(dataFolder, 'workspace.yaml'),
      `schemaVersion: 1
listeners: [{ id: web, port: ${await freePort()}, protocol: http }]
routes: [{ id: shop, kind: http, listeners: [web], backends: [{ pool: shop }] }]
pools: [{ id: shop, endpoints: [] }]
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
    await shoot('samples');
    await row('slow').getByRole('button', { name: 'Stop slow' }).click();
    await row('slow').getByText('stopped').waitFor(soon);
    await page.keyboard.press('Escape');
    const node = page.locator('.react-flow__node', { hasText: 'Sample: slow' });
    await node.getByText('not running').waitFor(soon);
    await shoot('canvas-sample-stopped');
    await node.getByRole('button', { name: 'Start sample slow' }).click();
    await node.getByText('not running').waitFor({ state: 'detached' });
    expect(await node.textContent()).toContain('Sample: slow');
  });

  it.each([
    ['L4 | L7', 'layers', 'nothing', '59.6 KB in 5 chunks'],
    ['Buffered | streamed', 'buffering', '59.6 KB in 5 chunks', 'nothing'],
    ['Passthrough | terminate', 'tls', 'nothing', 'nothing'],
    ['Reuse on | reuse off', 'reuse', '59.6 KB in 5 chunks', '59.6 KB in 5 chunks'],
  ])('compares %s from what the events say', async (label, name, heldA, heldB) => {
    await page.getByRole('navigation').getByText('Flows', { exact: true }).click();
    await page.getByRole('button', { name: 'Send through both…' }).click();
    await page.getByRole('radio', { name: label }).check();
    if (name === 'layers') {
      expect(await axeViolations(page)).toEqual([]);
      await shoot('send-both-dialog');
    }
    await page.getByRole('button', { name: 'Send and compare' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await comparison.waitFor(soon);
    const cells = await comparison.getByRole('row', { name: /^Held/ }).getByRole('cell').allTextContents();
    expect([cells[0]!.startsWith(heldA), cells[1]!.startsWith(heldB)]).toEqual([true, true]);
    await comparison.getByRole('slider', { name: 'Step' }).fill('3');
    await comparison.getByRole('region', { name: 'This step' }).first().waitFor(soon);
    await shoot(`compare-${name}`);
  });
});
