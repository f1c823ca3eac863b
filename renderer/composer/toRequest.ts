// From the composer's form to what the client is told to send. Every problem names its field and says what to do.
import {
  type ClientRequestInput,
  clientBounds,
  clientRequestSchema,
} from '../../main/contract/clientRequest';
import { base64OfBytes } from '../components/base64';
import { parseHeaderLines } from '../stores/headerLines';
import type { Composed } from './composed';
import { rawBytesOf } from './rawText';
import { type Surroundings, type Way, wayOfUrl } from './wayOfUrl';

export type ComposerTab = 'headers' | 'body' | 'chunks' | 'tls' | 'repeat';

export type ToRequest =
  | {
      readonly kind: 'request';
      readonly request: ClientRequestInput;
      readonly way: Way;
      readonly warning: string | null;
    }
  | {
      readonly kind: 'problem';
      readonly message: string;
      /** Where it is typed; null = in the line with the URL. */
      readonly tab: ComposerTab | null;
    };

/** What is wrong with the form; thrown inside, a value outside. */
class FormProblem extends Error {
  constructor(
    message: string,
    readonly tab: ComposerTab | null,
  ) {
    super(message);
  }
}

export function toRequest(composed: Composed, around: Surroundings): ToRequest {
  const found = wayOfUrl(composed.url, composed.through, around);
  if (found.kind === 'problem') return { ...found, tab: null };
  const { way, warning } = found;
  try {
    const request: ClientRequestInput = {
      target:
        way.listener === null ? { address: way.address, port: way.port } : { listener: way.listener.id },
      ...(needsTunnel(composed, way) ? { tunnel: way.destination } : {}),
      tls: way.isTls ? tlsOf(composed) : null,
      message: messageOf(composed, way),
      idleTimeoutMs:
        whole(composed.patienceSeconds, 'Wait at most', 1, clientBounds.durationMs / 1000, 'chunks') * 1000,
      ...(composed.mode === 'http' && composed.repeat.isOn ? { repeat: repeatOf(composed) } : {}),
    };
    const checked = clientRequestSchema.safeParse(request);
    if (checked.success) return { kind: 'request', request, way, warning };
    return schemaProblem(checked.error.issues[0]);
  } catch (error) {
    if (error instanceof FormProblem) return { kind: 'problem', message: error.message, tab: error.tab };
    throw error;
  }
}

function messageOf(composed: Composed, way: Way): ClientRequestInput['message'] {
  if (composed.mode === 'raw') return rawOf(composed);
  const headers = headersOf(composed, way);
  const hostname = way.authority;
  if (composed.mode === 'webSocket') {
    const protocols = composed.webSocketProtocols.split(/[\s,]+/).filter((name) => name !== '');
    const { protocol } = composed;
    return { kind: 'webSocket', protocol, hostname, path: way.path, headers, protocols };
  }
  const isForward =
    way.listener?.protocol === 'forward' && composed.method !== 'CONNECT' && !needsTunnel(composed, way);
  return {
    kind: 'http',
    protocol: composed.protocol,
    method: composed.method,
    hostname,
    // A forward proxy is asked for the whole URL.
    path: isForward ? `http://${hostname}${way.path}` : way.path,
    headers,
    body: bodyOf(composed),
    framing: composed.framing,
    trailers: fieldsOf(composed.trailers, 'trailers', 'body'),
    expectContinue: composed.expectContinue,
    pieces: piecesOf(composed),
    ...giveUpOf(composed),
    resetCode: composed.giveUp.code,
    streams:
      composed.protocol === 'http1'
        ? 1
        : whole(composed.streams, 'Streams', 1, clientBounds.streams, 'repeat'),
  };
}

/** A forward proxy reads plain HTTP only; for all else it is asked to connect and to keep out of it. */
function needsTunnel({ mode }: Composed, { listener, isTls }: Way): boolean {
  return listener?.protocol === 'forward' && (isTls || mode !== 'http');
}

function headersOf({ headers }: Composed, { credentials }: Way): [string, string][] {
  const fields = fieldsOf(headers, 'headers', 'headers');
  if (credentials === null || fields.some(([name]) => name.toLowerCase() === 'authorization')) return fields;
  return [...fields, basicAuthorization(credentials)];
}

/** "name:password" as a header (RFC 7617). */
export function basicAuthorization(credentials: string): [string, string] {
  return ['Authorization', `Basic ${base64OfBytes(new TextEncoder().encode(credentials))}`];
}

function fieldsOf(text: string, what: string, tab: ComposerTab): [string, string][] {
  const lines = parseHeaderLines(text);
  if (lines.kind === 'invalid') throw new FormProblem(`In the ${what}: ${lines.message}`, tab);
  return lines.fields;
}

function bodyOf({ body }: Composed) {
  switch (body.kind) {
    case 'text':
      return { kind: 'text', text: body.text } as const;
    case 'file':
      return { kind: 'base64', data: body.data } as const;
    case 'fill':
      return {
        kind: 'fill',
        bytes: whole(body.bytes, 'Bytes of the body', 0, clientBounds.fillBytes, 'body'),
      } as const;
  }
}

function piecesOf({ pieces }: Composed) {
  const { by, headApart } = pieces;
  const pauseMs = whole(pieces.pauseMs, 'Pause', 0, clientBounds.pauseMs, 'chunks');
  return { split: splitOf(pieces), headApart, pauseMs: by === 'none' && !headApart ? 0 : pauseMs };
}

function giveUpOf({
  giveUp: { after, pieces, ms },
}: Composed): Pick<Extract<ClientRequestInput['message'], { kind: 'http' }>, 'giveUp'> {
  switch (after) {
    case 'never':
      return {};
    case 'head':
      return { giveUp: { after } };
    case 'pieces':
      return { giveUp: { after, pieces: whole(pieces, 'Give up after', 0, clientBounds.pieces, 'chunks') } };
    case 'time':
      return { giveUp: { after, ms: whole(ms, 'Give up after', 0, 60_000, 'chunks') } };
  }
}

function splitOf({ by, count, size, offsets }: Composed['pieces']) {
  switch (by) {
    case 'none':
      return { by } as const;
    case 'count':
      return { by, count: whole(count, 'Pieces', 1, clientBounds.pieces, 'chunks') } as const;
    case 'size':
      return { by, bytes: whole(size, 'Bytes a piece', 1, clientBounds.fillBytes, 'chunks') } as const;
    case 'offsets': {
      const places = offsets.split(/[\s,]+/).filter((text) => text !== '');
      if (places.length === 0) {
        throw new FormProblem('Cut before which bytes? Write their numbers: 10, 200.', 'chunks');
      }
      const numbers = places.map((text) =>
        whole(text, 'Cut before byte', 1, clientBounds.fillBytes, 'chunks'),
      );
      return { by, offsets: numbers } as const;
    }
  }
}

function tlsOf({ tls }: Composed): NonNullable<ClientRequestInput['tls']> {
  const { serverName, otherName, verify, alpn, maxVersion, clientCertificate } = tls;
  if (serverName === 'other' && otherName.trim() === '') {
    throw new FormProblem('Which server name? Type one, or take that of the URL.', 'tls');
  }
  const name = serverName === 'host' ? {} : { serverName: serverName === 'none' ? null : otherName.trim() };
  const offers = { h2: ['h2'], 'http/1.1': ['http/1.1'], both: ['h2', 'http/1.1'], none: [] } as const;
  return {
    ...name,
    verify,
    maxVersion,
    ...(alpn === 'auto' ? {} : { alpn: [...offers[alpn]] }),
    ...(clientCertificate === '' ? {} : { clientCertificate }),
  };
}

function repeatOf({ repeat }: Composed): NonNullable<ClientRequestInput['repeat']> {
  const rate = repeat.perSecond.trim();
  return {
    times: whole(repeat.times, 'Times', 1, clientBounds.repeatTimes, 'repeat'),
    perSecond: rate === '' ? null : decimal(rate, 'Rate', 0.1, clientBounds.repeatPerSecond, 'repeat'),
    concurrency: whole(repeat.concurrency, 'At once', 1, clientBounds.repeatConcurrency, 'repeat'),
    reuse: repeat.reuse,
    countBy: repeat.countBy.trim() === '' ? 'x-served-by' : repeat.countBy.trim(),
  };
}

function rawOf(composed: Composed): ClientRequestInput['message'] {
  const raw = rawBytesOf(composed.raw);
  if (raw.kind === 'problem') throw new FormProblem(raw.message, 'body');
  if (raw.bytes.length > (clientBounds.base64Characters / 4) * 3) {
    throw new FormProblem(`${raw.bytes.length} bytes are too many: at most 3 MiB.`, 'body');
  }
  return {
    kind: 'raw',
    bytes: { kind: 'base64', data: base64OfBytes(raw.bytes) },
    pieces: { ...piecesOf(composed), headApart: false },
    halfClose: composed.raw.halfClose,
    silenceMs: whole(composed.raw.silenceMs, 'Over after', 50, 60_000, 'body'),
  };
}

function whole(text: string, name: string, least: number, most: number, tab: ComposerTab): number {
  const number = Number(text.trim());
  if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new FormProblem(`${name}: "${text}" is no whole number from ${least} to ${most}.`, tab);
}

function decimal(text: string, name: string, least: number, most: number, tab: ComposerTab): number {
  const number = Number(text);
  if (number >= least && number <= most) return number;
  throw new FormProblem(`${name}: "${text}" is no number from ${least} to ${most}.`, tab);
}

const tabOfField: Readonly<Record<string, ComposerTab>> = {
  headers: 'headers',
  protocols: 'headers',
  body: 'body',
  bytes: 'body',
  trailers: 'body',
  pieces: 'chunks',
  giveUp: 'chunks',
  streams: 'repeat',
};

function schemaProblem(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): ToRequest {
  const path = issue?.path.map(String) ?? [];
  const field = path[0] === 'message' ? path[1] : path[0];
  const tab = field === 'tls' || field === 'repeat' ? field : (tabOfField[field ?? ''] ?? null);
  const message = issue?.message ?? 'this cannot be sent';
  return { kind: 'problem', message: field === undefined ? message : `${field}: ${message}`, tab };
}
