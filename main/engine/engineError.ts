import type { FlowFailureCode } from '../contract/flowEvent';

/** A failure inside one flow, or of an apply; `code` is what events and answers carry. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: FlowFailureCode | 'listen_failed' | 'closed',
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
