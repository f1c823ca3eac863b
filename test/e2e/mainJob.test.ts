// The main job as a newcomer does it, in a real Chromium with real curl: build by clicking, run, watch, come back.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppUnderTest, startApp } from '../helpers/appUnderTest';
import { browserPath, openBrowser } from '../helpers/browser';
import { takeFailurePictures } from '../helpers/failurePictures';
import { type Origin, startHttpOrigin, startTcpOrigin, startTlsOrigin } from '../helpers/origins';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const soon = { timeout: 10_000 };

describe.skipIf(browserPath === null)('the main job', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'hopscope-e2e-'));
  const origins: Origin[] = [];
  let app: AppUnderTest;
  let browser: { context: BrowserContext; close(): Promise<void> };
  let page: Page;
  /** Of the HTTP listener that the start screen makes. */
  let httpPort = 0;

  const origin = async (started: Promise<Origin>) => {
    const result = await started;
    origins.push(result);
    return result;
  };
  const curl = async (...args: string[]) => (await run('curl', ['-sS', '--max-time', '10', ...args])).stdout;
  const node = (title: string) => page.locator('.react-flow__node', { hasText: title });
  const add = async (what: string) => {
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('menuitem', { name: what }).click();
  };
  const inspector = () => page.locator('.inspector');
  const fill = async (label: string, value: string) => {
    await inspector().getByLabel(label, { exact: true }).fill(value);
  };
  const apply = async () => {
    // The first shows what will change, the second is the yes.
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Apply now' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('Everything is applied').waitFor(soon);
  };
  const screen = (name: string) => page.getByRole('navigation').getByText(name, { exact: true }).click();

  beforeAll(async () => {
    app = await startApp(dataFolder);
    browser = await openBrowser();
    page = await browser.context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(app.url);
  });

  takeFailurePictures('e2e', () => page);

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    for (const each of origins) await each.close();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it.runIf(process.platform === 'linux')('says in one sentence why it runs in the browser', () => {
    expect(app.output()).toMatch(/display.*browser/);
  });

  it('runs a listener, route, pool and endpoint after a host name, a port and Enter', async () => {
    const first = await origin(startHttpOrigin('first'));
    await page.getByRole('textbox', { name: 'Host name' }).fill('shop.test');
    await page.getByRole('textbox', { name: 'Local port' }).fill(String(first.port));
    await page.getByRole('textbox', { name: 'Local port' }).press('Enter');
    for (const title of ['HTTP listener', 'HTTP route', 'Pool', `127.0.0.1:${first.port}`]) {
      await node(title).first().waitFor(soon);
    }
    await page.getByText('listening', { exact: true }).waitFor(soon);
    const command = await inspector().locator('code, pre').filter({ hasText: 'curl' }).first().innerText();
    httpPort = Number(/127\.0\.0\.1:(\d+)/.exec(command)?.[1]);
    const shell = await run('sh', ['-c', command.replace(/\s+/g, ' ')]);
    expect(shell.stdout).toBe('first GET /\n');
  });

  it('shows a request in the list and as a sequence diagram within a quarter of a second', async () => {
    await screen('Flows');
    await page.getByText('shop.test/').first().waitFor(soon);
    const seen = page.evaluate(() => {
      const hasRow = () => document.body.innerText.includes('shop.test/pictures/7');
      return new Promise<number>((done) => {
        const check = () => (hasRow() ? done(Date.now()) : requestAnimationFrame(check));
        check();
      });
    });
    await curl('-H', 'Host: shop.test', `http://127.0.0.1:${httpPort}/pictures/7`);
    const answeredAt = Date.now();
    const delayMs = (await seen) - answeredAt;
    console.log(`a request was in the Flows list ${delayMs} ms after curl had its answer`);
    expect(delayMs).toBeLessThan(1000);

    const diagram = page.frameLocator('iframe').locator('svg');
    await diagram
      .getByText(/GET \/pictures\/7/)
      .first()
      .waitFor(soon);
    const text = await page.frameLocator('iframe').locator('body').textContent();
    for (const expected of ['Client', 'listener web', 'endpoint 127.0.0.1', '200 OK', 'TCP connection']) {
      expect(text).toContain(expected);
    }
  });

  it('alternates between two endpoints after the second was added by clicking', async () => {
    const second = await origin(startHttpOrigin('second'));
    await screen('Routes');
    await node('Pool').first().click();
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await fill('Port', String(second.port));
    await page.getByText('Draft: 1 change').waitFor(soon);
    await apply();
    const answers = [];
    for (let request = 0; request < 4; request++) {
      answers.push((await curl('-H', 'Host: shop.test', `http://127.0.0.1:${httpPort}/`)).split(' ')[0]);
    }
    expect(answers.filter((name) => name === 'first')).toHaveLength(2);
    expect(answers[0]).not.toBe(answers[1]);
    expect(answers[0]).toBe(answers[2]);
  });

  it('takes an edit back with undo and brings it again with redo', async () => {
    const count = () => page.locator('.react-flow__node-endpoint, .node-endpoint').count();
    const before = await count();
    await node('Pool').first().click();
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await expect.poll(count).toBe(before + 1);
    await page.getByRole('button', { name: /undo/i }).click();
    await expect.poll(count).toBe(before);
    await page.getByRole('button', { name: /redo/i }).click();
    await expect.poll(count).toBe(before + 1);
    await page.getByRole('button', { name: 'Discard' }).click();
    await expect.poll(count).toBe(before);
  });

  it('relays TCP through a listener, route and pool added by clicking', async () => {
    const echo = await origin(startTcpOrigin('echo'));
    await add('TCP listener');
    const port = Number(await inspector().getByLabel('Port', { exact: true }).inputValue());
    await buildBehindSelectedListener(echo.port);
    await apply();
    expect(await talk(port, 'hello\n')).toBe('echo hello\n');
  });

  it('passes TLS through by server name', async () => {
    const bank = await origin(startTlsOrigin('bank', 'bank.test'));
    await add('TLS listener');
    const port = Number(await inspector().getByLabel('Port', { exact: true }).inputValue());
    await buildBehindSelectedListener(bank.port, 'bank.test');
    await apply();
    const url = `https://bank.test:${port}/`;
    expect(await curl('-k', '--resolve', `bank.test:${port}:127.0.0.1`, url)).toBe('bank over its own TLS\n');
    await screen('Flows');
    await page.getByText('bank.test').first().waitFor(soon);
    await page
      .frameLocator('iframe')
      .getByText(/sealed/)
      .first()
      .waitFor(soon);
    await screen('Routes');
  });

  it('serves HTTPS with a certificate of the local CA issued by one click', async () => {
    await add('HTTPS listener');
    const port = Number(await inspector().getByLabel('Port', { exact: true }).inputValue());
    await node('HTTP route').first().click();
    await inspector()
      .getByRole('checkbox', { name: /secure/ })
      .check();
    await node('HTTPS listener').first().click();
    await inspector()
      .getByRole('button', { name: /Issue a certificate for shop\.test/ })
      .click();
    await inspector().getByRole('checkbox', { name: /shop/, checked: true }).waitFor(soon);
    await apply();
    const { stdout } = await run('npm', ['run', '-s', 'hopscope', '--', 'cert', 'ca', '--json'], {
      cwd: root,
      env: { ...process.env, HOPSCOPE_DATA: dataFolder },
    });
    const pem = join(dataFolder, 'ca.pem');
    await run('sh', [
      '-c',
      `node -e 'process.stdout.write(JSON.parse(require("fs").readFileSync(0)).certificatePem)' > ${pem} <<'EOF'\n${stdout}EOF`,
    ]);
    const answer = await curl(
      '--cacert',
      pem,
      '--resolve',
      `shop.test:${port}:127.0.0.1`,
      `https://shop.test:${port}/`,
    );
    expect(answer).toMatch(/^(first|second) GET \/\n$/);
  });

  it('pins a problem to its node while typing and keeps what runs', async () => {
    await node('HTTP listener').first().click();
    await fill('Port', '70000');
    await page.locator('.node-problem-error').first().waitFor(soon);
    expect(await curl('-H', 'Host: shop.test', `http://127.0.0.1:${httpPort}/`)).toMatch(/^(first|second) /);
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('Everything is applied').waitFor(soon);
  });

  it('has everything again after it was quit and started anew', async () => {
    const nodes = await page.locator('.react-flow__node').count();
    expect(await app.stop()).toBe(0);
    app = await startApp(dataFolder);
    await page.goto(app.url);
    await expect.poll(() => page.locator('.react-flow__node').count(), soon).toBe(nodes);
    expect(await curl('-H', 'Host: shop.test', `http://127.0.0.1:${httpPort}/`)).toMatch(/^(first|second) /);
  });

  it('runs the same workspace without a window', async () => {
    expect(await app.stop()).toBe(0);
    const serve = spawn('npm', ['run', '-s', 'hopscope', '--', 'serve', join(dataFolder, 'workspace.yaml')], {
      cwd: root,
      env: { ...process.env, HOPSCOPE_DATA: dataFolder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise<number | null>((done) => serve.once('exit', (code) => done(code)));
    for await (const line of createInterface({ input: serve.stdout })) {
      expect(JSON.parse(line)).toMatchObject({ event: 'ready' });
      break;
    }
    expect(await curl('-H', 'Host: shop.test', `http://127.0.0.1:${httpPort}/`)).toMatch(/^(first|second) /);
    serve.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  /** With a listener selected: route, pool and endpoint by their "+" buttons. */
  async function buildBehindSelectedListener(endpointPort: number, serverName?: string): Promise<void> {
    await page.getByRole('button', { name: 'Add a route' }).click();
    if (serverName !== undefined) {
      await inspector().getByLabel('Server names (SNI)').fill(serverName);
      await page.keyboard.press('Enter');
    }
    await page.getByRole('button', { name: 'Add a pool' }).click();
    await page.locator('.react-flow__node', { hasText: '127.0.0.1:3000' }).click();
    await fill('Port', String(endpointPort));
  }
});

/** Sends one line over TCP and resolves with what comes back first. */
function talk(port: number, line: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(line));
    socket.once('data', (data) => {
      socket.destroy();
      done(data.toString());
    });
    socket.once('error', fail);
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer')));
  });
}
