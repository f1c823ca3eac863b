// As much of Electron's main side as the built app uses, over a real Chromium: BrowserWindow is a page, protocol.handle is
// request interception, IPC is a page binding. What it cannot show: Electron's own isolation of the preload script (here
// it runs in the page's world) and the native parts. Chromium knows no app:// scheme, so the page's origin is an https
// one that no name server knows; every URL is translated on its way in and out.
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../../scripts/findBrowser.mjs';
import { openWindowBinding, pageBinding, preloadFor } from './preloadRunner.mjs';

const appOrigin = 'app://ui';
const pageOrigin = 'https://ui.app.invalid';
const toApp = (text) => text.replaceAll(pageOrigin, appOrigin);
const toPage = (text) => text.replaceAll(appOrigin, pageOrigin);

/** What the test wants to know of. */
const report = (message) => process.send?.(message);

const profile = mkdtempSync(join(tmpdir(), 'hopscope-shim-'));
let context = null;
const protocolHandlers = new Map();
const webContentsByPage = new Map();

async function launch() {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium here');
  context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    // The app decides what a signal means.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--remote-debugging-port=0',
    ],
  });
  await context.route('**/*', intercept);
  await context.exposeBinding(pageBinding, receive);
  await context.exposeBinding(openWindowBinding, ({ page }, url) => {
    report({ event: 'window', url, ...webContentsByPage.get(page).decideOnWindow(url) });
  });
  const [port] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  report({ event: 'debugging', port: Number(port) });
}

/** Every request of every page: navigations are asked about first, ours are answered, the rest must not happen. */
async function intercept(route) {
  const request = route.request();
  const url = toApp(request.url());
  const contents = webContentsByPage.get(pageOf(request));
  if (request.isNavigationRequest() && contents !== undefined && isPrevented(contents, request, url)) {
    report({ event: 'prevented', url });
    return route.abort('aborted');
  }
  const handler = protocolHandlers.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) {
    report({ event: 'foreign request', url });
    return route.abort('blockedbyclient');
  }
  const answer = await handler(new Request(url, { method: request.method() }));
  const headers = Object.fromEntries([...answer.headers].map(([name, value]) => [name, toPage(value)]));
  await route.fulfill({ status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) });
}

function pageOf(request) {
  try {
    return request.frame().page();
  } catch {
    return null; // the frame of a navigation that just opened a page
  }
}

function isPrevented(contents, request, url) {
  if (contents.expectedUrl === url) {
    contents.expectedUrl = null; // loadURL: Electron does not ask about its own
    return false;
  }
  const isMainFrame = request.frame() === contents.page.mainFrame();
  let prevented = false;
  const details = { url, isMainFrame, preventDefault: () => (prevented = true) };
  contents.emit('will-frame-navigate', details);
  if (isMainFrame) contents.emit('will-navigate', details);
  return prevented;
}

function receive({ page, frame }, channel, message) {
  const contents = webContentsByPage.get(page);
  if (contents === undefined) return;
  const parent = frame.parentFrame();
  const isOurs = new URL(frame.url()).origin === pageOrigin;
  // A frame inside the page is sandboxed, so its origin is opaque whatever its URL says.
  const origin = parent !== null ? 'null' : isOurs ? appOrigin : new URL(frame.url()).origin;
  ipcMain.emit(channel, { sender: contents, senderFrame: { origin, parent } }, message);
}

class WebContents extends EventEmitter {
  static #nextId = 1;
  id = WebContents.#nextId++;
  page = null;
  expectedUrl = null;
  #windowOpenHandler = () => ({ action: 'allow' });
  #isDestroyed = false;

  attach(page) {
    this.page = page;
    webContentsByPage.set(page, this);
    page.on('close', () => {
      this.#isDestroyed = true;
      this.emit('destroyed');
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
  }
  decideOnWindow(url) {
    return this.#windowOpenHandler({ url });
  }
  setWindowOpenHandler(handler) {
    this.#windowOpenHandler = handler;
  }
  send(channel, message) {
    // A page that is just going away loses what was under way, as in Electron.
    this.page
      .evaluate(`globalThis.__receiveFromMain?.(${JSON.stringify([channel, message])})`)
      .catch(() => report({ event: 'lost' }));
  }
  reload() {
    report({ event: 'reload' });
    void this.page.reload();
  }
  isDestroyed() {
    return this.#isDestroyed;
  }
}

export class BrowserWindow extends EventEmitter {
  static all = new Set();
  webContents = new WebContents();
  #options;
  #isDestroyed = false;

  constructor(options) {
    super();
    this.#options = options;
    BrowserWindow.all.add(this);
    app.emit('web-contents-created', {}, this.webContents);
    const { preload, ...preferences } = options.webPreferences;
    report({ event: 'webPreferences', preferences });
  }
  async loadURL(url) {
    const page = context.pages().find((each) => !webContentsByPage.has(each)) ?? (await context.newPage());
    await page.addInitScript(preloadFor(this.#options.webPreferences.preload));
    this.webContents.attach(page);
    this.webContents.expectedUrl = url;
    await page.goto(toPage(url));
    this.emit('ready-to-show');
  }
  async close() {
    if (this.#isDestroyed) return;
    this.emit('close');
    this.#isDestroyed = true;
    BrowserWindow.all.delete(this);
    await this.webContents.page.close();
    this.emit('closed');
    if (BrowserWindow.all.size === 0) app.emit('window-all-closed');
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: 1280, height: 800 };
  }
  isMaximized() {
    return false;
  }
  isMinimized() {
    return false;
  }
  isDestroyed() {
    return this.#isDestroyed;
  }
  show() {
    report({ event: 'shown' });
  }
  focus() {
    report({ event: 'focused' });
  }
}

class App extends EventEmitter {
  #isQuitting = false;
  enableSandbox() {
    report({ event: 'enableSandbox' });
  }
  setPath() {
    return undefined;
  }
  requestSingleInstanceLock() {
    return true;
  }
  whenReady() {
    return launch();
  }
  getVersion() {
    return '0.0.0-shim';
  }
  quit() {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    void Promise.all([...BrowserWindow.all].map((window) => window.close())).then(() => {
      let isPrevented = false;
      this.emit('will-quit', { preventDefault: () => (isPrevented = true) });
      if (!isPrevented) this.exit(0);
    });
  }
  exit(code) {
    const closed = context === null ? Promise.resolve() : context.close();
    void closed.finally(() => {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
      process.exit(code);
    });
  }
}

export const app = new App();
export const ipcMain = new EventEmitter();
export const protocol = {
  registerSchemesAsPrivileged: () => undefined,
  handle: (scheme, handler) => protocolHandlers.set(scheme, handler),
};
export const session = {
  defaultSession: {
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
    setDisplayMediaRequestHandler: () => undefined,
  },
};
export const shell = {
  openExternal: async (url) => report({ event: 'external', url }),
  beep: () => undefined,
};
export const clipboard = { writeText: async (text) => report({ event: 'copied', text }) };
/** What the test chooses in the next file dialog. */
let chosenFile = null;
export const dialog = {
  showErrorBox: (title, content) => report({ event: 'error', title, content }),
  showOpenDialog: async () => ({
    canceled: chosenFile === null,
    filePaths: chosenFile === null ? [] : [chosenFile],
  }),
};
let menu = [];
export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (template) => {
    menu = template;
  },
};
/** A click into the native menu, with what is then chosen in the file dialog. */
process.on('message', ({ click, choose }) => {
  chosenFile = choose;
  const entries = menu.flatMap(({ submenu }) => submenu ?? []);
  entries.find(({ label }) => label === click).click();
});
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] };
export const safeStorage = { isAsyncEncryptionAvailable: async () => false };
