// Stands for the `electron` module in unit tests (vitest.config.ts points the name here). One page at a time is linked to
// the main side; messages are cloned and arrive later, as they do between processes. The types are Electron's own.
import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';

type Module = typeof Electron;

export class FakeWebContents extends EventEmitter {
  static #nextId = 1;
  readonly id = FakeWebContents.#nextId++;
  readonly mainFrame = fakeFrame('app://ui', null);
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;
  reloads = 0;
  #isDestroyed = false;

  send(channel: string, ...args: unknown[]): void {
    if (this.#isDestroyed) throw new TypeError('Object has been destroyed');
    const cloned = structuredClone(args);
    setImmediate(() => ipcRenderer.emit(channel, {}, ...cloned));
  }
  reload(): void {
    this.reloads++;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  destroy(): void {
    this.#isDestroyed = true;
    this.emit('destroyed');
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.windowOpenHandler = handler;
  }
}

/** As much of WebFrameMain as the sender check reads. */
export function fakeFrame(origin: string, parent: object | null): Electron.WebFrameMain {
  return { origin, parent } as Electron.WebFrameMain;
}

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  readonly webContents = new FakeWebContents();
  readonly log: string[] = [];
  bounds = { x: 10, y: 20, width: 1200, height: 700 };
  #isDestroyed = false;

  constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
    super();
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.log.push(`load ${url}`);
    this.emit('ready-to-show');
  }
  show(): void {
    this.log.push('show');
  }
  focus(): void {
    this.log.push('focus');
  }
  maximize(): void {
    this.log.push('maximize');
  }
  restore(): void {
    this.log.push('restore');
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return this.log.includes('maximize');
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  getNormalBounds(): Electron.Rectangle {
    return this.bounds;
  }
  close(): void {
    this.emit('close');
    this.#isDestroyed = true;
    this.webContents.destroy();
    this.emit('closed');
  }
}

class FakeApp extends EventEmitter {
  calls: string[] = [];
  hasLock = true;
  enableSandbox(): void {
    this.calls.push('enableSandbox');
  }
  setPath(name: string): void {
    this.calls.push(`setPath ${name}`);
  }
  requestSingleInstanceLock(): boolean {
    this.calls.push('requestSingleInstanceLock');
    return this.hasLock;
  }
  async whenReady(): Promise<void> {
    this.calls.push('whenReady');
  }
  getVersion(): string {
    return '1.2.3';
  }
  quit(): void {
    this.calls.push('quit');
    for (const window of BrowserWindow.all) if (!window.isDestroyed()) window.close();
    let isPrevented = false;
    this.emit('will-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.exit(0);
  }
  exit(code = 0): void {
    this.calls.push(`exit ${code}`);
    this.emit('exited', code);
  }
}

export const app = new FakeApp();
app satisfies Pick<
  Module['app'],
  'enableSandbox' | 'setPath' | 'requestSingleInstanceLock' | 'whenReady' | 'getVersion' | 'quit' | 'exit'
>;

export const ipcMain = new EventEmitter();

/** Who the next messages of the page seem to come from; null frame = it navigated away meanwhile. */
export const link: { sender: { readonly id: number } | null; senderFrame: Electron.WebFrameMain | null } = {
  sender: null,
  senderFrame: null,
};

class FakeIpcRenderer extends EventEmitter {
  send(channel: string, ...args: unknown[]): void {
    const event = { sender: link.sender, senderFrame: link.senderFrame };
    const cloned = structuredClone(args);
    setImmediate(() => ipcMain.emit(channel, event, ...cloned));
  }
}
export const ipcRenderer = new FakeIpcRenderer();
ipcRenderer satisfies Pick<Module['ipcRenderer'], 'send'>;

/** What the preload script gave to the page. */
export const exposed = new Map<string, unknown>();
export const contextBridge = {
  exposeInMainWorld: (name: string, api: unknown) => {
    exposed.set(name, api);
  },
  executeInMainWorld: () => undefined,
} satisfies Pick<Module['contextBridge'], 'exposeInMainWorld'> & Record<string, unknown>;

export const schemes: Electron.CustomScheme[] = [];
export const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
export const protocol = {
  registerSchemesAsPrivileged: (list: Electron.CustomScheme[]) => {
    app.calls.push('registerSchemesAsPrivileged');
    schemes.push(...list);
  },
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) => {
    handlers.set(scheme, handler);
  },
} satisfies Pick<Module['protocol'], 'registerSchemesAsPrivileged' | 'handle'>;

export const permissionHandlers: {
  request?: Parameters<Electron.Session['setPermissionRequestHandler']>[0];
  check?: Parameters<Electron.Session['setPermissionCheckHandler']>[0];
  device?: Parameters<Electron.Session['setDevicePermissionHandler']>[0];
  media?: Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0];
} = {};
const defaultSession = {
  setPermissionRequestHandler: (handler) => {
    permissionHandlers.request = handler;
  },
  setPermissionCheckHandler: (handler) => {
    permissionHandlers.check = handler;
  },
  setDevicePermissionHandler: (handler) => {
    permissionHandlers.device = handler;
  },
  setDisplayMediaRequestHandler: (handler) => {
    permissionHandlers.media = handler;
  },
} satisfies Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
>;
export const session = { defaultSession };

export const opened: string[] = [];
export const shell = {
  openExternal: async (url: string) => {
    opened.push(url);
  },
  beep: () => undefined,
} satisfies Pick<Module['shell'], 'openExternal' | 'beep'>;

export const menus: Electron.MenuItemConstructorOptions[][] = [];
export const Menu = {
  buildFromTemplate: (template: Electron.MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: Electron.MenuItemConstructorOptions[]) => {
    menus.push(template);
  },
};

export const keyStore = { isAvailable: true, backend: 'gnome_libsecret' as 'gnome_libsecret' | 'basic_text' };
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => keyStore.isAvailable,
  getSelectedStorageBackend: () => keyStore.backend,
  encryptStringAsync: async (text: string) => Buffer.from(`sealed:${[...text].reverse().join('')}`),
  decryptStringAsync: async (sealed: Buffer) => {
    if (!sealed.toString().startsWith('sealed:')) throw new Error('not sealed here');
    return { shouldReEncrypt: false, result: [...sealed.toString().slice(7)].reverse().join('') };
  },
} satisfies Pick<
  Module['safeStorage'],
  'isAsyncEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptStringAsync' | 'decryptStringAsync'
>;

export const displays = [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }];
export const screen = { getAllDisplays: () => displays };

export const copied: string[] = [];
export const clipboard = {
  writeText: async (text: string) => {
    copied.push(text);
  },
} satisfies Pick<Module['clipboard'], 'writeText'>;

export const errorBoxes: string[] = [];
/** What the user chooses in the next file dialog; null = cancels. */
export const chosenFile: { path: string | null } = { path: null };
export const dialog = {
  showErrorBox: (title: string, content: string) => {
    errorBoxes.push(`${title}: ${content}`);
  },
  showOpenDialog: async (_options: object) => ({
    canceled: chosenFile.path === null,
    filePaths: chosenFile.path === null ? [] : [chosenFile.path],
  }),
  showSaveDialog: async (_options: object) => ({
    canceled: chosenFile.path === null,
    filePath: chosenFile.path ?? '',
  }),
} satisfies Pick<Module['dialog'], 'showErrorBox'> & {
  showOpenDialog(options: Electron.OpenDialogOptions): Promise<Electron.OpenDialogReturnValue>;
  showSaveDialog(options: Electron.SaveDialogOptions): Promise<Electron.SaveDialogReturnValue>;
};

/** As in a fresh process. */
export function resetFakeElectron(): void {
  for (const emitter of [app, ipcMain, ipcRenderer]) emitter.removeAllListeners();
  for (const list of [BrowserWindow.all, schemes, opened, menus, copied, errorBoxes]) list.length = 0;
  app.calls = [];
  app.hasLock = true;
  exposed.clear();
  handlers.clear();
  Object.assign(link, { sender: null, senderFrame: null });
  Object.assign(keyStore, { isAvailable: true, backend: 'gnome_libsecret' });
}
