import { describe, expect, it } from 'vitest';
import { maxHelloBytes, parseClientHello } from '../../../../main/engine/listener/clientHello';
import {
  type HelloParts,
  helloMessage,
  records,
  serverNameExtension,
  vector,
} from '../../../helpers/helloBytes';

function parse(parts: HelloParts) {
  const result = parseClientHello(records(helloMessage(parts)));
  if (result.kind !== 'hello') throw new Error(`not a hello: ${JSON.stringify(result)}`);
  return result.hello;
}

const ech = [0xfe0d, Buffer.alloc(250, 1)] as const;

describe('parseClientHello', () => {
  it('reads names, protocols, versions and groups, without GREASE', () => {
    const message = helloMessage({ alpn: ['h2', 'http/1.1', '\x2a\x2a'] });
    expect(parseClientHello(records(message))).toEqual({
      kind: 'hello',
      hello: {
        serverName: 'bank.example.test',
        alpn: ['h2', 'http/1.1'],
        versions: ['TLSv1.3', 'TLSv1.2'],
        groups: ['x25519'],
        encryptedClientHello: false,
        bytes: message.length,
      },
    });
  });

  it('names post-quantum groups', () => {
    const hello = parse({
      keyShares: [
        [0x11ec, 1216],
        [29, 32],
        [0x6399, 1216],
        [0x4242, 5],
      ],
    });
    expect(hello.groups).toEqual(['X25519MLKEM768', 'x25519', 'X25519Kyber768Draft00', '0x4242']);
  });

  it('falls back to supported groups and the legacy version for TLS 1.2', () => {
    const hello = parse({ keyShares: [], versions: [], groups: [23, 24] });
    expect([hello.groups, hello.versions]).toEqual([['secp256r1', 'secp384r1'], ['TLSv1.2']]);
  });

  it('sees an encrypted hello, real or GREASE', () => {
    expect(parse({ extra: [ech] })).toMatchObject({
      encryptedClientHello: true,
      serverName: 'bank.example.test',
    });
  });

  const names: readonly (readonly [string, HelloParts, string | null])[] = [
    ['none', { serverName: null }, null],
    ['upper case', { serverName: 'Bank.EXAMPLE.test' }, 'bank.example.test'],
    ['a final dot', { serverName: 'bank.example.test.' }, 'bank.example.test'],
    ['an IPv4 address', { serverName: '127.0.0.1' }, null],
    ['an IPv6 address', { serverName: '::1' }, null],
    ['an empty name', { serverName: '' }, null],
    ['a NUL inside', { serverName: 'bank\0.example.test' }, null],
    ['spaces and line breaks', { serverName: 'a b\r\n' }, null],
    ['bytes above ASCII', { serverName: 'b\u00e4nk.test' }, null],
    ['two dots in a row', { serverName: 'a..test' }, null],
    ['254 characters', { serverName: `${'a.'.repeat(126)}aa` }, null],
    ['no extensions at all', { withoutExtensions: true }, null],
    ['no session id', { sessionIdBytes: 0 }, 'bank.example.test'],
    ['an empty extension', { serverName: null, extra: [[0, Buffer.alloc(0)]] }, null],
  ];
  it.each(names)('takes %s as it should', (_title, parts, expected) => {
    expect(parse(parts).serverName).toBe(expected);
  });

  const whole = records(helloMessage({ alpn: ['h2'], extra: [ech], keyShares: [[0x11ec, 1216]] }));
  it('asks for more at every cut and never sooner than it says', () => {
    for (let length = 0; length < whole.length; length++) {
      const result = parseClientHello(whole.subarray(0, length));
      expect(result.kind).toBe('needMore');
      if (result.kind === 'needMore') {
        expect(result.atLeast).toBeGreaterThan(length);
        expect(result.atLeast).toBeLessThanOrEqual(whole.length);
      }
    }
  });

  it.each([1, 2, 3, 5, 7, 64, 1000])('joins records of %d bytes', (recordBytes) => {
    const message = helloMessage({ extra: [ech] });
    const bytes = records(message, recordBytes);
    expect(parseClientHello(bytes)).toMatchObject({
      kind: 'hello',
      hello: { serverName: 'bank.example.test' },
    });
    expect(parseClientHello(bytes.subarray(0, -1)).kind).toBe('needMore');
  });

  it('reads a hello of 60 KB in four records, and refuses more than the bound', () => {
    const extra = (bytes: number): HelloParts => ({ extra: [[0x1234, Buffer.alloc(bytes)]] });
    expect(parse(extra(60_000)).serverName).toBe('bank.example.test');
    const tooLarge = helloMessage(extra(10));
    tooLarge.writeUIntBE(maxHelloBytes, 1, 3);
    expect(parseClientHello(records(tooLarge))).toMatchObject({ kind: 'notTls' });
  });

  it('does not mind what follows the hello', () => {
    const early = Buffer.from([23, 3, 3, 0, 2, 1, 2]);
    expect(parseClientHello(Buffer.concat([whole, early])).kind).toBe('hello');
  });

  const foreign: readonly (readonly [string, Buffer])[] = [
    ['HTTP', Buffer.from('G')],
    ['SSH', Buffer.from('SSH-2.0')],
    ['a TLS alert', Buffer.from([21, 3, 1, 0, 2, 1, 0])],
    ['SSL 2', Buffer.from([0x80, 0x2e, 1])],
    ['another major version', Buffer.from([22, 2])],
    ['an empty record', Buffer.from([22, 3, 1, 0, 0])],
    ['a record of 17 KB', Buffer.from([22, 3, 1, 0x44, 0])],
    ['a ServerHello', Buffer.from([22, 3, 1, 0, 50, 2])],
    ['an empty hello', Buffer.from([22, 3, 1, 0, 4, 1, 0, 0, 0])],
    ['another record type between fragments', Buffer.from([22, 3, 1, 0, 4, 1, 0, 1, 0, 23])],
    ['two server names', records(helloMessage({ extra: [[0, serverNameExtension('evil.test')]] }))],
    ['an extension that runs over', runsOver()],
  ];
  it.each(foreign)('refuses %s', (_title, bytes) => {
    expect(parseClientHello(bytes).kind).toBe('notTls');
  });

  it('survives every single flipped byte', () => {
    for (let index = 0; index < whole.length; index++) {
      for (const value of [0x00, 0xff, whole[index]! ^ 1]) {
        const bytes = Buffer.from(whole);
        bytes[index] = value;
        expect(['hello', 'notTls', 'needMore']).toContain(parseClientHello(bytes).kind);
      }
    }
  });

  it('ignores broken lists inside extensions', () => {
    const hello = parse({ extra: [[16, vector(2, Buffer.from([200, 1]))]] });
    expect(hello.alpn).toEqual([]);
  });
});

/** The last extension says that it has one byte more than there is. */
function runsOver(): Buffer {
  const bytes = records(helloMessage({ extra: [[0x7777, Buffer.alloc(0)]] }));
  bytes[bytes.length - 1] = 1;
  return bytes;
}
