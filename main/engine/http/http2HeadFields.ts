// A head of HTTP/1.1, as the phases of an exchange make it, as the fields of an HTTP/2 header block: pseudo-headers
// first, nothing that belongs to a connection.

import { FieldBlock, mostFieldBytes } from '../http2/fieldBlock';
import { addFieldLines, bytesOfText, endOfLine, findValue } from '../http2/fieldLines';

/** What is sent is written at once, so one is enough for all. */
const sent = new FieldBlock(mostFieldBytes);

const statusAt = 'HTTP/1.1 '.length;
const ofTunnelRequest = ['host', 'sec-websocket-key'];
const ofRequest = ['host'];
const ofTunnelResponse = ['sec-websocket-accept'];

/** Valid until the next head. */
export function responseFields(text: string): FieldBlock {
  return fieldsOfResponse(text, text.slice(statusAt, statusAt + 3), []);
}

/** The answer to an extended CONNECT: a 101 is a 200 there (RFC 8441 5). Valid until the next head. */
export function tunnelResponseFields(text: string): FieldBlock {
  const status = text.slice(statusAt, statusAt + 3);
  return status === '101'
    ? fieldsOfResponse(text, '200', ofTunnelResponse)
    : fieldsOfResponse(text, status, []);
}

/** `protocol`: the one to switch to, by extended CONNECT (RFC 8441 4); '' = a plain request. Valid until the next head. */
export function requestFields(text: string, isTls: boolean, protocol: string): FieldBlock {
  const bytes = bytesOfText(text);
  const end = text.length;
  const methodEnd = text.indexOf(' ');
  const linesAt = endOfLine(bytes, 0, end) + 2;
  sent.clear();
  sent.add(':method', protocol === '' ? text.slice(0, methodEnd) : 'CONNECT');
  if (protocol !== '') sent.add(':protocol', protocol);
  sent.add(':scheme', isTls ? 'https' : 'http');
  const hostAt = findValue(bytes, linesAt, end, 'host');
  if (hostAt !== -1) sent.add(':authority', text.slice(hostAt, endOfLine(bytes, hostAt, end)).trimEnd());
  sent.add(':path', text.slice(methodEnd + 1, text.indexOf(' ', methodEnd + 1)));
  addFieldLines(sent, bytes, linesAt, end, protocol === '' ? ofRequest : ofTunnelRequest);
  return sent;
}

function fieldsOfResponse(text: string, status: string, left: readonly string[]): FieldBlock {
  const bytes = bytesOfText(text);
  const end = text.length;
  sent.clear();
  sent.add(':status', status);
  addFieldLines(sent, bytes, endOfLine(bytes, 0, end) + 2, end, left);
  return sent;
}
