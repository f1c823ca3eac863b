import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Workspace, workspaceSchema } from '../../../main/contract/config';
import { checkCertificates, checkCodings, checkPorts } from '../../../main/services/machineChecks';
import { selfSigned } from '../../helpers/testCertificates';

function workspace(document: object): Workspace {
  return workspaceSchema.parse({ schemaVersion: 1, ...document });
}

const secure = (hostnames: string[], certificates = ['shop']): Workspace =>
  workspace({
    listeners: [{ id: 'secure', port: 8443, protocol: 'https', tls: { certificates } }],
    routes: [{ id: 'r', kind: 'http', listeners: ['secure'], hostnames }],
  });
const store = new Map([['shop', { dnsNames: ['shop.test', '*.Img.test'] }]]);

describe('checkCodings', () => {
  const compressing = (encodings: string[]) =>
    workspace({
      listeners: [{ id: 'web', port: 8080, protocol: 'http' }],
      routes: [{ id: 'r', kind: 'http', listeners: ['web'], filters: [{ type: 'compress', encodings }] }],
    });
  const old = new Set(['br', 'gzip'] as const);

  it('warns where nothing of what is asked for can be done', () => {
    expect(checkCodings(compressing(['zstd']), old)).toMatchObject([
      { severity: 'warning', path: ['routes', 0, 'filters', 0, 'encodings'] },
    ]);
    expect(checkCodings(compressing(['zstd', 'gzip']), old)).toEqual([]);
    expect(checkCodings(compressing(['zstd']), new Set(['zstd'] as const))).toEqual([]);
  });
});

describe('checkCertificates', () => {
  it('finds a certificate that the store does not have', () => {
    expect(checkCertificates(secure([], ['shop', 'bank']), store)).toMatchObject([
      {
        code: 'certificate_missing',
        severity: 'error',
        path: ['listeners', 0, 'tls', 'certificates', 1],
      },
    ]);
  });

  it.each([
    ['shop.test', true],
    ['SHOP.test', true],
    ['a.img.test', true],
    ['*.img.test', true],
    ['img.test', false],
    ['a.b.img.test', false],
    ['*.shop.test', false],
    ['other.test', false],
  ])('knows whether a certificate covers %s', (hostname, isCovered) => {
    const codes = checkCertificates(secure([hostname]), store).map((issue) => issue.code);
    expect(codes).toEqual(isCovered ? [] : ['certificate_mismatch']);
  });

  it('finds ids of pools that the store does not have, and that the authority cannot be shown', () => {
    const tls = { caCertificates: ['ca', 'gone'], clientCertificate: 'ca' };
    const document = workspace({ pools: [{ id: 'p', endpoints: [], tls }] });
    const held = new Map([['ca', { dnsNames: [], privateKeyPem: null }]]);
    expect(checkCertificates(document, held)).toMatchObject([
      { code: 'certificate_missing', path: ['pools', 0, 'tls', 'caCertificates', 1] },
      { code: 'certificate_missing', path: ['pools', 0, 'tls', 'clientCertificate'] },
    ]);
  });

  it('warns of a certificate that is out of date, or not valid yet', () => {
    const held = new Map([['shop', { ...selfSigned('shop.test'), dnsNames: ['shop.test'] }]]);
    const day = 24 * 3_600_000;
    const at = (now: number) => checkCertificates(secure(['shop.test']), held, now);
    expect(at(Date.now())).toEqual([]);
    for (const now of [Date.now() + 3 * day, Date.now() - day]) {
      expect(at(now)).toMatchObject([
        {
          code: 'certificate_expired',
          severity: 'warning',
          path: ['listeners', 0, 'tls', 'certificates', 0],
        },
      ]);
    }
  });

  it('says nothing about passthrough, where the endpoint shows its own', () => {
    const document = workspace({
      listeners: [{ id: 'edge', port: 1, protocol: 'tls', tls: { certificates: ['shop'] } }],
      routes: [{ id: 'r', kind: 'tls', listeners: ['edge'], hostnames: ['bank.test'] }],
    });
    expect(checkCertificates(document, store)).toEqual([]);
  });
});

describe('checkPorts', () => {
  it('finds a port that another program holds, and not one that we hold', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const document = workspace({ listeners: [{ id: 'web', port, protocol: 'http' }] });
    expect(await checkPorts(document, [])).toMatchObject([
      { code: 'port_in_use', severity: 'error', path: ['listeners', 0, 'port'] },
    ]);
    const ours = [{ id: 'web', address: '127.0.0.1', port, protocol: 'http' }];
    expect(await checkPorts(document, ours)).toEqual([]);
    other.close();
    await once(other, 'close');
    expect(await checkPorts(document, [])).toEqual([]);
  });

  it('finds an address that this machine does not have', async () => {
    const document = workspace({
      listeners: [{ id: 'web', address: '192.0.2.1', port: 18_080, protocol: 'http' }],
    });
    expect(await checkPorts(document, [])).toMatchObject([
      { code: 'address_unavailable', path: ['listeners', 0, 'address'] },
    ]);
  });
});
