// A head of HTTP/1.1, as the phases of an exchange make it, as the fields of an HTTP/2 header block: pseudo-headers
// first, nothing that belongs to a connection. A field is a line "name: value"; the encoder lowers the case of names.

import type { FieldBlock } from '../http2/fieldBlock';

/** RFC 9113 8.2.2. */
const connectionFields: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

const statusLines = new Map<string, string>();

/** `opensTunnel`: a 101 answers an extended CONNECT, for which 200 says the same (RFC 8441 5). */
export function responseLines(text: string, opensTunnel: boolean): string[] {
  const status = text.slice(9, 12);
  const isSwitch = opensTunnel && status === '101';
  let statusLine = statusLines.get(status);
  if (statusLine === undefined) {
    statusLine = `:status: ${status}`;
    statusLines.set(status, statusLine);
  }
  const lines = [isSwitch ? ':status: 200' : statusLine];
  addFields(text, lines, isSwitch ? 'sec-websocket-accept' : '');
  return lines;
}

/** `protocol`: the one to switch to, by extended CONNECT (RFC 8441 4); '' = a plain request. */
export function requestLines(text: string, isTls: boolean, protocol: string): string[] {
  const methodEnd = text.indexOf(' ');
  const targetEnd = text.indexOf(' ', methodEnd + 1);
  const lines = [
    `:method: ${protocol === '' ? text.slice(0, methodEnd) : 'CONNECT'}`,
    isTls ? ':scheme: https' : ':scheme: http',
    ':authority: ',
    `:path: ${text.slice(methodEnd + 1, targetEnd)}`,
  ];
  const host = addFields(text, lines, 'host');
  if (host === '') lines.splice(2, 1);
  else lines[2] = `:authority: ${host.slice(host.indexOf(':') + 1).trim()}`;
  if (protocol === '') return lines;
  lines.splice(1, 0, `:protocol: ${protocol}`);
  return lines.filter((line) => !/^sec-websocket-key:/i.test(line));
}

/** The head as it travels, for events: `firstLine` in the manner of HTTP/1.1, then every field. */
export function travelledText(firstLine: string, lines: readonly string[]): string {
  let text = `${firstLine}\r\n`;
  for (const line of lines) {
    const colonAt = line.indexOf(':', 1);
    text += `${line.slice(0, colonAt).toLowerCase()}:${line.slice(colonAt + 1)}\r\n`;
  }
  return `${text}\r\n`;
}

/** A request as it came, for events. Only of fields that were found valid. */
export function describeRequest(fields: FieldBlock): string {
  let method = '';
  let path = '';
  for (let index = 0; index < fields.count && index < 5; index++) {
    const name = fields.name(index);
    if (name === ':method') method = fields.value(index);
    else if (name === ':path') path = fields.value(index);
    else if (name === ':authority' && path === '') path = fields.value(index);
  }
  return `${method} ${path} HTTP/2\r\n${fields.text}\r\n`;
}

/** Adds the fields but `left`; returns that one's line, '' = there is none. */
function addFields(text: string, lines: string[], left: string): string {
  let found = '';
  let start = text.indexOf('\r\n') + 2;
  for (;;) {
    const end = text.indexOf('\r\n', start);
    if (end <= start) return found;
    const line = text.slice(start, end);
    start = end + 2;
    if (isSuspect(line.charCodeAt(0) | 0x20)) {
      const name = line.slice(0, line.indexOf(':')).toLowerCase();
      if (name === left) found = line;
      else if (!connectionFields.has(name)) lines.push(line);
    } else lines.push(line);
  }
}

/** A first letter, in lower case, of a field that may have to stay. */
function isSuspect(letter: number): boolean {
  return (
    letter === 0x63 || // c
    letter === 0x68 || // h
    letter === 0x6b || // k
    letter === 0x70 || // p
    letter === 0x73 || // s
    letter === 0x74 || // t
    letter === 0x75 // u
  );
}
