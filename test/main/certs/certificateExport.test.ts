// What others make of what is exported: OpenSSL, Java's keytool, NSS.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportCertificate } from '../../../main/certs/certificateExport';
import { importCertificates, previewImport } from '../../../main/certs/certificateImport';
import type { CertificateService } from '../../../main/certs/certificateService';
import type { CertificateKeyType } from '../../../main/contract/certificate';
import type { ExportCertificateInput } from '../../../main/contract/certificateFiles';
import { isInstalled, OpensslFixture } from '../../helpers/opensslFixture';
import { CertificateFolder, dropped } from './certificateFolder';

const files = new OpensslFixture();
let folder: CertificateFolder;
let service: CertificateService;
const kinds: readonly CertificateKeyType[] = ['rsa-2048', 'ecdsa-p256', 'ecdsa-p384'];
const password = 'käse+brot 7';

beforeAll(async () => {
  folder = await CertificateFolder.create();
  service = await folder.open();
  for (const keyType of kinds) await service.issue({ id: keyType, names: [`${keyType}.test`], keyType });
  for (const [name, algorithm, ...options] of [
    ['p521', 'EC', 'ec_paramgen_curve:P-521'],
    ['ed25519', 'ED25519'],
  ] as const) {
    files.key(name, algorithm, ...options);
    files.certificate(name, { subject: `/CN=${name}.test`, extensions: [`subjectAltName=DNS:${name}.test`] });
    await importCertificates(service, {
      files: dropped([`${name}.pem`, files.read(`${name}.pem`)], [`${name}.key`, files.read(`${name}.key`)]),
    });
  }
});
afterAll(async () => {
  files.close();
  await folder.remove();
});

const ids = [...kinds, 'p521-test', 'ed25519-test'];

async function write(name: string, input: ExportCertificateInput): Promise<string> {
  const { contentBase64 } = await exportCertificate(service, input);
  return files.write(name, Buffer.from(contentBase64, 'base64'));
}

/** The digest of the private key that openssl finds in the file. */
function keyIn(args: readonly string[]): string {
  const key = files.openssl(...args);
  return files.run('sh', '-c', `printf '%s' '${key}' | openssl pkey -pubout -outform DER | sha256sum`);
}

function keyOf(id: string): string {
  files.write('own.key', service.material(id)!.privateKeyPem);
  return keyIn(['pkey', '-in', 'own.key']);
}

describe.each(ids)('the certificate %s', (id) => {
  it.each([
    [false, []],
    [true, ['-legacy']],
  ])('goes into PKCS#12 (old kind: %s) that OpenSSL opens', async (isLegacy, options) => {
    await write('out.p12', { id, format: 'pkcs12', password, confirmsKeyExport: true, isLegacy });
    const args = ['pkcs12', '-in', 'out.p12', '-passin', `pass:${password}`, '-nodes', ...options];
    expect(keyIn([...args, '-nocerts'])).toBe(keyOf(id));
    const certificates = files.openssl(...args, '-nokeys').match(/BEGIN CERTIFICATE/g);
    expect(certificates).toHaveLength(
      service.info().certificates.find((each) => each.id === id)?.isLocal ? 2 : 1,
    );
    expect(() => files.openssl('pkcs12', '-in', 'out.p12', '-passin', 'pass:other', '-nodes')).toThrow();
  });

  it('goes out as a sealed key that OpenSSL opens, and a plain one when that is allowed', async () => {
    await write('sealed.key', { id, format: 'key', password, confirmsKeyExport: true });
    expect(files.text('sealed.key')).toContain('ENCRYPTED PRIVATE KEY');
    expect(keyIn(['pkey', '-in', 'sealed.key', '-passin', `pass:${password}`])).toBe(keyOf(id));
    await write('plain.key', { id, format: 'key', confirmsKeyExport: true, allowsPlainKey: true });
    expect(keyIn(['pkey', '-in', 'plain.key'])).toBe(keyOf(id));
  });

  it('comes back as it went out', async () => {
    await write('back.p12', { id, format: 'pkcs12', password, confirmsKeyExport: true });
    const input = { files: dropped(['back.p12', files.read('back.p12')]), passwords: [password] };
    const [candidate] = (await previewImport(service, input)).candidates;
    expect(candidate).toMatchObject({ isKnownAs: id, hasPrivateKey: true });
  });
});

describe('other tools', () => {
  it.runIf(isInstalled('keytool', '-help'))('keytool lists RSA and EC of both kinds', async () => {
    for (const id of ['rsa-2048', 'ecdsa-p256']) {
      for (const isLegacy of [false, true]) {
        await write('java.p12', {
          id,
          format: 'pkcs12',
          password: 'changeit',
          confirmsKeyExport: true,
          isLegacy,
        });
        const listed = files.run('keytool', '-list', '-v', '-keystore', 'java.p12', '-storepass', 'changeit');
        expect(listed).toContain('PrivateKeyEntry');
        expect(listed).toContain(`Alias name: ${id}`);
        expect(listed).toContain('Certificate chain length: 2');
      }
    }
  });

  it.runIf(isInstalled('pk12util', '-h'))('NSS imports RSA and EC', async () => {
    files.run('mkdir', 'db');
    files.run('certutil', '-N', '-d', 'sql:db', '--empty-password');
    for (const id of ['rsa-2048', 'ecdsa-p256', 'ecdsa-p384']) {
      await write('nss.p12', { id, format: 'pkcs12', password, confirmsKeyExport: true });
      files.run('pk12util', '-i', 'nss.p12', '-d', 'sql:db', '-W', password, '-K', '');
    }
    expect(files.run('certutil', '-K', '-d', 'sql:db').match(/^<\s*\d+>/gm)).toHaveLength(3);
  });

  it('an empty password in PKCS#12 opens without one', async () => {
    await write('empty.p12', {
      id: 'ecdsa-p256',
      format: 'pkcs12',
      confirmsKeyExport: true,
      allowsPlainKey: true,
    });
    expect(keyIn(['pkcs12', '-in', 'empty.p12', '-passin', 'pass:', '-nodes', '-nocerts'])).toBe(
      keyOf('ecdsa-p256'),
    );
  });
});

describe('asking', () => {
  it.each([
    [{ format: 'key', password }, 'confirmsKeyExport'],
    [{ format: 'pkcs12', confirmsKeyExport: true }, 'password'],
    [{ format: 'key', confirmsKeyExport: true }, 'password'],
  ] as const)('does not give a key out for %j', async (input, field) => {
    await expect(exportCertificate(service, { id: 'rsa-2048', ...input })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(field),
    });
  });

  it('gives certificates out without asking, and no key with them', async () => {
    for (const format of ['pem', 'chain', 'der'] as const) {
      const { contentBase64 } = await exportCertificate(service, { id: 'rsa-2048', format });
      expect(Buffer.from(contentBase64, 'base64').toString('latin1')).not.toContain('PRIVATE');
    }
    await write('chain.pem', { id: 'rsa-2048', format: 'chain' });
    files.openssl(
      'verify',
      '-x509_strict',
      '-CAfile',
      service.caCertificateFile,
      '-untrusted',
      'chain.pem',
      'chain.pem',
    );
  });
});
