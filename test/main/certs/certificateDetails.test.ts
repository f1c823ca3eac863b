import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateDetails } from '../../../main/certs/certificateDetails';
import { importCertificates } from '../../../main/certs/certificateImport';
import type { CertificateService } from '../../../main/certs/certificateService';
import { OpensslFixture } from '../../helpers/opensslFixture';
import { CertificateFolder, dropped } from './certificateFolder';

const files = new OpensslFixture();
let folder: CertificateFolder;
let service: CertificateService;
beforeAll(async () => {
  folder = await CertificateFolder.create();
  service = await folder.open();
});
afterAll(async () => {
  files.close();
  await folder.remove();
});

describe('certificateDetails', () => {
  it('shows the chain up to the local CA and explains every field', async () => {
    await service.createCa({ permittedNames: ['test'], permittedAddresses: ['127.0.0.0/8'] });
    await service.issue({ names: ['shop.test', '127.0.0.1'], keyType: 'rsa-2048' });
    const details = certificateDetails(service, 'shop-test');
    expect(details.chain.map(({ role, source, subject }) => [role, source, subject])).toEqual([
      ['leaf', 'chain', 'CN=shop.test'],
      ['root', 'store', 'CN=Hopscope local CA, O=Hopscope'],
    ]);
    expect(details.missingIssuer).toBeNull();
    expect(details.keyStrength).toMatchObject({ bits: 2048, securityBits: 112, verdict: 'good' });
    const value = (name: string) => details.fields.find((field) => field.name === name)?.value;
    expect(value('Alternative names')).toEqual(['shop.test', '127.0.0.1']);
    expect(value('Extended key usage')).toEqual(['server (TLS)', 'client (TLS)']);
    expect(value('Key usage')).toEqual(['digital signature', 'key encipherment']);
    expect(value('Basic constraints')).toEqual(['not a CA']);
    for (const field of details.fields) expect(field.explanation.length).toBeGreaterThan(20);

    const ca = certificateDetails(service, 'ca');
    expect(ca.chain.map((link) => link.role)).toEqual(['root']);
    expect(ca.keyStrength).toMatchObject({ securityBits: 128, verdict: 'strong' });
    const constraints = ca.fields.find((field) => field.name === 'Name constraints');
    expect(constraints).toMatchObject({
      isCritical: true,
      value: ['test and everything under it, 127.0.0.0/8'],
    });
  });

  it('shows what it does not know as hex, and hostile text as it is', async () => {
    files.key('odd', 'EC', 'ec_paramgen_curve:P-256');
    files.certificate('odd', {
      subject: '/CN=<img src=x>',
      extensions: [
        'subjectAltName=DNS:<b>.test,email:a@b.test,URI:javascript:alert(1)',
        '1.2.3.4=DER:04021234',
        'crlDistributionPoints=URI:http://crl.test/a.crl',
        'extendedKeyUsage=1.2.3.4.5,codeSigning',
      ],
    });
    await importCertificates(service, {
      files: dropped(['a', files.read('odd.pem')], ['b', files.read('odd.key')]),
    });
    const { fields, info } = certificateDetails(service, 'b-test');
    const value = (name: string) => fields.find((field) => field.name === name)?.value;
    expect(value('Alternative names')).toEqual(['<b>.test', 'e-mail a@b.test', 'URI javascript:alert(1)']);
    expect(value('Unknown extension')).toEqual(['04:02:12:34']);
    expect(value('CRL distribution points')).toEqual(['http://crl.test/a.crl']);
    expect(value('Extended key usage')).toEqual(['1.2.3.4.5', 'signing of programs']);
    expect(info.warnings.map((warning) => warning.code)).toContain('not_for_servers');
  });

  it('says that there is no such certificate', () => {
    expect(() => certificateDetails(service, 'none')).toThrow('no certificate "none"');
  });
});
