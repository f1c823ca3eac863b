import { describe, expect, it } from 'vitest';
import type { ImportCandidate } from '../../../main/contract/certificateFiles';
import { answeringWords } from '../../../renderer/certificates/acme/challengeWords';
import {
  commonName,
  serveCertificate,
  titleOf,
  tlsListeners,
  usesInWords,
} from '../../../renderer/certificates/certificateUse';
import { expiryOf } from '../../../renderer/certificates/expiry';
import { candidateFate, importSelection } from '../../../renderer/certificates/importChoice';

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
  it('shows the common name of a subject', () => {
    expect(commonName('CN=Hopscope local CA, O=Hopscope')).toBe('Hopscope local CA');
    expect(commonName('O=x, CN=y')).toBe('y');
    expect(commonName('shop.test')).toBe('shop.test');
  });
  it('calls a certificate by its names, else by its common name', () => {
    expect(titleOf({ dnsNames: ['a.test'], ipAddresses: ['::1'], subject: 'CN=x' })).toBe('a.test, ::1');
    expect(titleOf({ dnsNames: [], ipAddresses: [], subject: 'CN=Old server, O=y' })).toBe('Old server');
  });
});

describe('who uses a certificate', () => {
  const document = {
    schemaVersion: 1 as const,
    listeners: [
      { id: 'a', port: 1, protocol: 'https' as const, tls: { certificates: ['shop'] } },
      { id: 'b', port: 2, protocol: 'http' as const },
      {
        id: 'c',
        port: 3,
        protocol: 'tls' as const,
        tls: { clientCertificates: { mode: 'require' as const, caCertificates: ['shop'] } },
      },
    ],
    pools: [{ id: 'p', endpoints: [{ address: '::1', port: 4 }], tls: { clientCertificate: 'shop' } }],
  };
  it('is said in words', () => {
    expect(usesInWords(document, 'shop')).toEqual(['a', 'trusted by listener c', 'shown by pool p']);
    expect(usesInWords(document, 'other')).toEqual([]);
  });
  it('can only be a listener with TLS', () => {
    expect(tlsListeners(document)).toEqual(['a', 'c']);
  });
  it('grows by one edit that keeps what was served before', () => {
    expect(serveCertificate(document, 'a', 'new')).toEqual([
      { type: 'updateListener', id: 'a', patch: { tls: { certificates: ['shop', 'new'] } } },
    ]);
    expect(serveCertificate(document, 'a', 'shop')).toEqual([]);
    expect(serveCertificate(document, 'gone', 'new')).toEqual([]);
  });
});

describe('importSelection', () => {
  const candidate: ImportCandidate = {
    fingerprint: 'AA',
    kind: 'leaf',
    suggestedId: 'shop',
    dnsNames: ['shop.test'],
    ipAddresses: [],
    subject: 'CN=shop.test',
    notAfter: '2030-01-01T00:00:00Z',
    keyType: 'ECDSA P-256',
    hasPrivateKey: true,
    chain: [],
    missingIssuer: null,
    warnings: [],
    problem: null,
    replaces: null,
    isKnownAs: null,
    answersRequest: null,
  };
  it('takes what is new and whole, but for what was unticked', () => {
    const candidates = [
      candidate,
      { ...candidate, fingerprint: 'BB', problem: 'no key' },
      { ...candidate, fingerprint: 'CC', isKnownAs: 'x' },
      { ...candidate, fingerprint: 'DD', replaces: 'old' },
    ];
    expect(importSelection(candidates, new Set())).toEqual([
      { fingerprint: 'AA', id: 'shop', replaces: false },
      { fingerprint: 'DD', id: 'old', replaces: true },
    ]);
    expect(importSelection(candidates, new Set(['AA', 'DD']))).toEqual([]);
  });
  it.each<[Partial<ImportCandidate>, string]>([
    [{}, 'It becomes shop.'],
    [{ problem: 'Its key is not among the files.' }, 'Its key is not among the files.'],
    [{ isKnownAs: 'x' }, 'It is in the store already, as x.'],
    [{ replaces: 'old' }, 'It takes the place of old; listeners switch without dropping a connection.'],
    [{ answersRequest: 'r' }, 'It answers the request r: its key waits here.'],
    [{ kind: 'authority' }, 'A CA to trust, as shop: for client certificates and for pools.'],
  ])('says what becomes of %j', (change, words) => {
    expect(candidateFate({ ...candidate, ...change })).toBe(words);
  });
});

describe('answeringWords', () => {
  const state = {
    answering: { http: [{ listener: 'web', port: 8080 }], tls: [{ listener: 's', port: 443 }] },
  };
  it('says which listener answers on the right port', () => {
    expect(answeringWords(state, 'tls-alpn-01')).toEqual({ help: 'Listener s answers it.', warning: null });
  });
  it('warns of another port, and of no listener', () => {
    expect(answeringWords(state, 'http-01').warning).toContain('listener web is on 8080');
    expect(answeringWords({ answering: { http: [], tls: [] } }, 'http-01').warning).toContain(
      'No HTTP listener',
    );
  });
});
