// The request head as the endpoint gets it: the client's bytes minus what must not travel, plus our lines. Every
// server behind us must read the same message from it: one Host, one framing field, nothing hop-by-hop.
import type { HeaderEdits } from '../compiledConfig';
import { withoutNames } from '../filter/headerEdits';
import { FieldId } from './fieldId';
import type { RequestHead } from './requestHead';

export interface RequestForwarding {
  /** Path and query to ask for. */
  readonly target: string;
  /** Host to send; null = the client's. */
  readonly hostOverride: string | null;
  /** Sent when the client sent no Host (HTTP/1.0). */
  readonly fallbackHost: string;
  readonly clientAddress: string;
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
}

/** The proxy's lines and what they were made of. */
export interface ProxyLines {
  readonly host: string;
  readonly minorVersion: number;
  readonly clientAddress: string;
  readonly clientSubject: string | undefined;
  readonly isTls: boolean;
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
  let earlierForwardedFor = '';
  const isAnyDropped =
    (fields.present & droppableFields) !== 0 || replacesHost || edits !== null || namedFields !== null;
  for (let index = 0; isAnyDropped && index < fields.count; index++) {
    const id = fields.id(index);
    if (id === FieldId.forwardedFor) {
      const value = fields.value(raw, index);
      if (value !== '') earlierForwardedFor += `${value}, `;
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
  return text + ownLines(head, forwarding, earlierForwardedFor);
}

/** Our lines are mostly those of the connection's last request. */
function ownLines(head: RequestHead, forwarding: RequestForwarding, earlierForwardedFor: string): string {
  if (forwarding.edits !== null || earlierForwardedFor !== '') {
    return proxyLines(head, forwarding, earlierForwardedFor);
  }
  const { host, minorVersion, lastLines } = head;
  const { clientAddress, clientSubject, isTls } = forwarding;
  const isSame =
    lastLines !== null &&
    lastLines.host === host &&
    lastLines.minorVersion === minorVersion &&
    lastLines.clientAddress === clientAddress &&
    lastLines.clientSubject === clientSubject &&
    lastLines.isTls === isTls;
  if (isSame) return lastLines.text;
  const text = proxyLines(head, forwarding, '');
  head.lastLines = { host, minorVersion, clientAddress, clientSubject, isTls, text };
  return text;
}

function proxyLines(head: RequestHead, forwarding: RequestForwarding, earlierForwardedFor: string): string {
  const { clientAddress, isTls, edits } = forwarding;
  const host = head.host === '' ? '' : `X-Forwarded-Host: ${head.host}\r\n`;
  const proto = isTls ? 'https' : 'http';
  const { clientSubject } = forwarding;
  const subject = clientSubject === undefined ? '' : `X-Client-Certificate-Subject: ${clientSubject}\r\n`;
  const via = head.minorVersion === 1 ? '1.1' : '1.0';
  const lines = `X-Forwarded-For: ${earlierForwardedFor}${clientAddress}\r\nX-Forwarded-Proto: ${proto}\r\n${host}Via: ${via} hopscope\r\n${subject}`;
  // A filter may set or remove our own lines too; what it says goes last and wins.
  return edits === null
    ? `${lines}\r\n`
    : `${withoutNames(lines, edits.removedNames)}${edits.appendedLines}\r\n`;
}

function hostToSend(head: RequestHead, forwarding: RequestForwarding): string {
  if (forwarding.hostOverride !== null) return forwarding.hostOverride;
  return head.host === '' ? forwarding.fallbackHost : head.host;
}
