import type { FrameLine } from './frameLine';

/** What preload/index.ts exposes as `window.hopscope`. */
export interface HopscopeBridge {
  send(frame: unknown): void;
  onFrame(handler: (frame: unknown) => void): void;
}

declare global {
  interface Window {
    readonly hopscope?: HopscopeBridge;
  }
}

/** Electron IPC lives and dies with the window, so this line is always up. */
export function createElectronLine(bridge: HopscopeBridge): FrameLine {
  return {
    send(frame) {
      bridge.send(frame);
      return true;
    },
    onFrame: (handler) => bridge.onFrame(handler),
    onState: (handler) => handler('connected'),
    close: () => undefined,
  };
}
