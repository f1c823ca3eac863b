// What the composer sends as a curl command for a POSIX shell, and what of it curl cannot be told.
import { shellQuote } from '../stores/shellQuote';
import type { Composed } from './composed';
import { maskedNames } from './sendHistory';
import { toRequest } from './toRequest';
import { type Surroundings, wayOfUrl } from './wayOfUrl';

export type FormattedCurl =
  | { readonly kind: 'command'; readonly command: string; readonly without: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string };

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
  const { method = 'GET', headers = [], body } = message;
  const text = body?.kind === 'text' ? body.text : '';
  const hasText = text !== '' && !text.includes('\0');
  const isForward = way.listener?.protocol === 'forward';
  const address = way.address.includes(':') ? `[${way.address}]` : way.address;
  const words = [
    'curl -v -g --path-as-is',
    ...versionOf(composed.protocol, way.isTls),
    ...(tls?.verify === false ? ['-k'] : []),
    ...(tls?.maxVersion === 'TLSv1.2' ? ['--tls-max 1.2'] : []),
    ...(method === 'HEAD'
      ? ['-I']
      : method === (hasText ? 'POST' : 'GET')
        ? []
        : [`-X ${shellQuote(method)}`]),
    // The listener is connected to, whatever the host name resolves to.
    isForward
      ? `-x ${shellQuote(`http://${address}:${way.port}`)}`
      : `--connect-to ${shellQuote(`::${address}:${way.port}`)}`,
    // curl takes a field without a value away; a semicolon sends it empty.
    ...headers.map(([name, value]) => `-H ${shellQuote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(hasText ? [...ownType(headers), `--data-raw ${shellQuote(text)}`] : []),
    shellQuote(`${way.isTls ? 'https' : 'http'}://${way.authority}${way.path}`),
  ];
  return { kind: 'command', command: words.join(' '), without: withoutOf(composed, text, hasText) };
}

function versionOf(protocol: Composed['protocol'], isTls: boolean): string[] {
  if (protocol === 'http1') return ['--http1.1'];
  return protocol === 'h2' && !isTls ? ['--http2-prior-knowledge'] : isTls ? ['--http2'] : [];
}

/** curl would add a type of its own. */
function ownType(headers: readonly (readonly [string, string])[]): string[] {
  return headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? []
    : [`-H ${shellQuote('Content-Type:')}`];
}

function withoutOf(composed: Composed, text: string, hasText: boolean): string[] {
  const { body, pieces, giveUp, streams, protocol, trailers, tls, repeat, expectContinue } = composed;
  return [
    ...(body.kind === 'file' || (body.kind === 'fill' && body.bytes !== '0') || (text !== '' && !hasText)
      ? ['the body']
      : []),
    ...(pieces.by !== 'none' || pieces.headApart ? ['the pieces'] : []),
    ...(protocol !== 'http1' && streams !== '1' ? ['the streams at once'] : []),
    ...(giveUp.after === 'never' ? [] : ['giving up']),
    ...(trailers.trim() === '' ? [] : ['the trailers']),
    ...(tls.serverName === 'host' ? [] : ['the server name']),
    ...(tls.clientCertificate === '' ? [] : ['the client certificate']),
    ...(repeat.isOn ? ['the repeats'] : []),
    ...(expectContinue ? ['Expect'] : []),
  ];
}
