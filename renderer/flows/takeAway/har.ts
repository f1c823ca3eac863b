// Flows as HAR 1.2, from their events only: what the client sent and what it got. Pure.
import type { Flow } from '../../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../../main/contract/flowEvent';
import { harContent, harPostData } from './harBodies';
import { harFields, requestCookies, responseCookies } from './harFields';
import { harTimings } from './harTimings';
import type { Har, HarEntry, HarRequest, HarResponse } from './harTypes';

export interface TakenFlow {
  readonly flow: Flow;
  readonly events: readonly FlowEvent[];
}

/** Why a flow cannot be an entry; null = it can. */
export function harRefusal({ flow, events }: TakenFlow): string | null {
  if (flow.kind !== 'http') return 'HAR holds HTTP exchanges only; this is a relayed connection';
  return headOf(events, 'request.head') === undefined ? 'the request of this flow was not seen' : null;
}

/** Flows that HAR cannot hold are left out and counted in the log's comment. `version` is Hopscope's own. */
export function harOf(flows: readonly TakenFlow[], version: string): Har {
  const held = flows.filter((taken) => harRefusal(taken) === null);
  const left = flows.length - held.length;
  const entries = held.map(entryOf).sort((a, b) => a.startedDateTime.localeCompare(b.startedDateTime));
  return {
    log: {
      version: '1.2',
      creator: { name: 'Hopscope', version },
      entries,
      ...(left === 0 ? {} : { comment: `${left} left out: HAR holds HTTP exchanges whose request was seen` }),
    },
  };
}

function entryOf({ flow, events }: TakenFlow): HarEntry {
  const asked = headOf(events, 'request.head')!;
  const timings = harTimings(events, flow.openedAt);
  const { blocked, dns, connect, send, wait, receive } = timings;
  const time = [blocked, dns, connect, send, wait, receive].reduce((sum, part) => sum + Math.max(0, part), 0);
  const address = serverAddress(flow, events);
  const comment = commentOf(flow, events);
  return {
    startedDateTime: new Date(flow.wallTime).toISOString(),
    time,
    request: requestOf(flow, asked, events),
    response: responseOf(events),
    cache: {},
    timings,
    ...(address === null ? {} : { serverIPAddress: address }),
    ...(flow.downstreamConnectionId === 0 ? {} : { connection: String(flow.downstreamConnectionId) }),
    ...(comment === '' ? {} : { comment }),
  };
}

function requestOf(flow: Flow, asked: FlowEventOf<'request.head'>, events: readonly FlowEvent[]): HarRequest {
  const url = urlOf(flow, asked, events);
  const postData = harPostData(asked.headers, events);
  const comments = [
    ...(url.inferred === null ? [] : [url.inferred]),
    ...(asked.stream === undefined ? [] : ['headersSize is that of the compressed header block']),
  ];
  return {
    method: asked.method,
    url: url.text,
    httpVersion: asked.version,
    cookies: requestCookies(asked.headers),
    headers: harFields(asked.headers),
    queryString: queryOf(asked.target),
    ...(postData === null ? {} : { postData }),
    headersSize: asked.bytes,
    bodySize: bodySize(events, 'request.end'),
    ...(comments.length === 0 ? {} : { comment: comments.join('; ') }),
  };
}

function responseOf(events: readonly FlowEvent[]): HarResponse {
  const answer = headOf(events, 'response.head');
  const headers = answer?.headers ?? [];
  const comment =
    answer === undefined ? 'the client got no answer' : answer.generated ? 'made by Hopscope itself' : null;
  return {
    status: answer?.status ?? 0,
    statusText: answer?.reason ?? '',
    httpVersion: answer?.version ?? '',
    cookies: responseCookies(headers),
    headers: harFields(headers),
    content: harContent(headers, events),
    redirectURL: headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '',
    headersSize: answer?.bytes ?? -1,
    bodySize: bodySize(events, 'response.end'),
    ...(comment === null ? {} : { comment }),
  };
}

/** The last of them: an interim answer (103) comes before the one that counts. */
function headOf<Kind extends 'request.head' | 'response.head'>(
  events: readonly FlowEvent[],
  kind: Kind,
): FlowEventOf<Kind> | undefined {
  return events.findLast((event) => event.kind === kind && event.leg === 'downstream') as
    | FlowEventOf<Kind>
    | undefined;
}

function bodySize(events: readonly FlowEvent[], kind: 'request.end' | 'response.end'): number {
  const end = events.findLast((event) => event.kind === kind && event.leg === 'downstream');
  return end?.kind === kind ? end.bodyBytes : -1;
}

/** A target in origin form says neither scheme nor host: those come from the connection and the Host header. */
export function urlOf(
  flow: Flow,
  asked: FlowEventOf<'request.head'>,
  events: readonly FlowEvent[],
): { readonly text: string; readonly inferred: string | null } {
  const { target } = asked;
  if (/^https?:\/\//i.test(target)) return { text: target, inferred: null };
  const isTls = events.some(
    (event) =>
      event.kind === 'tls.established' &&
      event.leg === 'downstream' &&
      event.connectionId === asked.connectionId,
  );
  const scheme = isTls ? 'https' : 'http';
  if (asked.method === 'CONNECT')
    return { text: `${scheme}://${target}/`, inferred: `the target was ${target}` };
  if (!target.startsWith('/')) {
    const text = `${scheme}://${flow.hostname ?? 'unknown'}/`;
    return { text, inferred: `the target was ${target}` };
  }
  if (flow.hostname !== null) return { text: `${scheme}://${flow.hostname}${target}`, inferred: null };
  const local = events.find((event) => event.kind === 'connection.opened' && event.leg === 'downstream');
  const host = local?.kind === 'connection.opened' ? hostOf(local.local) : 'unknown';
  return {
    text: `${scheme}://${host}${target}`,
    inferred: 'no Host header: the host of the URL is inferred',
  };
}

function hostOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function queryOf(target: string): { name: string; value: string }[] {
  const start = target.indexOf('?');
  if (start === -1) return [];
  return [...new URLSearchParams(target.slice(start + 1))].map(([name, value]) => ({ name, value }));
}

/** Of the endpoint that was used last; null = none was, or only its name is known. */
function serverAddress(flow: Flow, events: readonly FlowEvent[]): string | null {
  const id = flow.upstreamConnectionIds.at(-1);
  const opened = events.find(
    (event) => event.kind === 'connection.opened' && event.leg === 'upstream' && event.connectionId === id,
  );
  if (opened?.kind === 'connection.opened') return opened.remote.address;
  const host = flow.endpoint?.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1') ?? '';
  return /^[\d.]+$/.test(host) || host.includes(':') ? host : null;
}

function commentOf(flow: Flow, events: readonly FlowEvent[]): string {
  const lost = events.reduce((sum, event) => sum + (event.kind === 'gap' ? event.lost : 0), 0);
  return [
    ...(flow.route === null ? [] : [`route ${flow.route}`]),
    ...(flow.endpoint === null ? [] : [`endpoint ${flow.endpoint}`]),
    ...(flow.retries === 0 ? [] : [`retries: ${flow.retries}; timings are of the last attempt`]),
    ...(flow.failure === null ? [] : [`${flow.failure.code}: ${flow.failure.message}`]),
    ...(flow.outcome === 'open' ? ['still open when this was saved'] : []),
    ...(lost === 0 && !flow.isPartial ? [] : ['events of it were lost: fields may be missing']),
  ].join('; ');
}
