// The calls of the built-in client (contract/clientApi.ts) for one UI: its sends end with it.
import { AppError } from '../contract/appError';
import type { clientInputs } from '../contract/clientApi';
import { clientBounds } from '../contract/clientRequest';
import type { ClientEvent } from '../contract/clientResult';
import { type ClientContext, type RunningSend, startSend } from '../lab/client/client';
import type { ApiClient } from '../transport/session';
import type { ApiHandlers } from './apiHandlers';

export interface ClientSends {
  readonly handlers: ApiHandlers<keyof typeof clientInputs>;
  close(): void;
}

/** Events wait so long for others. */
const batchMs = 40;
/** A UI that does not keep up is told less. */
const maxBufferedBytes = 4 * 1024 * 1024;

export function connectClient(context: () => ClientContext, client: ApiClient): ClientSends {
  const running = new Map<string, RunningSend>();
  const find = (id: string) => {
    const send = running.get(id);
    if (send !== undefined) return send;
    throw new AppError('not_found', `there is no send "${id}" under way: it is over`);
  };
  return {
    handlers: {
      sendRequest: async ({ id, request }) => {
        if (running.has(id)) throw new AppError('already_exists', `a send "${id}" is under way`);
        if (running.size >= clientBounds.sends) {
          throw new AppError('unavailable', `${running.size} sends are under way; cancel one first`);
        }
        const events = new EventBatch(id, client);
        const send = startSend(request, context(), (event) => events.add(event));
        running.set(id, send);
        try {
          const result = await send.result;
          return { ...result, untoldEvents: result.untoldEvents + events.dropped };
        } finally {
          running.delete(id);
          events.close();
        }
      },
      cancelRequest: ({ id }) => {
        find(id).cancel();
        return null;
      },
      sendClientMessage: ({ id, message }) => {
        find(id).message(message);
        return null;
      },
    },
    close: () => {
      for (const send of running.values()) send.cancel();
    },
  };
}

class EventBatch {
  dropped = 0;
  #waiting: ClientEvent[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly id: string,
    private readonly client: ApiClient,
  ) {}

  add(event: ClientEvent): void {
    if (this.client.bufferedBytes() > maxBufferedBytes) {
      this.dropped++;
      return;
    }
    this.#waiting.push(event);
    this.#timer ??= setTimeout(() => this.#flush(), batchMs);
  }

  /** The rest goes out before the result does. */
  close(): void {
    this.#flush();
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    this.client.push('client.events', { id: this.id, events });
  }
}
