// Requests as raw bytes that servers are known to read differently, made from the grammar of RFC 9110 and 9112 and from
// published request-smuggling write-ups, and beside them valid ones that a proxy must not refuse. One string a request
// stream, latin1.

export type Verdict =
  /** An error or a closed connection, and no byte of it at the endpoint. */
  | 'refuse'
  /** Answered by the endpoint. */
  | 'pass'
  /** Both are right, if nobody reads anything else. */
  | 'either';

export interface RawRequest {
  readonly group: string;
  readonly name: string;
  readonly bytes: string;
  readonly verdict: Verdict;
  /** Messages in it that must be answered; only of `pass`. */
  readonly messages: number;
}

const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n';
const host = 'Host: a.test\r\n';
const chunks = '5\r\nhello\r\n0\r\n\r\n';

/** A control or delimiter as a name that a report can show. */
const shown = (text: string) =>
  text.replace(/[^\x21-\x7e]/g, (one) => `<${one.charCodeAt(0).toString(16).padStart(2, '0')}>`);

class Corpus {
  readonly requests: RawRequest[] = [];
  readonly #names = new Set<string>();
  #group = '';

  group(name: string, fill: () => void): void {
    this.#group = name;
    fill();
  }

  add(verdict: Verdict, name: string, bytes: string, messages = 1): void {
    const full = `${this.#group}: ${shown(name)}`;
    if (this.#names.has(full)) throw new Error(`two requests are called ${full}`);
    this.#names.add(full);
    this.requests.push({ group: this.#group, name: full, bytes, verdict, messages });
  }

  refuse(name: string, bytes: string): void {
    this.add('refuse', name, bytes);
  }

  pass(name: string, bytes: string, messages = 1): void {
    this.add('pass', name, bytes, messages);
  }
}

const get = (lines: string, target = '/', version = 'HTTP/1.1') => `GET ${target} ${version}\r\n${lines}\r\n`;
const post = (lines: string, body = '', version = 'HTTP/1.1') => `POST /p ${version}\r\n${lines}\r\n${body}`;

export function rawRequests(): readonly RawRequest[] {
  const corpus = new Corpus();
  contentLengths(corpus);
  transferEncodings(corpus);
  bothFramings(corpus);
  controls(corpus);
  lineEnds(corpus);
  folds(corpus);
  names(corpus);
  requestLines(corpus);
  targets(corpus);
  hosts(corpus);
  absoluteForms(corpus);
  chunkSizes(corpus);
  trailers(corpus);
  oldVersions(corpus);
  connections(corpus);
  lookAlikes(corpus);
  pipelines(corpus);
  sizes(corpus);
  ordinary(corpus);
  return corpus.requests;
}

function contentLengths(corpus: Corpus): void {
  const bad = [
    ...[
      '+5',
      '-5',
      '-0',
      '0x5',
      '5 5',
      '5,6',
      '5,',
      ',5',
      '5;a',
      '5.0',
      '5e0',
      '"5"',
      '5h',
      'five',
      '',
      ' ',
      '5-',
    ],
    ...[
      '99999999999999999999',
      '9007199254740993',
      '18446744073709551621',
      '4294967301x',
      '\x0b5',
      '5\x0c',
      '5\x00',
    ],
    ...[
      '5\x85',
      '\xa05',
      '5\xa0',
      '٥',
      '5\r',
      '5\x01',
      '5=5',
      '(5)',
      '5:5',
      '5/5',
      '0b101',
      '0o5',
      '1_0',
      '5,5,6',
      '5;5',
    ],
  ].map((value) => (/[^\x00-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value));
  corpus.group('Content-Length', () => {
    for (const value of bad)
      corpus.refuse(`"${value}"`, post(`${host}Content-Length: ${value}\r\n`, `hello${smuggled}`));
  });
  corpus.group('Content-Length on GET', () => {
    for (const value of bad)
      corpus.refuse(`"${value}"`, get(`${host}Content-Length: ${value}\r\n`) + smuggled);
  });
  corpus.group('two Content-Lengths', () => {
    for (const value of ['6', '0', '+5', '5,6', '', 'x', '-5', '05x', '0x5']) {
      corpus.refuse(
        `5 and "${value}"`,
        post(`${host}Content-Length: 5\r\nContent-Length: ${value}\r\n`, 'hello'),
      );
      corpus.refuse(
        `"${value}" and 5`,
        post(`${host}Content-Length: ${value}\r\nContent-Length: 5\r\n`, 'hello'),
      );
    }
    corpus.add(
      'either',
      'the same twice',
      post(`${host}Content-Length: 5\r\nContent-Length: 5\r\n`, 'hello'),
    );
    corpus.add('either', 'a list of the same', post(`${host}Content-Length: 5, 5\r\n`, 'hello'));
    corpus.add(
      'either',
      'the same but for a zero',
      post(`${host}Content-Length: 5\r\nContent-Length: 05\r\n`, 'hello'),
    );
    corpus.refuse('apart', post(`Content-Length: 5\r\n${host}X-A: b\r\ncontent-length: 6\r\n`, 'hello!'));
  });
  corpus.group('good Content-Length', () => {
    for (const value of ['5', '05', '5\t', '\t5', '0005']) {
      corpus.pass(`"${value}"`, post(`${host}Content-Length: ${value}\r\n`, 'hello'));
    }
    corpus.pass('without a space', post(`${host}Content-Length:5\r\n`, 'hello'));
    corpus.pass('0', post(`${host}Content-Length: 0\r\n`));
    corpus.pass('in another case', post(`${host}cONTENT-lENGTH: 5\r\n`, 'hello'));
  });
}

const oddCodings = [
  ...[
    'identity',
    'identity, chunked',
    'chunked, identity',
    'gzip',
    'gzip, chunked',
    'chunked, gzip',
    'chunked, chunked',
  ],
  ...[
    'x-chunked',
    'xchunked',
    'chunkedx',
    'chunk',
    '"chunked"',
    "'chunked'",
    'chunked;q=0.5',
    'chunked;foo=bar',
    'chunked,',
  ],
  ...[
    ',chunked',
    ', chunked',
    'chunked , ',
    'cow',
    'trailers',
    'c hunked',
    'chunked chunked',
    'compress, chunked',
  ],
  ...[
    'deflate',
    '',
    'nil',
    'false',
    '0',
    'chunked\x0b',
    '\x0bchunked',
    'chunked\x00',
    '\x00chunked',
    'chu\x00nked',
  ],
  ...[
    'chunked\x85',
    'chunked\xa0',
    '\xa0chunked',
    'chu\xffnked',
    'chunked\x0c',
    '\x1fchunked',
    'chunked\x7f',
    'chunked\\',
    '[chunked]',
  ],
  ...[
    'chunked=1',
    'chunked\r',
    '\rchunked',
    'chunked\b',
    'chunkeḍ',
    'ſchunked',
    'chunKed'.replace('K', '\u212a'),
  ],
].map((value) => (/[^\x00-\xff]/.test(value) ? Buffer.from(value).toString('latin1') : value));

function transferEncodings(corpus: Corpus): void {
  corpus.group('Transfer-Encoding', () => {
    for (const value of oddCodings) {
      corpus.refuse(`"${value}"`, post(`${host}Transfer-Encoding: ${value}\r\n`, chunks + smuggled));
    }
  });
  corpus.group('two Transfer-Encodings', () => {
    for (const value of ['chunked', 'identity', '', 'gzip', 'x', 'chunked\x0b']) {
      corpus.refuse(
        `chunked and "${value}"`,
        post(`${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: ${value}\r\n`, chunks),
      );
      if (value === 'chunked') continue;
      corpus.refuse(
        `"${value}" and chunked`,
        post(`${host}Transfer-Encoding: ${value}\r\nTransfer-encoding: chunked\r\n`, chunks),
      );
    }
  });
  corpus.group('good Transfer-Encoding', () => {
    for (const value of ['chunked', 'Chunked', 'CHUNKED', ' chunked', 'chunked ', '\tchunked\t']) {
      corpus.pass(`"${value}"`, post(`${host}Transfer-Encoding:${value}\r\n`, chunks));
    }
    corpus.pass('on GET', `GET /p HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chunks}`);
    corpus.pass('an empty body', post(`${host}Transfer-Encoding: chunked\r\n`, '0\r\n\r\n'));
  });
}

function bothFramings(corpus: Corpus): void {
  const body = `0\r\n\r\n${smuggled}`;
  corpus.group('Content-Length and Transfer-Encoding', () => {
    for (const value of ['chunked', 'Chunked', ...oddCodings.slice(0, 20)]) {
      for (const length of [5, 6, body.length, 0]) {
        const lines = [`Content-Length: ${length}\r\n`, `Transfer-Encoding: ${value}\r\n`];
        corpus.refuse(`CL ${length}, TE "${value}"`, post(host + lines.join(''), body));
        if (length === 5)
          corpus.refuse(`TE "${value}", CL ${length}`, post(host + lines.reverse().join(''), body));
      }
    }
  });
  corpus.group('Content-Length and a disguised Transfer-Encoding', () => {
    const disguises: readonly (readonly [string, Verdict])[] = [
      ['Transfer-Encoding : chunked', 'refuse'],
      ['Transfer-Encoding\t: chunked', 'refuse'],
      [' Transfer-Encoding: chunked', 'refuse'],
      ['\tTransfer-Encoding: chunked', 'refuse'],
      ['Transfer-Encoding\x00: chunked', 'refuse'],
      ['Transfer-Encoding\x0b: chunked', 'refuse'],
      ['Transfer\x00-Encoding: chunked', 'refuse'],
      ['X: y\rTransfer-Encoding: chunked', 'refuse'],
      ['X: y\nTransfer-Encoding: chunked', 'refuse'],
      ['X:\x00\nTransfer-Encoding: chunked', 'refuse'],
      ['X: y\r\n\rTransfer-Encoding: chunked', 'refuse'],
      ['Transfer-Encoding chunked', 'refuse'],
      ['Transfer-Encoding', 'refuse'],
      ['Transfer-Encoding:\r\n chunked', 'refuse'],
      ['Transfer-Encoding:\r\n\tchunked', 'refuse'],
      ['Transfer-Encoding:\n chunked', 'refuse'],
      ['Transfer-Encoding: chunked\n', 'refuse'],
      ['Transfer-Encoding: chunked\r\r', 'refuse'],
      ['"Transfer-Encoding": chunked', 'refuse'],
      ['Transfer-Encoding=chunked:', 'refuse'],
      ['Transfer-\xadEncoding: chunked', 'refuse'],
      ['\xef\xbb\xbfTransfer-Encoding: chunked', 'refuse'],
      ['Transfer_Encoding: chunked', 'either'],
      ['Transfer.Encoding: chunked', 'either'],
      ['TransferEncoding: chunked', 'either'],
      ['X-Transfer-Encoding: chunked', 'either'],
      ['TE: chunked', 'either'],
      ['Content-Encoding: chunked', 'either'],
    ];
    for (const [line, verdict] of disguises) {
      const lines = `${host}Content-Length: 5\r\n${line}\r\n`;
      corpus.add(verdict, line, post(lines, 'hello'));
      if (verdict === 'refuse')
        corpus.refuse(`${line} first`, post(`${line}\r\n${host}Content-Length: 5\r\n`, 'hello'));
    }
  });
}

function controls(corpus: Corpus): void {
  const codes = [...Array(32).keys(), 0x7f].filter((code) => code !== 9);
  corpus.group('a control', () => {
    for (const code of codes) {
      const one = String.fromCharCode(code);
      corpus.refuse(`${one} in the method`, `G${one}T / HTTP/1.1\r\n${host}\r\n`);
      corpus.refuse(`${one} in the target`, get(host, `/a${one}b`));
      corpus.refuse(`${one} in the version`, get(host, '/', `HTTP/1${one}1`));
      corpus.refuse(`${one} in a name`, get(`${host}X${one}A: b\r\n`));
      corpus.refuse(`${one} in a value`, get(`${host}X-A: b${one}c\r\n`));
      corpus.refuse(`${one} in Host`, get(`Host: a${one}.test\r\n`));
    }
    corpus.refuse('tab in the method', `G\tT / HTTP/1.1\r\n${host}\r\n`);
    corpus.refuse('tab in the target', get(host, '/a\tb'));
    corpus.refuse('tab in a name', get(`${host}X\tA: b\r\n`));
    corpus.refuse('tab in Host', get('Host: a\t.test\r\n'));
  });
  corpus.group('a byte above ASCII', () => {
    for (const code of [0x80, 0x85, 0xa0, 0xad, 0xc3, 0xff]) {
      const one = String.fromCharCode(code);
      corpus.refuse(`${one} in the method`, `G${one}T / HTTP/1.1\r\n${host}\r\n`);
      corpus.refuse(`${one} in the target`, get(host, `/a${one}b`));
      corpus.refuse(`${one} in a name`, get(`${host}X${one}A: b\r\n`));
      corpus.refuse(`${one} in Host`, get(`Host: a${one}.test\r\n`));
      corpus.pass(`${one} in a value`, get(`${host}X-A: b${one}c\r\n`));
    }
  });
}

function lineEnds(corpus: Corpus): void {
  corpus.group('line ends', () => {
    corpus.refuse('LF everywhere', 'GET / HTTP/1.1\nHost: a.test\n\n');
    corpus.refuse('LF behind the request line', `GET / HTTP/1.1\n${host}\r\n`);
    corpus.refuse('LF behind Host', 'GET / HTTP/1.1\r\nHost: a.test\n\r\n');
    corpus.refuse('LF at the end of the head', `GET / HTTP/1.1\r\n${host}\n`);
    corpus.refuse('CR behind the request line', `GET / HTTP/1.1\r${host}\r\n`);
    corpus.refuse('CR behind Host', 'GET / HTTP/1.1\r\nHost: a.test\rX: y\r\n\r\n');
    corpus.refuse('CR everywhere', 'GET / HTTP/1.1\rHost: a.test\r\r');
    corpus.refuse('CR CR LF', 'GET / HTTP/1.1\r\nHost: a.test\r\r\n\r\n');
    corpus.refuse('CR CR LF behind the request line', `GET / HTTP/1.1\r\r\n${host}\r\n`);
    corpus.refuse('LF CR', 'GET / HTTP/1.1\n\rHost: a.test\n\r\n\r');
    corpus.refuse('CR CR LF at the end', `GET / HTTP/1.1\r\n${host}\r\r\n`);
    corpus.refuse('a header split by LF', get(`${host}X-A: b\nX-B: c\r\n`));
    corpus.refuse('a second head hidden behind LF LF', get(`${host}X-A: b\n\n${smuggled.slice(0, -2)}`));
    corpus.refuse('LF before the request', `\n${get(host)}`);
    corpus.refuse('CR before the request', `\r${get(host)}`);
    corpus.refuse('space before the request', ` ${get(host)}`);
    corpus.refuse('NUL before the request', `\x00${get(host)}`);
    corpus.refuse('a byte order mark before the request', `\xef\xbb\xbf${get(host)}`);
    corpus.pass('one empty line before the request', `\r\n${get(host)}`);
    corpus.add('either', 'two empty lines before the request', `\r\n\r\n${get(host)}`);
    corpus.refuse('no end of the head', 'GET / HTTP/1.1\r\nHost: a.test\r\n');
    corpus.refuse('half a request line', 'GET /');
    corpus.refuse('a vertical tab as a line end', 'GET / HTTP/1.1\x0bHost: a.test\r\n\r\n');
    corpus.refuse('NEL as a line end', 'GET / HTTP/1.1\x85Host: a.test\r\n\r\n');
  });
}

function folds(corpus: Corpus): void {
  corpus.group('folded lines', () => {
    for (const [name, space] of [
      ['space', ' '],
      ['tab', '\t'],
      ['spaces', '   '],
    ] as const) {
      corpus.refuse(`a value, ${name}`, get(`${host}X-A: b\r\n${space}c\r\n`));
      corpus.refuse(`Host, ${name}`, get(`Host:\r\n${space}a.test\r\n`));
      corpus.refuse(`the first line, ${name}`, get(`${space}X-A: b\r\n${host}`));
      corpus.refuse(`Content-Length, ${name}`, post(`${host}Content-Length:\r\n${space}5\r\n`, 'hello'));
      corpus.refuse(
        `a hidden Content-Length, ${name}`,
        post(`${host}X-A: b\r\n${space}Content-Length: 5\r\n`, 'hello'),
      );
      corpus.refuse(`an empty line of it, ${name}`, get(`${host}X-A: b\r\n${space}\r\n`));
      corpus.refuse(`with LF, ${name}`, get(`${host}X-A: b\n${space}c\r\n`));
    }
  });
}

function names(corpus: Corpus): void {
  corpus.group('header names', () => {
    for (const one of '()<>@,;\\"/[]?={} ') corpus.refuse(`with "${one}"`, get(`${host}X${one}A: b\r\n`));
    for (const one of "!#$%&'*+-.^_`|~0") corpus.pass(`with "${one}"`, get(`${host}X${one}A: b\r\n`));
    corpus.refuse('a space before the colon', get(`${host}X-A : b\r\n`));
    corpus.refuse('a tab before the colon', get(`${host}X-A\t: b\r\n`));
    corpus.refuse('a space before the colon of Host', get('Host : a.test\r\n'));
    corpus.refuse('empty', get(`${host}: b\r\n`));
    corpus.refuse('no colon', get(`${host}X-A b\r\n`));
    corpus.refuse('a word', get(`${host}X-A\r\n`));
    corpus.refuse('a second request line', get(`${host}GET /smuggled HTTP/1.1\r\n`));
    corpus.refuse('a space behind Content-Length', post(`${host}Content-Length : 5\r\n`, 'hello'));
  });
}

function requestLines(corpus: Corpus): void {
  corpus.group('request lines', () => {
    const bad = [
      ...[
        'GET  / HTTP/1.1',
        'GET /  HTTP/1.1',
        'GET\t/ HTTP/1.1',
        'GET /\tHTTP/1.1',
        'GET / HTTP/1.1 ',
        'GET / HTTP/1.1\t',
      ],
      ...[
        'GET /',
        'GET / ',
        'GET',
        'GET / HTTP/0.9',
        'GET / HTTP/2.0',
        'GET / HTTP/3.0',
        'GET / HTTP/1.2',
        'GET / HTTP/1.9',
      ],
      ...[
        'GET / HTTP/11',
        'GET / HTTP/1.10',
        'GET / HTTP/01.1',
        'GET / HTTP/1.01',
        'GET / http/1.1',
        'GET / Http/1.1',
      ],
      ...[
        'GET / HTTP/1,1',
        'GET / HTTP /1.1',
        'GET / HTTP/ 1.1',
        'GET / HTTP/+1.1',
        'GET / HTTP/1.-1',
        'GET / HTTPS/1.1',
      ],
      ...[
        'GET / ICE/1.0',
        'GET / RTSP/1.0',
        'GET / HTTP/1.1x',
        'GET / HTTP/x.1',
        'GET / HTTP/1.x',
        'GET / HTTP/',
        'GET / HTTP',
      ],
      ...[
        'GET / HTTP/1.1 HTTP/1.1',
        'GET / x HTTP/1.1',
        'G@T / HTTP/1.1',
        '"GET" / HTTP/1.1',
        '[GET] / HTTP/1.1',
      ],
      ...[
        'GET, / HTTP/1.1',
        'GET: / HTTP/1.1',
        '(GET) / HTTP/1.1',
        'GET;x / HTTP/1.1',
        '/ HTTP/1.1',
        'GET HTTP/1.1',
        '= / HTTP/1.1',
      ],
      ...[
        'PRI * HTTP/2.0',
        'CONNECT a.test:80 HTTP/1.1',
        'CONNECT / HTTP/1.1',
        'CONNECT http://a.test/ HTTP/1.1',
      ],
    ];
    for (const line of bad) corpus.refuse(`"${line}"`, `${line}\r\n${host}\r\n`);
    for (const line of [
      'get / HTTP/1.1',
      'GeT / HTTP/1.1',
      "!#$%&'*+-.^_`|~ / HTTP/1.1",
      `${'X'.repeat(60)} / HTTP/1.1`,
    ]) {
      corpus.add('either', `"${line}"`, `${line}\r\n${host}\r\n`);
    }
  });
}

function targets(corpus: Corpus): void {
  corpus.group('targets', () => {
    const bad = [
      ...[
        '/#',
        '/a#b',
        '#',
        '/a b',
        '*',
        'a',
        'a/b',
        '?x',
        './',
        '../',
        'http:///x',
        'http://',
        'http:/a.test/',
        'http:a.test',
      ],
      ...[
        'ftp://a.test/',
        'javascript:x',
        'a.test:80',
        'a.test',
        '@a.test/',
        ':80',
        '\\a',
        'file:///etc/passwd',
        'ws://a.test/',
      ],
      ...[
        'https:///x',
        'http://a.test#x',
        'http://a.test/#x',
        'http://@a.test/',
        'http://a@a.test/',
        'http://a:b@a.test/',
      ],
      ...[
        'http://a.test:x/',
        'http://a.test:/',
        'http://a.test:99999/',
        'http://[::1/',
        'http://a.test\\@b.test/',
        'http://a.test,b.test/',
      ],
    ];
    for (const target of bad) corpus.refuse(`"${target}"`, get(host, target));
    const odd = [
      '//',
      '//b.test/',
      '/\\',
      '/..',
      '/../..',
      '/%',
      '/%0',
      '/%00',
      '/%0d%0a',
      '/a;b',
      '/<>',
      '/"',
      '/{}',
      '/|',
      '/^',
      '/`',
      '/a//b',
    ];
    for (const target of odd) corpus.add('either', `"${target}"`, get(host, target));
    const good = [
      '/',
      '/a',
      '/a?',
      '/a?b',
      '/a?b=c&d=e',
      '/?',
      '/a/b/c',
      '/%41',
      '/a.b',
      '/~a',
      '/a:b',
      '/a@b',
      '/*',
      '/a?b?c',
      '/a?/b',
      "/!$&'()*+,;=",
    ];
    for (const target of good) corpus.pass(`"${target}"`, get(host, target));
    corpus.pass('"*" of OPTIONS', `OPTIONS * HTTP/1.1\r\n${host}\r\n`);
    corpus.pass('/ of OPTIONS', `OPTIONS / HTTP/1.1\r\n${host}\r\n`);
  });
}

function hosts(corpus: Corpus): void {
  corpus.group('Host', () => {
    const bad = [
      ...[
        '',
        ' ',
        'a.test b.test',
        'a.test,b.test',
        'a.test, b.test',
        'a@b.test',
        'a:b@c.test',
        'a.test/',
        'a.test/b',
        '/a.test',
      ],
      ...[
        'a.test:',
        'a.test:x',
        'a.test:-1',
        'a.test:+80',
        'a.test:99999',
        'a.test:80:80',
        'a.test:8 0',
        ':80',
        ':',
        '[::1',
        '::1',
      ],
      ...[
        '[::1]x',
        '[::g]',
        '[]',
        '[::1]:',
        '[::1%25eth0]',
        '[::1]:x',
        'http://a.test',
        'a.test?x',
        'a.test#x',
        'a.test\\',
        '"a.test"',
      ],
      ...[
        "'a.test'",
        '<a.test>',
        'a%2etest',
        '%61.test',
        '*',
        'a.test;b',
        'a.test=b',
        'a(b)',
        'a.test&b',
        '{a}',
        'a|b',
        'a^b',
        '$a',
        '+',
        '!',
      ],
    ];
    for (const value of bad) corpus.refuse(`"${value}"`, get(`Host: ${value}\r\n`));
    corpus.refuse('none', get('X-A: b\r\n'));
    corpus.refuse('two', get('Host: a.test\r\nHost: b.test\r\n'));
    corpus.refuse('the same twice', get('Host: a.test\r\nHost: a.test\r\n'));
    corpus.refuse('two apart', get('Host: a.test\r\nX-A: b\r\nhost: b.test\r\n'));
    corpus.refuse('one and an empty one', get('Host: a.test\r\nHost:\r\n'));
    corpus.refuse('an empty one and one', get('Host:\r\nHost: a.test\r\n'));
    corpus.refuse('one folded behind', get('X-A: b\r\n Host: b.test\r\nHost: a.test\r\n'));
    corpus.refuse('two on HTTP/1.0', get('Host: a.test\r\nHost: b.test\r\n', '/', 'HTTP/1.0'));
    corpus.refuse('a bad one on HTTP/1.0', get('Host: a@b\r\n', '/', 'HTTP/1.0'));
    const good = [
      'a.test',
      'A.TEST',
      'a.test:80',
      'a.test:8080',
      'a.test:65535',
      '127.0.0.1',
      '127.0.0.1:80',
      '[::1]',
      '[::1]:8080',
      'a_b.test',
      'a.test.',
      'localhost',
      'xn--bcher-kva.test',
    ];
    for (const value of good) corpus.pass(`"${value}"`, get(`Host: ${value}\r\n`));
    corpus.pass('without a space', get('Host:a.test\r\n'));
    corpus.pass('in another case', get('HOST: a.test\r\n'));
    corpus.pass('last', get(`X-A: b\r\n${host}`));
    for (const value of [
      'a..b',
      '.a',
      '-',
      '1',
      '0x7f000001',
      '2130706433',
      'a.test:080',
      'a.test:0',
      '~a',
    ]) {
      corpus.add('either', `"${value}"`, get(`Host: ${value}\r\n`));
    }
  });
}

function absoluteForms(corpus: Corpus): void {
  corpus.group('absolute-form', () => {
    for (const target of [
      'http://b.test/',
      'http://a.test:8080/',
      'http://b.test',
      'https://b.test/',
      'http://a.test.b.test/',
      'http://a.tes/',
    ]) {
      corpus.refuse(`${target} with Host a.test`, get(host, target));
    }
    corpus.refuse('without Host', get('', 'http://a.test/'));
    corpus.refuse('with an empty Host', get('Host:\r\n', 'http://a.test/'));
    corpus.refuse('with two Hosts', get('Host: a.test\r\nHost: b.test\r\n', 'http://a.test/'));
    for (const target of [
      'http://a.test/',
      'http://a.test',
      'http://a.test?x',
      'HTTP://a.test/',
      'http://A.TEST/p?q',
      'https://a.test/',
    ]) {
      corpus.pass(target, get(host, target));
    }
    corpus.pass('with a port', get('Host: a.test:81\r\n', 'http://a.test:81/'));
    corpus.pass('OPTIONS without a path', `OPTIONS http://a.test HTTP/1.1\r\n${host}\r\n`);
    corpus.pass('HTTP/1.0 without Host', get('', 'http://a.test/', 'HTTP/1.0'));
  });
}

function chunkSizes(corpus: Corpus): void {
  const chunked = (body: string) => post(`${host}Transfer-Encoding: chunked\r\n`, body);
  corpus.group('chunk sizes', () => {
    const bad = [
      ...[
        '',
        ' ',
        '+5',
        '-5',
        '0x5',
        '0X5',
        'x5',
        '5h',
        '5g',
        '5_0',
        ' 5',
        '\t5',
        '5 5',
        '5,5',
        '5.',
        '"5"',
        'FFFFFFFFFFFFFFFF5',
      ],
      ...[
        '10000000000000005',
        '8000000000000000',
        'fffffffffffffffff',
        '5\x00',
        '5\x0b',
        '5\xa0',
        '5\r',
        '5:',
        '5=',
        '5/',
        '\x005',
      ],
    ];
    for (const size of bad) corpus.refuse(`"${size}"`, chunked(`${size}\r\nhello\r\n0\r\n\r\n${smuggled}`));
    for (const size of ['5', '05', '0005', '00000000000000000005']) {
      corpus.add(size.length < 16 ? 'pass' : 'either', `"${size}"`, chunked(`${size}\r\nhello\r\n0\r\n\r\n`));
    }
    corpus.pass('hexadecimal', chunked(`A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n`));
    corpus.pass('several', chunked('1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n'));
    corpus.pass('several zeros at the end', chunked('5\r\nhello\r\n000\r\n\r\n'));
  });
  corpus.group('chunk extensions', () => {
    for (const extension of [';a', ';a=b', ';a="b"', ';a=b;c=d', ';a="b;c"']) {
      corpus.add('either', extension, chunked(`5${extension}\r\nhello\r\n0\r\n\r\n`));
      corpus.add('either', `${extension} at the end`, chunked(`5\r\nhello\r\n0${extension}\r\n\r\n`));
    }
    for (const extension of [';', ';;', ' ;a', '; a', ' ', '\t', ';a =b', ';a="b', ';="b"']) {
      corpus.add('either', `odd ${extension}`, chunked(`5${extension}\r\nhello\r\n0\r\n\r\n`));
    }
    for (const extension of [
      ';a\x00',
      ';a\nb',
      ';\n',
      '\n',
      ';a\rb',
      ';a="b\r\nc"',
      ';a="\n"',
      ';a\x7f',
      ';a\x1b',
      ';\xff',
      ';a="\x00"',
    ]) {
      corpus.refuse(`${extension}`, chunked(`5${extension}\r\nhello\r\n0\r\n\r\n${smuggled}`));
    }
    corpus.refuse('an over-long one', chunked(`5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`));
    corpus.refuse('over-long ones', chunked(`${`1;${'a'.repeat(200)}\r\nx\r\n`.repeat(2000)}0\r\n\r\n`));
  });
  corpus.group('chunk ends', () => {
    for (const end of [
      '',
      '\n',
      'X\r\n',
      '\r\r\n',
      '\n\r',
      '\r',
      ' \r\n',
      '\r\n\r\n',
      '\x00\r\n',
      '\rX',
      'XX',
    ]) {
      corpus.refuse(`data and "${end}"`, chunked(`5\r\nhello${end}0\r\n\r\n${smuggled}`));
    }
    for (const end of [
      '0\n\n',
      '0\r\n\n',
      '0\n\r\n',
      '0\r\r\n\r\n',
      '-0\r\n\r\n',
      '0x0\r\n\r\n',
      '0\r\n',
      '0',
      '',
      '0\r\n\r',
      '0\r\n\rX',
      '0\r\nX',
      ' 0\r\n\r\n',
    ]) {
      corpus.refuse(`last "${end}"`, chunked(`5\r\nhello\r\n${end}`));
    }
    corpus.refuse('LF behind the size', chunked(`5\nhello\r\n0\r\n\r\n${smuggled}`));
    corpus.refuse('too short a size', chunked(`3\r\nhello\r\n0\r\n\r\n${smuggled}`));
    corpus.refuse('too long a size', chunked(`6\r\nhello\r\n0\r\n\r\n${smuggled}`));
  });
}

function trailers(corpus: Corpus): void {
  const chunked = (trailer: string) =>
    post(`${host}Transfer-Encoding: chunked\r\n`, `5\r\nhello\r\n0\r\n${trailer}\r\n`);
  corpus.group('trailers', () => {
    const forbidden = [
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Host: b.test',
      'Connection: close',
      'Authorization: x',
      'Cookie: a=b',
      'Set-Cookie: a=b',
      'Content-Type: x',
      'Content-Encoding: gzip',
      'Content-Range: x',
      'X-Forwarded-For: 1.2.3.4',
      'Forwarded: for=1.2.3.4',
      'Via: x',
      'Upgrade: x',
      'TE: x',
      'Expect: 100-continue',
      'Trailer: x',
      'Keep-Alive: x',
      'Proxy-Connection: x',
      'Range: bytes=0-',
      'Cache-Control: x',
      'X_Forwarded_For: 1.2.3.4',
      'Content_Length: 5',
    ];
    for (const line of forbidden) corpus.refuse(line, chunked(`${line}\r\n`));
    for (const line of [
      'X-A : b',
      ' X-A: b',
      'X-A',
      ': b',
      'X-A: b\x00',
      'X-A: b\n',
      'X-A: b\rc',
      'X-A: b\r\n c',
      'X\x0bA: b',
      'GET / HTTP/1.1',
      'X-A: b\x7f',
    ]) {
      corpus.refuse(`bad ${line}`, chunked(`${line}\r\n`));
    }
    corpus.pass('one', chunked('X-Checksum: abc\r\n'));
    corpus.pass('two', chunked('X-A: b\r\nX-B: c\r\n'));
    corpus.refuse('too many', chunked('X-A: b\r\n'.repeat(10_000)));
  });
}

function oldVersions(corpus: Corpus): void {
  corpus.group('HTTP/1.0', () => {
    corpus.refuse('chunked', post(`${host}Transfer-Encoding: chunked\r\n`, chunks, 'HTTP/1.0'));
    corpus.refuse(
      'chunked and a length',
      post(`${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`, chunks, 'HTTP/1.0'),
    );
    corpus.refuse('identity', post(`${host}Transfer-Encoding: identity\r\n`, 'hello', 'HTTP/1.0'));
    corpus.pass('GET', get(host, '/', 'HTTP/1.0'));
    corpus.pass('GET without Host', get('', '/', 'HTTP/1.0'));
    corpus.pass('POST', post(`${host}Content-Length: 5\r\n`, 'hello', 'HTTP/1.0'));
    corpus.pass('keep-alive', get(`${host}Connection: keep-alive\r\n`, '/', 'HTTP/1.0'));
    corpus.refuse('0.9', 'GET /\r\n');
    corpus.refuse('0.9 and a request', `GET /\r\n${smuggled}`);
  });
}

function connections(corpus: Corpus): void {
  corpus.group('Connection', () => {
    for (const value of [
      'Content-Length',
      'Host',
      'Transfer-Encoding',
      'X-Forwarded-For',
      'Via',
      'close, Host',
      'close, Content-Length',
      'keep-alive, X-A',
      ', ,close',
      '"close"',
      'close;x',
      'x y',
      'Cookie, Authorization',
    ]) {
      corpus.add(
        'either',
        value,
        post(`${host}Content-Length: 5\r\nX-A: b\r\nConnection: ${value}\r\n`, 'hello'),
      );
      corpus.add(
        'either',
        `${value} and chunks`,
        post(`${host}Transfer-Encoding: chunked\r\nConnection: ${value}\r\n`, chunks),
      );
    }
    corpus.pass('close', get(`${host}Connection: close\r\n`));
    corpus.pass('keep-alive', get(`${host}Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n`));
    corpus.pass('two lines', get(`${host}Connection: X-A\r\nConnection: X-B\r\nX-A: 1\r\nX-B: 2\r\n`));
    corpus.pass('Proxy-Connection', get(`${host}Proxy-Connection: keep-alive\r\n`));
    corpus.pass(
      'h2c',
      get(
        `${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n`,
      ),
    );
    corpus.pass('Upgrade without Connection', get(`${host}Upgrade: websocket\r\n`));
    corpus.pass('TE', get(`${host}TE: trailers, gzip\r\nConnection: TE\r\n`));
    for (const value of ['200-ok', '100-continue, x', '100-continuex', '', '100']) {
      corpus.refuse(`Expect "${value}"`, post(`${host}Content-Length: 5\r\nExpect: ${value}\r\n`, 'hello'));
    }
    corpus.pass(
      'Expect: 100-continue',
      post(`${host}Content-Length: 5\r\nExpect: 100-continue\r\n`, 'hello'),
    );
    corpus.pass('Expect: 100-Continue on GET', get(`${host}Expect: 100-Continue\r\n`));
  });
}

function lookAlikes(corpus: Corpus): void {
  corpus.group('names that only the proxy may say', () => {
    const lines = [
      'X-Forwarded-For: 1.2.3.4',
      'X_Forwarded_For: 1.2.3.4',
      'X-Forwarded_For: 1.2.3.4',
      'X.Forwarded.For: 1.2.3.4',
      'x-forwarded-for : 1.2.3.4',
      'X-Forwarded-Proto: https',
      'X_Forwarded_Proto: https',
      'X-Forwarded-Host: b.test',
      'X_Forwarded_Host: b.test',
      'X-Forwarded-Port: 1',
      'X_Forwarded_Port: 1',
      'Forwarded: for=1.2.3.4',
      'X-Real-IP: 1.2.3.4',
      'X_Real_IP: 1.2.3.4',
      'X-Client-Certificate-Subject: CN=root',
      'X_Client_Certificate_Subject: CN=root',
      'Content_Length: 3',
      'Content.Length: 3',
      'Transfer_Encoding: chunked',
      'Host_: b.test',
    ];
    for (const line of lines)
      corpus.add(
        line.includes(' :') ? 'refuse' : 'either',
        line,
        post(`${host}Content-Length: 5\r\n${line}\r\n`, 'hello'),
      );
  });
}

function pipelines(corpus: Corpus): void {
  const first = post(`${host}Content-Length: 5\r\n`, 'hello');
  corpus.group('pipelines', () => {
    corpus.pass('two', get(host) + get(host, '/second'), 2);
    corpus.pass('three', get(host) + get(host, '/2') + get(host, '/3'), 3);
    corpus.pass('a body between', first + get(host, '/2'), 2);
    corpus.pass('chunks between', post(`${host}Transfer-Encoding: chunked\r\n`, chunks) + get(host, '/2'), 2);
    corpus.pass('an empty line between', `${first}\r\n${get(host, '/2')}`, 2);
    corpus.pass('ten', get(host).repeat(10), 10);
    corpus.pass(
      'GET with a body between',
      `GET / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello${get(host, '/2')}`,
      2,
    );
    corpus.pass('nothing behind close', get(`${host}Connection: close\r\n`) + smuggled, 1);
    corpus.pass('nothing behind HTTP/1.0', get(host, '/', 'HTTP/1.0') + smuggled, 1);
    for (const [name, second] of [
      ['a bad one', 'GET / HTTP/1.1\r\n\r\n'],
      ['junk', 'hello\r\n\r\n'],
      ['a space', ` ${smuggled}`],
      ['LF', '\nGET / HTTP/1.1\nHost: b.test\n\n'],
      ['half', 'GET / HTTP/1.1\r\n'],
    ] as const) {
      corpus.pass(`then ${name}`, first + second, 1);
    }
    corpus.refuse('a body that is too short', post(`${host}Content-Length: 50\r\n`, 'hello'));
    corpus.pass('the rest of a longer body', post(`${host}Content-Length: 3\r\n`, 'hello'), 1);
  });
}

function sizes(corpus: Corpus): void {
  corpus.group('sizes', () => {
    corpus.refuse('a head of 100 KB in one value', get(`${host}X-A: ${'a'.repeat(100_000)}\r\n`));
    corpus.refuse('a head of 100 KB in many lines', get(host + 'X-A: b\r\n'.repeat(15_000)));
    corpus.refuse('a target of 100 KB', get(host, `/${'a'.repeat(100_000)}`));
    corpus.refuse('a method of 100 KB', `${'A'.repeat(100_000)} / HTTP/1.1\r\n${host}\r\n`);
    corpus.refuse('a name of 100 KB', get(`${host}${'A'.repeat(100_000)}: b\r\n`));
    corpus.pass('a value of 8 KB', get(`${host}X-A: ${'a'.repeat(8000)}\r\n`));
    corpus.pass(
      'a hundred lines',
      get(host + Array.from({ length: 100 }, (_, index) => `X-${index}: b\r\n`).join('')),
    );
    corpus.pass('a target of 8 KB', get(host, `/${'a'.repeat(8000)}`));
    corpus.pass('a body of 200 KB', post(`${host}Content-Length: 200000\r\n`, 'a'.repeat(200_000)));
  });
}

function ordinary(corpus: Corpus): void {
  corpus.group('ordinary requests', () => {
    for (const method of [
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'TRACE',
      'PROPFIND',
      'REPORT',
      'PURGE',
      'M-SEARCH',
    ]) {
      corpus.pass(method, `${method} / HTTP/1.1\r\n${host}\r\n`);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'PROPFIND']) {
      corpus.pass(`${method} with a body`, `${method} / HTTP/1.1\r\n${host}Content-Length: 5\r\n\r\nhello`);
    }
    const values = [
      '',
      '   ',
      'a',
      '"a"',
      '"a, b"',
      'a;b="c"',
      'a=b&c=d',
      'Mozilla/5.0 (X11; Linux x86_64)',
      'text/html,*/*;q=0.8',
      'a\tb',
      '(comment)',
      '\\',
      '{"a":1}',
      'W/"x"',
      '<https://a.test/>; rel=x',
      'Basic YTpi',
      'a:b:c',
      "it's",
      '🙂',
      ': :',
    ];
    for (const value of values)
      corpus.pass(`value "${value}"`, get(`${host}X-A: ${Buffer.from(value).toString('latin1')}\r\n`));
    corpus.pass('cookies', get(`${host}Cookie: a=b; c=d\r\nCookie: e=f\r\n`));
    corpus.pass('the same header three times', get(`${host}X-A: 1\r\nX-A: 2\r\nx-a: 3\r\n`));
    corpus.pass(
      'a body that looks like a request',
      post(`${host}Content-Length: ${smuggled.length}\r\n`, smuggled),
    );
    corpus.pass('a body of zeros', post(`${host}Content-Length: 5\r\n`, '\0\0\0\0\0'));
    corpus.pass('a body of line ends', post(`${host}Content-Length: 6\r\n`, '\r\n\r\n\r\n'));
    corpus.pass(
      'chunks that look like chunks',
      post(`${host}Transfer-Encoding: chunked\r\n`, 'f\r\n0\r\n\r\nGET / HTTP\r\n0\r\n\r\n'),
    );
  });
}
