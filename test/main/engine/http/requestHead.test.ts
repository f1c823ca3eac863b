import { describe, expect, it } from 'vitest';
import { PartialHead } from '../../../../main/engine/http/partialHead';
import { needMore, refused } from '../../../../main/engine/http/refusal';
import { RequestHead } from '../../../../main/engine/http/requestHead';

function parse(text: string) {
  const head = new RequestHead();
  const bytes = Buffer.from(text, 'latin1');
  return { head, after: head.parse(bytes, 0, bytes.length), length: bytes.length };
}

const get = (lines: string) => `GET / HTTP/1.1\r\nHost: a.test\r\n${lines}\r\n`;
const host = 'Host: a.test\r\n';

describe('RequestHead accepts', () => {
  const accepted: readonly (readonly [string, string, Partial<RequestHead>])[] = [
    ['a plain request', get(''), { method: 'GET', target: '/', hostname: 'a.test', minorVersion: 1 }],
    ['a query', `GET /a?b=c?d HTTP/1.1\r\n${host}\r\n`, { path: '/a', query: 'b=c?d' }],
    ['an empty line before the request line', `\r\n${get('')}`, { method: 'GET' }],
    [
      'a host with port, capitals and a final dot',
      'GET / HTTP/1.1\r\nHost: A.Test.:8080\r\n\r\n',
      { hostname: 'a.test' },
    ],
    ['an IPv6 host', 'GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n', { hostname: '::1' }],
    [
      'absolute form',
      `GET http://a.test/x?y HTTP/1.1\r\n${host}\r\n`,
      { target: '/x?y', isAbsoluteForm: true },
    ],
    ['absolute form without a path', `GET http://a.test HTTP/1.1\r\n${host}\r\n`, { target: '/' }],
    ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, { target: '*', path: '*' }],
    [
      'OPTIONS in absolute form without a path',
      `OPTIONS http://a.test HTTP/1.1\r\n${host}\r\n`,
      { target: '*' },
    ],
    ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n', { minorVersion: 0, host: '', hostname: '' }],
    ['white space around values', get('X-A: \t b \t\r\n'), {}],
    ['an empty value', get('X-A:\r\n'), {}],
    ['bytes above ASCII in values', get('X-A: \xe9\r\n'), {}],
    ['unknown methods', `PURGE / HTTP/1.1\r\n${host}\r\n`, { method: 'PURGE' }],
    ['Expect', get('Expect: 100-Continue\r\n'), { expectsContinue: true }],
    [
      'an upgrade',
      get('Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n'),
      { upgrade: 'websocket' },
    ],
    ['Upgrade without Connection: upgrade as no upgrade', get('Upgrade: websocket\r\n'), { upgrade: '' }],
    [
      'h2c as no upgrade',
      get('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'),
      { upgrade: '' },
    ],
    ['close', get('Connection: close\r\n'), { isPersistent: false }],
    [
      'keep-alive of HTTP/1.0',
      `GET / HTTP/1.0\r\n${host}Connection: keep-alive\r\n\r\n`,
      { isPersistent: true },
    ],
    ['no keep-alive of HTTP/1.0', `GET / HTTP/1.0\r\n${host}\r\n`, { isPersistent: false }],
  ];
  it.each(accepted)('%s', (_, text, expected) => {
    const { head, after, length } = parse(text);
    expect(after).toBe(length);
    expect(head).toMatchObject(expected);
  });

  const framings: readonly (readonly [string, string, object])[] = [
    ['no body', get(''), { contentLength: -1, isChunked: false }],
    ['a length', get('Content-Length: 5\r\n'), { contentLength: 5, isLengthCanonical: true }],
    [
      'equal lengths, collapsed',
      get('Content-Length: 5\r\ncontent-length: 5\r\n'),
      { contentLength: 5, isLengthCanonical: false },
    ],
    [
      'a list of equal lengths',
      get('Content-Length: 5, 5\r\n'),
      { contentLength: 5, isLengthCanonical: false },
    ],
    ['leading zeros', get('Content-Length: 005\r\n'), { contentLength: 5, isLengthCanonical: false }],
    ['chunked in any case', get('Transfer-Encoding: Chunked\r\n'), { contentLength: -1, isChunked: true }],
  ];
  it.each(framings)('%s', (_, text, expected) => {
    const { head, after } = parse(text);
    expect(after).toBeGreaterThan(0);
    expect(head.framing).toMatchObject(expected);
  });
});

describe('RequestHead refuses', () => {
  const badRequests: readonly (readonly [string, string])[] = [
    ['Content-Length with Transfer-Encoding', get('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n')],
    ['different Content-Lengths', get('Content-Length: 5\r\nContent-Length: 6\r\n')],
    ['a list of different lengths', get('Content-Length: 5, 6\r\n')],
    ['an empty length', get('Content-Length: \r\n')],
    ['a length with sign', get('Content-Length: +5\r\n')],
    ['a negative length', get('Content-Length: -1\r\n')],
    ['a hexadecimal length', get('Content-Length: 0x5\r\n')],
    ['a length with space', get('Content-Length: 5 5\r\n')],
    ['a length beyond 2^53', get('Content-Length: 9007199254740993\r\n')],
    ['a length with an empty list member', get('Content-Length: 5,\r\n')],
    ['gzip, chunked', get('Transfer-Encoding: gzip, chunked\r\n')],
    ['chunked, identity', get('Transfer-Encoding: chunked, identity\r\n')],
    ['chunked twice', get('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n')],
    ['an unknown transfer coding', get('Transfer-Encoding: xchunked\r\n')],
    ['an empty transfer coding', get('Transfer-Encoding:\r\n')],
    ['a quoted transfer coding', get('Transfer-Encoding: "chunked"\r\n')],
    ['chunked in HTTP/1.0', `POST / HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n`],
    ['a folded header', get('X-A: b\r\n c\r\n')],
    ['white space before the first header', 'GET / HTTP/1.1\r\n Host: a.test\r\n\r\n'],
    ['white space before the colon', get('X-A : b\r\n')],
    ['an empty name', get(': b\r\n')],
    ['a line without colon', get('X-A\r\n')],
    ['a name with a control', get('X\x01A: b\r\n')],
    ['NUL in a value', get('X-A: b\0c\r\n')],
    ['DEL in a value', get('X-A: b\x7f\r\n')],
    ['a bare CR in a value', get('X-A: b\rc\r\n')],
    ['a bare LF at a line end', get('X-A: b\nX-B: c\r\n')],
    ['a bare LF behind the request line', 'GET / HTTP/1.1\nHost: a.test\r\n\r\n'],
    ['a bare LF as the empty line', 'GET / HTTP/1.1\r\nHost: a.test\r\n\n'],
    ['a missing Host', 'GET / HTTP/1.1\r\n\r\n'],
    ['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
    ['two Hosts', get('Host: a.test\r\n')],
    ['a list of hosts', 'GET / HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n'],
    ['userinfo in Host', 'GET / HTTP/1.1\r\nHost: u@a.test\r\n\r\n'],
    ['a path in Host', 'GET / HTTP/1.1\r\nHost: a.test/x\r\n\r\n'],
    ['a port that is none', 'GET / HTTP/1.1\r\nHost: a.test:x\r\n\r\n'],
    ['a port out of range', 'GET / HTTP/1.1\r\nHost: a.test:65536\r\n\r\n'],
    ['a bad IPv6 host', 'GET / HTTP/1.1\r\nHost: [::g]\r\n\r\n'],
    ['an absolute form whose host differs', `GET http://b.test/ HTTP/1.1\r\n${host}\r\n`],
    ['an absolute form whose port differs', `GET http://a.test:81/ HTTP/1.1\r\n${host}\r\n`],
    ['an absolute form with userinfo', `GET http://u@a.test/ HTTP/1.1\r\n${host}\r\n`],
    ['an unknown scheme', `GET ftp://a.test/ HTTP/1.1\r\n${host}\r\n`],
    ['a target without slash', `GET x HTTP/1.1\r\n${host}\r\n`],
    ['* for another method', `GET * HTTP/1.1\r\n${host}\r\n`],
    ['a space in the target', `GET /a b HTTP/1.1\r\n${host}\r\n`],
    ['a fragment', `GET /a#b HTTP/1.1\r\n${host}\r\n`],
    ['a target beyond ASCII', `GET /\xe9 HTTP/1.1\r\n${host}\r\n`],
    ['a tab behind the method', `GET\t/ HTTP/1.1\r\n${host}\r\n`],
    ['two spaces', `GET  / HTTP/1.1\r\n${host}\r\n`],
    ['a space before the method', ` ${get('')}`],
    ['a method with a separator', `GE(T / HTTP/1.1\r\n${host}\r\n`],
    ['a version in lower case', `GET / http/1.1\r\n${host}\r\n`],
    ['a version with more digits', `GET / HTTP/1.10\r\n${host}\r\n`],
    ['a space behind the version', `GET / HTTP/1.1 \r\n${host}\r\n`],
    ['a TLS ClientHello', '\x16\x03\x01\x02\x00\x01\x00'],
  ];
  it.each(badRequests)('%s with 400', (_, text) => {
    const { head, after } = parse(text);
    expect(after).toBe(refused);
    expect(head.refusal).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it.each([
    ['HTTP/0.9', 'GET /\r\n', 505],
    ['HTTP/1.2', `GET / HTTP/1.2\r\n${host}\r\n`, 505],
    ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
    ['CONNECT', `CONNECT a.test:443 HTTP/1.1\r\n${host}\r\n`, 501],
    ['an unknown expectation', get('Expect: more\r\n'), 417],
  ])('%s with its own status', (_, text, status) => {
    const { head, after } = parse(text);
    expect(after).toBe(refused);
    expect(head.refusal.status).toBe(status);
  });
});

describe('RequestHead in pieces', () => {
  const whole =
    'POST /a?b HTTP/1.1\r\nHost: a.test\r\nX-Long: some value here\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello';
  const headLength = whole.length - 5;

  it('asks for more at every cut and reads the same when the rest comes', () => {
    const bytes = Buffer.from(whole, 'latin1');
    for (let cut = 1; cut < headLength; cut++) {
      const head = new RequestHead();
      expect(head.parse(bytes, 0, cut)).toBe(needMore);
      const partial = new PartialHead(bytes, 0, cut);
      partial.append(bytes, cut, bytes.length);
      expect(partial.isWorthParsing()).toBe(true);
      expect(head.parse(partial.bytes, 0, partial.length)).toBe(headLength);
      expect(head).toMatchObject({ method: 'POST', target: '/a?b', host: 'a.test', isPersistent: false });
      expect(head.raw).toBe(whole.slice(0, headLength));
    }
  });

  it('finds the head and every error when bytes come one by one', () => {
    const texts = [whole, get('X-A: b\nc\r\n'), get('X A: b\r\n'), get('Content-Length: x\r\n')];
    for (const text of texts) {
      const bytes = Buffer.from(text, 'latin1');
      const head = new RequestHead();
      let result = head.parse(bytes, 0, 1);
      const partial = new PartialHead(bytes, 0, 1);
      for (let index = 1; index < bytes.length && result === needMore; index++) {
        partial.append(bytes, index, index + 1);
        if (partial.isWorthParsing()) result = head.parse(partial.bytes, 0, partial.length);
      }
      expect(result).toBe(text === whole ? headLength : refused);
    }
  });

  it('parses a long head that comes byte by byte a bounded number of times', () => {
    const bytes = Buffer.from(get(`${'a: b\r\n'.repeat(2500)}`), 'latin1');
    const partial = new PartialHead(bytes, 0, 1);
    let parses = 0;
    for (let index = 1; index < bytes.length; index++) {
      partial.append(bytes, index, index + 1);
      if (partial.isWorthParsing()) parses++;
    }
    expect(parses).toBeLessThan(20);
  });

  it('keeps nothing of an earlier request', () => {
    const head = new RequestHead();
    const parseInto = (text: string) => head.parse(Buffer.from(text, 'latin1'), 0, text.length);
    parseInto(
      `POST http://a.test/x?y HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close, x-a\r\n\r\n`,
    );
    parseInto('GET /z HTTP/1.1\r\nHost: b.test\r\n\r\n');
    expect(head).toMatchObject({
      method: 'GET',
      query: '',
      isAbsoluteForm: false,
      expectsContinue: false,
      isPersistent: true,
    });
    expect(head.framing.contentLength).toBe(-1);
    expect(head.connection.namedFields).toBeNull();
    expect(head.hostname).toBe('b.test');
  });
});

describe('RequestHead.header', () => {
  it('joins several fields and finds any case', () => {
    const { head } = parse(get('X-A: 1\r\nx-a: 2\r\nCookie: a=b\r\ncookie: c=d\r\n'));
    expect(head.header('x-a')).toBe('1, 2');
    expect(head.header('cookie')).toBe('a=b; c=d');
    expect(head.header('x-b')).toBeUndefined();
  });
});
