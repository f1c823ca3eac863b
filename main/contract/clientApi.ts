// The part of the api that is about the built-in client; api.ts takes it in.
import { z } from 'zod';
import { clientMessageSchema, clientRequestSchema, sendIdSchema } from './clientRequest';
import type { ClientEvent, ClientResult } from './clientResult';

export const clientInputs = {
  /** Sends for real, from the main process, and answers when it is over; what happens meanwhile comes as `client.events`. */
  sendRequest: z.strictObject({ id: sendIdSchema, request: clientRequestSchema }),
  /** Ends a send; its `sendRequest` then answers with what there is. */
  cancelRequest: z.strictObject({ id: sendIdSchema }),
  /** Into a WebSocket that is open. */
  sendClientMessage: z.strictObject({ id: sendIdSchema, message: clientMessageSchema }),
} as const satisfies Record<string, z.ZodType>;

/**
 * A send that fails on its way is a result with `outcome: failed`. Rejects with `invalid_input` (a target that is not this
 * machine's, what cannot be written), `not_found` (no such listener or send), `already_exists` (the id), `unavailable` (too many).
 */
export interface ClientResults {
  sendRequest: ClientResult;
  cancelRequest: null;
  sendClientMessage: null;
}

export interface ClientEvents {
  /** Only to the UI that sends; in order, a few times a second. */
  'client.events': { readonly id: string; readonly events: readonly ClientEvent[] };
}
