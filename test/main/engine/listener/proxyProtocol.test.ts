import { describe, expect, it } from 'vitest';
import { crc32c, parseProxyHeader } from '../../../../main/engine/listener/proxyProtocol';
import { encodeProxyHeader, proxySignature } from '../../../../main/engine/proxyAddress';

const source = { address: '203.0.113.7', port: 51_234 };
const destination = { address: '192.0.2.1', port: 443 };
const source6 = { address: '2001:db8::7', port: 51_234 };
const destination6 = { address: '2001:db8::1', port: 443 };

const line = (text: string) => Buffer.from(`${text}\r\n`, 'latin1');
const binary = (command: number, family: number, body: Buffer) => {
  const head = Buffer.from([command, family, body.length >> 8, body.length & 255]);
  return Buffer.concat([proxySignature, head, body]);
};
const addresses4 = Buffer.from([203, 0, 113, 7, 192, 0, 2, 1, 0xc8, 0x22, 0x01, 0xbb]);
const extension = (type: number, value: Buffer) =>
  Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 255]), value]);
const withChecksum = (flip = 0) => {
  const header = binary(0x21, 0x11, Buffer.concat([addresses4, extension(3, Buffer.alloc(4))]));
  header.writeUInt32BE((crc32c(header, header.length - 4) ^ flip) >>> 0, header.length - 4);
  return header;
};

const good: [string, Buffer, object | null][] = [
  ['v1 over IPv4', line('PROXY TCP4 203.0.113.7 192.0.2.1 51234 443'), { source, destination }],
  [
    'v1 over IPv6',
    line('PROXY TCP6 2001:db8::7 2001:db8::1 51234 443'),
    { source: source6, destination: destination6 },
  ],
  ['v1 UNKNOWN', line('PROXY UNKNOWN'), null],
  ['v1 UNKNOWN with a rest', line('PROXY UNKNOWN ffff::1 what ever 1 2'), null],
  ['v2 over IPv4', binary(0x21, 0x11, addresses4), { source, destination }],
  [
    'v2 over IPv6',
    encodeProxyHeader('v2', source6, destination6),
    { source: source6, destination: destination6 },
  ],
  ['v2 LOCAL', binary(0x20, 0, Buffer.alloc(0)), null],
  ['v2 LOCAL with a body', binary(0x20, 0x11, Buffer.alloc(40)), null],
  ['v2 without family', binary(0x21, 0, Buffer.alloc(7)), null],
  ['v2 of a UNIX socket', binary(0x21, 0x31, Buffer.alloc(216)), null],
  [
    'v2 with extensions',
    binary(
      0x21,
      0x11,
      Buffer.concat([addresses4, extension(1, Buffer.from('h2')), extension(0x20, Buffer.alloc(900))]),
    ),
    { source, destination },
  ],
  ['v2 with a checksum', withChecksum(), { source, destination }],
  [
    'v1 with the largest ports',
    line('PROXY TCP4 203.0.113.7 192.0.2.1 65535 0'),
    { source: { ...source, port: 65_535 }, destination: { ...destination, port: 0 } },
  ],
  [
    'v2 with bytes behind the addresses that are an extension of nothing',
    binary(0x21, 0x11, Buffer.concat([addresses4, extension(4, Buffer.alloc(0))])),
    { source, destination },
  ],
];

const bad: [string, Buffer, RegExp][] = [
  ['no header', Buffer.from('GET / HTTP/1.1\r\n'), /does not begin/],
  ['a signature that goes wrong', Buffer.from('\r\n\r\n\0\r\nQUIX\n'), /does not begin/],
  ['999.x addresses', line('PROXY TCP4 999.0.0.1 192.0.2.1 1 2'), /addresses/],
  ['leading zeros', line('PROXY TCP4 203.000.113.7 192.0.2.1 1 2'), /addresses/],
  ['IPv6 in TCP4', line('PROXY TCP4 ::1 ::1 1 2'), /addresses/],
  ['a zone', line('PROXY TCP6 fe80::1%eth0 ::1 1 2'), /addresses/],
  ['a port over 65535', line('PROXY TCP4 1.2.3.4 1.2.3.4 65536 2'), /ports/],
  ['a signed port', line('PROXY TCP4 1.2.3.4 1.2.3.4 +1 2'), /ports/],
  ['a port with leading zero', line('PROXY TCP4 1.2.3.4 1.2.3.4 01 2'), /ports/],
  ['too few fields', line('PROXY TCP4 1.2.3.4 1.2.3.4 1'), /ports/],
  ['too many fields', line('PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3'), /ports/],
  ['two spaces', line('PROXY TCP4  1.2.3.4 1.2.3.4 1 2'), /addresses/],
  ['an unknown family', line('PROXY UDP4 1.2.3.4 1.2.3.4 1 2'), /family/],
  ['LF alone', Buffer.from('PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n'), /CR LF/],
  ['CR inside', Buffer.from('PROXY UNKNOWN \r x\r\n'), /CR in it/],
  ['a line that does not end', Buffer.from(`PROXY UNKNOWN ${'x'.repeat(120)}`), /too long/],
  ['a line of 108 bytes', line(`PROXY UNKNOWN ${'x'.repeat(92)}`), /too long/],
  ['version 3', binary(0x31, 0x11, addresses4), /version/],
  ['an unknown command', binary(0x22, 0x11, addresses4), /version/],
  ['UDP', binary(0x21, 0x12, addresses4), /no TCP/],
  ['addresses cut short', binary(0x21, 0x11, addresses4.subarray(0, 11)), /too short/],
  ['an oversized body', binary(0x21, 0x11, Buffer.alloc(60_000)), /longer than/],
  ['a bad checksum', withChecksum(1), /checksum/],
  [
    'an extension that is cut',
    binary(0x21, 0x11, Buffer.concat([addresses4, Buffer.from([4, 0, 9, 1])])),
    /inside/,
  ],
  ['lower case', line('proxy TCP4 1.2.3.4 1.2.3.4 1 2'), /does not begin/],
  ['a space at the end', line('PROXY TCP4 1.2.3.4 1.2.3.4 1 2 '), /ports/],
  ['tabs', line('PROXY\tTCP4\t1.2.3.4\t1.2.3.4\t1\t2'), /does not begin/],
  ['nothing but the word', line('PROXY '), /family/],
  ['an address in hexadecimal', line('PROXY TCP4 0x1.2.3.4 1.2.3.4 1 2'), /addresses/],
  ['an address of three parts', line('PROXY TCP4 1.2.3 1.2.3.4 1 2'), /addresses/],
  ['a NUL in it', line('PROXY TCP4 1.2.3.4\0 1.2.3.4 1 2'), /addresses/],
  ['an empty port', line('PROXY TCP4 1.2.3.4 1.2.3.4  2'), /ports/],
  ['v2 over IPv6 cut short', binary(0x21, 0x21, Buffer.alloc(35)), /too short/],
  ['an unknown family in v2', binary(0x21, 0x41, Buffer.alloc(40)), /no TCP/],
  ['half an extension head', binary(0x21, 0x11, Buffer.concat([addresses4, Buffer.from([4, 0])])), /inside/],
];

describe('parseProxyHeader', () => {
  it.each(good)('reads %s, cut at every byte, and leaves what follows', (_name, header, addresses) => {
    for (let length = 0; length < header.length; length++) {
      expect(parseProxyHeader(header.subarray(0, length), 'any')).toEqual({ kind: 'needMore' });
    }
    const version = header[0] === 0x50 ? 'v1' : 'v2';
    const expected = { kind: 'header', version, length: header.length, addresses };
    expect(parseProxyHeader(header, 'any')).toEqual(expected);
    expect(parseProxyHeader(Buffer.concat([header, Buffer.from('GET / HTTP/1.1\r\n')]), version)).toEqual(
      expected,
    );
    expect(parseProxyHeader(header, version === 'v1' ? 'v2' : 'v1')).toMatchObject({ kind: 'refused' });
  });

  it.each(bad)('refuses %s', (_name, bytes, reason) => {
    expect(parseProxyHeader(bytes, 'any')).toEqual({
      kind: 'refused',
      reason: expect.stringMatching(reason),
    });
  });

  it('knows the checksum of the specification’s polynomial', () => {
    expect(crc32c(Buffer.from('123456789'), 99).toString(16)).toBe('e3069283');
  });
});

describe('encodeProxyHeader', () => {
  it.each([
    ['v1', source, destination],
    ['v2', source, destination],
    ['v1', source6, destination6],
    ['v2', source6, destination6],
  ] as const)('writes what the parser reads: %s %o', (version, from, to) => {
    expect(parseProxyHeader(encodeProxyHeader(version, from, to), version)).toMatchObject({
      addresses: { source: from, destination: to },
    });
  });

  it('writes one family when the two ends differ', () => {
    const mixed = encodeProxyHeader('v1', source, destination6).toString();
    expect(mixed).toBe('PROXY TCP6 ::ffff:203.0.113.7 2001:db8::1 51234 443\r\n');
    expect(parseProxyHeader(encodeProxyHeader('v2', source, destination6), 'v2')).toMatchObject({
      addresses: { source, destination: destination6 },
    });
  });

  it('announces nobody when an address is not known', () => {
    const nobody = { address: '', port: 0 };
    expect(parseProxyHeader(encodeProxyHeader('v1', nobody, nobody), 'v1')).toMatchObject({
      addresses: null,
    });
    expect(parseProxyHeader(encodeProxyHeader('v2', nobody, nobody), 'v2')).toMatchObject({
      addresses: null,
    });
  });
});
