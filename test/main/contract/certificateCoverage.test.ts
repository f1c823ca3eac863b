import { describe, expect, it } from 'vitest';
import type { CertificateInfo } from '../../../main/contract/certificate';
import {
  certificateCoverage,
  certificateUses,
  coversName,
  suggestNames,
} from '../../../main/contract/certificateCoverage';
import type { WorkspaceDocument } from '../../../main/contract/config';

const held = (id: string, ...dnsNames: string[]) => ({ id, dnsNames }) as unknown as CertificateInfo;
const document: WorkspaceDocument = {
  schemaVersion: 1,
  listeners: [
    { id: 'web', port: 8080, protocol: 'http' },
    { id: 'secure', port: 8443, protocol: 'https', tls: { certificates: ['shop', 'any'] } },
    { id: 'other', port: 8444, protocol: 'https' },
  ],
  routes: [
    { id: 'a', kind: 'http', listeners: ['web', 'secure', 'other'], hostnames: ['Shop.test', 'x.api.test'] },
    { id: 'b', kind: 'http', listeners: ['secure'], hostnames: ['shop.test', 'y.x.api.test', '*.api.test'] },
    { id: 'c', kind: 'tls', listeners: ['secure'], hostnames: ['sealed.test'], mode: 'passthrough' },
    { id: 'd', kind: 'tls', listeners: ['secure'], hostnames: ['open.test'], mode: 'terminate' },
  ],
  pools: [{ id: 'p', endpoints: [], tls: { caCertificates: ['any'], clientCertificate: 'shop' } }],
};

describe('certificateCoverage', () => {
  const rows = certificateCoverage(document, [held('shop', 'shop.test'), held('any', '*.api.test')]);

  it('says for each name that is decrypted which certificate is served', () => {
    expect(
      rows.map(
        ({ listener, hostname, certificate, routes }) => `${listener} ${hostname} ${certificate} ${routes}`,
      ),
    ).toEqual([
      'secure shop.test shop a,b',
      'secure x.api.test any a',
      'secure y.x.api.test null b',
      'secure *.api.test any b',
      'secure open.test null d',
      'other shop.test null a',
      'other x.api.test null a',
    ]);
  });

  it('suggests one certificate for the listeners that lack the same names', () => {
    expect(suggestNames(rows)).toEqual([
      { names: ['y.x.api.test', 'open.test'], listeners: ['secure'] },
      { names: ['shop.test', 'x.api.test'], listeners: ['other'] },
    ]);
  });

  it('finds every use of a certificate', () => {
    expect(certificateUses(document, 'any')).toEqual([
      { place: 'listener', id: 'secure', role: 'serves' },
      { place: 'pool', id: 'p', role: 'trusts' },
    ]);
    expect(certificateUses(document, 'shop').map((use) => use.role)).toEqual(['serves', 'shows']);
  });

  it.each([
    ['*.shop.test', 'a.shop.test', true],
    ['*.shop.test', 'shop.test', false],
    ['*.shop.test', 'a.b.shop.test', false],
    ['*.shop.test', '*.shop.test', true],
    ['SHOP.test', 'shop.TEST', true],
    ['*.shop.test', '*.b.shop.test', false],
  ])('a certificate for %s covers %s: %s', (name, hostname, expected) => {
    expect(coversName([name], hostname)).toBe(expected);
  });
});
