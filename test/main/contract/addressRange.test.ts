import { describe, expect, it } from 'vitest';
import { isInRange, parseAddress, parseAddressRange } from '../../../main/contract/addressRange';
import { parseWorkspace } from '../../../main/contract/validateConfig';

describe('an address range', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['128.0.0.0/1', '255.255.255.255', true],
    ['128.0.0.0/1', '127.255.255.255', false],
    ['10.0.0.7/8', '10.9.9.9', true],
    ['10.0.0.0/8', '::ffff:10.1.1.1', true],
    ['::ffff:10.0.0.0/104', '10.1.1.1', true],
    ['::ffff:a00:1', '10.0.0.1', true],
    ['::/0', '10.1.1.1', false],
    ['0.0.0.0/0', '::1', false],
    ['::/0', '2001:db8::1', true],
    ['::1/128', '::1', true],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['fd00::/8', 'fdff:ffff::1', true],
    ['fd00::/8', 'fe80::1', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['fe80::/10', 'fe80::1%eth0', true],
    ['2001:DB8::/32', '2001:db8::1', true],
  ])('%s with %s: %s', (range, address, expected) => {
    expect(isInRange(parseAddress(address)!, parseAddressRange(range)!)).toBe(expected);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '1.2.3.4.5',
    ':::',
    '1::2::3',
    '::1/129',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7::8',
    '1.2.3.4::',
    'fe80::1%eth0',
    '::ffff:0:0/90',
    'g::1',
    'localhost',
  ])('%j is none', (text) => {
    expect(parseAddressRange(text)).toBeNull();
  });
});

describe('an access filter', () => {
  it('is refused at the entry that is no range, and warned of bits that do not count', () => {
    const { workspace, issues } = parseWorkspace({
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
      routes: [
        {
          id: 'all',
          kind: 'http',
          listeners: ['web'],
          filters: [
            { type: 'access', allow: ['10.0.0.1/8', '10.0.0.0/40'], deny: ['home'] },
            { type: 'respond' },
          ],
        },
      ],
    });
    expect(workspace).toBeNull();
    expect(issues.map(({ path, severity }) => [path.slice(3).join('.'), severity])).toEqual([
      ['0.allow.0', 'warning'],
      ['0.allow.1', 'error'],
      ['0.deny.0', 'error'],
    ]);
  });
});
