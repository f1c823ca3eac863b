// What a pool and a route do about failing endpoints, set by clicking in a real Chromium; the canvas shows the health.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { browserPath, openBrowser } from '../helpers/browser';
import { freePort } from '../helpers/engineHarness';
import { type Origin, startHttpOrigin } from '../helpers/origins';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-pool-'));
const workspaceFile = join(folder, 'workspace.yaml');

describe.skipIf(browserPath === null)("the pool's form", () => {
  let app: AppUnderTest;
  let origin: Origin;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const node = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const open = (title: string) => page.locator('summary', { hasText: title }).click();

  async function apply(): Promise<void> {
    // The first shows what will change, the second is the yes.
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Apply now' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Everything is applied').waitFor();
  }

  beforeAll(async () => {
    origin = await startHttpOrigin('alive');
    const closed = await freePort();
    writeFileSync(
      workspaceFile,
      `schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: http }
routes:
  - { id: shop, kind: http, listeners: [web], backends: [{ pool: tea }] }
pools:
  - id: tea
    endpoints:
      - { address: 127.0.0.1, port: ${origin.port} }
      - { address: 127.0.0.1, port: ${closed} }
`,
    );
    app = await startApp(folder);
    browser = await openBrowser({ width: 1280, height: 800, colorScheme: 'light' });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    await page.goto(app.url);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await origin?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('switches health checks on, and the endpoints say in words how they stand', async () => {
    await node('pool:tea').click();
    await open('Health checks');
    await field('Look at each endpoint from time to time').check();
    await field('Pause between checks ms').fill('20');
    await apply();
    await node('endpoint:tea:0').getByText('healthy', { exact: true }).waitFor();
    await node('endpoint:tea:1').getByText('unhealthy').waitFor();
    expect(await node('endpoint:tea:1').getAttribute('aria-label')).toContain('unhealthy');
  });

  it('offers every policy, and what to hash where that is asked', async () => {
    await node('pool:tea').click();
    await field('Load balancing').selectOption('By hash of the request');
    await field('Hash of').fill('header:x-user');
    await open('Stickiness');
    await field('Keep a client on its endpoint with a cookie').check();
    await open('Outlier detection');
    await field('Leave out endpoints whose traffic keeps failing').check();
    await field('Left out after failures').fill('3');
    await apply();
    const text = readFileSync(workspaceFile, 'utf8');
    expect(text).toMatch(/policy: hash/);
    expect(text).toMatch(/on: header:x-user/);
    expect(text).toMatch(/stickiness: \{\}/);
    expect(text).toMatch(/consecutiveFailures: 3/);
  });

  it('has the retries of a route beside its timeouts', async () => {
    await node('route:shop').click();
    await open('Retries');
    await field('Send a failed request again').check();
    await field('Retries').fill('2');
    await field('When it closes the connection before it has answered').uncheck();
    await apply();
    const text = readFileSync(workspaceFile, 'utf8');
    expect(text).toMatch(/attempts: 2/);
    expect(text).not.toMatch(/reset/);
    expect(text).toMatch(/connectFailure/);
  });
});
