// Every state of the editor with long names and many backends in the smallest window: nothing for axe-core to find, nothing wider than its box, nothing that makes the page itself scroll.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';

const folder = mkdtempSync(join(tmpdir(), 'hopscope-states-'));
const longId = 'donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenkasse';
const poolIds = Array.from({ length: 50 }, (_, index) => `${longId.slice(0, 55)}-${index}`);
const workspace = `schemaVersion: 1
listeners:
  - { id: ${longId}, name: Rechtsschutzversicherungsgesellschaftsangestelltenzugang, port: 0, protocol: http }
routes:
  - id: ${longId}
    name: Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung
    kind: http
    listeners: [${longId}]
    hostnames: [${longId}.beispiel-mit-sehr-langem-namen.test]
    matches:
      - path: { type: prefix, value: /rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz }
        headers: [{ name: x-kraftfahrzeughaftpflichtversicherung, value: Lebensmittelunvertraeglichkeit }]
    filters:
      - { type: requestHeaders, set: { x-kraftfahrzeughaftpflichtversicherung: Bescheinigung } }
      - { type: redirect, hostname: ${longId}.test }
      - { type: rateLimit, requests: 1000000 }
      - { type: compress }
    backends: [${poolIds.map((id) => `{ pool: ${id}, weight: 2 }`).join(', ')}]
pools:
${poolIds.map((id, index) => `  - { id: ${id}, endpoints: [{ address: 127.0.0.1, port: ${4000 + index} }] }`).join('\n')}
layout:
  groups:
    - { id: g, name: Bundespräsidentenstichwahlwiederholungsverschiebung, members: ["listener:${longId}"] }
`;
/** What would have to be scrolled sideways, and the page when it is longer than the window. */
const tooWide = `(() => {
  const page = document.documentElement;
  const boxes = [...document.querySelectorAll('.inspector-scroll, .dialog-body, .menu, .editor-toolbar, .app-header, .editor-notices')];
  return [
    ...(page.scrollWidth > innerWidth || page.scrollHeight > innerHeight ? ['the page'] : []),
    ...boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className),
  ];
})()`;

describe.skipIf(browserPath === null)('the editor with long names in a small window', () => {
  let app: AppUnderTest;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  let colorScheme: 'light' | 'dark' = 'dark';
  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const find = async (text: string) => {
    await page.keyboard.press('Control+f');
    await page.getByRole('combobox', { name: 'Find on the canvas' }).fill(text);
    await page.keyboard.press('Enter');
  };
  const unfold = () =>
    page.evaluate("document.querySelectorAll('.inspector details').forEach((part) => { part.open = true; })");
  async function expectSound(): Promise<void> {
    // By turns: both themes at every state would take a minute.
    colorScheme = colorScheme === 'light' ? 'dark' : 'light';
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The canvas may still be on its way to what it is to show.
    await expect.poll(() => axeViolations(page), { timeout: 5000 }).toEqual([]);
    expect(await page.evaluate(tooWide)).toEqual([]);
  }

  beforeAll(async () => {
    writeFileSync(join(folder, 'workspace.yaml'), workspace);
    app = await startApp(folder);
    browser = await openBrowser({ width: 1024, height: 640 });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    await page.goto(app.url);
    await page.locator('.react-flow__node').first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows every form with all its parts open', async () => {
    await expectSound();
    for (const [text, heading] of [
      ['Grundst', /^Route donau/],
      ['Rechtsschutz', /^Listener donau/],
      [poolIds[7]!, /^Pool donau/],
    ] as const) {
      await find(text);
      await page.getByRole('heading', { name: heading }).waitFor();
      await unfold();
      await expectSound();
    }
  });

  it('shows what opens over it: menus, finding, the history, what a request would do', async () => {
    await find('Grundst');
    await page.getByRole('heading', { name: /^Route donau/ }).waitFor();
    await unfold();
    await button('Add filter').click();
    await expectSound();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('donau');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    await expectSound();
    await page.keyboard.press('Escape');
    await button('History').click();
    await page.getByRole('dialog').locator('.cm-editor').waitFor();
    await expectSound();
    await page.keyboard.press('Escape');
    await button('Ask').click();
    await button('Show the way').click();
    await page.locator('.node-lit').first().waitFor();
    await expectSound();
  });

  it('shows canvas, text and form together, and a broken text', async () => {
    await button('Canvas and YAML').click();
    const code = page.getByLabel('Workspace, YAML');
    await code.waitFor();
    await find('Rechtsschutz');
    await page.getByRole('heading', { name: /^Listener donau/ }).waitFor();
    await expectSound();
    await code.focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('x: [');
    await page.getByText(/The canvas shows the last text/).waitFor();
    await expectSound();
    await button('Discard').click();
  });

  it('says that the other side is gone', async () => {
    await app.stop();
    await page.getByText('Connection to Hopscope lost.').waitFor();
    await expectSound();
  });
});
