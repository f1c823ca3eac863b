import { describe, expect, it } from 'vitest';
import { needMore, refused } from '../../../../main/engine/http/refusal';
import { ResponseHead } from '../../../../main/engine/http/responseHead';

function parse(text: string) {
  const head = new ResponseHead();
  const bytes = Buffer.from(text, 'latin1');
  return { head, after: head.parse(bytes, 0, bytes.length), length: bytes.length };
}

describe('ResponseHead', () => {
  it.each([
    ['a plain response', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { status: 200, reason: 'OK' }],
    ['an empty reason', 'HTTP/1.1 204 \r\n\r\n', { status: 204, reason: '' }],
    ['a missing reason', 'HTTP/1.1 204\r\n\r\n', { status: 204, reason: '' }],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n', { minorVersion: 0, isPersistent: false }],
    ['close', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', { isPersistent: false }],
    [
      'a switch',
      'HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      { upgrade: 'websocket' },
    ],
  ])('accepts %s', (_, text, expected) => {
    const { head, after, length } = parse(text);
    expect(after).toBe(length);
    expect(head).toMatchObject(expected);
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9\r\n\r\n'],
    ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status above 599', 'HTTP/1.1 600 OK\r\n\r\n'],
    ['a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
    ['a folded header', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n'],
    ['both framings', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['different lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a coding that is not chunked', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n'],
    ['chunked in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['a control in the reason', 'HTTP/1.1 200 O\x01K\r\n\r\n'],
  ])('refuses %s', (_, text) => {
    expect(parse(text).after).toBe(refused);
  });

  it('asks for more at every cut', () => {
    const text = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: b\r\n\r\n';
    for (let cut = 0; cut < text.length; cut++) expect(parse(text.slice(0, cut)).after).toBe(needMore);
  });

  it('knows which responses have no body', () => {
    const bodiless = (status: number, method: string) =>
      parse(`HTTP/1.1 ${status} X\r\nContent-Length: 5\r\n\r\n`).head.isBodiless(method);
    expect([bodiless(200, 'HEAD'), bodiless(204, 'GET'), bodiless(304, 'GET'), bodiless(200, 'GET')]).toEqual(
      [true, true, true, false],
    );
  });
});
