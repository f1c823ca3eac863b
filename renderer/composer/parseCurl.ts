// A curl command, pasted, as the composer's form. Only flags that say what is sent are followed; the others are named.
import { formatHeaderLines } from '../stores/headerLines';
import { type Composed, firstComposed } from './composed';
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

/** Short flags by their long names. */
const shortNames: Readonly<Record<string, string>> = {
  X: 'request',
  H: 'header',
  d: 'data',
  k: 'insecure',
  u: 'user',
  I: 'head',
  G: 'get',
  A: 'user-agent',
  e: 'referer',
  b: 'cookie',
  x: 'proxy',
  F: 'form',
  T: 'upload-file',
  E: 'cert',
  o: 'output',
  w: 'write-out',
  m: 'max-time',
  K: 'config',
  c: 'cookie-jar',
  D: 'dump-header',
  r: 'range',
  L: 'location',
  s: 'silent',
  S: 'show-error',
  v: 'verbose',
  i: 'include',
  g: 'globoff',
  f: 'fail',
  N: 'no-buffer',
  O: 'remote-name',
  '#': 'progress-bar',
  '4': 'ipv4',
  '6': 'ipv6',
  '0': 'http1.0',
  '1': 'tlsv1',
};

const withValue: ReadonlySet<string> = new Set([
  ...['request', 'header', 'data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json', 'user'],
  ...[
    'user-agent',
    'referer',
    'cookie',
    'proxy',
    'form',
    'form-string',
    'upload-file',
    'cert',
    'key',
    'cacert',
    'capath',
  ],
  ...[
    'output',
    'write-out',
    'max-time',
    'connect-timeout',
    'config',
    'cookie-jar',
    'dump-header',
    'range',
    'url',
  ],
  ...[
    'resolve',
    'connect-to',
    'tls-max',
    'ciphers',
    'interface',
    'retry',
    'limit-rate',
    'proxy-user',
    'unix-socket',
  ],
]);

/** They change what curl shows or how it waits, not what it sends. */
const withoutEffect: ReadonlySet<string> = new Set([
  ...[
    'silent',
    'show-error',
    'verbose',
    'include',
    'globoff',
    'fail',
    'no-buffer',
    'progress-bar',
    'path-as-is',
  ],
  ...['output', 'write-out', 'remote-name', 'dump-header', 'no-progress-meter', 'compressed-ssh', 'http1.1'],
]);

interface Gathered {
  method: string | null;
  url: string | null;
  readonly headers: [string, string][];
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
    data: [],
    isHead: false,
    isGet: false,
    isJson: false,
    ignored: [],
    ports: new Map(),
    changes: {},
    tls: {},
  };
  for (const [flag, value] of flagsOf(words)) take(gathered, flag, value);
  if (gathered.url === null) return { kind: 'problem', message: 'the command has no URL' };
  return { kind: 'request', composed: composedOf(gathered, gathered.url), ignored: gathered.ignored };
}

/** Pairs of long name and value; '' names what is no flag. */
function flagsOf(words: readonly string[]): [string, string][] {
  const flags: [string, string][] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word.startsWith('--') && word.length > 2) {
      const flag = word.slice(2);
      flags.push([flag, withValue.has(flag) ? (words[++index] ?? '') : '']);
    } else if (word.startsWith('-') && word.length > 1) {
      for (let letter = 1; letter < word.length; letter++) {
        const flag = shortNames[word[letter]!] ?? `-${word[letter]}`;
        if (!withValue.has(flag)) flags.push([flag, '']);
        else {
          const rest = word.slice(letter + 1);
          flags.push([flag, rest === '' ? (words[++index] ?? '') : rest]);
          break;
        }
      }
    } else flags.push(['', word]);
  }
  return flags;
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
  // "Name:" takes a header of curl's own away; this client adds none.
  else if (match[2] !== '') to.headers.push([match[1]!, match[2] ?? '']);
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
      if (withoutEffect.has(flag)) return;
      to.ignored.push(`${flag.startsWith('-') ? flag : `--${flag}`}${value === '' ? '' : ` ${value}`}`);
  }
}

function composedOf(gathered: Gathered, typed: string): Composed {
  const { headers, data, isGet, isHead, isJson, changes, tls } = gathered;
  const has = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
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
