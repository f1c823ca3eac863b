import { describe, expect, it } from 'vitest';
import { certificateIdFor, parseCertificateNames } from '../../../main/certs/certificateNames';

describe('parseCertificateNames', () => {
  it.each([
    [['Shop.Test'], ['shop.test'], []],
    [['*.shop.test', 'shop.test.', 'SHOP.test'], ['*.shop.test', 'shop.test'], []],
    [['bücher.test'], ['xn--bcher-kva.test'], []],
    [['*.bücher.test'], ['*.xn--bcher-kva.test'], []],
    [['localhost', '127.0.0.1', '[::1]', '::1'], ['localhost'], ['127.0.0.1', '::1']],
    [['2001:DB8:0:0::1'], [], ['2001:db8::1']],
    [['_dmarc.shop.test'], ['_dmarc.shop.test'], []],
    [[' shop.test '], ['shop.test'], []],
  ])('reads %j', (names, dnsNames, ipAddresses) => {
    expect(parseCertificateNames(names)).toMatchObject({ dnsNames, ipAddresses });
  });

  it.each([
    '',
    '*',
    '*.',
    'a.*.test',
    '*.*.test',
    'a b.test',
    'https://shop.test',
    'shop.test:443',
    'shop.test/path',
    '-shop.test',
    'shop-.test',
    'shop..test',
    '999.1.1.1',
    '1.2.3',
    '[::1',
    'fe80::1%eth0',
    'a\u0000.test',
    'a\n.test',
    `${'a'.repeat(64)}.test`,
    `${'a.'.repeat(127)}test`,
  ])('refuses %j with the name in the message', (name) => {
    expect(() => parseCertificateNames([name])).toThrow(JSON.stringify(name));
  });

  it('takes the first name that fits as the common name', () => {
    const long = `${'a'.repeat(60)}.shop.test`;
    expect(parseCertificateNames([long, 'shop.test']).commonName).toBe('shop.test');
    expect(parseCertificateNames([long]).commonName).toBe('Hopscope certificate');
  });
});

describe('certificateIdFor', () => {
  it.each([
    ['shop.test', [], 'shop-test'],
    ['*.shop.test', [], 'wildcard-shop-test'],
    ['shop.test', ['shop-test', 'shop-test-2'], 'shop-test-3'],
    ['::1', [], '1'],
    ['::', [], 'certificate'],
    ['ca', ['ca'], 'ca-2'],
    [`${'a'.repeat(60)}.test`, [], 'a'.repeat(56)],
  ])('makes an id of %j with %j taken', (name, taken, id) => {
    expect(certificateIdFor(name, (candidate) => taken.includes(candidate))).toBe(id);
  });
});
