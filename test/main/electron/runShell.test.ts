import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runShell, type ShellOptions } from '../../../main/electron/runShell';
import {
  app,
  BrowserWindow,
  chosenFile,
  copied,
  errorBoxes,
  handlers,
  keyStore,
  menus,
  permissionHandlers,
  resetFakeElectron,
} from '../../helpers/fakeElectron';

let dataFolder: string;
let composed: Parameters<ShellOptions['compose']>[0][];
let closes: number;
let offered: string[];
beforeEach(async () => {
  resetFakeElectron();
  dataFolder = await mkdtemp(join(tmpdir(), 'hopscope-shell-'));
  composed = [];
  closes = 0;
  offered = [];
  chosenFile.path = null;
});
afterEach(async () => {
  // The shell listens for signals of the process; this one goes on.
  for (const signal of ['SIGINT', 'SIGTERM']) {
    for (const listener of process.listeners(signal as 'SIGINT')) {
      if (!signalsBefore.has(listener)) process.off(signal, listener);
    }
  }
  // A closed window may still be writing its place.
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
});
const signalsBefore = new Set<unknown>([...process.listeners('SIGINT'), ...process.listeners('SIGTERM')]);

const start = (more: Partial<ShellOptions> = {}) =>
  runShell({
    dataFolder,
    rendererFolder: '/nowhere/renderer',
    preloadFile: '/nowhere/preload/index.cjs',
    platform: 'linux',
    argv: [],
    compose: async (host) => {
      composed.push(host);
      return {
        connect: () => undefined,
        takeDownload: () => null,
        offerCapture: async (path) => {
          if (path.includes('missing')) throw new Error(`${path} cannot be opened`);
          offered.push(path);
        },
        close: async () => {
          closes++;
        },
      };
    },
    ...more,
  });

describe('the desktop shell', () => {
  it('is sandboxed, has its scheme and its profile folder before Electron is ready', async () => {
    await start();
    expect(app.calls).toEqual([
      'enableSandbox',
      'registerSchemesAsPrivileged',
      'setPath userData',
      'requestSingleInstanceLock',
      'whenReady',
    ]);
    expect((await stat(join(dataFolder, 'electron'))).mode & 0o777).toBe(0o700);
  });

  it('opens one window with every protection on', async () => {
    await start();
    expect(BrowserWindow.all).toHaveLength(1);
    const [window] = BrowserWindow.all;
    expect(window!.options.webPreferences).toEqual({
      preload: '/nowhere/preload/index.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    expect(window!.options).toMatchObject({ minWidth: 1024, minHeight: 640, show: false });
    expect(window!.log).toContain('load app://ui/');
    expect(window!.webContents.windowOpenHandler).not.toBeNull();
    expect(handlers.has('app')).toBe(true);
    expect(permissionHandlers.request).toBeDefined();
    expect(menus[0]!.map((item) => item.role)).toEqual(['fileMenu', 'editMenu', 'viewMenu', 'windowMenu']);
  });

  it('hands on its version, the clipboard and the key store', async () => {
    await start();
    const [host] = composed;
    expect(host!.version).toBe('1.2.3');
    await host!.copyText('curl http://127.0.0.1:8080/');
    expect(copied).toEqual(['curl http://127.0.0.1:8080/']);
    const bytes = new Uint8Array([0, 255, 1, 128]);
    const sealed = await host!.keyCipher!.encrypt(bytes);
    expect(new Uint8Array(await host!.keyCipher!.decrypt(sealed))).toEqual(bytes);
    expect(host!.keyCipher!.protection).toBe('system');
    await expect(host!.keyCipher!.decrypt(bytes)).rejects.toThrow('not sealed here');
  });

  it.each([
    ['has none', { isAvailable: false }],
    ['has only a password that everybody knows', { backend: 'basic_text' as const }],
  ])('says that there is no key store when the system %s', async (_name, state) => {
    Object.assign(keyStore, state);
    await start();
    expect(composed[0]!.keyCipher).toBeNull();
  });

  it('leaves the place to the first instance, which comes to the front', async () => {
    app.hasLock = false;
    await start();
    expect(app.calls).toContain('quit');
    expect(composed).toHaveLength(0);
    expect(BrowserWindow.all).toHaveLength(0);

    resetFakeElectron();
    await start();
    const [window] = BrowserWindow.all;
    const focused = new Promise<void>((resolve) => {
      window!.focus = () => resolve();
    });
    app.emit('second-instance', {}, ['electron', '.'], '/tmp');
    await focused;
    expect(BrowserWindow.all).toHaveLength(1);
  });

  it('opens a capture file from its File menu, and says what cannot be opened', async () => {
    await start();
    const file = menus[0]!.find(({ role }) => role === 'fileMenu')!;
    const entry = (file.submenu as MenuItemConstructorOptions[]).find(
      ({ label }) => label === 'Open Capture File…',
    )!;
    const choose = (path: string | null) => {
      chosenFile.path = path;
      (entry.click as () => void)();
    };
    choose(null);
    choose('/home/ann/monday.hopscope.ndjson');
    await vi.waitUntil(() => offered.length > 0);
    choose('/home/ann/missing.ndjson');
    await vi.waitUntil(() => errorBoxes.length > 0);
    expect(offered).toEqual(['/home/ann/monday.hopscope.ndjson']);
    expect(errorBoxes).toEqual([
      'The capture file cannot be opened: /home/ann/missing.ndjson cannot be opened',
    ]);
    expect((file.submenu as MenuItemConstructorOptions[]).at(-1)).toEqual({ role: 'quit' });
  });

  it('opens the capture file of --capture, its own and that of a second start', async () => {
    await start({ argv: ['electron', '.', '--capture', '/one.ndjson'] });
    app.emit('second-instance', {}, ['electron', '--no-sandbox', '.', '--capture=two.ndjson'], '/tmp');
    await vi.waitUntil(() => offered.length > 1);
    expect(offered).toEqual(['/one.ndjson', resolve('/tmp/two.ndjson')]);
  });

  it('remembers where the window was', async () => {
    await start();
    const [first] = BrowserWindow.all;
    first!.bounds = { x: 40, y: 50, width: 1100, height: 650 };
    first!.maximize();
    const exited = once(app, 'exited');
    app.quit();
    await exited;
    expect(JSON.parse(await readFile(join(dataFolder, 'window.json'), 'utf8'))).toEqual({
      bounds: first!.bounds,
      isMaximized: true,
    });
    resetFakeElectron();
    await start();
    expect(BrowserWindow.all[0]!.options).toMatchObject({ x: 40, y: 50, width: 1100, height: 650 });
    expect(BrowserWindow.all[0]!.isMaximized()).toBe(true);
  });

  it('closes the app once before it exits', async () => {
    await start();
    const exited = once(app, 'exited');
    app.emit('window-all-closed');
    expect(await exited).toEqual([0]);
    expect(closes).toBe(1);
  });

  it('goes on without a window on macOS and opens a new one when it is activated', async () => {
    await start({ platform: 'darwin' });
    expect(menus[0]![0]!.role).toBe('appMenu');
    BrowserWindow.all[0]!.close();
    app.emit('window-all-closed');
    expect(app.calls).not.toContain('quit');
    const shown = new Promise<void>((resolve) => {
      app.once('web-contents-created', () => resolve());
    });
    app.emit('activate');
    await shown;
    expect(BrowserWindow.all).toHaveLength(2);
    expect(closes).toBe(0);
    const exited = once(app, 'exited');
    app.quit();
    await exited;
  });

  it('says why it cannot start and exits with 1', async () => {
    const exited = once(app, 'exited');
    await start({ compose: () => Promise.reject(new Error('/data/workspace.yaml cannot be read')) });
    expect(await exited).toEqual([1]);
    expect(errorBoxes).toEqual(['Hopscope cannot start: /data/workspace.yaml cannot be read']);
    expect(BrowserWindow.all).toHaveLength(0);
  });

  it('says so when its data folder cannot be made', async () => {
    const file = join(dataFolder, 'file');
    await writeFile(file, '');
    const exited = once(app, 'exited');
    await start({ dataFolder: file });
    expect(await exited).toEqual([1]);
    expect(errorBoxes[0]).toContain(file);
  });

  it('reloads a page that broke the rules, but not in a circle', async () => {
    const { ipcRenderer, link } = await import('../../helpers/fakeElectron');
    await start();
    const { webContents } = BrowserWindow.all[0]!;
    Object.assign(link, { sender: webContents, senderFrame: webContents.mainFrame });
    const sent = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    for (const document of ['a', 'b']) {
      ipcRenderer.send('hopscope.frame', { kind: 'frame', document, text: 'not JSON' });
      await sent();
    }
    expect(webContents.reloads).toBe(1);
  });
});
