// The life of the desktop app: one instance, locked down before anything loads, the engine goes on while macOS has no
// window, and a quit waits until the app is closed. What the app is made of comes from main/index.ts.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, clipboard, dialog, session } from 'electron';
import type { TakeDownload } from '../contract/download';
import type { FrameChannel } from '../contract/frame';
import type { KeyCipher } from '../contract/keyCipher';
import { captureArgument } from './captureArgument';
import { denyPermissions, lockDownContents } from './lockDown';
import { setStandardMenu } from './menu';
import { pickCaptureFile, pickWorkspaceFile } from './pickFiles';
import { safeStorageCipher } from './safeStorageCipher';
import { handleUiRequests, registerUiScheme } from './uiProtocol';
import { type MainWindow, openMainWindow } from './window';

export interface ShellApp {
  connect(channel: FrameChannel): void;
  readonly takeDownload: TakeDownload;
  /** Shows a capture file in the window, now or when it opens. Rejects with words for a person. */
  offerCapture(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface ShellOptions {
  readonly dataFolder: string;
  /** The built UI and the built preload script. */
  readonly rendererFolder: string;
  readonly preloadFile: string;
  readonly platform: NodeJS.Platform;
  /** Of this process: `--capture FILE` shows a capture file. */
  readonly argv: readonly string[];
  readonly compose: (host: {
    readonly version: string;
    /** null = the system has no key store that can be trusted. */
    readonly keyCipher: KeyCipher | null;
    readonly copyText: (text: string) => Promise<void>;
    readonly pickFile: (purpose: 'open' | 'saveAs') => Promise<string | null>;
  }) => Promise<ShellApp>;
}

/** Longest that quitting waits for connections to drain and files to be written. */
const maxCloseMs = 10_000;

/**
 * Call it without awaiting it at the top of the entry: Electron becomes ready only after the entry has run.
 * What must happen before that happens synchronously here.
 */
export async function runShell(options: ShellOptions): Promise<void> {
  app.enableSandbox();
  registerUiScheme();
  lockDownContents();
  try {
    const profileFolder = join(options.dataFolder, 'electron');
    mkdirSync(profileFolder, { recursive: true, mode: 0o700 });
    app.setPath('userData', profileFolder); // the instance lock is kept there too
    if (!app.requestSingleInstanceLock()) {
      app.quit();
      return;
    }
    await app.whenReady();
    await start(options);
  } catch (error) {
    dialog.showErrorBox('Hopscope cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

async function start(options: ShellOptions): Promise<void> {
  denyPermissions(session.defaultSession);
  const hopscope = await options.compose({
    version: app.getVersion(),
    keyCipher: await safeStorageCipher(options.platform),
    copyText: (text) => clipboard.writeText(text),
    pickFile: pickWorkspaceFile,
  });
  handleUiRequests(options.rendererFolder, hopscope.takeDownload);
  let current: Promise<MainWindow> | null = null;
  const openWindow = () => openMainWindow({ ...options, connect: (channel) => hopscope.connect(channel) });
  const showWindow = () => {
    const shown = current ?? Promise.resolve(null);
    // Set at once, so that a second request in the meantime does not open a second window.
    current = shown.then((window) => (window?.isOpen() === true ? window : openWindow()));
    void current.then((window) => window.show());
  };

  /** Words of what cannot be opened go to a dialog: there may be no window yet. */
  const showCapture = async (path: string | null) => {
    if (path === null) return;
    await hopscope.offerCapture(path).then(showWindow, (error: unknown) => {
      dialog.showErrorBox(
        'The capture file cannot be opened',
        error instanceof Error ? error.message : String(error),
      );
    });
  };
  setStandardMenu(options.platform, () => void pickCaptureFile().then(showCapture));
  app.on('second-instance', (_event, argv, folder) => {
    const file = captureArgument(argv, folder);
    if (file === null) showWindow();
    else void showCapture(file);
  });
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    if (options.platform !== 'darwin') app.quit();
  });
  let isClosing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    void closeAll(hopscope, current).finally(() => app.exit(0));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  const named = captureArgument(options.argv, process.cwd());
  current = openWindow();
  await current;
  await showCapture(named);
}

async function closeAll(hopscope: ShellApp, window: Promise<MainWindow> | null): Promise<void> {
  const opened = await window;
  const isPlaceKept = opened === null || opened.isOpen() ? Promise.resolve() : opened.closed;
  const late = new Promise<void>((resolve) => setTimeout(resolve, maxCloseMs).unref());
  await Promise.race([Promise.allSettled([hopscope.close(), isPlaceKept]), late]);
}
