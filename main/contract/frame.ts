import { z } from 'zod';
import type { SerializedError } from './appError';

// The four frames that travel between a UI and the main process, the same over Electron IPC and WebSocket.

export interface CallFrame {
  readonly type: 'call';
  readonly id: number;
  readonly method: string;
  readonly input?: unknown;
}
export interface ResultFrame {
  readonly type: 'result';
  readonly id: number;
  readonly value: unknown;
}
export interface ErrorFrame {
  readonly type: 'error';
  readonly id: number;
  readonly error: SerializedError;
}
export interface EventFrame {
  readonly type: 'event';
  readonly name: string;
  readonly payload: unknown;
}

/** UI → main. Checked at the border: nothing else is accepted. */
export const callFrameSchema = z.strictObject({
  type: z.literal('call'),
  id: z.int().min(0),
  method: z.string().min(1).max(64),
  /** Left out of the JSON where the call takes nothing. */
  input: z.unknown().optional(),
});

/** Main → UI. */
export type ServerFrame = ResultFrame | ErrorFrame | EventFrame;

/** Largest call frame that a UI may send, in bytes of JSON. */
export const maxCallFrameBytes = 8 * 1024 * 1024;

/** One two-way line of JSON-able frames. Adapters: Electron IPC, WebSocket. */
export interface FrameChannel {
  /** Sends one frame; silently dropped after close. */
  send(frame: unknown): void;
  /** At most one handler; frames that came before are delivered to it first. */
  onMessage(handler: (frame: unknown) => void): void;
  onClose(handler: () => void): void;
  close(): void;
  /** Bytes accepted by `send` and not yet taken by the other side; lets a sender drop what is droppable. */
  bufferedBytes(): number;
}
