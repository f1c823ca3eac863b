import { describe, expect, it } from 'vitest';
import { type Composed, firstComposed } from '../../../renderer/composer/composed';
import { suggestedUrls } from '../../../renderer/composer/composerStore';
import { escapesOf, rawBytesOf } from '../../../renderer/composer/rawText';
import { toRequest } from '../../../renderer/composer/toRequest';
import { type Surroundings, type Way, wayOfUrl } from '../../../renderer/composer/wayOfUrl';

const around: Surroundings = {
  certificates: [],
  caFile: null,
  listeners: [
    { id: 'web', address: '127.0.0.1', port: 8080, protocol: 'http' },
    { id: 'secure', address: '0.0.0.0', port: 443, protocol: 'https' },
    { id: 'proxy', address: '127.0.0.1', port: 3128, protocol: 'forward' },
    { id: 'raw', address: '127.0.0.1', port: 5000, protocol: 'tcp' },
  ],
  document: {
    schemaVersion: 1,
    routes: [
      {
        id: 'shop',
        kind: 'http',
        listeners: ['web'],
        hostnames: ['shop.test', '*.img.test'],
        matches: [{ path: { type: 'prefix', value: '/pictures' } }],
        backends: [{ pool: 'p' }],
      },
    ],
  },
};

function way(url: string, through = ''): Way {
  const found = wayOfUrl(url, through, around);
  if (found.kind === 'problem') throw new Error(found.message);
  return found.way;
}

describe('wayOfUrl', () => {
  it.each([
    ['http://shop.test:8080/a?b#c', 'web', 'shop.test:8080', '/a?b', false],
    ['https://shop.test/', 'secure', 'shop.test', '/', true],
    ['https://shop.test:443/', 'secure', 'shop.test', '/', true],
    ['shop.test', 'web', 'shop.test', '/', false],
    ['cat.img.test/x', 'web', 'cat.img.test', '/x', false],
    ['127.0.0.1:8080', 'web', '127.0.0.1:8080', '/', false],
    ['localhost:443', 'secure', 'localhost', '/', true],
    ['/only/a/path', 'web', 'localhost', '/only/a/path', false],
    ['http://shop.test:8080?q=ä ö', 'web', 'shop.test:8080', '/?q=%C3%A4%20%C3%B6', false],
    ['http://shop.test:8080/a/../b', 'web', 'shop.test:8080', '/a/../b', false],
    ['wss://shop.test/chat', 'secure', 'shop.test', '/chat', true],
    ['tcp://localhost:5000', 'raw', 'localhost:5000', '/', false],
    ['http://shöp.test:8080/', 'web', 'xn--shp-tna.test:8080', '/', false],
  ])('%s goes through %s', (url, listener, authority, path, isTls) => {
    const { listener: found, ...rest } = way(url);
    expect({ listener: found?.id, ...rest }).toMatchObject({ listener, authority, path, isTls });
  });

  it('reaches other servers of this machine, and listeners on all addresses over loopback', () => {
    expect(way('http://127.0.0.1:9/')).toMatchObject({ listener: null, address: '127.0.0.1', port: 9 });
    expect(way('http://[::1]:9/')).toMatchObject({ listener: null, address: '::1', authority: '[::1]:9' });
    expect(way('https://shop.test/')).toMatchObject({ address: '127.0.0.1', port: 443 });
  });

  it('goes where it is told to, whatever the URL says', () => {
    expect(way('http://example.org/x', 'proxy')).toMatchObject({ port: 3128, authority: 'example.org' });
  });

  it.each([
    ['http://shop.test:9/', /No running listener has port 9. Running: web \(http, port 8080\)/],
    ['ftp://shop.test/', /"ftp" is no scheme/],
    ['http://shop.test:99999/', /Port 99999 does not exist/],
    ['', /Type a URL/],
    ['http://a b/', /No running listener has|no URL/],
  ])('%s cannot be sent', (url, words) => {
    expect(wayOfUrl(url, '', around)).toMatchObject({
      kind: 'problem',
      message: expect.stringMatching(words),
    });
  });

  it('warns where scheme and listener do not fit', () => {
    expect(wayOfUrl('https://shop.test:8080/', '', around)).toMatchObject({
      warning: 'Listener web speaks http, and this URL asks for TLS.',
    });
    expect(wayOfUrl('http://shop.test:443/', '', around)).toMatchObject({
      warning: 'Listener secure speaks TLS, and this URL asks for none.',
    });
    expect(wayOfUrl('tls://x:5000', '', around)).toMatchObject({ kind: 'way', warning: null });
  });
});

describe('toRequest', () => {
  const compose = (part: Partial<Composed>) =>
    toRequest({ ...firstComposed, url: 'http://shop.test:8080/', ...part }, around);

  it('gives up when it was told so, and says what is no number', () => {
    const giveUp = { ...firstComposed.giveUp, after: 'pieces', pieces: '2', code: 'NO_ERROR' } as const;
    expect(compose({ giveUp })).toMatchObject({
      request: { message: { giveUp: { after: 'pieces', pieces: 2 }, resetCode: 'NO_ERROR' } },
    });
    expect(compose({ giveUp: { ...giveUp, after: 'time', ms: 'soon' } })).toEqual({
      kind: 'problem',
      message: 'Give up after: "soon" is no whole number from 0 to 60000.',
      tab: 'chunks',
    });
    expect(compose({ mode: 'webSocket', protocol: 'h2' })).toMatchObject({
      request: { message: { kind: 'webSocket', protocol: 'h2' } },
    });
  });

  it('makes what the client takes', () => {
    expect(
      compose({
        method: 'POST',
        headers: 'X-A: 1\n\nX-B: 2',
        body: { kind: 'fill', bytes: '100' },
        trailers: 'X-End: 1',
        pieces: { ...firstComposed.pieces, by: 'offsets', offsets: '10, 20', pauseMs: '5' },
        repeat: { ...firstComposed.repeat, isOn: true, perSecond: '' },
      }),
    ).toMatchObject({
      kind: 'request',
      request: {
        target: { listener: 'web' },
        tls: null,
        message: {
          kind: 'http',
          method: 'POST',
          hostname: 'shop.test:8080',
          headers: [
            ['X-A', '1'],
            ['X-B', '2'],
          ],
          body: { kind: 'fill', bytes: 100 },
          trailers: [['X-End', '1']],
          pieces: { split: { by: 'offsets', offsets: [10, 20] }, pauseMs: 5 },
        },
        repeat: { times: 20, perSecond: null },
      },
    });
  });

  it('asks a forward proxy for a tunnel where it cannot read along', () => {
    expect(compose({ url: 'https://example.org/x', through: 'proxy' })).toMatchObject({
      warning: null,
      request: { tunnel: 'example.org:443', tls: {}, message: { path: '/x', hostname: 'example.org' } },
    });
    expect(compose({ mode: 'webSocket', url: 'ws://example.org:81', through: 'proxy' })).toMatchObject({
      request: { tunnel: 'example.org:81', tls: null, message: { path: '/' } },
    });
    expect(compose({ url: 'http://localhost:3128/' })).toMatchObject({
      warning: 'Choose "through proxy", and let the URL say where its proxy is to go.',
    });
  });

  it('asks a forward proxy for the whole URL, and turns credentials into a header', () => {
    expect(compose({ url: 'http://ann:s%20t@example.org/x', through: 'proxy' })).toMatchObject({
      request: {
        message: { path: 'http://example.org/x', headers: [['Authorization', 'Basic YW5uOnMgdA==']] },
      },
    });
  });

  it.each([
    [{ headers: 'no colon' }, 'headers', /In the headers: "no colon" is not a header/],
    [{ body: { kind: 'fill', bytes: 'many' } }, 'body', /Bytes of the body: "many" is no whole number/],
    [{ pieces: { ...firstComposed.pieces, by: 'count', count: '0' } }, 'chunks', /Pieces: "0"/],
    [{ pieces: { ...firstComposed.pieces, by: 'count', pauseMs: '99999' } }, 'chunks', /Pause: "99999"/],
    [{ pieces: { ...firstComposed.pieces, by: 'offsets' } }, 'chunks', /Cut before which bytes/],
    [{ repeat: { ...firstComposed.repeat, isOn: true, times: '1e9' } }, 'repeat', /Times: "1e9"/],
    [
      { url: 'https://shop.test/', tls: { ...firstComposed.tls, serverName: 'other' } },
      'tls',
      /Which server name/,
    ],
    [{ method: 'GET /' }, null, /method: a method is one word/],
    [
      { mode: 'raw', url: 'tcp://localhost:5000', raw: { ...firstComposed.raw, text: '\\q' } },
      'body',
      /"\\q" is no escape/,
    ],
  ] as [Partial<Composed>, string | null, RegExp][])('says what is wrong: %j', (part, tab, words) => {
    expect(compose(part)).toMatchObject({ kind: 'problem', tab, message: expect.stringMatching(words) });
  });
});

describe('raw bytes as text', () => {
  const raw = (part: Partial<Composed['raw']>) => {
    const read = rawBytesOf({ ...firstComposed.raw, ...part });
    return read.kind === 'bytes' ? [...read.bytes] : read.message;
  };

  it('reads escapes, line breaks and hex', () => {
    expect(raw({ text: 'a\nb\\r\\n\\x00\\\\é' })).toEqual([97, 13, 10, 98, 13, 10, 0, 92, 0xc3, 0xa9]);
    expect(raw({ text: 'a\nb', lineBreak: 'lf' })).toEqual([97, 10, 98]);
    expect(raw({ text: 'a\r\nb', lineBreak: 'none' })).toEqual([97, 98]);
    expect(raw({ format: 'hex', text: '0x01 ff\n0A' })).toEqual([1, 255, 10]);
    expect(raw({ format: 'hex', text: '0g' })).toMatch(/"g" is no hex digit/);
    expect(raw({ format: 'hex', text: '012' })).toMatch(/pairs/);
  });

  it('writes any bytes so that they are read back', () => {
    const all = Uint8Array.from({ length: 512 }, (_, index) => (index * 7) % 256);
    expect(raw({ text: escapesOf(all) })).toEqual([...all]);
    expect(escapesOf(Uint8Array.from([71, 13, 10, 10]))).toBe('G\n\\n');
  });
});

describe('suggestedUrls', () => {
  it('has one for each listener, host name and path', () => {
    expect(suggestedUrls(around)).toEqual([
      'http://shop.test:8080/pictures',
      'http://www.img.test:8080/pictures',
      'https://localhost:443/',
      'tcp://localhost:5000',
    ]);
  });
});
