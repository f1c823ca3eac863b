// A curl command, pasted, as the composer's form. Only flags that say what is sent are followed; the others are named.
import { formatHeaderLines } from '../stores/headerLines';
import { type Composed, firstComposed } from './composed';
import { curlFlags, flagsWithoutEffect } from './curlFlags';
import { percentEncode } from './percentEncode';
import { shellWords } from './shellWords';
import { basicAuthorization } from './toRequest';

export type ParsedCurl =
  | {
      readonly kind: 'request';
      readonly composed: Composed;
      /** What was left out, flag by flag, in words. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: 'problem'; readonly message: string };

interface Gathered {
  method: string | null;
  url: string | null;
  readonly headers: [string, string][];
  /** "-H Name:": what curl would add of itself, and is not to. */
  readonly removed: Set<string>;
  readonly data: string[];
  isHead: boolean;
  isGet: boolean;
  isJson: boolean;
  readonly ignored: string[];
  /** host:port → the port that is really connected to. */
  readonly ports: Map<string, string>;
  changes: Partial<Composed>;
  tls: Partial<Composed['tls']>;
}

export function parseCurl(text: string): ParsedCurl {
  const split = shellWords(text.trim().replace(/^\$\s+/, ''));
  if (split.kind === 'problem') return split;
  const [name, ...words] = split.words;
  if (name === undefined || !/(?:^|[\\/])curl(?:\.exe)?$/.test(name)) {
    return { kind: 'problem', message: 'that is no curl command: it begins with "curl"' };
  }
  const gathered: Gathered = {
    method: null,
    url: null,
    headers: [],
    removed: new Set(),
    data: [],
    isHead: false,
    isGet: false,
    isJson: false,
    ignored: [],
    ports: new Map(),
    changes: {},
    tls: {},
  };
  for (const [flag, value] of curlFlags(words)) take(gathered, flag, value);
  if (gathered.url === null) return { kind: 'problem', message: 'the command has no URL' };
  return { kind: 'request', composed: composedOf(gathered, gathered.url), ignored: gathered.ignored };
}

function take(to: Gathered, flag: string, value: string): void {
  switch (flag) {
    case '':
    case 'url':
      if (to.url === null) to.url = value;
      else to.ignored.push(`the second URL ${value}`);
      return;
    case 'request':
      to.method = value;
      return;
    case 'head':
      to.isHead = true;
      return;
    case 'get':
      to.isGet = true;
      return;
    case 'header':
      takeHeader(to, value);
      return;
    case 'user-agent':
      to.headers.push(['User-Agent', value]);
      return;
    case 'referer':
      to.headers.push(['Referer', value]);
      return;
    case 'cookie':
      if (value.includes('=')) to.headers.push(['Cookie', value]);
      else to.ignored.push(`-b ${value} (a file of cookies)`);
      return;
    case 'user':
      to.headers.push(basicAuthorization(value.includes(':') ? value : `${value}:`));
      return;
    case 'compressed':
      to.headers.push(['Accept-Encoding', 'deflate, gzip, br, zstd']);
      return;
    case 'data':
    case 'data-ascii':
    case 'data-binary':
    case 'data-raw':
    case 'json':
    case 'data-urlencode':
      takeData(to, flag, value);
      return;
    default:
      takeConnection(to, flag, value);
  }
}

function takeHeader(to: Gathered, value: string): void {
  const match = /^([^:;\s]+)\s*(?::\s*(.*)|;)$/s.exec(value);
  if (match === null) to.ignored.push(value.startsWith('@') ? `-H ${value} (a file)` : `-H ${value}`);
  else if (match[2] === '') to.removed.add(match[1]!.toLowerCase());
  else to.headers.push([match[1]!, match[2] ?? '']);
}

function takeData(to: Gathered, flag: string, value: string): void {
  if (flag !== 'data-raw' && value.startsWith('@'))
    to.ignored.push(`--${flag} ${value} (a file: choose it as the body)`);
  else if (flag === 'data-urlencode') {
    const match = /^([^=@]*)=([\s\S]*)$/.exec(value);
    const encode = (text: string) => percentEncode(text).replaceAll('%20', '+');
    to.data.push(
      match === null || match[1] === '' ? encode(match?.[2] ?? value) : `${match[1]}=${encode(match[2]!)}`,
    );
  } else to.data.push(flag === 'data' || flag === 'data-ascii' ? value.replace(/[\r\n]/g, '') : value);
  if (flag === 'json') to.isJson = true;
}

function takeConnection(to: Gathered, flag: string, value: string): void {
  switch (flag) {
    case 'insecure':
      to.tls = { ...to.tls, verify: false };
      return;
    case 'http2':
      to.changes = { ...to.changes, protocol: 'auto' };
      return;
    case 'http2-prior-knowledge':
      to.changes = { ...to.changes, protocol: 'h2' };
      return;
    case 'tls-max':
      if (value === '1.2') to.tls = { ...to.tls, maxVersion: 'TLSv1.2' };
      else if (value !== '1.3' && value !== 'default') to.ignored.push(`--tls-max ${value}`);
      return;
    case 'resolve':
      // The address is this machine's in any case; the port is in the URL.
      return;
    case 'connect-to': {
      const [, port, , toPort] = /^[^:]*:(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(value) ?? [];
      if (toPort === undefined || toPort === '') to.ignored.push(`--connect-to ${value}`);
      else to.ports.set(port ?? '', toPort);
      return;
    }
    case 'cacert':
      // The local CA and the public ones are trusted anyway.
      return;
    default:
      if (flagsWithoutEffect.has(flag)) return;
      to.ignored.push(`${flag.startsWith('-') ? flag : `--${flag}`}${value === '' ? '' : ` ${value}`}`);
  }
}

function composedOf(gathered: Gathered, typed: string): Composed {
  const { headers, data, isGet, isHead, isJson, changes, tls } = gathered;
  const has = (name: string) =>
    gathered.removed.has(name) || headers.some(([other]) => other.toLowerCase() === name);
  const hasBody = data.length > 0 && !isGet && !isHead;
  if (hasBody && !has('content-type')) {
    headers.push(['Content-Type', isJson ? 'application/json' : 'application/x-www-form-urlencoded']);
  }
  if (isJson && !has('accept')) headers.push(['Accept', 'application/json']);
  const method = gathered.method ?? (isHead ? 'HEAD' : hasBody ? 'POST' : 'GET');
  const separator = isJson ? '' : '&';
  const url = withQuery(withPort(typed, gathered.ports), isGet ? data.join('&') : '');
  return {
    ...firstComposed,
    ...changes,
    method,
    url,
    headers: formatHeaderLines(headers),
    body: { kind: 'text', text: hasBody ? data.join(separator) : '' },
    tls: { ...firstComposed.tls, ...tls },
  };
}

/** `--connect-to ::127.0.0.1:8443`: the URL keeps its host; the port that is connected to finds the listener. */
function withPort(url: string, ports: ReadonlyMap<string, string>): string {
  const match = /^(?:(\w+):\/\/)?([^/?#]*?)(?::(\d+))?([/?#].*)?$/.exec(url);
  if (match === null) return url;
  const [, scheme = 'http', host, port, rest = ''] = match;
  const asked = port ?? (scheme === 'https' ? '443' : '80');
  const real = ports.get(asked) ?? ports.get('') ?? port;
  return `${scheme}://${host}${real === undefined ? '' : `:${real}`}${rest}`;
}

function withQuery(url: string, query: string): string {
  if (query === '') return url;
  const [before = '', fragment] = url.split('#', 2);
  return `${before}${before.includes('?') ? '&' : '?'}${query}${fragment === undefined ? '' : `#${fragment}`}`;
}
