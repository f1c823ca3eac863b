// The part of the api that sends the same bytes two ways; api.ts takes it in.
import { z } from 'zod';
import type { ClientResult } from './clientResult';

export const bothPairs = ['layers', 'tls', 'buffering', 'reuse'] as const;
export type BothPair = (typeof bothPairs)[number];

export const bothBounds = {
  pieces: 100,
  pieceBytes: 1_048_576,
  /** Together, so that the whole request fits the buffer of the way that holds it. */
  bodyBytes: 16_777_216,
  pauseMs: 2000,
  /** All pauses together. */
  pausesMs: 60_000,
} as const;

export const bothInputs = {
  /**
   * Runs two listeners beside the workspace, on free loopback ports and only for this call, leads both to one sample server,
   * and sends one request through each, one after the other.
   */
  sendThroughBoth: z
    .strictObject({
      pair: z.enum(bothPairs),
      /** The body goes out in so many writes of so many bytes, with a pause before each. */
      pieces: z.int().min(1).max(bothBounds.pieces).default(5),
      pieceBytes: z.int().min(1).max(bothBounds.pieceBytes).default(12_200),
      pauseMs: z.int().min(0).max(bothBounds.pauseMs).default(100),
    })
    .refine(({ pieces, pieceBytes }) => pieces * pieceBytes <= bothBounds.bodyBytes, {
      path: ['pieceBytes'],
      message: `all pieces together have at most ${bothBounds.bodyBytes} bytes`,
    })
    .refine(({ pieces, pauseMs }) => pieces * pauseMs <= bothBounds.pausesMs, {
      path: ['pauseMs'],
      message: `all pauses together take at most ${bothBounds.pausesMs / 1000} s`,
    }),
  cancelSendThroughBoth: z.undefined(),
} as const satisfies Record<string, z.ZodType>;

/** One way, and by what its flow is known. */
export interface SentWay {
  /** Id of the listener, which is gone when the call answers. */
  readonly listener: string;
  readonly clientPort: number;
  /** Flows of this connection; the last one is to be compared. */
  readonly requests: number;
  readonly result: ClientResult;
}

export interface BothResults {
  /** Rejects with `unavailable` when another one is under way, or the sample server or a listener cannot be started. */
  sendThroughBoth: { readonly a: SentWay; readonly b: SentWay };
  cancelSendThroughBoth: null;
}
