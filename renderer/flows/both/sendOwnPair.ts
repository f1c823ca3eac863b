// Sends one request through two listeners of the workspace, one after the other, so that neither makes the other wait.
import type { HopscopeApi } from '../../../main/contract/api';
import type { SentWay } from '../../../main/contract/bothApi';
import type { Composed } from '../../composer/composed';
import { newSendId } from '../../composer/sendOnce';
import { toRequest } from '../../composer/toRequest';
import type { Surroundings } from '../../composer/wayOfUrl';
import { composedFor, type OwnWay } from './ownWays';

export interface OwnPair {
  readonly a: { readonly way: OwnWay; readonly composed: Composed };
  readonly b: { readonly way: OwnWay; readonly composed: Composed };
}

export interface SentPair {
  readonly a: SentWay;
  readonly b: SentWay;
}

/** Rejects with what is wrong in words. Aborted = the send under way is cancelled and no other one begins. */
export async function sendOwnPair(
  api: HopscopeApi,
  { a, b }: OwnPair,
  around: Surroundings,
  signal: AbortSignal,
): Promise<SentPair> {
  // Both are looked at before either is sent.
  const requests = [requestOf('A', a, b.way, around), requestOf('B', b, a.way, around)] as const;
  const first = await sendOne(api, 'A', a.way, requests[0], signal);
  return { a: first, b: await sendOne(api, 'B', b.way, requests[1], signal) };
}

type Request = Extract<ReturnType<typeof toRequest>, { kind: 'request' }>['request'];

function requestOf(
  name: string,
  { way, composed }: OwnPair['a'],
  other: OwnWay,
  around: Surroundings,
): Request {
  if (composed.mode === 'webSocket') {
    throw new Error('A WebSocket goes on until somebody ends it: send an HTTP request or raw bytes.');
  }
  const made = toRequest(composedFor(composed, way, other), around);
  if (made.kind === 'problem') throw new Error(`${name}: ${made.message}`);
  return made.request;
}

async function sendOne(
  api: HopscopeApi,
  name: string,
  { listener }: OwnWay,
  request: Request,
  signal: AbortSignal,
): Promise<SentWay> {
  if (signal.aborted) throw new Error('It was cancelled.');
  const id = newSendId();
  // When it ended meanwhile there is nothing to cancel.
  const cancel = () => void api.call('cancelRequest', { id }).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const result = await api.call('sendRequest', { id, request });
    const clientPort = result.clientPorts.at(-1);
    if (signal.aborted) throw new Error('It was cancelled.');
    if (clientPort === undefined)
      throw new Error(`${name}, listener ${listener.id}: ${result.problem ?? 'nothing could be sent'}`);
    return { listener: listener.id, clientPort, requests: flowsOf(request), result };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** How many flows the one connection has: a request each, or a stream each. */
function flowsOf({ message, repeat }: Request): number {
  if (repeat !== undefined) return repeat.times;
  return message.kind === 'http' ? (message.streams ?? 1) : 1;
}
