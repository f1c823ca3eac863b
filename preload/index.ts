// The only thing that the page gets from Electron: two functions on one channel. Runs sandboxed; knows no method names.
import { contextBridge, ipcRenderer } from 'electron';
import { type IpcMessage, ipcChannel, type PreloadBridge } from '../main/contract/preloadBridge';

// Names this document towards the main process; not a secret (the sender is checked there), only never the same twice.
const document = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
const early: unknown[] = [];
let handler: ((frame: unknown) => void) | null = null;

const bridge: PreloadBridge = {
  send: (frame) => post({ kind: 'frame', document, text: JSON.stringify(frame) }),
  onFrame: (next) => {
    handler = next;
    for (const frame of early.splice(0)) next(frame);
  },
};

ipcRenderer.on(ipcChannel, (_event, message: IpcMessage) => {
  if (message.kind !== 'frame' || message.document !== document) return;
  const frame: unknown = JSON.parse(message.text);
  if (handler === null) early.push(frame);
  else handler(frame);
  post({ kind: 'taken', document, characters: message.text.length });
});

contextBridge.exposeInMainWorld('hopscope', bridge);
post({ kind: 'open', document });

function post(message: IpcMessage): void {
  ipcRenderer.send(ipcChannel, message);
}
