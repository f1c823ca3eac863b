import { describe, expect, it } from 'vitest';
import { ChunkedScanner, ChunkPiece } from '../../../../main/engine/http/chunkedScanner';
import { refused } from '../../../../main/engine/http/refusal';

/** Feeds the text cut at `cuts`; gives the body, the plain form that would be sent on, and where it ended. */
function scan(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text, 'latin1');
  const scanner = new ChunkedScanner();
  let body = '';
  let sent = '';
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (scanner.isDone) break;
    const position = scanner.scan(bytes, start, cut);
    if (position === refused) return { isRefused: true, body, sent, message: scanner.refusal.message };
    if (scanner.isPlain) sent += text.slice(start, position);
    for (let slot = 0; slot < scanner.pieceCount * 3; slot += 3) {
      const [kind, a, b] = scanner.pieces.slice(slot, slot + 3) as [number, number, number];
      let piece = text.slice(a, b);
      if (kind === ChunkPiece.data) body += piece;
      if (kind === ChunkPiece.begin) piece = `${a.toString(16)}\r\n`;
      else if (kind === ChunkPiece.end) piece = '\r\n';
      else if (kind === ChunkPiece.last) piece = `0\r\n${scanner.trailers}\r\n`;
      if (!scanner.isPlain) sent += piece;
    }
    start = position;
  }
  return { isRefused: false, isDone: scanner.isDone, body, sent, end: start, trailers: scanner.trailers };
}

describe('ChunkedScanner', () => {
  it('reads chunks and stops where the message ends', () => {
    const message = '5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n';
    const result = scan(`${message}GET`);
    expect(result).toMatchObject({ isDone: true, body: 'hello world', sent: message, end: message.length });
  });

  it('gives the same body and the same bytes to send at every cut', () => {
    const plain = '5\r\nhello\r\nB\r\n more bytes\r\n0\r\n\r\n';
    for (let first = 1; first < plain.length; first++) {
      for (let second = first + 1; second < plain.length; second++) {
        const { body, sent, isDone } = scan(plain, [first, second]);
        expect({ body, isDone, sent: sent?.toLowerCase() }).toEqual({
          body: 'hello more bytes',
          isDone: true,
          sent: plain.toLowerCase(),
        });
      }
    }
  });

  it('writes extensions, leading zeros and trailers in plain form, at every cut', () => {
    const odd = '005;a="b"\r\nhello\r\n00\r\nX-Sum: 1\r\n\r\n';
    for (let cut = 1; cut < odd.length; cut++) {
      expect(scan(odd, [cut])).toMatchObject({
        isDone: true,
        body: 'hello',
        sent: '5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
        trailers: 'X-Sum: 1\r\n',
      });
    }
  });

  it('counts what is announced before it has come', () => {
    const scanner = new ChunkedScanner();
    const bytes = Buffer.from('ffffffff\r\n');
    scanner.scan(bytes, 0, bytes.length);
    expect(scanner.announcedBytes).toBe(0xffffffff);
  });

  it.each([
    ['a sign', '+5\r\nhello\r\n0\r\n\r\n'],
    ['0x', '0x5\r\nhello\r\n0\r\n\r\n'],
    ['a space before the size', ' 5\r\nhello\r\n'],
    ['a space behind the size', '5 \r\nhello\r\n'],
    ['an empty size', '\r\nhello\r\n'],
    ['an overflowing size', 'fffffffffffffff\r\n'],
    ['many leading zeros', `${'0'.repeat(40)}5\r\nhello\r\n`],
    ['a bare LF behind the size', '5\nhello\r\n0\r\n\r\n'],
    ['a bare CR behind the size', '5\rhello\r\n0\r\n\r\n'],
    ['a bare LF behind the data', '5\r\nhello\n0\r\n\r\n'],
    ['data longer than said', '5\r\nhello!\r\n0\r\n\r\n'],
    ['an over-long extension', `5;${'a'.repeat(300)}\r\nhello\r\n`],
    ['a control in an extension', '5;a\x01\r\nhello\r\n'],
    ['a bare LF in an extension', '5;a\nb\r\nhello\r\n'],
    ['a framing trailer', '0\r\nContent-Length: 5\r\n\r\n'],
    ['a routing trailer', '0\r\nHost: b.test\r\n\r\n'],
    ['a look-alike trailer', '0\r\nX_Forwarded_For: 1\r\n\r\n'],
    ['a trailer of authority', '0\r\nAuthorization: x\r\n\r\n'],
    ['a bare LF in trailers', '0\r\nX-A: b\n\r\n'],
    ['endless trailers', `0\r\n${'X-A: b\r\n'.repeat(2000)}`],
  ])('refuses %s, also byte by byte', (_, text) => {
    expect(scan(text).isRefused).toBe(true);
    expect(scan(text, [...text].map((_character, index) => index).slice(1)).isRefused).toBe(true);
  });
});
