// Answers of broken and hostile endpoints as raw bytes, and good ones that a proxy must pass on.

export interface RawResponse {
  readonly name: string;
  readonly bytes: string;
  /** `bad`: the client gets a 502. `cut`: the head is on its way, the client must see that the body is not whole. */
  readonly verdict: 'bad' | 'cut' | 'pass';
}

const line = 'HTTP/1.1 200 OK\r\n';
const chunked = `${line}Transfer-Encoding: chunked\r\n\r\n`;
const second = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

export function rawResponses(): readonly RawResponse[] {
  return [...badHeads(), ...badFramings(), ...badBodies(), ...good()];
}

const named = (
  verdict: RawResponse['verdict'],
  items: readonly (readonly [string, string])[],
): RawResponse[] => items.map(([name, bytes]) => ({ name, bytes, verdict }));

function badHeads(): RawResponse[] {
  const controls = [...Array(32).keys(), 0x7f].filter((code) => ![9, 10, 13].includes(code));
  const hex = (code: number) => code.toString(16).padStart(2, '0');
  return named('bad', [
    ['no HTTP', 'hello\r\n\r\n'],
    ['nothing but a line end', '\r\n\r\n'],
    ['HTTP/0.9', '<html></html>'],
    ['HTTP/2', 'HTTP/2 200 OK\r\n\r\n'],
    ['HTTP/2.0', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['HTTP/1.2', 'HTTP/1.2 200 OK\r\n\r\n'],
    ['a space before', ` ${line}\r\n`],
    ['a line end before', `\r\n${line}\r\n`],
    ['lower case', 'http/1.1 200 OK\r\n\r\n'],
    ['two spaces', 'HTTP/1.1  200 OK\r\n\r\n'],
    ['a tab', 'HTTP/1.1\t200 OK\r\n\r\n'],
    ['status 20', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['status 2000', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['status 099', 'HTTP/1.1 099 OK\r\n\r\n'],
    ['status 600', 'HTTP/1.1 600 OK\r\n\r\n'],
    ['status -20', 'HTTP/1.1 -20 OK\r\n\r\n'],
    ['status abc', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['status +200', 'HTTP/1.1 +200 OK\r\n\r\n'],
    ['LF behind the status line', 'HTTP/1.1 200 OK\nX-A: b\r\n\r\n'],
    ['CR behind the status line', 'HTTP/1.1 200 OK\rX-A: b\r\n\r\n'],
    ['LF behind a header', `${line}X-A: b\nX-B: c\r\n\r\n`],
    ['CR in a header', `${line}X-A: b\rX-B: c\r\n\r\n`],
    ['LF at the end', `${line}X-A: b\r\n\n`],
    ['a folded header', `${line}X-A: b\r\n c\r\n\r\n`],
    ['a folded Content-Length', `${line}Content-Length:\r\n 2\r\n\r\nok`],
    ['a header that begins with a space', `${line} X-A: b\r\n\r\n`],
    ['a space before the colon', `${line}X-A : b\r\n\r\n`],
    ['a space before the colon of Content-Length', `${line}Content-Length : 2\r\n\r\nok`],
    ['no colon', `${line}X-A\r\n\r\n`],
    ['an empty name', `${line}: b\r\n\r\n`],
    ['a second status line', `${line}HTTP/1.1 200 OK\r\n\r\n`],
    ['a head of 100 KB', `${line}X-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['a head of 100 KB in many lines', `${line}${'X-A: b\r\n'.repeat(15_000)}\r\n`],
    ['a hundred interim answers', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100)],
    [
      'a protocol that nobody asked for',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
    ],
    ...controls.map(
      (code) =>
        [`${hex(code)} in the reason`, `HTTP/1.1 200 O${String.fromCharCode(code)}K\r\n\r\n`] as const,
    ),
    ...controls.map(
      (code) => [`${hex(code)} in a name`, `${line}X${String.fromCharCode(code)}A: b\r\n\r\n`] as const,
    ),
    ...controls.map(
      (code) => [`${hex(code)} in a value`, `${line}X-A: b${String.fromCharCode(code)}\r\n\r\n`] as const,
    ),
  ]);
}

function badFramings(): RawResponse[] {
  const lengths = [
    '+2',
    '-2',
    '0x2',
    '2,3',
    '2;a',
    '',
    'two',
    '2.0',
    '9007199254740993',
    '99999999999999999999',
    '2\xa0',
    '\xa02',
    '2 2',
  ];
  const codings = [
    'identity',
    'gzip',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, chunked',
    'xchunked',
    '',
    'chunked;a',
    '"chunked"',
    'chunked\xa0',
    ',chunked',
  ];
  return named('bad', [
    ...lengths.map(
      (value) => [`Content-Length "${value}"`, `${line}Content-Length: ${value}\r\n\r\nok`] as const,
    ),
    ...codings.map(
      (value) =>
        [
          `Transfer-Encoding "${value}"`,
          `${line}Transfer-Encoding: ${value}\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
        ] as const,
    ),
    [
      'Content-Length and Transfer-Encoding',
      `${line}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    ],
    [
      'Transfer-Encoding and Content-Length',
      `${line}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
    ],
    ['two lengths', `${line}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`],
    ['chunked twice', `${line}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunked in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
  ]);
}

function badBodies(): RawResponse[] {
  return named('cut', [
    ['a body that is too short', `${line}Content-Length: 10\r\n\r\nok`],
    ['chunks without an end', `${chunked}2\r\nok\r\n`],
    ['half a chunk', `${chunked}9\r\nok`],
    ['a bad chunk size', `${chunked}2\r\nok\r\nxyz\r\n`],
    ['a chunk size with a sign', `${chunked}+2\r\nok\r\n0\r\n\r\n`],
    ['a chunk size in 0x', `${chunked}0x2\r\nok\r\n0\r\n\r\n`],
    ['a huge chunk size', `${chunked}fffffffffffffffff\r\nok\r\n0\r\n\r\n`],
    ['a chunk that is longer than its size', `${chunked}1\r\nok\r\n0\r\n\r\n`],
    ['LF behind a chunk size', `${chunked}2\nok\r\n0\r\n\r\n`],
    ['LF behind chunk data', `${chunked}2\r\nok\n0\r\n\r\n`],
    ['LF in an extension', `${chunked}2;a\nb\r\nok\r\n0\r\n\r\n`],
    ['a trailer that frames', `${chunked}2\r\nok\r\n0\r\nContent-Length: 2\r\n\r\n`],
    ['a folded trailer', `${chunked}2\r\nok\r\n0\r\nX-A: b\r\n c\r\n\r\n`],
  ]);
}

function good(): RawResponse[] {
  return named('pass', [
    ['a length', `${line}Content-Length: 2\r\n\r\nok`],
    ['a length and more bytes than that', `${line}Content-Length: 2\r\n\r\nok${second}`],
    ['a length twice the same', `${line}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`],
    ['chunks', `${chunked}2\r\nok\r\n0\r\n\r\n`],
    ['chunks and more bytes than that', `${chunked}2\r\nok\r\n0\r\n\r\n${second}`],
    ['chunks with an extension and a trailer', `${chunked}2;a=b\r\nok\r\n0\r\nX-A: b\r\n\r\n`],
    ['up to the end of the connection', `${line}\r\nok`],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok'],
    ['no reason', 'HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok'],
    ['no reason and no space', 'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok'],
    ['a reason above ASCII', 'HTTP/1.1 200 \xe9\xff\r\nContent-Length: 2\r\n\r\nok'],
    ['interim answers', `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${line}Content-Length: 2\r\n\r\nok`],
    ['status 599', 'HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nok'],
    ['odd headers', `${line}Content-Length: 2\r\nX-A:\r\nX_B: \xff\r\nx-c:\td\t\r\n\r\nok`],
  ]);
}
