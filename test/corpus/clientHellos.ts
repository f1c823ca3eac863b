// First flights of TLS clients, well-formed and not, in the pieces in which they may travel.
import { helloMessage, records, serverNameExtension, u16, vector } from '../helpers/helloBytes';

export interface HelloCase {
  readonly name: string;
  /** One write each. */
  readonly pieces: readonly Buffer[];
  /** The route that must get exactly these bytes; null = the connection is closed and nobody gets any. */
  readonly route: 'bank' | 'shop' | 'any' | null;
}

export function helloCases(): readonly HelloCase[] {
  return [...nameCases(), ...deliveryCases(), ...sizeCases(), ...featureCases(), ...brokenCases()];
}

const whole = (name: string, bytes: Buffer, route: HelloCase['route']): HelloCase => ({
  name,
  pieces: [bytes],
  route,
});
const bytewise = (bytes: Buffer) => [...bytes].map((byte) => Buffer.from([byte]));

function nameCases(): HelloCase[] {
  const names: readonly (readonly [serverName: string | null, route: HelloCase['route']])[] = [
    ['bank.example.test', 'bank'],
    ['BANK.Example.TEST', 'bank'],
    ['bank.example.test.', 'bank'],
    ['www.shop.test', 'shop'],
    ['a.b.shop.test', 'shop'],
    ['shop.test', 'any'],
    ['xshop.test', 'any'],
    ['bank.example.test.evil.test', 'any'],
    ['other.test', 'any'],
    [null, 'any'],
    ['192.0.2.1', 'any'],
    ['2001:db8::1', 'any'],
    ['', 'any'],
    ['a'.repeat(300), 'any'],
    ['bank.example.test\0.evil.test', 'any'],
    ['bank.example.test\r\nx', 'any'],
    ['b\xe4nk.example.test', 'any'],
    ['xn--bnk-0ra.shop.test', 'shop'],
    ['under_score.shop.test', 'shop'],
    [`${'a'.repeat(63)}.shop.test`, 'shop'],
  ];
  return names.map(([serverName, route]) =>
    whole(`name ${JSON.stringify(serverName)?.slice(0, 40)}`, records(helloMessage({ serverName })), route),
  );
}

function deliveryCases(): HelloCase[] {
  const hello = helloMessage();
  const bytes = records(hello);
  const split = [1, 2, 3, 4, 5, 6, 9, 10, 40, 43, 44, 77, 100, bytes.length - 1].map(
    (at): HelloCase => ({
      name: `two segments, cut at ${at}`,
      pieces: [bytes.subarray(0, at), bytes.subarray(at)],
      route: 'bank',
    }),
  );
  const inRecords = [1, 2, 3, 4, 5, 11, 64, 100].map((size) =>
    whole(`records of ${size} bytes`, records(hello, size), 'bank'),
  );
  return [
    ...split,
    ...inRecords,
    { name: 'one byte a segment', pieces: bytewise(bytes), route: 'bank' },
    { name: 'one byte a segment, records of 7 bytes', pieces: bytewise(records(hello, 7)), route: 'bank' },
    whole('with data behind it', Buffer.concat([bytes, Buffer.from([20, 3, 3, 0, 1, 1])]), 'bank'),
  ];
}

function sizeCases(): HelloCase[] {
  const padded = (size: number) => {
    const bare = helloMessage({ extra: [[21, Buffer.alloc(0)]] }).length;
    return helloMessage({ extra: [[21, Buffer.alloc(size - bare)]] });
  };
  return [4096, 8192, 16_379, 16_384, 16_385, 20_000, 40_000, 60_000, 65_000].flatMap((size) => [
    whole(`${size} bytes`, records(padded(size)), 'bank'),
    {
      name: `${size} bytes in segments of 1460`,
      pieces: segments(records(padded(size)), 1460),
      route: 'bank' as const,
    },
  ]);
}

function segments(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

function featureCases(): HelloCase[] {
  const ech: [number, Buffer] = [0xfe0d, Buffer.alloc(250, 3)];
  const parts = [
    [
      'post-quantum share',
      {
        keyShares: [
          [0x11ec, 1216],
          [29, 32],
        ],
      },
    ],
    ['post-quantum share alone', { keyShares: [[0x11ec, 1216]] }],
    ['ML-KEM-1024', { keyShares: [[0x0202, 1568]] }],
    ['ECH, real or GREASE', { extra: [ech] }],
    [
      'ECH and a post-quantum share',
      {
        extra: [ech],
        keyShares: [
          [0x11ec, 1216],
          [29, 32],
        ],
      },
    ],
    ['TLS 1.2 only', { versions: [], keyShares: [] }],
    ['TLS 1.0 to 1.3', { versions: [0x0304, 0x0303, 0x0302, 0x0301] }],
    ['ALPN h2', { alpn: ['h2', 'http/1.1'] }],
    ['ALPN of GREASE', { alpn: ['\x3a\x3a', 'h2'] }],
    ['no session id', { sessionIdBytes: 0 }],
    [
      'unknown extensions',
      {
        extra: [
          [0xfff0, Buffer.alloc(700)],
          [0x7777, Buffer.alloc(0)],
        ],
      },
    ],
    ['a pre-shared key', { extra: [[41, Buffer.alloc(300, 1)]] }],
  ] as const;
  return parts.map(([name, part]) => whole(name, records(helloMessage(part as never)), 'bank'));
}

function brokenCases(): HelloCase[] {
  const hello = helloMessage();
  const record = (type: number, body: Buffer, version = 3) =>
    Buffer.concat([Buffer.from([type, version, 1]), u16(body.length), body]);
  const handshake = (body: Buffer) =>
    Buffer.concat([Buffer.from([1, body.length >> 16, (body.length >> 8) & 255, body.length & 255]), body]);
  const bodyWith = (extensions: Buffer) =>
    Buffer.concat([
      u16(0x0303),
      Buffer.alloc(32),
      vector(1),
      vector(2, u16(0x1301)),
      vector(1, Buffer.from([0])),
      extensions,
    ]);
  const name = (text: string) => Buffer.concat([u16(0), vector(2, serverNameExtension(text))]);
  return [
    whole('HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'), null),
    whole('SSH', Buffer.from('SSH-2.0-OpenSSH_9\r\n'), null),
    whole('zeros', Buffer.alloc(600), null),
    whole('an SSLv2 hello', Buffer.from([0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10]), null),
    whole('SSL 2 version', record(22, hello, 2), null),
    whole('an alert', record(21, Buffer.from([2, 40])), null),
    whole('application data', record(23, Buffer.alloc(50)), null),
    whole('an empty record', record(22, Buffer.alloc(0)), null),
    whole(
      'an oversized record',
      Buffer.concat([Buffer.from([22, 3, 1, 0x40, 1]), Buffer.alloc(16_385, 1)]),
      null,
    ),
    whole(
      'another handshake message',
      record(22, Buffer.concat([Buffer.from([2]), hello.subarray(1)])),
      null,
    ),
    whole('an empty hello', record(22, Buffer.from([1, 0, 0, 0])), null),
    whole('a hello of 16 MB', record(22, Buffer.from([1, 0xff, 0xff, 0xff, 3, 3])), null),
    whole(
      'another record inside',
      Buffer.concat([record(22, hello.subarray(0, 50)), record(23, hello.subarray(50))]),
      null,
    ),
    whole('a session id of 33 bytes', records(helloMessage({ sessionIdBytes: 33 })), null),
    whole(
      'extensions that are too short',
      record(22, handshake(bodyWith(Buffer.concat([u16(50), Buffer.alloc(10)])))),
      null,
    ),
    whole(
      'bytes behind the extensions',
      record(22, handshake(Buffer.concat([bodyWith(vector(2)), Buffer.alloc(3)]))),
      null,
    ),
    whole(
      'two server names',
      record(22, handshake(bodyWith(vector(2, name('bank.example.test'), name('www.shop.test'))))),
      null,
    ),
    whole(
      'an extension longer than the rest',
      record(22, handshake(bodyWith(vector(2, u16(0), u16(200), Buffer.alloc(5))))),
      null,
    ),
    whole('no extensions at all', record(22, handshake(bodyWith(Buffer.alloc(0)))), 'any'),
    whole(
      '4,097 records',
      records(Buffer.concat([Buffer.from([1, 0, 0x20, 0]), Buffer.alloc(8192)]), 1),
      null,
    ),
  ];
}
