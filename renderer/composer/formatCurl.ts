// What the composer sends as a curl command for a POSIX shell, and what of it curl cannot be told.
import type { ClientRequestInput } from '../../main/contract/clientRequest';
import { base64OfBytes } from '../components/base64';
import { shellQuote } from '../stores/shellQuote';
import type { Composed } from './composed';
import { maskedNames } from './keptForm';
import { toRequest } from './toRequest';
import { type Surroundings, type Way, wayOfUrl } from './wayOfUrl';

export type FormattedCurl =
  | { readonly kind: 'command'; readonly command: string; readonly without: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string };

type Fields = readonly (readonly [string, string])[];

/** Of a body that is no text, in base64: more would be a command that nobody pastes. */
const mostBase64 = 87_384;

export function formatCurl(composed: Composed, around: Surroundings): FormattedCurl {
  if (composed.mode !== 'http') {
    return {
      kind: 'problem',
      message: composed.mode === 'raw' ? 'curl sends no raw bytes' : 'curl has no WebSocket flag',
    };
  }
  const masked = maskedNames(composed.headers);
  if (masked.length > 0) return { kind: 'problem', message: `${masked.join(', ')} holds a mask` };
  const made = toRequest(composed, around);
  if (made.kind === 'problem') return { kind: 'problem', message: made.message };
  const { message, tls } = made.request;
  const { way } = made;
  const typed = wayOfUrl(composed.url, '', around);
  if (message.kind !== 'http' || typed.kind === 'problem')
    return { kind: 'problem', message: 'this is no HTTP request' };
  const { method = 'GET', headers = [] } = message;
  const body = bodyOf(message.body);
  const isForward = way.listener?.protocol === 'forward';
  const name = namesOf(way, isForward ? undefined : tls?.serverName, headers);
  const words = [
    'curl -v -g --path-as-is',
    ...versionOf(composed.protocol, way.isTls),
    ...trustOf(tls, way, around),
    ...(tls?.maxVersion === 'TLSv1.2' ? ['--tls-max 1.2'] : []),
    ...methodOf(method, body !== null),
    // The listener is connected to, whatever the host name resolves to.
    isForward
      ? `-x ${shellQuote(`http://${literal(way.address)}:${way.port}`)}`
      : `--connect-to ${shellQuote(`::${literal(way.address)}:${way.port}`)}`,
    ...headerWords([...name.headers, ...headers]),
    ...(body === null ? [] : framingOf(composed)),
    ...(body === null ? [] : [...ownType(headers), body.words]),
    shellQuote(`${way.isTls ? 'https' : 'http'}://${name.authority}${way.path}`),
  ];
  const command = `${body?.before ?? ''}${words.join(' ')}`;
  return { kind: 'command', command, without: withoutOf(composed, body !== null, isForward) };
}

/** As `-H` words. curl takes a field without a value away; a semicolon sends it empty. */
export function headerWords(fields: Fields): string[] {
  return fields.map(([name, value]) => `-H ${shellQuote(value === '' ? `${name};` : `${name}: ${value}`)}`);
}

/** curl would add a type of its own to a body. */
export function ownType(headers: Fields): string[] {
  return hasField(headers, 'content-type') ? [] : [`-H ${shellQuote('Content-Type:')}`];
}

function hasField(fields: Fields, name: string): boolean {
  return fields.some(([other]) => other.toLowerCase() === name);
}

function literal(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

interface CurlBody {
  /** A pipe that makes it, where no argument can hold it. */
  readonly before: string;
  readonly words: string;
}

/** null = there is none, or curl cannot be given it. */
function bodyOf(body: Extract<ClientRequestInput['message'], { kind: 'http' }>['body']): CurlBody | null {
  if (body?.kind === 'text' && body.text === '') return null;
  if (body?.kind === 'text' && !body.text.includes('\0'))
    return { before: '', words: `--data-raw ${shellQuote(body.text)}` };
  const data =
    body?.kind === 'base64'
      ? body.data
      : body?.kind === 'text'
        ? base64OfBytes(new TextEncoder().encode(body.text))
        : '';
  if (data === '' || data.length > mostBase64) return null;
  return { before: `printf %s ${shellQuote(data)} | base64 -d | `, words: '--data-binary @-' };
}

function versionOf(protocol: Composed['protocol'], isTls: boolean): string[] {
  if (protocol === 'http1') return ['--http1.1'];
  return protocol === 'h2' && !isTls ? ['--http2-prior-knowledge'] : isTls ? ['--http2'] : [];
}

/** The built-in client trusts the local CA; curl must be told. */
function trustOf(tls: ClientRequestInput['tls'], { listener }: Way, { caFile }: Surroundings): string[] {
  if (tls == null) return [];
  if (tls.verify === false) return ['-k'];
  return caFile === null || listener === null ? [] : [`--cacert ${shellQuote(caFile)}`];
}

function methodOf(method: string, hasBody: boolean): string[] {
  if (method === 'HEAD') return ['-I'];
  return method === (hasBody ? 'POST' : 'GET') ? [] : [`-X ${shellQuote(method)}`];
}

function framingOf({ protocol, framing, expectContinue }: Composed): string[] {
  if (protocol !== 'http1') return [];
  return [
    ...(framing === 'chunked' ? [`-H ${shellQuote('Transfer-Encoding: chunked')}`] : []),
    ...(expectContinue ? [`-H ${shellQuote('Expect: 100-continue')}`] : []),
  ];
}

/** curl takes SNI from the URL, so another one makes the URL, and Host says what the URL had said. No SNI = an address. */
function namesOf(
  { authority, address, port }: Way,
  serverName: string | null | undefined,
  headers: Fields,
): { readonly authority: string; readonly headers: Fields } {
  if (serverName === undefined) return { authority, headers: [] };
  const host: Fields = hasField(headers, 'host') ? [] : [['Host', authority]];
  return { authority: `${serverName ?? literal(address)}:${port}`, headers: host };
}

function withoutOf(composed: Composed, hasBody: boolean, isForward: boolean): string[] {
  const { body, pieces, giveUp, streams, protocol, trailers, tls, repeat, expectContinue } = composed;
  const isEmpty = body.kind === 'text' ? body.text === '' : body.kind === 'fill' && body.bytes === '0';
  const isNameTold = tls.serverName === 'host' || (!isForward && (tls.serverName === 'other' || !tls.verify));
  return [
    ...(hasBody || isEmpty ? [] : ['the body']),
    ...(pieces.by !== 'none' || pieces.headApart ? ['the pieces'] : []),
    ...(protocol !== 'http1' && streams !== '1' ? ['the streams at once'] : []),
    ...(giveUp.after === 'never' ? [] : ['giving up']),
    ...(trailers.trim() === '' ? [] : ['the trailers']),
    ...(isNameTold ? [] : ['the server name']),
    ...(tls.clientCertificate === '' ? [] : ['the client certificate']),
    ...(repeat.isOn ? ['the repeats'] : []),
    ...(expectContinue && (protocol !== 'http1' || !hasBody) ? ['Expect'] : []),
  ];
}
