// The workspace as a whole in a real Chromium on the real app: its text, its history, its files, and that no edit is lost.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../helpers/axe';
import { browserPath, openBrowser } from '../helpers/browser';
import { type CliProcess, CliSandbox } from '../helpers/cliProcess';

const firstWorkspace = `# the shop
schemaVersion: 1
listeners:
  - { id: web, port: 0, protocol: http } # front door
routes:
  - id: shop
    kind: http
    listeners: [web]
    hostnames: [shop.test]
    filters:
      - type: respond
        status: 418
`;

describe.skipIf(browserPath === null)('the workspace as a whole', () => {
  let sandbox: CliSandbox;
  let app: CliProcess;
  let browser: Awaited<ReturnType<typeof openBrowser>>;
  let page: Page;
  const complaints: string[] = [];
  const workspaceFile = () => sandbox.path('data/workspace.yaml');
  /** Everything that the main process keeps of drafts. */
  const draftsOnDisk = () =>
    readdirSync(sandbox.path('data/drafts'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(sandbox.path('data/drafts'), name), 'utf8'))
      .join();
  const readWorkspace = () => readFileSync(workspaceFile(), 'utf8');
  const button = (name: string | RegExp, on: Page = page) =>
    on.getByRole('button', { name, exact: typeof name === 'string' });
  const node = (id: string, on: Page = page): Locator => on.locator(`.react-flow__node[data-id="${id}"]`);
  const applied = (on: Page = page) => on.getByText('Everything is applied').waitFor();
  const link = async (of: CliProcess) => (await of.text(/http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/))[0];
  const name = (on: Page = page) => on.getByLabel('Name', { exact: true });
  const code = () => page.getByLabel('Workspace, YAML');
  const codeText = async () => (await page.locator('.yaml-editor .cm-line').allInnerTexts()).join('\n');

  async function openName(id: string, on: Page = page): Promise<void> {
    await node(id, on).click();
    await on.locator('details', { hasText: 'Name and id' }).evaluate((details: HTMLDetailsElement) => {
      details.open = true;
    });
  }

  async function apply(on: Page = page): Promise<void> {
    await on.keyboard.press('Control+Enter');
    await button('Apply now', on).waitFor();
    await on.keyboard.press('Control+Enter');
    await applied(on);
  }

  async function expectAccessible(): Promise<void> {
    expect(await axeViolations(page)).toEqual([]);
  }

  beforeAll(async () => {
    sandbox = await CliSandbox.make();
    mkdirSync(sandbox.path('data'));
    writeFileSync(workspaceFile(), firstWorkspace);
    app = sandbox.start('ui', '--no-open');
    browser = await openBrowser({ width: 1440, height: 900 });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(await link(app));
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await page.screenshot({ path: '/tmp/hopscope-document-failure.png' });
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  it('follows what is typed on the canvas, and what is clicked in the text', async () => {
    await button('Canvas and YAML').click();
    await code().getByText('hostnames').click();
    await page.getByRole('heading', { name: 'Route shop' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('na');
    await page.locator('.cm-tooltip-autocomplete').getByText('name', { exact: true }).click();
    await page.keyboard.type('Tea shop');
    await node('route:shop').getByText('Tea shop').waitFor();
    await expectAccessible();
    await openName('listener:web');
    await name().fill('Front');
    await expect.poll(codeText).toContain('name: Front');
    expect(await codeText()).toContain('# front door');
  });

  it('has one history for both, and shows an error where it stands without touching the canvas', async () => {
    await code().getByText('kind').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' [');
    await page.getByText(/^Line \d+: .*The canvas shows the last text/).waitFor();
    await page.locator('.cm-lint-marker-error').first().waitFor();
    expect(await node('route:shop').innerText()).toContain('Tea shop');
    await page.keyboard.press('Control+Enter');
    await page.getByText('The YAML text cannot be read').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(codeText).not.toContain('[\n');
    await page.keyboard.press('Control+z');
    await expect.poll(() => node('listener:web').innerText()).not.toContain('Front');
    await page.keyboard.press('Control+y');
    await expect.poll(() => node('listener:web').innerText()).toContain('Front');
  });

  it('shows what applying will change in words and as YAML, and writes the text as it was typed', async () => {
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog', { name: 'Apply 2 changes?' });
    await dialog.getByText('name same as the id → Tea shop').waitFor();
    await dialog.getByRole('tab', { name: 'YAML' }).click();
    await dialog.getByText('name: Tea shop').waitFor();
    await expectAccessible();
    await page.keyboard.press('Control+Enter');
    await applied();
    expect(readWorkspace()).toContain('# front door');
    expect(readWorkspace()).toContain(
      '    listeners: [web]\n    hostnames: [shop.test]\n    name: Tea shop\n',
    );
    await button('Canvas').click();
  });

  it('brings an earlier revision back as a draft that can be undone', async () => {
    await button('History').click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog.getByRole('button', { name: /found at start/ }).click();
    await dialog.getByLabel('Compare with').selectOption('what runs now');
    await dialog.getByText('Front').first().waitFor();
    await expectAccessible();
    await button('Restore as a draft').click();
    await expect.poll(() => node('route:shop').innerText()).not.toContain('Tea shop');
    await apply();
    expect(readWorkspace()).not.toContain('Tea shop');
    await button('History').click();
    await dialog.getByText('restored from 1').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await expect.poll(() => node('route:shop').innerText()).toContain('Tea shop');
    await apply();
  });

  it('merges what two windows changed, and asks where both changed the same', async () => {
    const other = await browser.context.newPage();
    other.setDefaultTimeout(8000);
    await other.goto(page.url());
    await openName('listener:web', other);
    await openName('listener:web');
    await name().fill('Mine');
    await name(other).fill('Theirs');
    await apply(other);
    await page.getByText('Another window applied a change').waitFor();
    expect(await node('listener:web').innerText()).toContain('Mine');
    await button('Compare…').click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('group', { name: 'Listener web: name' })
      .getByLabel(/^Theirs/)
      .check();
    await expectAccessible();
    await button('Merge both').click();
    await applied();
    expect(await node('listener:web').innerText()).toContain('Theirs');
    await other.close();
  });

  it('offers what was changed in the file outside as a diff, and goes back', async () => {
    const before = readWorkspace();
    writeFileSync(
      workspaceFile(),
      before.replace('hostnames: [shop.test]', 'hostnames: [shop.test, tea.test]'),
    );
    await page.getByText('The file workspace.yaml was changed outside and runs: 1 change.').waitFor();
    await button('Show…').click();
    const dialog = page.getByRole('dialog', { name: 'The file workspace.yaml was changed outside' });
    await dialog.getByText('tea.test').first().waitFor();
    await dialog.locator('.cm-editor').waitFor();
    await expectAccessible();
    await button('Go back to before').click();
    await apply();
    expect(readWorkspace().replaceAll(/\[ | \]/g, (edge) => edge.trim())).toBe(before);
  });

  it('loses no edit when Hopscope is killed, and is there again by itself when it comes back', async () => {
    await openName('listener:web');
    await name().fill('Kept');
    app.kill('SIGKILL');
    await app.finished;
    await page.getByText('Connection to Hopscope lost.').waitFor();
    await name().fill('Kept over the crash');
    app = sandbox.start('ui', '--no-open');
    await page.getByText('Connection to Hopscope lost.').waitFor({ state: 'detached', timeout: 15_000 });
    expect(await node('listener:web').innerText()).toContain('Kept over the crash');
    await page.reload();
    await page.getByText(/were restored as a draft/).waitFor();
    await apply();
    expect(readWorkspace()).toContain('Kept over the crash');
  });

  it('offers the draft to another browser after both were ended', async () => {
    await openName('listener:web');
    await name().fill('From the old browser');
    await expect.poll(draftsOnDisk).toContain('From the old browser');
    app.kill('SIGKILL');
    await app.finished;
    await browser.close();
    app = sandbox.start('ui', '--no-open');
    browser = await openBrowser({ width: 1440, height: 900 });
    page = await browser.context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(await link(app));
    await page.getByText(/were restored as a draft/).waitFor();
    expect(await node('listener:web').innerText()).toContain('From the old browser');
    await button('Discard').first().click();
    await applied();
  });

  it('says who holds a port, and applies by itself when it is free', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as AddressInfo;
    writeFileSync(workspaceFile(), readWorkspace().replace('port: 0', `port: ${port}`));
    await page.getByText(`port ${port} on 127.0.0.1 is in use by`).first().waitFor();
    await page.getByText('what ran before goes on').waitFor();
    await new Promise((resolve) => holder.close(resolve));
    await page.getByText('what ran before goes on').waitFor({ state: 'detached' });
    expect((await fetch(`http://127.0.0.1:${port}/`, { headers: { host: 'shop.test' } })).status).toBe(404);
  });

  it('goes from one workspace to another and back with what was not applied', async () => {
    await openName('listener:web');
    await name().fill('Not applied');
    await button('File: workspace.yaml').click();
    await page.getByRole('menuitem', { name: /^New/ }).click();
    await page.getByLabel('Name', { exact: true }).last().fill('second');
    await expectAccessible();
    await page.keyboard.press('Enter');
    await button('File: second.yaml').waitFor();
    await page.keyboard.press('Control+o');
    await expectAccessible();
    await page.getByRole('button', { name: /^workspace / }).click();
    await button('File: workspace.yaml').waitFor();
    await node('listener:web').getByText('Not applied').waitFor();
    await page.keyboard.press('Control+z');
    await applied();
  });

  it('carries a workspace with its certificates in an encrypted file', async () => {
    await sandbox.run('cert', 'ca');
    await sandbox.run('cert', 'issue', 'shop.test', '--id', 'shop');
    await page.reload();
    await button('File: workspace.yaml').click();
    await page.getByRole('menuitem', { name: /^Export with certificates/ }).click();
    await page.getByLabel('shop not used here').check();
    await page.getByLabel('Passphrase').fill('a long enough one');
    await page.getByLabel('The same again').fill('a long enough one');
    await expectAccessible();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Export').click()]);
    const path = sandbox.path('carried.hopscope');
    await file.saveAs(path);
    expect(readFileSync(path).includes('PRIVATE KEY')).toBe(false);
    await button('File: workspace.yaml').click();
    await page.getByRole('menuitem', { name: /^Import/ }).click();
    await page.getByLabel('File', { exact: true }).setInputFiles(path);
    await page.getByLabel('Its passphrase').fill('not the right one');
    await button('Open the bundle').click();
    await page.getByText('the passphrase is wrong').waitFor();
    await page.getByLabel('Its passphrase').fill('a long enough one');
    await button('Open the bundle').click();
    await page.getByText('the store has one of that id').waitFor();
    await page.getByLabel('A new workspace').check();
    await page.getByLabel('Name of the new workspace').fill('carried');
    await button('Import').click();
    await button('File: carried.yaml').waitFor();
    await node('route:shop').waitFor();
    expect(complaints).toEqual([]);
  });
});
