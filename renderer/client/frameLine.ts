// The renderer's side of the line to the main process. Two adapters: Electron's preload and a WebSocket.

/** `connecting` before the first connection, `lost` after one broke and while it is tried again. */
export type ConnectionState = 'connecting' | 'connected' | 'lost';

export interface FrameLine {
  /** Returns false when the line is down; the frame is not kept. */
  send(frame: unknown): boolean;
  onFrame(handler: (frame: unknown) => void): void;
  /** Calls the handler with the state now and at every change. */
  onState(handler: (state: ConnectionState) => void): void;
  close(): void;
}
