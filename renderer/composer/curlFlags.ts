// The words of a curl command as flags and their values; which flags take one is curl's, not ours.

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
export const flagsWithoutEffect: ReadonlySet<string> = new Set([
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

/** Pairs of long name and value; '' names what is no flag. */
export function curlFlags(words: readonly string[]): [string, string][] {
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
