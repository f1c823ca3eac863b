// Fields of HTTP/2 (RFC 9113 8.2): from what was typed to what Node's client wants, and back.
import type { OutgoingHttpHeaders } from 'node:http2';
import type { RawHeaders } from '../../contract/flowEvent';
import type { PreparedHttp } from './preparedHttp';

/** Names in lower case, what belongs to an HTTP/1.1 connection left out (RFC 9113 8.2.2). */
export function http2Headers({ message, body }: PreparedHttp, scheme: string): OutgoingHttpHeaders {
  const host = message.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? message.hostname;
  const fields = message.headers.filter(([name]) => !connectionFields.has(name.toLowerCase()));
  const { length } = body;
  const has = (name: string) => fields.some(([other]) => other.toLowerCase() === name);
  const isConnect = message.method === 'CONNECT';
  return {
    ':method': message.method,
    ':authority': host,
    ...(isConnect ? {} : { ':scheme': scheme, ':path': message.path }),
    ...grouped(fields),
    ...(length > 0 && message.framing === 'length' && !has('content-length') && message.trailers.length === 0
      ? { 'content-length': String(length) }
      : {}),
    ...(message.expectContinue && !has('expect') ? { expect: '100-continue' } : {}),
  };
}

const connectionFields: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

export function grouped(fields: RawHeaders): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

export function listed(
  headers: Readonly<Record<string, string | string[] | number | undefined>>,
): [string, string][] {
  return Object.entries(headers)
    .filter(([name]) => !name.startsWith(':'))
    .flatMap(([name, value]) => [value ?? []].flat().map((each): [string, string] => [name, String(each)]));
}

export function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (!raw[index]!.startsWith(':')) found.push([raw[index]!, raw[index + 1]!]);
  }
  return found;
}
