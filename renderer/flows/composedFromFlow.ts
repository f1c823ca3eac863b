// A recorded flow as a request that can be sent again, and what of it was not recorded.
import { clientBounds } from '../../main/contract/clientRequest';
import type { FlowEventOf } from '../../main/contract/flowEvent';
import { maskedValue } from '../../main/contract/flowEvent';
import { base64OfBytes } from '../components/base64';
import { type Composed, firstComposed } from '../composer/composed';
import { escapesOf } from '../composer/rawText';
import type { ShownFlow } from '../stores/flowState';
import { formatHeaderLines } from '../stores/headerLines';
import { type CapturedBody, capturedBodies, textOf } from './capturedBytes';

export type FromFlow =
  | {
      readonly kind: 'request';
      readonly composed: Composed;
      /** In words; empty = it is the same request. */
      readonly missing: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What the client adds itself, or what belonged to one connection. */
const ownFields = /^(?:host|content-length|transfer-encoding|expect|trailer)$/i;

export function composedFromFlow(record: ShownFlow): FromFlow {
  const asked = record.events.find(
    (event): event is FlowEventOf<'request.head'> =>
      event.kind === 'request.head' && event.leg === 'downstream',
  );
  if (asked !== undefined) return fromHttp(record, asked);
  if (record.flow.kind === 'http') return { kind: 'refused', reason: 'its request was not recorded' };
  return fromBytes(record);
}

function fromHttp(record: ShownFlow, asked: FlowEventOf<'request.head'>): FromFlow {
  const { flow, events } = record;
  const port = localPort(record, asked.connectionId);
  const isTls = isSecured(record);
  const isHttp2 = asked.stream !== undefined;
  const host = asked.headers.find(([name]) => name === ':authority' || name.toLowerCase() === 'host')?.[1];
  const isWebSocket = flow.upgrade === 'websocket';
  const fields = asked.headers.filter(
    ([name]) =>
      !name.startsWith(':') && !ownFields.test(name) && !(isWebSocket && webSocketFields.test(name)),
  );
  const body = isWebSocket ? null : bodyOf(record);
  const masked = fields.filter(([, value]) => value.includes(maskedValue)).map(([name]) => name);
  const isChunked = asked.headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  const authority = host ?? 'localhost';
  const name = authority.replace(/:\d+$/, '');
  const scheme = `${isWebSocket ? 'ws' : 'http'}${isTls ? 's' : ''}`;
  // A forward proxy was asked for a whole URL.
  const isAbsolute = /^https?:\/\//i.test(asked.target);
  if (!isAbsolute && !asked.target.startsWith('/')) {
    const reason = `its target "${asked.target.slice(0, 100)}" is no URL: send it as raw bytes`;
    return { kind: 'refused', reason };
  }
  const place = port === null || port === (isTls ? 443 : 80) ? name : `${name}:${port}`;
  const url = isAbsolute ? asked.target : `${scheme}://${place}${asked.target}`;
  // The Host that was sent stays a header only where the URL does not say it.
  const hostLine: readonly (readonly [string, string])[] =
    isAbsolute || place === authority ? [] : [['Host', authority]];
  return {
    kind: 'request',
    composed: {
      ...firstComposed,
      mode: isWebSocket ? 'webSocket' : 'http',
      method: asked.method,
      url,
      through: flow.listener,
      protocol: isHttp2 ? 'h2' : 'http1',
      headers: formatHeaderLines([...hostLine, ...fields]),
      body: body?.body ?? firstComposed.body,
      framing: isChunked ? 'chunked' : 'length',
      pieces: isChunked || isHttp2 || isWebSocket ? firstComposed.pieces : piecesOf(record, asked.bytes),
      tls: { ...firstComposed.tls, ...serverNameOf(flow.serverName, name, isTls) },
    },
    missing: [
      ...(events.some((event) => event.kind === 'request.end') || isWebSocket
        ? []
        : ['the end of the request']),
      ...masked.map((field) => `the value of ${field} (masked when it was recorded)`),
      ...(body?.missing ?? []),
    ],
  };
}

/** In the chunks in which it was read, where those are all of it; the pause is the shortest that there was. */
function piecesOf({ events }: ShownFlow, headBytes: number): Composed['pieces'] {
  const reads = events.filter(
    (event): event is FlowEventOf<'chunk'> =>
      event.kind === 'chunk' && event.leg === 'downstream' && event.direction === 'request',
  );
  const end = events.find((event) => event.kind === 'request.end' && event.leg === 'downstream');
  const bodyBytes = end?.kind === 'request.end' ? end.bodyBytes : 0;
  const sizes = reads.map(({ bytes }) => bytes);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (reads.length < 2 || reads.length > clientBounds.pieces || total !== headBytes + bodyBytes) {
    return firstComposed.pieces;
  }
  let offset = 0;
  const offsets = sizes.slice(0, -1).map((bytes) => {
    offset += bytes;
    return offset;
  });
  const gaps = reads.slice(1).map((read, index) => (read.at - reads[index]!.at) / 1000);
  const pauseMs = Math.min(clientBounds.pauseMs, Math.max(1, Math.round(Math.min(...gaps))));
  return { ...firstComposed.pieces, by: 'offsets', offsets: offsets.join(', '), pauseMs: String(pauseMs) };
}

const webSocketFields = /^(?:connection|upgrade|sec-websocket-(?:key|version|extensions))$/i;

function serverNameOf(serverName: string | null, host: string, isTls: boolean): Partial<Composed['tls']> {
  if (!isTls || serverName === host) return {};
  return serverName === null ? { serverName: 'none' } : { serverName: 'other', otherName: serverName };
}

function fromBytes(record: ShownFlow): FromFlow {
  const { flow } = record;
  if (flow.kind === 'tls')
    return { kind: 'refused', reason: 'its bytes are sealed by TLS: nobody here could read them' };
  const captured = requestBody(record);
  if (captured === null) {
    return {
      kind: 'refused',
      reason: 'its bytes were not captured (body capture was off)',
    };
  }
  const opened = record.events.find(
    (event) => event.kind === 'connection.opened' && event.leg === 'downstream',
  );
  const port = opened?.kind === 'connection.opened' ? opened.local.port : null;
  return {
    kind: 'request',
    composed: {
      ...firstComposed,
      mode: 'raw',
      url: `tcp://localhost${port === null ? '' : `:${port}`}`,
      through: flow.listener,
      raw: { ...firstComposed.raw, text: escapesOf(captured.bytes) },
    },
    missing: cutWords(captured),
  };
}

function bodyOf(
  record: ShownFlow,
): { readonly body: Composed['body']; readonly missing: readonly string[] } | null {
  const end = record.events.find((event) => event.kind === 'request.end' && event.leg === 'downstream');
  const length = end?.kind === 'request.end' ? end.bodyBytes : 0;
  const captured = requestBody(record);
  if (captured === null) {
    if (length === 0) return null;
    return {
      body: { kind: 'fill', bytes: String(length) },
      missing: [
        `the body: its ${length} bytes were not captured, so filler of the same length stands for it`,
      ],
    };
  }
  const text = textOf(captured.bytes);
  const body: Composed['body'] =
    text === null || captured.bytes.length > 262_144
      ? {
          kind: 'file',
          name: 'captured body',
          data: base64OfBytes(captured.bytes),
          bytes: captured.bytes.length,
        }
      : { kind: 'text', text };
  return { body, missing: cutWords(captured) };
}

function cutWords({ bytes, totalBytes }: CapturedBody): string[] {
  return bytes.length === totalBytes
    ? []
    : [`the rest of the body: ${bytes.length} of ${totalBytes} bytes were captured`];
}

function requestBody({ events }: ShownFlow): CapturedBody | null {
  const bodies = capturedBodies(events).filter(({ direction }) => direction === 'request');
  return bodies.find(({ leg }) => leg === 'downstream') ?? bodies[0] ?? null;
}

function localPort({ events }: ShownFlow, connection: number): number | null {
  const opened = events.find(
    (event) => event.kind === 'connection.opened' && event.connectionId === connection,
  );
  return opened?.kind === 'connection.opened' ? opened.local.port : null;
}

function isSecured({ events }: ShownFlow): boolean {
  return events.some((event) => event.kind === 'tls.established' && event.leg === 'downstream');
}
