import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Composed, firstComposed } from '../../../renderer/composer/composed';
import { formatCurl } from '../../../renderer/composer/formatCurl';
import { parseCurl } from '../../../renderer/composer/parseCurl';
import { shellWords } from '../../../renderer/composer/shellWords';

const around = {
  listeners: [
    { id: 'web', address: '127.0.0.1', port: 8080, protocol: 'http' },
    { id: 'secure', address: '::1', port: 8443, protocol: 'https' },
  ],
  document: null,
  certificates: [],
  caFile: null,
};

function parsed(command: string): Composed & { ignored: readonly string[] } {
  const result = parseCurl(command);
  if (result.kind === 'problem') throw new Error(result.message);
  return { ...result.composed, ignored: result.ignored };
}

describe('shellWords', () => {
  it('reads words as a shell does', () => {
    const text = `curl 'a b' "c \\"d\\" $e" f\\ g $'h\\n\\x41\\u00e9' 'i'"j" \\\n  k`;
    expect(shellWords(text)).toEqual({
      kind: 'words',
      words: ['curl', 'a b', 'c "d" $e', 'f g', 'h\nAé', 'ij', 'k'],
    });
    const real = execFileSync('/bin/bash', ['--norc', '-c', `e='$e'; printf '%s\\0' ${text.slice(5)}`], {
      env: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    });
    expect(real.toString().split('\0').slice(0, -1)).toEqual(['a b', 'c "d" $e', 'f g', 'h\nAé', 'ij', 'k']);
  });

  it.each(["curl 'a", 'curl "a', 'curl a\\'])('says that %s was cut', (text) => {
    expect(shellWords(text).kind).toBe('problem');
  });
});

describe('parseCurl', () => {
  it('takes method, headers, body and URL over', () => {
    const it = parsed(
      `curl -sSX PUT -H 'X-A: 1' -H 'x-empty;' -H 'Gone:' -d 'a=1' --data 'b=2' http://shop.test:8080/cart?x=1`,
    );
    expect(it).toMatchObject({
      method: 'PUT',
      url: 'http://shop.test:8080/cart?x=1',
      headers: 'X-A: 1\nx-empty: \nContent-Type: application/x-www-form-urlencoded',
      body: { kind: 'text', text: 'a=1&b=2' },
      ignored: [],
    });
  });

  it.each([
    ['curl -I a.test', { method: 'HEAD' }],
    ['curl -d x a.test', { method: 'POST' }],
    ['curl -dx -XPATCH a.test', { method: 'PATCH', body: { kind: 'text', text: 'x' } }],
    ['curl -G -d q=1 -d p=2 http://a.test/s?o=0', { method: 'GET', url: 'http://a.test/s?o=0&q=1&p=2' }],
    ['curl --data-urlencode "q=a b&c" a.test', { body: { kind: 'text', text: 'q=a+b%26c' } }],
    [
      `curl --json '{"a":1}' a.test`,
      { method: 'POST', headers: 'Content-Type: application/json\nAccept: application/json' },
    ],
    ['curl -k https://a.test', { tls: { ...firstComposed.tls, verify: false } }],
    ['curl --tls-max 1.2 https://a.test', { tls: { ...firstComposed.tls, maxVersion: 'TLSv1.2' } }],
    ['curl --http2 https://a.test', { protocol: 'auto' }],
    ['curl --http2-prior-knowledge http://a.test', { protocol: 'h2' }],
    ['curl -u ann:secret a.test', { headers: 'Authorization: Basic YW5uOnNlY3JldA==' }],
    [
      'curl -A me -e http://r.test -b a=1 a.test',
      { headers: 'User-Agent: me\nReferer: http://r.test\nCookie: a=1' },
    ],
    ['curl --connect-to ::127.0.0.1:8080 http://shop.test/x', { url: 'http://shop.test:8080/x' }],
    ['curl --resolve shop.test:8443:127.0.0.1 https://shop.test:8443/', { url: 'https://shop.test:8443/' }],
    ['$ curl a.test', { url: 'http://a.test' }],
  ])('reads %s', (command, expected) => {
    expect(parsed(command)).toMatchObject({ ...expected, ignored: [] });
  });

  it('names what it does not do', () => {
    expect(
      parsed('curl --limit-rate 5k -F a=@b -d @file --unknown -b jar.txt -Q http://a.test').ignored,
    ).toEqual([
      '--limit-rate 5k',
      '--form a=@b',
      '--data @file (a file: choose it as the body)',
      '--unknown',
      '-b jar.txt (a file of cookies)',
      '-Q',
    ]);
  });

  it.each([
    ['wget a.test', /no curl command/],
    ['curl -k', /no URL/],
    ["curl 'a.test", /not closed/],
  ])('refuses %s', (command, words) => {
    expect(parseCurl(command)).toMatchObject({ kind: 'problem', message: expect.stringMatching(words) });
  });
});

describe('formatCurl', () => {
  const compose = (part: Partial<Composed>): Composed => ({ ...firstComposed, ...part });

  it('is read back by parseCurl as the same request', () => {
    const sent = [
      compose({ url: 'http://shop.test:8080/a?b=c' }),
      compose({
        method: 'POST',
        url: 'http://shop.test:8080/x',
        headers: "Content-Type: text/plain\nX-Quote: it's",
        body: { kind: 'text', text: "it's\n$HOME `x`" },
      }),
      compose({
        method: 'DELETE',
        url: 'https://shop.test:8443/',
        protocol: 'auto',
        tls: { ...firstComposed.tls, verify: false },
      }),
      compose({ method: 'HEAD', url: 'http://shop.test:8080/' }),
    ];
    for (const each of sent) {
      const made = formatCurl(each, around);
      if (made.kind === 'problem') throw new Error(made.message);
      expect(made.without).toEqual([]);
      const { ignored, ...back } = parsed(made.command);
      expect(back).toEqual(each);
      expect(ignored).toEqual([]);
    }
  });

  it('says what curl cannot be told', () => {
    const made = formatCurl(
      compose({
        url: 'http://shop.test:8080/',
        body: { kind: 'fill', bytes: '10' },
        pieces: { ...firstComposed.pieces, by: 'count' },
        repeat: { ...firstComposed.repeat, isOn: true },
      }),
      around,
    );
    expect(made).toMatchObject({ kind: 'command', without: ['the body', 'the pieces', 'the repeats'] });
    expect(formatCurl(compose({ mode: 'raw', url: 'tcp://localhost:8080' }), around).kind).toBe('problem');
    expect(formatCurl(compose({ url: 'http://shop.test:9/' }), around)).toMatchObject({
      kind: 'problem',
      message: expect.stringContaining('No running listener has port 9'),
    });
  });
});
