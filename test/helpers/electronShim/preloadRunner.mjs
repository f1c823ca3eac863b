import { readFileSync } from 'node:fs';

/** What the page side calls to reach ipcMain. */
export const pageBinding = '__sendToMain';
/** Chromium opens windows by itself, so window.open asks main instead; a refused one is null to the page, as in Electron. */
export const openWindowBinding = '__openWindow';

/** A script that runs the built preload in the top frame of every document, with nothing but `electron` to require. */
export function preloadFor(file) {
  const source = readFileSync(file, 'utf8');
  return `(() => {
    if (globalThis !== globalThis.top) return;
    const listeners = new Map();
    globalThis.open = (url) => {
      void globalThis.${openWindowBinding}(new URL(url, location.href).href);
      return null;
    };
    globalThis.__receiveFromMain = ([channel, message]) => listeners.get(channel)?.({}, message);
    const electron = {
      ipcRenderer: {
        send: (channel, message) => void globalThis.${pageBinding}(channel, message),
        on: (channel, listener) => listeners.set(channel, listener),
      },
      contextBridge: {
        exposeInMainWorld: (name, api) =>
          Object.defineProperty(globalThis, name, { value: Object.freeze({ ...api }), enumerable: true }),
      },
    };
    const require = (name) => {
      if (name === 'electron') return electron;
      throw new Error('a sandboxed preload cannot require ' + name);
    };
    const module = { exports: {} };
    (function (require, module, exports, process, Buffer) { ${source}
    })(require, module, module.exports);
  })();`;
}
