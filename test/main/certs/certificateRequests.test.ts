import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importCertificates, previewImport } from '../../../main/certs/certificateImport';
import {
  createCertificateRequest,
  deleteCertificateRequest,
  importRequestAnswer,
  previewSigningRequest,
  signCertificateRequest,
} from '../../../main/certs/certificateRequests';
import type { CertificateService } from '../../../main/certs/certificateService';
import { revocationList, revokeCertificate } from '../../../main/certs/revocations';
import { certificateKeyTypes } from '../../../main/contract/certificate';
import { OpensslFixture } from '../../helpers/opensslFixture';
import { CertificateFolder, dropped } from './certificateFolder';

const files = new OpensslFixture();
let folder: CertificateFolder;
let service: CertificateService;
beforeAll(() => {
  files.key('public', 'EC', 'ec_paramgen_curve:P-256');
  files.certificate('public', {
    subject: '/CN=Public CA',
    extensions: ['basicConstraints=critical,CA:TRUE'],
  });
});
afterAll(() => files.close());
beforeEach(async () => {
  folder = await CertificateFolder.create();
  service = await folder.open();
});
afterEach(() => folder.remove());

/** As a public CA answers. */
function sign(csrPem: string): string {
  files.write('in.csr', csrPem);
  files.write('copy.cnf', '[ext]\nsubjectAltName=DNS:shop.example\nextendedKeyUsage=serverAuth\n');
  return files.openssl(
    'x509',
    '-req',
    '-in',
    'in.csr',
    '-CA',
    'public.pem',
    '-CAkey',
    'public.key',
    '-days',
    '30',
    '-extfile',
    'copy.cnf',
    '-extensions',
    'ext',
  );
}

describe('a CSR of ours', () => {
  it.each(certificateKeyTypes.filter((keyType) => keyType !== 'rsa-4096'))(
    'of %s is one that OpenSSL accepts',
    async (keyType) => {
      const request = await createCertificateRequest(service, {
        names: ['shop.example', '*.shop.example', '192.0.2.1'],
        keyType,
        organization: 'Shop & Söhne',
        country: 'DE',
      });
      files.write('own.csr', request.csrPem);
      const text = files.openssl('req', '-in', 'own.csr', '-noout', '-verify', '-text', '-nameopt', 'utf8');
      expect(text).toContain('DNS:shop.example, DNS:*.shop.example, IP Address:192.0.2.1');
      expect(text).toMatch(/Subject: C ?= ?DE, O ?= ?Shop & Söhne, CN ?= ?shop\.example/);
      expect(request).toMatchObject({ id: 'shop-example', dnsNames: ['shop.example', '*.shop.example'] });
      expect(service.info().requests).toEqual([request]);
      expect(await readFile(folder.file('request-shop-example.json'), 'utf8')).not.toContain('PRIVATE');
    },
  );

  it('takes the answer under the same id and can serve it, also after a restart', async () => {
    const { csrPem, id } = await createCertificateRequest(service, { names: ['shop.example'] });
    const again = await folder.open();
    const answer = dropped(['answer.pem', sign(csrPem)], ['ca.pem', files.read('public.pem')]);
    const info = await importRequestAnswer(again, { id, files: answer });
    expect(info).toMatchObject({
      id,
      origin: { type: 'request' },
      hasPrivateKey: true,
      issuer: 'CN=Public CA',
    });
    expect(again.info().requests).toEqual([]);
    expect(again.material(id)).not.toBeNull();
  });

  it('is answered, too, when the certificate is dropped on the import', async () => {
    const { csrPem, id } = await createCertificateRequest(service, { names: ['shop.example'], id: 'mine' });
    const answer = dropped(['answer.pem', sign(csrPem)]);
    const [candidate] = (await previewImport(service, { files: answer })).candidates;
    expect(candidate).toMatchObject({
      answersRequest: id,
      suggestedId: id,
      hasPrivateKey: true,
      problem: null,
    });
    const [info] = await importCertificates(service, { files: answer });
    expect(info).toMatchObject({ id, origin: { type: 'request' } });
    expect(service.info().requests).toEqual([]);
  });

  it('refuses an answer to another CSR and keeps waiting', async () => {
    const one = await createCertificateRequest(service, { names: ['shop.example'] });
    const two = await createCertificateRequest(service, { names: ['shop.example'] });
    expect(two.id).toBe('shop-example-2');
    const answer = dropped(['answer.pem', sign(one.csrPem)]);
    await expect(importRequestAnswer(service, { id: two.id, files: answer })).rejects.toThrow(
      'made from another CSR',
    );
    await deleteCertificateRequest(service, two.id);
    expect(service.info().requests.map((each) => each.id)).toEqual([one.id]);
    await expect(deleteCertificateRequest(service, two.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe("somebody else's CSR", () => {
  const csr = (name: string, ...more: string[]) => {
    files.openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      ...more,
      '-out',
      `${name}.csr`,
    );
    return files.read(`${name}.csr`).toString('base64');
  };

  it('is shown, signed for its names, and can be revoked', async () => {
    const csrBase64 = csr('printer.test', '-addext', 'subjectAltName=DNS:printer.test,IP:192.0.2.7');
    expect(await previewSigningRequest(csrBase64)).toMatchObject({
      dnsNames: ['printer.test'],
      ipAddresses: ['192.0.2.7'],
      keyType: 'RSA 2048',
      isSignatureValid: true,
      warnings: [],
    });
    const { certificate, chainPem } = await signCertificateRequest(service, { csrBase64, days: 90 });
    expect(certificate).toMatchObject({
      id: 'printer-test',
      origin: { type: 'signed' },
      hasPrivateKey: false,
      isLocal: true,
    });
    files.write('signed.pem', chainPem);
    files.openssl(
      'verify',
      '-x509_strict',
      '-CAfile',
      service.caCertificateFile,
      '-verify_hostname',
      'printer.test',
      'signed.pem',
    );
    const { publicKey } = new X509Certificate(chainPem);
    expect(publicKey.export({ format: 'pem', type: 'spki' })).toBe(
      files.openssl('pkey', '-in', 'printer.test.key', '-pubout'),
    );
    expect(service.materials().has('printer-test')).toBe(false);
    expect(await revokeCertificate(service, { id: 'printer-test', reason: 'superseded' })).toMatchObject({
      revokedAt: expect.any(String),
    });
  });

  it('takes the common name where it asks for no other, and only the names that were chosen', async () => {
    const csrBase64 = csr('plain.test');
    expect((await previewSigningRequest(csrBase64)).warnings[0]?.code).toBe('name_only_in_subject');
    expect((await signCertificateRequest(service, { csrBase64 })).certificate.dnsNames).toEqual([
      'plain.test',
    ]);
    const other = await signCertificateRequest(service, { csrBase64, names: ['chosen.test'] });
    expect(other.certificate.dnsNames).toEqual(['chosen.test']);
  });

  it('is refused when its signature is wrong or its key too short', async () => {
    const bytes = Buffer.from(csr('forged.test'), 'base64').toString('utf8');
    const der = Buffer.from(bytes.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    der[der.length - 5]! ^= 1;
    await expect(signCertificateRequest(service, { csrBase64: der.toString('base64') })).rejects.toThrow(
      'not signed by the key',
    );
    files.openssl(
      'req',
      '-new',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      'short.key',
      '-subj',
      '/CN=short.test',
      '-out',
      'short.csr',
    );
    await expect(
      signCertificateRequest(service, { csrBase64: files.read('short.csr').toString('base64') }),
    ).rejects.toThrow('RSA 1024');
    expect(service.info().certificates).toEqual([]);
  });

  it.each([
    '',
    'hello',
    '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
    '0\x80\x00',
  ])('is refused when it is none: %j', async (text) => {
    const csrBase64 = Buffer.from(text, 'latin1').toString('base64');
    await expect(previewSigningRequest(csrBase64)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('revocation', () => {
  it('is in a list that OpenSSL checks certificates against', async () => {
    await service.issue({ names: ['good.test'] });
    await service.issue({ names: ['bad.test'] });
    await revokeCertificate(service, { id: 'bad-test', reason: 'keyCompromise' });
    const list = await revocationList(service);
    expect(list).toMatchObject({ number: 1, entries: [{ reason: 'keyCompromise', names: ['bad.test'] }] });
    const text = files.openssl('crl', '-in', list.file, '-noout', '-text');
    expect(text).toContain('Key Compromise');
    expect(text).toMatch(/X509v3 CRL Number:\s+1/);
    const verify = (id: string) => {
      files.write('leaf.pem', service.material(id)!.certificateChainPem);
      return files.openssl(
        'verify',
        '-x509_strict',
        '-crl_check',
        '-CRLfile',
        list.file,
        '-CAfile',
        service.caCertificateFile,
        'leaf.pem',
      );
    };
    expect(verify('good-test')).toContain('OK');
    expect(() => verify('bad-test')).toThrow('certificate revoked');
    const info = service.info().certificates.find((each) => each.id === 'bad-test');
    expect(info).toMatchObject({ revokedAt: expect.any(String), renewal: { isAutomatic: false } });
    expect(info?.warnings[0]?.code).toBe('revoked');
    await expect(revokeCertificate(service, { id: 'bad-test', reason: 'unspecified' })).rejects.toMatchObject(
      { code: 'already_exists' },
    );
    await expect(revokeCertificate(service, { id: 'ca', reason: 'unspecified' })).rejects.toThrow(
      'cannot revoke itself',
    );
  });

  it('writes a new list, with the next number, when the old one grows old', async () => {
    let now = Date.now();
    const timed = await folder.open(() => now);
    await timed.issue({ names: ['a.test'] });
    const first = await revocationList(timed);
    expect((await revocationList(timed)).number).toBe(first.number);
    now += 16 * 86_400_000;
    const second = await revocationList(timed);
    expect(second.number).toBe(first.number + 1);
    expect(Date.parse(second.thisUpdate!)).toBeGreaterThan(Date.parse(first.thisUpdate!));
  });
});
