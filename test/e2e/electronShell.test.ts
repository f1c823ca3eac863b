// The real built main process and preload script, in Node with a stand-in for `electron` that drives a real Chromium:
// IPC, sender check, navigation lock, content policy and the sandboxed diagram frame at work.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../scripts/findBrowser.mjs';

const root = resolve(import.meta.dirname, '../..');
const origin = 'https://ui.app.invalid';

interface Report {
  readonly event: string;
  readonly [key: string]: unknown;
}

class ShellUnderTest {
  readonly reports: Report[] = [];
  readonly #arrived = new EventEmitter();
  readonly #process: ChildProcess;

  constructor(dataFolder: string) {
    const register = join(root, 'test/helpers/electronShim/register.mjs');
    this.#process = fork(join(root, 'dist/main/index.js'), [], {
      execArgv: ['--import', register, '--no-warnings'],
      env: { ...process.env, HOPSCOPE_DATA: dataFolder },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process.on('message', (report: Report) => {
      this.reports.push(report);
      this.#arrived.emit('report');
    });
  }

  /** The first report of this kind, from now on or from before. */
  async report(event: string, matches: (report: Report) => boolean = () => true): Promise<Report> {
    for (;;) {
      const found = this.reports.find((report) => report.event === event && matches(report));
      if (found !== undefined) return found;
      await once(this.#arrived, 'report');
    }
  }

  /** Clicks an entry of the native menu and chooses a file in the dialog that it opens. */
  chooseInMenu(click: string, choose: string): void {
    this.#process.send({ click, choose });
  }

  async stop(): Promise<number | null> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const [code] = await exited;
    return code as number | null;
  }
}

describe.skipIf(findBrowser() === null)('the built Electron main process', () => {
  let dataFolder: string;
  let shell: ShellUnderTest;
  let browser: Browser;
  let page: Page;
  let isStopped = false;

  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'hopscope-electron-'));
    shell = new ShellUnderTest(dataFolder);
    const { port } = await shell.report('debugging');
    browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    await shell.report('shown');
    page = browser.contexts()[0]!.pages()[0]!;
  });
  afterAll(async () => {
    if (!isStopped) await shell.stop();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Calls the api over the preload bridge, as the UI does, and takes the bridge's one handler for it. */
  const call = (
    method: string,
    input?: unknown,
  ): Promise<{ type: string; value?: unknown; error?: unknown }> =>
    page.evaluate(
      ([name, value]) =>
        new Promise((done) => {
          const bridge = (globalThis as unknown as { hopscope: PageBridge }).hopscope;
          const id = Math.floor(Math.random() * 1e9);
          bridge.onFrame((frame) => {
            if ((frame as { id?: number }).id === id) done(frame as { type: string });
          });
          bridge.send({ type: 'call', id, method: name, ...(value === undefined ? {} : { input: value }) });
        }),
      [method, input] as const,
    );

  it('shows the UI, which speaks to the main process by itself', async () => {
    await page.getByRole('heading').first().waitFor();
    expect(page.url()).toBe(`${origin}/`);
    expect(await page.title()).toContain('Hopscope');
  });

  it('asks Electron for every protection', async () => {
    const { preferences } = await shell.report('webPreferences');
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
    });
    expect(shell.reports[0]).toEqual({ event: 'enableSandbox' });
  });

  it('gives the page the bridge and nothing of Node or Electron', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys((globalThis as unknown as { hopscope: object }).hopscope).sort(),
      node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer'].filter((name) => name in globalThis),
    }));
    expect(seen).toEqual({ bridge: ['onFrame', 'send'], node: [] });
  });

  it('answers calls, refuses unknown ones and copies to the clipboard', async () => {
    expect(await call('getAppInfo')).toMatchObject({
      type: 'result',
      value: { host: 'electron', version: '0.0.0-shim', dataFolder },
    });
    expect(await call('quit')).toMatchObject({ type: 'error', error: { code: 'not_found' } });
    await call('copyText', { text: 'curl http://127.0.0.1:8080/' });
    await shell.report('copied', (report) => report.text === 'curl http://127.0.0.1:8080/');
  });

  it('works again after the page is reloaded', async () => {
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    expect(await call('getAppInfo')).toMatchObject({ type: 'result' });
  });

  it('serves nothing outside the UI, with the policy on everything', async () => {
    const answers = await page.evaluate(async () => {
      const paths = [
        '/package.json',
        '/..%2fmain%2findex.js',
        '/%2e%2e/main/index.js',
        '/diagram/..%2f..%2fmain%2findex.js',
      ];
      // The policy forbids fetch, so ask the way a script tag does.
      return Promise.all(
        paths.map(
          (path) =>
            new Promise((done) => {
              const script = document.createElement('script');
              script.src = path;
              script.onload = () => done('loaded');
              script.onerror = () => done('refused');
              document.head.append(script);
            }),
        ),
      );
    });
    expect(answers).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  it('runs no inline script and connects nowhere', async () => {
    const result = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.head.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="globalThis.injected = true">');
      const fetched = await fetch('/index.html').then(
        () => 'fetched',
        () => 'refused',
      );
      const evaluated = (() => {
        const probe = document.createElement('script');
        probe.src = 'data:text/javascript,globalThis.injected=true';
        document.head.append(probe);
        return new Promise((done) => (probe.onerror = () => done('refused')));
      })();
      return { fetched, script: await evaluated, injected: 'injected' in globalThis, violations };
    });
    expect(result).toMatchObject({ fetched: 'refused', script: 'refused', injected: false });
    expect(result.violations).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src']));
  });

  it('stays where it is, whatever the page tries', async () => {
    for (const url of ['https://evil.invalid/', `${origin}/diagram/index.html`]) {
      await page.evaluate((target) => {
        location.href = target;
      }, url);
      const reported = url.replace(origin, 'app://ui');
      await shell.report('prevented', (report) => report.url === reported);
    }
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = '/index.html';
      document.body.append(frame);
    });
    await shell.report('prevented', (report) => report.url === 'app://ui/index.html');
    expect(page.url()).toBe(`${origin}/`);
  });

  it('opens no window; listed sites go to the browser of the user', async () => {
    const urls = ['https://evil.invalid/', 'https://www.rfc-editor.org/rfc/rfc9112'];
    for (const url of urls) {
      expect(await page.evaluate((target) => window.open(target), url)).toBeNull();
      expect(await shell.report('window', (report) => report.url === url)).toMatchObject({ action: 'deny' });
    }
    await shell.report('external', (report) => report.url === urls[1]);
    expect(shell.reports.filter((report) => report.event === 'external')).toHaveLength(1);
  });

  it('shows a capture file that was chosen in the native menu, and says why another cannot be opened', async () => {
    const file = join(dataFolder, 'monday.hopscope.ndjson');
    const base = { seq: 1, at: 10, wallTime: 1_700_000_000_000, flowId: 1, connectionId: 1 };
    const client = { address: '127.0.0.1', port: 7 };
    const opened = { ...base, kind: 'flow.opened', flow: 'tcp', listener: 'old', revision: 1, client };
    await writeFile(file, `${JSON.stringify(opened)}\n`);
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    shell.chooseInMenu('Open Capture File…', file);
    const banner = page.getByRole('region', { name: 'Capture file' });
    await banner.getByText('monday.hopscope.ndjson').waitFor();
    await page.locator('.flow-row').filter({ hasText: 'old' }).waitFor();
    shell.chooseInMenu('Open Capture File…', join(dataFolder, 'none.ndjson'));
    const { content } = await shell.report('error');
    expect(content).toMatch(/none\.ndjson cannot be opened: ENOENT/);
    await banner.getByRole('button', { name: 'Back to live' }).click();
    await banner.waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('heading').first().waitFor();
    expect(await call('getOfferedCapture')).toMatchObject({ value: { offered: null } });
  });

  it('keeps the diagram frame sealed off: its script runs, and nothing else is within its reach', async () => {
    const frame = await addDiagramFrame(page);
    const seen = await frame.evaluate(async () => ({
      origin: globalThis.origin,
      hasBridge: 'hopscope' in globalThis,
      canReachParent: (() => {
        try {
          return parent.document !== null;
        } catch {
          return false;
        }
      })(),
      fetched: await fetch('/index.html').then(
        () => 'fetched',
        () => 'refused',
      ),
      storage: (() => {
        try {
          return localStorage.length >= 0;
        } catch {
          return false;
        }
      })(),
    }));
    expect(seen).toEqual({
      origin: 'null',
      hasBridge: false,
      canReachParent: false,
      fetched: 'refused',
      storage: false,
    });
  });

  it('ignores what a frame inside the page says on the channel of the main process', async () => {
    const frame = await addDiagramFrame(page);
    await frame.evaluate(() => {
      const send = (globalThis as unknown as { __sendToMain: (...args: unknown[]) => void }).__sendToMain;
      const text = JSON.stringify({ type: 'call', id: 1, method: 'createCa', input: { commonName: 'Evil' } });
      send('hopscope.frame', { kind: 'open', document: 'evil' });
      send('hopscope.frame', { kind: 'frame', document: 'evil', text });
    });
    // Had it been taken, the CA would have been made before this later call of ours was answered.
    expect(await call('getCertificates')).toMatchObject({ type: 'result', value: { ca: null } });
    expect(await call('createCa', { commonName: 'Ours' })).toMatchObject({ type: 'result' });
  });

  it('closes down on SIGTERM, keeping its window and its workspace', async () => {
    isStopped = true;
    expect(await shell.stop()).toBe(0);
    expect(JSON.parse(await readFile(join(dataFolder, 'window.json'), 'utf8'))).toMatchObject({
      isMaximized: false,
    });
    expect(await readFile(join(dataFolder, 'workspace.yaml'), 'utf8')).toContain('schemaVersion: 1');
  });
});

interface PageBridge {
  send(frame: unknown): void;
  onFrame(handler: (frame: unknown) => void): void;
}

/** The frame as the UI makes it, ready when its script has spoken. */
async function addDiagramFrame(page: Page): Promise<Frame> {
  const name = `diagram${Math.random()}`;
  await page.evaluate(
    (frameName) =>
      new Promise<void>((done) => {
        const element = document.createElement('iframe');
        element.name = frameName;
        element.setAttribute('sandbox', 'allow-scripts');
        element.src = `/diagram/index.html#${frameName}`;
        addEventListener('message', (event) => {
          if (event.source === element.contentWindow) done();
        });
        document.body.append(element);
      }),
    name,
  );
  return page.frames().find((frame) => frame.name() === name)!;
}
