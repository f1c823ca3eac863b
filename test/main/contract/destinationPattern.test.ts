import { describe, expect, it } from 'vitest';
import {
  decideDestination,
  isPublic,
  parseDestinationPattern,
} from '../../../main/contract/destinationPattern';

const patterns = (texts: readonly string[]) =>
  texts.map((text) => {
    const pattern = parseDestinationPattern(text);
    if (typeof pattern === 'string') throw new Error(`${text} ${pattern}`);
    return pattern;
  });

describe('parseDestinationPattern', () => {
  it.each([
    '',
    ':443',
    'a.test:',
    'a.test:0',
    'a.test:65536',
    'a.test:9-8',
    'a.test:x',
    'a b',
    'a.*',
    '*a.test',
    'http://a.test',
  ])('refuses "%s"', (text) => {
    expect(parseDestinationPattern(text)).toBeTypeOf('string');
  });
  it.each(['10.0.0.1/8', '10.0.0.256', '010.0.0.1', '10.0.0.0/33', '[::1', '[::1]x', '::1/129', '::1:443:x'])(
    'refuses the address "%s"',
    (text) => {
      expect(parseDestinationPattern(text)).toBeTypeOf('string');
    },
  );
});

describe('decideDestination', () => {
  const cases: readonly [
    allow: string[],
    hostname: string,
    port: number,
    addresses: string[],
    allowed: string[],
  ][] = [
    [['127.0.0.0/8', '::1'], 'localhost', 80, ['127.0.0.1', '::1'], ['127.0.0.1', '::1']],
    [['127.0.0.0/8'], 'a.test', 80, ['93.184.216.34'], []],
    [['a.test'], 'a.test', 80, ['93.184.216.34'], ['93.184.216.34']],
    [['a.test'], 'A.test'.toLowerCase(), 443, ['93.184.216.34'], ['93.184.216.34']],
    [['a.test'], 'b.a.test', 80, ['93.184.216.34'], []],
    [['*.a.test'], 'b.a.test', 80, ['93.184.216.34'], ['93.184.216.34']],
    [['*.a.test'], 'a.test', 80, ['93.184.216.34'], []],
    [['*.a.test'], 'xa.test', 80, ['93.184.216.34'], []],
    // Rebinding: the name is let in, what it leads to is not.
    [['a.test', '*'], 'a.test', 80, ['127.0.0.1'], []],
    [
      ['*'],
      'a.test',
      80,
      ['169.254.169.254', '10.0.0.1', '::1', 'fe80::1', '::ffff:127.0.0.1', '0.0.0.0', '8.8.8.8'],
      ['8.8.8.8'],
    ],
    [['a.test', '10.0.0.0/8'], 'a.test', 80, ['10.1.2.3', '192.168.0.1'], ['10.1.2.3']],
    [['*:443'], 'a.test', 80, ['8.8.8.8'], []],
    [['*:443,8000-8999'], 'a.test', 8080, ['8.8.8.8'], ['8.8.8.8']],
    [['[::1]:443'], '::1', 443, ['::1'], ['::1']],
    [['[::1]:443'], '::1', 80, ['::1'], []],
    [['[fd00::/8]:80'], 'a.test', 80, ['fd00::1'], ['fd00::1']],
    [['127.0.0.1:9000'], '127.0.0.1', 9000, ['127.0.0.1'], ['127.0.0.1']],
    [['127.0.0.1'], 'x', 1, ['::ffff:127.0.0.1'], ['::ffff:127.0.0.1']],
    [[], '127.0.0.1', 80, ['127.0.0.1'], []],
  ];
  it.each(cases)('%j for %s:%i at %j lets in %j', (allow, hostname, port, addresses, allowed) => {
    const decision = decideDestination(patterns(allow), hostname, port, addresses);
    expect(decision.addresses).toEqual(allowed);
    expect(decision.allowedBy === null).toBe(allowed.length === 0);
  });

  it('tells the public addresses from all others', () => {
    expect(['8.8.8.8', '2606:4700::1111', '1.1.1.1'].every(isPublic)).toBe(true);
    expect(
      ['127.1.2.3', '192.168.1.1', '::', 'fc00::1', 'ff02::1', '224.0.0.1', '::7f00:1', 'x'].some(isPublic),
    ).toBe(false);
  });
});
