// The built-in client against a server of a test, with what it tells.
import type { BoundListener } from '../../main/contract/api';
import { type ClientRequestInput, clientRequestSchema } from '../../main/contract/clientRequest';
import type { ClientEvent } from '../../main/contract/clientResult';
import { type RunningSend, startSend } from '../../main/lab/client/client';
import type { ClientCertificate } from '../../main/lab/client/secureContexts';

export type MessageInput = ClientRequestInput['message'];
export type HttpMessageInput = Extract<MessageInput, { kind: 'http' }>;

export interface SendOptions {
  readonly tls?: ClientRequestInput['tls'];
  readonly repeat?: ClientRequestInput['repeat'];
  readonly idleTimeoutMs?: number;
  /** PEM. */
  readonly trusted?: readonly string[];
  readonly listeners?: readonly BoundListener[];
  /** By id. */
  readonly clientCertificates?: ReadonlyMap<string, ClientCertificate>;
}

export interface WatchedSend extends RunningSend {
  readonly events: ClientEvent[];
  /** The first event of that kind, now or later. */
  event<Kind extends ClientEvent['kind']>(
    kind: Kind,
    accepts?: (event: Extract<ClientEvent, { kind: Kind }>) => boolean,
  ): Promise<Extract<ClientEvent, { kind: Kind }>>;
}

export function sendTo(port: number, message: MessageInput, options: SendOptions = {}): WatchedSend {
  const { tls = null, trusted = [], listeners = [], clientCertificates, ...rest } = options;
  const target = { address: '127.0.0.1', port };
  return watchSend(
    { target, tls, message, ...rest },
    {
      trusted,
      listeners,
      ...(clientCertificates === undefined ? {} : { clientCertificates }),
    },
  );
}

export function watchSend(
  input: ClientRequestInput,
  {
    trusted = [],
    listeners = [],
    clientCertificates,
  }: Pick<SendOptions, 'trusted' | 'listeners' | 'clientCertificates'> = {},
): WatchedSend {
  const events: ClientEvent[] = [];
  const waiting = new Set<() => void>();
  const send = startSend(
    clientRequestSchema.parse(input),
    {
      listeners,
      trustedCertificates: trusted,
      clientCertificate: (id) => clientCertificates?.get(id) ?? null,
    },
    (event) => {
      events.push(event);
      const woken = [...waiting];
      waiting.clear();
      for (const wake of woken) wake();
    },
  );
  return {
    ...send,
    events,
    event: async (kind, accepts = () => true) => {
      for (;;) {
        const found = events.find(
          (event): event is Extract<ClientEvent, { kind: typeof kind }> =>
            event.kind === kind && accepts(event as Extract<ClientEvent, { kind: typeof kind }>),
        );
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
  };
}
