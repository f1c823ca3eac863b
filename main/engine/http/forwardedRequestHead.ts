// The request head as the endpoint gets it: the client's bytes minus what must not travel, plus our lines. Every
// server behind us must read the same message from it: one Host, one framing field, nothing hop-by-hop.
import type { Listener } from '../../contract/config';
import type { HeaderEdits } from '../compiledConfig';
import { withoutNames } from '../filter/headerEdits';
import { FieldId } from './fieldId';
import type { RequestHead } from './requestHead';

/** What endpoints are told of who asks, and what of what the request says of it already is believed. */
export interface ClientIdentity {
  readonly style: Listener['clientHeaders'];
  /** The peer is a proxy of ours: what it says stays, and is added to. */
  readonly isTrusted: boolean;
  /** That the client connected to. */
  readonly port: number;
}

export interface RequestForwarding {
  /** Path and query to ask for. */
  readonly target: string;
  /** Host to send; null = the client's. */
  readonly hostOverride: string | null;
  /** Sent when the client sent no Host (HTTP/1.0). */
  readonly fallbackHost: string;
  readonly clientAddress: string;
  readonly identity: ClientIdentity;
  readonly isTls: boolean;
  /** Of the client's verified certificate. */
  readonly clientSubject?: string | undefined;
  readonly edits: HeaderEdits | null;
  /** −1 = no body or chunked. */
  readonly contentLength: number;
  readonly isChunked: boolean;
  /** The proxy answered `Expect: 100-continue` itself, or there is nothing to wait for. */
  readonly dropsExpect: boolean;
  readonly closesAfter: boolean;
  /** The client speaks HTTP/2. */
  readonly isFromHttp2?: boolean;
  /** The endpoint speaks HTTP/2, where "TE: trailers" may travel and gRPC asks for it (RFC 9113 8.2.2). */
  readonly keepsTrailersWish?: boolean;
}

/** The proxy's lines and what they were made of. */
export interface ProxyLines {
  readonly host: string;
  readonly minorVersion: number;
  readonly clientAddress: string;
  readonly clientSubject: string | undefined;
  readonly isTls: boolean;
  readonly isFromHttp2: boolean | undefined;
  readonly style: ClientIdentity['style'];
  readonly port: ClientIdentity['port'];
  readonly text: string;
}

/** A head without any of these, and without edits, is passed on as it came. */
const droppableFields = ~((1 << FieldId.other) | (1 << FieldId.host) | (1 << FieldId.trailer));

export function forwardedRequestHead(head: RequestHead, forwarding: RequestForwarding): string {
  const { raw, fields } = head;
  const { edits } = forwarding;
  const setsHost = edits?.removedNames.has('host') === true;
  const replacesHost =
    forwarding.hostOverride !== null || head.isAbsoluteForm || head.host === '' || setsHost;
  const keepsLength =
    head.framing.isLengthCanonical && head.framing.contentLength === forwarding.contentLength;
  const { namedFields } = head.connection;
  const isPlainLine = head.minorVersion === 1 && !head.isAbsoluteForm && forwarding.target === head.target;
  let text = isPlainLine ? '' : `${head.method} ${forwarding.target} HTTP/1.1\r\n`;
  let keptFrom = isPlainLine ? 0 : head.requestLineEnd;
  const { isTrusted } = forwarding.identity;
  let earlierForwardedFor = '';
  const isAnyDropped =
    (fields.present & droppableFields) !== 0 || replacesHost || edits !== null || namedFields !== null;
  for (let index = 0; isAnyDropped && index < fields.count; index++) {
    const id = fields.id(index);
    if (id === FieldId.forwardedFor) {
      const value = fields.value(raw, index);
      if (isTrusted && value !== '') earlierForwardedFor += `${value}, `;
    } else if (id === FieldId.host) {
      if (!replacesHost) continue;
    } else if (id === FieldId.contentLength) {
      if (keepsLength) continue;
    } else if (id === FieldId.expect) {
      if (!forwarding.dropsExpect) continue;
    } else if (id === FieldId.other || id === FieldId.trailer) {
      if (edits === null && namedFields === null) continue;
      const name = fields.name(raw, index).toLowerCase();
      if (edits?.removedNames.has(name) !== true && namedFields?.has(name) !== true) continue;
    }
    const start = fields.start(index);
    if (start > keptFrom) text += raw.slice(keptFrom, start);
    keptFrom = fields.lineEnd(index);
  }
  text += raw.slice(keptFrom, fields.endOfFields);
  if (replacesHost && !setsHost) text += `Host: ${hostToSend(head, forwarding)}\r\n`;
  if (forwarding.isChunked) text += 'Transfer-Encoding: chunked\r\n';
  else if (!keepsLength && forwarding.contentLength !== -1)
    text += `Content-Length: ${forwarding.contentLength}\r\n`;
  if (head.upgrade !== '') text += `Connection: upgrade\r\nUpgrade: ${head.upgrade}\r\n`;
  else if (forwarding.closesAfter) text += 'Connection: close\r\n';
  if (forwarding.keepsTrailersWish === true && asksForTrailers(head)) text += 'TE: trailers\r\n';
  return text + ownLines(head, forwarding, earlierForwardedFor);
}

/** Our lines are mostly those of the connection's last request. */
function ownLines(head: RequestHead, forwarding: RequestForwarding, earlierForwardedFor: string): string {
  const { identity, edits, clientAddress, clientSubject, isTls, isFromHttp2 } = forwarding;
  // What a trusted proxy in front said may differ from request to request.
  if (edits !== null || identity.isTrusted) return proxyLines(head, forwarding, earlierForwardedFor);
  const { host, minorVersion, lastLines } = head;
  const { style, port } = identity;
  const isSame =
    lastLines !== null &&
    lastLines.host === host &&
    lastLines.minorVersion === minorVersion &&
    lastLines.clientAddress === clientAddress &&
    lastLines.clientSubject === clientSubject &&
    lastLines.isTls === isTls &&
    lastLines.isFromHttp2 === isFromHttp2 &&
    lastLines.style === style &&
    lastLines.port === port;
  if (isSame) return lastLines.text;
  const text = proxyLines(head, forwarding, '');
  head.lastLines = {
    host,
    minorVersion,
    clientAddress,
    clientSubject,
    isTls,
    isFromHttp2,
    style,
    port,
    text,
  };
  return text;
}

function asksForTrailers({ fields, raw }: RequestHead): boolean {
  return fields.has(FieldId.te) && /(^|,)\s*trailers\s*(,|$)/i.test(fields.find(raw, 'te') ?? '');
}

function proxyLines(head: RequestHead, forwarding: RequestForwarding, earlierForwardedFor: string): string {
  const { edits, clientSubject } = forwarding;
  const subject = clientSubject === undefined ? '' : `X-Client-Certificate-Subject: ${clientSubject}\r\n`;
  const via = forwarding.isFromHttp2 === true ? '2' : head.minorVersion === 1 ? '1.1' : '1.0';
  const lines = `${identityLines(head, forwarding, earlierForwardedFor)}Via: ${via} hopscope\r\n${subject}`;
  // A filter may set or remove our own lines too; what it says goes last and wins.
  return edits === null
    ? `${lines}\r\n`
    : `${withoutNames(lines, edits.removedNames)}${edits.appendedLines}\r\n`;
}

function identityLines(head: RequestHead, forwarding: RequestForwarding, earlier: string): string {
  const { clientAddress, isTls, identity } = forwarding;
  if (identity.style === 'off') return '';
  const proto = isTls ? 'https' : 'http';
  let lines = '';
  if (identity.style !== 'forwarded') {
    if (identity.isTrusted) lines = trustedLines(head, forwarding, earlier);
    else {
      const host = head.host === '' ? '' : `X-Forwarded-Host: ${head.host}\r\n`;
      lines = `X-Forwarded-For: ${clientAddress}\r\nX-Forwarded-Proto: ${proto}\r\n${host}X-Forwarded-Port: ${identity.port}\r\n`;
    }
  }
  if (identity.style === 'xForwarded') return lines;
  const before = identity.isTrusted ? head.header('forwarded') : undefined;
  const chain = before === undefined || before === '' ? '' : `${before}, `;
  return `${lines}Forwarded: ${chain}${forwardedElement(clientAddress, head.host, proto)}\r\n`;
}

/** What a proxy in front said first is nearer to the client than what we see. */
function trustedLines(head: RequestHead, forwarding: RequestForwarding, earlier: string): string {
  const { clientAddress, isTls, identity } = forwarding;
  const proto = head.header('x-forwarded-proto') ?? (isTls ? 'https' : 'http');
  const host = head.header('x-forwarded-host') ?? head.host;
  const port = head.header('x-forwarded-port') ?? identity.port;
  const hostLine = host === '' ? '' : `X-Forwarded-Host: ${host}\r\n`;
  return `X-Forwarded-For: ${earlier}${clientAddress}\r\nX-Forwarded-Proto: ${proto}\r\n${hostLine}X-Forwarded-Port: ${port}\r\n`;
}

/** RFC 7239 4 and 6: IPv6 and hosts with ports are no tokens, so they are quoted. A host has no character to escape. */
function forwardedElement(clientAddress: string, host: string, proto: string): string {
  const who = clientAddress.includes(':')
    ? `"[${clientAddress}]"`
    : clientAddress === ''
      ? 'unknown'
      : clientAddress;
  const name = /[:[\]]/.test(host) ? `"${host}"` : host;
  return `for=${who}${name === '' ? '' : `;host=${name}`};proto=${proto}`;
}

function hostToSend(head: RequestHead, forwarding: RequestForwarding): string {
  if (forwarding.hostOverride !== null) return forwarding.hostOverride;
  return head.host === '' ? forwarding.fallbackHost : head.host;
}
