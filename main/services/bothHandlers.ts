// "Send through both" for one UI: one at a time, and it ends with its UI.
import { AppError } from '../contract/appError';
import type { bothInputs } from '../contract/bothApi';
import { type BothParts, sendBoth } from '../lab/both/sendBoth';
import type { ApiHandlers } from './apiHandlers';

export interface BothSends {
  readonly handlers: ApiHandlers<keyof typeof bothInputs>;
  close(): void;
}

/** `onSamples` is called when it may have started a sample server. */
export function connectBoth(parts: BothParts, onSamples: () => void): BothSends {
  let running: AbortController | null = null;
  const cancel = () => {
    running?.abort();
    return null;
  };
  return {
    handlers: {
      sendThroughBoth: async (input) => {
        if (running !== null) throw new AppError('unavailable', 'another one is under way; cancel it first');
        running = new AbortController();
        try {
          return await sendBoth(input, parts, running.signal);
        } finally {
          running = null;
          onSamples();
        }
      },
      cancelSendThroughBoth: cancel,
    },
    close: cancel,
  };
}
