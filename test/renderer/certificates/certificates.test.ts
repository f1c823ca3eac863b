import { describe, expect, it } from 'vitest';
import { commonName, listenersUsing, readNames } from '../../../renderer/certificates/certificateUse';
import { expiryOf } from '../../../renderer/certificates/expiry';

const now = Date.parse('2030-01-01T12:00:00Z');

describe('expiryOf', () => {
  it.each([
    ['2031-01-01T12:00:00Z', 'ok', 'good for 365 days'],
    ['2030-02-01T12:00:00Z', 'ok', 'good for 31 days'],
    ['2030-01-31T12:00:00Z', 'warning', 'expires in 30 days'],
    ['2030-01-02T12:00:00Z', 'warning', 'expires in 1 day'],
    ['2030-01-02T11:00:00Z', 'danger', 'expires today'],
    ['2030-01-01T11:00:00Z', 'danger', 'expired 1 day ago'],
    ['2029-12-20T12:00:00Z', 'danger', 'expired 12 days ago'],
  ])('says of %s: %s, %s', (notAfter, tone, text) => {
    expect(expiryOf(notAfter, now)).toMatchObject({ tone, text });
  });
});

describe('certificate words', () => {
  it('reads names separated any way, each once', () => {
    expect(readNames(' a.test, *.a.test;b.test\n a.test ')).toEqual(['a.test', '*.a.test', 'b.test']);
  });
  it('shows the common name of a subject', () => {
    expect(commonName('CN=Hopscope local CA, O=Hopscope')).toBe('Hopscope local CA');
    expect(commonName('O=x, CN=y')).toBe('y');
    expect(commonName('shop.test')).toBe('shop.test');
  });
  it('finds the listeners that serve a certificate', () => {
    const tls = { certificates: ['shop'] };
    const listeners = [
      { id: 'a', port: 1, protocol: 'https' as const, tls },
      { id: 'b', port: 2, protocol: 'http' as const },
    ];
    expect(listenersUsing({ schemaVersion: 1, listeners }, 'shop')).toEqual(['a']);
  });
});
