// One plain request through a listener: what the "Send" button of the canvas sends.
import type { BoundListener, HopscopeApi } from '../../main/contract/api';
import type { ClientRequestInput } from '../../main/contract/clientRequest';
import type { ClientResponse, ClientResult } from '../../main/contract/clientResult';
import { type Composed, firstComposed } from './composed';

export interface PlainRequest {
  readonly method: string;
  readonly hostname: string;
  /** Path and query. */
  readonly path: string;
}

export interface Answer {
  readonly result: ClientResult;
  readonly response: ClientResponse;
}

/** Rejects with what went wrong in words when no response came. */
export async function sendOnce(
  api: HopscopeApi,
  listener: BoundListener,
  plain: PlainRequest,
): Promise<Answer> {
  const result = await api.call('sendRequest', { id: newSendId(), request: requestTo(listener, plain) });
  const response = result.responses[0];
  if (response === undefined || response.status === 0) throw new Error(result.problem ?? 'no response came');
  return { result, response };
}

/** The same as the composer's form. */
export function composedOf(listener: BoundListener, { method, hostname, path }: PlainRequest): Composed {
  const host = hostname === '' ? 'localhost' : hostname;
  const url =
    listener.protocol === 'forward'
      ? `http://${host}${path}`
      : `${speaksTls(listener) ? 'https' : 'http'}://${host}:${listener.port}${path}`;
  const through = listener.protocol === 'forward' ? listener.id : '';
  return { ...firstComposed, method, url, through };
}

/** Names one send. */
export function newSendId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}

function requestTo(listener: BoundListener, { method, hostname, path }: PlainRequest): ClientRequestInput {
  return {
    target: { listener: listener.id },
    tls: speaksTls(listener) ? {} : null,
    message: {
      kind: 'http',
      method,
      hostname,
      // A forward proxy is asked for the whole URL.
      path: listener.protocol === 'forward' ? `http://${hostname}${path}` : path,
    },
  };
}

export function speaksTls({ protocol }: Pick<BoundListener, 'protocol'>): boolean {
  return protocol === 'https' || protocol === 'tls';
}
