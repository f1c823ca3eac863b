import { describe, expect, it } from 'vitest';
import { foldHeaderEdits } from '../../../../main/engine/filter/headerEdits';
import {
  type ClientIdentity,
  forwardedRequestHead,
  type RequestForwarding,
} from '../../../../main/engine/http/forwardedRequestHead';
import {
  forwardedResponseHead,
  type ResponseForwarding,
} from '../../../../main/engine/http/forwardedResponseHead';
import { RequestHead } from '../../../../main/engine/http/requestHead';
import { ResponseHead } from '../../../../main/engine/http/responseHead';

const ours =
  'X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a.test\r\nX-Forwarded-Port: 8080\r\nVia: 1.1 hopscope\r\n\r\n';

const identity = (change: Partial<ClientIdentity> = {}): ClientIdentity => ({
  style: 'xForwarded',
  isTrusted: false,
  port: 8080,
  ...change,
});

function forward(text: string, change: Partial<RequestForwarding> = {}): string {
  const head = new RequestHead();
  const bytes = Buffer.from(text, 'latin1');
  expect(head.parse(bytes, 0, bytes.length)).toBe(bytes.length);
  return forwardedRequestHead(head, {
    target: head.target,
    hostOverride: null,
    fallbackHost: '127.0.0.1:9001',
    clientAddress: '10.0.0.9',
    identity: identity(),
    isTls: false,
    edits: null,
    contentLength: head.framing.contentLength,
    isChunked: head.framing.isChunked,
    dropsExpect: true,
    closesAfter: false,
    ...change,
  });
}

const start = 'GET / HTTP/1.1\r\nHost: a.test\r\n';

describe('forwardedRequestHead', () => {
  it('passes a plain head on as it came, with our lines', () => {
    expect(forward(`${start}Accept: */*\r\n\r\n`)).toBe(`${start}Accept: */*\r\n${ours}`);
  });

  it('drops hop-by-hop fields, those named in Connection, and look-alikes of ours', () => {
    const dropped =
      'Connection: keep-alive, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Connection: x\r\nTE: gzip\r\nUpgrade: h2c\r\nHTTP2-Settings: A\r\nX_Forwarded_For: 6.6.6.6\r\nX-Forwarded.Host: e\r\nContent_Length: 7\r\nX-Forwarded-Proto: ftp\r\n';
    expect(forward(`${start}A: 1\r\n${dropped}B_C: 2\r\n\r\n`)).toBe(`${start}A: 1\r\nB_C: 2\r\n${ours}`);
  });

  const claims =
    'X-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\nX-Forwarded-Port: 443\r\nX-Real-IP: 1.1.1.1\r\nForwarded: for=1.1.1.1;proto=https\r\n';

  it('drops what a client says of itself', () => {
    expect(forward(`${start}${claims}\r\n`)).toBe(`${start}${ours}`);
    expect(forward(`${start}${claims}\r\n`, { identity: identity({ style: 'off' }) })).toBe(
      `${start}Via: 1.1 hopscope\r\n\r\n`,
    );
  });

  it('believes a trusted proxy, and adds to what it says', () => {
    expect(forward(`${start}${claims}\r\n`, { identity: identity({ isTrusted: true }) })).toBe(
      `${start}X-Forwarded-For: 1.1.1.1, 2.2.2.2, 10.0.0.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\nX-Forwarded-Port: 443\r\nVia: 1.1 hopscope\r\n\r\n`,
    );
    expect(
      forward(`${start}${claims}\r\n`, { identity: identity({ isTrusted: true, style: 'forwarded' }) }),
    ).toBe(
      `${start}Forwarded: for=1.1.1.1;proto=https, for=10.0.0.9;host=a.test;proto=http\r\nVia: 1.1 hopscope\r\n\r\n`,
    );
  });

  it.each([
    ['10.0.0.9', 'a.test', 'for=10.0.0.9;host=a.test;proto=https'],
    ['2001:db8::1', 'a.test:8443', 'for="[2001:db8::1]";host="a.test:8443";proto=https'],
    ['', '[::1]:80', 'for=unknown;host="[::1]:80";proto=https'],
  ])('quotes in Forwarded what is no token: %s, %s', (clientAddress, host, element) => {
    const head = forward(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`, {
      clientAddress,
      isTls: true,
      identity: identity({ style: 'both' }),
    });
    expect(head).toContain(`\r\nForwarded: ${element}\r\n`);
    expect(head).toContain(`X-Forwarded-For: ${clientAddress}\r\n`);
  });

  it('writes one plain Content-Length for repeated ones', () => {
    const head = forward(
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 05\r\nContent-Length: 5\r\n\r\n',
    );
    expect(head).toBe(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n${ours}`);
  });

  it('writes a Content-Length for a chunked body that was held', () => {
    const head = forward('POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n', {
      isChunked: false,
      contentLength: 11,
    });
    expect(head).toBe(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 11\r\n${ours}`);
  });

  it('writes HTTP/1.1, origin form and one Host', () => {
    expect(forward('GET http://a.test/x HTTP/1.1\r\nHost: a.test\r\nA: 1\r\n\r\n')).toBe(
      `GET /x HTTP/1.1\r\nA: 1\r\nHost: a.test\r\n${ours}`,
    );
    expect(forward('GET / HTTP/1.0\r\nA: 1\r\n\r\n')).toBe(
      'GET / HTTP/1.1\r\nA: 1\r\nHost: 127.0.0.1:9001\r\nX-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Port: 8080\r\nVia: 1.0 hopscope\r\n\r\n',
    );
  });

  it('applies rewrites and header edits in one pass', () => {
    const edits = foldHeaderEdits([
      { set: { 'x-a': 'new', via: 'me' }, add: { 'x-b': '2' }, remove: ['X-Gone'] },
    ]);
    const head = forward(`${start}X-A: old\r\nX-B: 1\r\nx-gone: z\r\n\r\n`, {
      target: '/new?q',
      hostOverride: 'inner.test',
      edits,
    });
    expect(head).toBe(
      'GET /new?q HTTP/1.1\r\nX-B: 1\r\nHost: inner.test\r\nX-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a.test\r\nX-Forwarded-Port: 8080\r\nx-a: new\r\nvia: me\r\nx-b: 2\r\n\r\n',
    );
  });

  it('lets a filter set the Host, once', () => {
    const edits = foldHeaderEdits([{ set: {}, add: { host: 'set.test' }, remove: ['host'] }]);
    const hosts = forward(`${start}\r\n`, { edits }).match(/^host:.*$/gim);
    expect(hosts).toEqual(['host: set.test']);
  });

  it('keeps an upgrade', () => {
    expect(forward(`${start}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)).toBe(
      `${start}Connection: upgrade\r\nUpgrade: websocket\r\n${ours}`,
    );
  });
});

function answer(text: string, change: Partial<ResponseForwarding> = {}): string {
  const head = new ResponseHead();
  const bytes = Buffer.from(text, 'latin1');
  expect(head.parse(bytes, 0, bytes.length)).toBe(bytes.length);
  return forwardedResponseHead(head, {
    edits: null,
    isChunked: false,
    keepsLength: true,
    closesAfter: false,
    saysKeepAlive: false,
    ownLines: '',
    isUpgrade: false,
    ...change,
  });
}

describe('forwardedResponseHead', () => {
  it('passes a plain head on with Via', () => {
    expect(answer('HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 2\r\n\r\n')).toBe(
      'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 2\r\nVia: 1.1 hopscope\r\n\r\n',
    );
  });

  it('drops hop-by-hop fields and frames anew', () => {
    const text =
      'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\nA: 1\r\n\r\n';
    expect(answer(text, { isChunked: true, closesAfter: true })).toBe(
      'HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nVia: 1.1 hopscope\r\n\r\n',
    );
  });

  it('drops Content-Length where there is no such body', () => {
    expect(answer('HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n', { keepsLength: false })).toBe(
      'HTTP/1.1 204 No\r\nVia: 1.1 hopscope\r\n\r\n',
    );
  });

  it('speaks HTTP/1.1 for HTTP/1.0 and puts the missing space', () => {
    expect(answer('HTTP/1.0 200 OK\r\n\r\n')).toBe('HTTP/1.1 200 OK\r\nVia: 1.1 hopscope\r\n\r\n');
    expect(answer('HTTP/1.1 200\r\n\r\n')).toBe('HTTP/1.1 200 \r\nVia: 1.1 hopscope\r\n\r\n');
  });

  it('applies header edits', () => {
    const edits = foldHeaderEdits([{ set: { server: 'none' }, add: {}, remove: ['x-a'] }]);
    expect(answer('HTTP/1.1 200 OK\r\nServer: x\r\nX-A: 1\r\nB: 2\r\n\r\n', { edits })).toBe(
      'HTTP/1.1 200 OK\r\nB: 2\r\nVia: 1.1 hopscope\r\nserver: none\r\n\r\n',
    );
  });
});
