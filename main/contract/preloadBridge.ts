// What passes between the preload script and the Electron shell, and what the page sees of it. No imports: the preload
// must stay one small bundle.

/** The one IPC channel. */
export const ipcChannel = 'hopscope.frame';

/**
 * Preload → main: `open` when a new document starts, then its frames, and how many characters of ours it has taken.
 * Main → preload: frames, and `closed` when main will neither send nor take more. Every message names its document, so that nothing of a reloaded page reaches the next one.
 */
export type IpcMessage =
  | { readonly kind: 'open'; readonly document: string }
  | { readonly kind: 'frame'; readonly document: string; readonly text: string }
  | { readonly kind: 'taken'; readonly document: string; readonly characters: number }
  | { readonly kind: 'closed'; readonly document: string };

/** `window.hopscope` in Electron. */
export interface PreloadBridge {
  send(frame: unknown): void;
  /** One handler; frames that came before are delivered to it first. */
  onFrame(handler: (frame: unknown) => void): void;
}
