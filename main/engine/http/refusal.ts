import type { FlowFailureCode } from '../../contract/flowEvent';

/** Why a message is not forwarded, and what a client is answered. Constants: refusing allocates nothing. */
export interface Refusal {
  readonly status: number;
  readonly code: FlowFailureCode;
  /** Plain words; goes into the answer and the event, so it never quotes the peer. */
  readonly message: string;
}

export function badMessage(message: string): Refusal {
  return { status: 400, code: 'bad_request', message };
}

/** What a scanner returns instead of an offset. */
export const needMore = -1;
export const refused = -2;
