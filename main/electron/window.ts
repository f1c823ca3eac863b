import { join } from 'node:path';
import { BrowserWindow, screen } from 'electron';
import type { FrameChannel } from '../contract/frame';
import { serveIpc } from './ipcTransport';
import { uiStartUrl } from './uiAddress';
import { minimumSize, placeWindow, readStoredWindow, writeStoredWindow } from './windowBounds';

export interface MainWindowOptions {
  readonly dataFolder: string;
  /** The built preload script. */
  readonly preloadFile: string;
  readonly connect: (channel: FrameChannel) => void;
}

export interface MainWindow {
  /** Brings it to the front. */
  show(): void;
  isOpen(): boolean;
  /** Resolves when its place is on disk, after it was closed. */
  readonly closed: Promise<void>;
}

/** A page that was cut off is loaded anew, but not in a circle. */
const reloadPauseMs = 10_000;

/** Needs Electron to be ready. */
export async function openMainWindow(options: MainWindowOptions): Promise<MainWindow> {
  const file = join(options.dataFolder, 'window.json');
  const stored = await readStoredWindow(file);
  const workAreas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(stored?.bounds ?? null, workAreas),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Hopscope',
    show: false,
    webPreferences: {
      preload: options.preloadFile,
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
    },
  });
  if (stored?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  serveIpc(window.webContents, { connect: options.connect, onCut: reloadAfterCut(window) });
  const closed = new Promise<void>((resolve) => {
    window.on('close', () => {
      const place = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
      // The place of a window is not worth keeping anybody from quitting.
      writeStoredWindow(file, place).then(resolve, () => resolve());
    });
  });
  await window.loadURL(uiStartUrl);
  return {
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    isOpen: () => !window.isDestroyed(),
    closed,
  };
}

function reloadAfterCut(window: BrowserWindow): () => void {
  let lastReload = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (window.isDestroyed() || now - lastReload < reloadPauseMs) return;
    lastReload = now;
    window.webContents.reload();
  };
}
