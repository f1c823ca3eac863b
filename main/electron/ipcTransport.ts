// Electron IPC as a FrameChannel: one JSON text a frame, on one channel, from the top frame of our own page only.
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { type FrameChannel, maxCallFrameBytes } from '../contract/frame';
import { type IpcMessage, ipcChannel } from '../contract/preloadBridge';
import { uiOrigin } from './uiAddress';

export interface IpcTransportOptions {
  /** Called with a new channel for each document that the window loads. */
  readonly connect: (channel: FrameChannel) => void;
  /** Our side closed the channel of a page that is still there (it broke the rules, or takes nothing). */
  readonly onCut?: () => void;
}

/** A page that takes nothing for so long that this much waits for it is cut off, so memory stays bounded. */
const maxBufferedCharacters = 64 * 1024 * 1024;
/** Frames that may wait for the first handler. */
const maxEarlyFrames = 256;

/** Serves the pages of one window until it is destroyed. Returns how to stop earlier. */
export function serveIpc(contents: WebContents, options: IpcTransportOptions): () => void {
  let current: IpcChannel | null = null;
  const channelOf = (document: string): IpcChannel => {
    if (current?.document === document) return current;
    current?.end(); // the page was reloaded
    current = new IpcChannel(contents, document, options.onCut ?? (() => undefined));
    options.connect(current);
    return current;
  };
  const onMessage = (event: IpcMainEvent, message: unknown) => {
    if (!isTrustedSender(event, contents) || !isIpcMessage(message)) return;
    channelOf(message.document).receive(message);
  };
  const stop = () => {
    ipcMain.off(ipcChannel, onMessage);
    current?.end();
    current = null;
  };
  ipcMain.on(ipcChannel, onMessage);
  contents.once('destroyed', stop);
  contents.on('render-process-gone', () => current?.end());
  return stop;
}

/** Only the top frame of this window, and only while it shows our UI. */
export function isTrustedSender(
  event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>,
  contents: WebContents,
): boolean {
  // Read once: it becomes null when the frame navigates or goes away, and then nobody is trusted.
  const frame = event.senderFrame;
  if (frame === null || event.sender.id !== contents.id) return false;
  return frame.parent === null && frame.origin === uiOrigin;
}

class IpcChannel implements FrameChannel {
  #handler: ((frame: unknown) => void) | null = null;
  #early: unknown[] = [];
  #closeHandlers: (() => void)[] = [];
  #sent = 0;
  #taken = 0;
  #isOpen = true;

  constructor(
    private readonly contents: WebContents,
    readonly document: string,
    private readonly onCut: () => void,
  ) {}

  send(frame: unknown): void {
    if (!this.#isOpen || this.contents.isDestroyed()) return;
    const text = JSON.stringify(frame);
    this.#sent += text.length;
    if (this.bufferedBytes() > maxBufferedCharacters) this.close();
    else this.#post({ kind: 'frame', document: this.document, text });
  }

  onMessage(handler: (frame: unknown) => void): void {
    this.#handler = handler;
    for (const frame of this.#early.splice(0)) handler(frame);
  }

  onClose(handler: () => void): void {
    if (this.#isOpen) this.#closeHandlers.push(handler);
    else queueMicrotask(handler);
  }

  close(): void {
    if (!this.#isOpen) return;
    if (!this.contents.isDestroyed()) this.#post({ kind: 'closed', document: this.document });
    this.end();
    this.onCut();
  }

  /** Characters of JSON, which for what we send is close to bytes. */
  bufferedBytes(): number {
    return this.#sent - this.#taken;
  }

  receive(message: IpcMessage): void {
    if (!this.#isOpen) return;
    if (message.kind === 'taken') this.#taken = Math.min(this.#sent, this.#taken + message.characters);
    if (message.kind !== 'frame') return;
    const frame = parseFrame(message.text);
    if (frame === undefined) this.close();
    else if (this.#handler !== null) this.#handler(frame.value);
    else if (this.#early.length < maxEarlyFrames) this.#early.push(frame.value);
    else this.close();
  }

  /** The page is gone: nothing more to say to it. */
  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const handler of this.#closeHandlers.splice(0)) handler();
  }

  #post(message: IpcMessage): void {
    this.contents.send(ipcChannel, message);
  }
}

function parseFrame(text: string): { readonly value: unknown } | undefined {
  if (text.length > maxCallFrameBytes || Buffer.byteLength(text) > maxCallFrameBytes) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isIpcMessage(message: unknown): message is IpcMessage {
  if (typeof message !== 'object' || message === null) return false;
  const { kind, document, text, characters } = message as Record<string, unknown>;
  if (typeof document !== 'string' || document.length > 64) return false;
  if (kind === 'open') return true;
  if (kind === 'frame') return typeof text === 'string';
  return kind === 'taken' && typeof characters === 'number' && characters >= 0;
}
