// The matrix of formats: every way that tools write keys and certificates, written by the tools themselves.
import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificateFiles } from '../../../../main/certs/formats/certificateFiles';
import { isInstalled, OpensslFixture } from '../../../helpers/opensslFixture';

const files = new OpensslFixture();
const kinds = [
  ['rsa', 'RSA', 'rsa_keygen_bits:2048'],
  ['p256', 'EC', 'ec_paramgen_curve:P-256'],
  ['p384', 'EC', 'ec_paramgen_curve:P-384'],
  ['p521', 'EC', 'ec_paramgen_curve:P-521'],
  ['ed25519', 'ED25519'],
] as const;
const names = kinds.map(([name]) => name);

beforeAll(() => {
  for (const [name, algorithm, ...options] of kinds) {
    files.key(name, algorithm, ...options);
    files.certificate(name, { subject: `/CN=${name}.test`, extensions: [`subjectAltName=DNS:${name}.test`] });
  }
});
afterAll(() => files.close());

async function read(file: string, ...passwords: string[]) {
  return readCertificateFiles([{ name: file, bytes: files.read(file) }], passwords);
}

/** The public half of the one key that was read; the certificate must belong to it. */
async function expectKey(file: string, name: string, password: string | null, certificates: number) {
  const content = await read(file, ...(password === null ? [] : [password]));
  expect(content.files[0]).toMatchObject({ status: 'read', message: null, keys: 1, certificates });
  const publicKey = createPublicKey(content.keys[0]!.key).export({ format: 'pem', type: 'spki' });
  expect(publicKey).toBe(files.openssl('pkey', '-in', `${name}.key`, '-pubout'));
  for (const { x509 } of content.certificates) expect(x509.checkPrivateKey(content.keys[0]!.key)).toBe(true);
}

describe.each(names)('%s', (name) => {
  it('is read from PEM and DER, with and without a password', async () => {
    await expectKey(`${name}.key`, name, null, 0);
    files.openssl('pkey', '-in', `${name}.key`, '-outform', 'DER', '-out', `${name}.key.der`);
    await expectKey(`${name}.key.der`, name, null, 0);
    files.openssl('pkcs8', '-topk8', '-in', `${name}.key`, '-passout', 'pass:pä$$', '-out', `${name}.sealed`);
    await expectKey(`${name}.sealed`, name, 'pä$$', 0);
    files.openssl(
      'pkcs8',
      '-topk8',
      '-in',
      `${name}.key`,
      '-passout',
      'pass:x',
      '-outform',
      'DER',
      '-out',
      `${name}.sealed.der`,
    );
    await expectKey(`${name}.sealed.der`, name, 'x', 0);
    files.openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
    expect((await read(`${name}.der`)).certificates[0]?.dnsNames).toEqual([`${name}.test`]);
  });

  it.each([
    ['OpenSSL 3', []],
    ['legacy RC2 and 3DES', ['-legacy']],
    ['3DES', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['AES-128 and SHA-512', ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-128-CBC', '-macalg', 'sha512']],
    ['nothing sealed but a seal', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['no seal', ['-nomac']],
  ])('is read from PKCS#12 by %s', async (_what, options) => {
    const args = ['-export', '-in', `${name}.pem`, '-inkey', `${name}.key`, ...options];
    files.openssl('pkcs12', ...args, '-passout', 'pass:geheim ü', '-out', `${name}.p12`);
    await expectKey(`${name}.p12`, name, 'geheim ü', 1);
  });

  it('is read from PKCS#12 with an empty password without asking for one', async () => {
    files.openssl(
      'pkcs12',
      '-export',
      '-in',
      `${name}.pem`,
      '-inkey',
      `${name}.key`,
      '-passout',
      'pass:',
      '-out',
      `${name}.empty.p12`,
    );
    await expectKey(`${name}.empty.p12`, name, null, 1);
  });
});

describe('old formats', () => {
  it.each([
    ['rsa', 'aes-256-cbc'],
    ['rsa', 'aes-128-cbc'],
    ['rsa', 'des3'],
    ['p256', 'aes-192-cbc'],
    ['p521', 'des3'],
  ])('reads a traditional PEM key of %s sealed by %s', async (name, cipher) => {
    files.openssl(
      'pkey',
      '-in',
      `${name}.key`,
      '-traditional',
      `-${cipher}`,
      '-passout',
      'pass:secret',
      '-out',
      'traditional.pem',
    );
    expect(files.text('traditional.pem')).toContain('DEK-Info');
    await expectKey('traditional.pem', name, 'secret', 0);
    const wrong = await read('traditional.pem', 'other');
    expect(wrong.files[0]?.status).toBe('wrongPassword');
  });

  it('reads unsealed PKCS#1 and SEC1 keys, with parameters before them', async () => {
    files.openssl('pkey', '-in', 'rsa.key', '-traditional', '-out', 'pkcs1.pem');
    await expectKey('pkcs1.pem', 'rsa', null, 0);
    files.openssl('pkey', '-in', 'p256.key', '-traditional', '-out', 'sec1.pem');
    const parameters = files.openssl('ecparam', '-name', 'prime256v1');
    files.write('sec1.pem', parameters + files.text('sec1.pem'));
    await expectKey('sec1.pem', 'p256', null, 0);
  });

  it.each([
    'PBE-MD5-DES',
    'PBE-SHA1-DES',
    'PBE-SHA1-RC2-64',
    'PBE-SHA1-RC2-128',
    'PBE-SHA1-2DES',
    'PBE-MD5-RC2-64',
  ])('reads a PKCS#8 key sealed by %s', async (algorithm) => {
    const args = [
      '-topk8',
      '-in',
      'rsa.key',
      '-v1',
      algorithm,
      '-provider',
      'legacy',
      '-provider',
      'default',
    ];
    files.openssl('pkcs8', ...args, '-passout', 'pass:x', '-out', 'v1.pem');
    await expectKey('v1.pem', 'rsa', 'x', 0);
  });

  it('reads a PKCS#8 key sealed by scrypt', async () => {
    files.openssl(
      'pkcs8',
      '-topk8',
      '-in',
      'p256.key',
      '-scrypt',
      '-passout',
      'pass:x',
      '-out',
      'scrypt.pem',
    );
    await expectKey('scrypt.pem', 'p256', 'x', 0);
  });

  it('reads PKCS#7 chains and OpenSSL trusted certificates', async () => {
    files.openssl(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'rsa.pem',
      '-certfile',
      'p256.pem',
      '-out',
      'chain.p7b',
    );
    expect((await read('chain.p7b')).certificates.map((each) => each.subject)).toEqual([
      'CN=rsa.test',
      'CN=p256.test',
    ]);
    files.openssl('crl2pkcs7', '-nocrl', '-certfile', 'rsa.pem', '-outform', 'DER', '-out', 'chain.p7b.der');
    expect((await read('chain.p7b.der')).certificates).toHaveLength(1);
    files.openssl('x509', '-in', 'rsa.pem', '-trustout', '-addtrust', 'serverAuth', '-out', 'trusted.pem');
    expect((await read('trusted.pem')).certificates[0]?.subject).toBe('CN=rsa.test');
  });
});

describe('files of other tools', () => {
  it.runIf(isInstalled('pk12util', '-h'))('reads what NSS exports (BER)', async () => {
    files.openssl(
      'pkcs12',
      '-export',
      '-in',
      'rsa.pem',
      '-inkey',
      'rsa.key',
      '-passout',
      'pass:x',
      '-name',
      'shop',
      '-out',
      'in.p12',
    );
    files.run('mkdir', 'nssdb');
    files.run('certutil', '-N', '-d', 'sql:nssdb', '--empty-password');
    files.run('pk12util', '-i', 'in.p12', '-d', 'sql:nssdb', '-W', 'x', '-K', '');
    files.run('pk12util', '-o', 'nss.p12', '-n', 'shop', '-d', 'sql:nssdb', '-W', 'wörd', '-K', '');
    await expectKey('nss.p12', 'rsa', 'wörd', 1);
  });

  it.runIf(isInstalled('keytool', '-help'))(
    'reads what keytool exports, and names its old format',
    async () => {
      files.openssl(
        'pkcs12',
        '-export',
        '-in',
        'p384.pem',
        '-inkey',
        'p384.key',
        '-passout',
        'pass:changeit',
        '-name',
        'shop',
        '-out',
        'in.p12',
      );
      const args = [
        '-importkeystore',
        '-srckeystore',
        'in.p12',
        '-srcstorepass',
        'changeit',
        '-deststorepass',
        'changeit',
      ];
      files.run('keytool', ...args, '-destkeystore', 'java.p12', '-deststoretype', 'PKCS12');
      await expectKey('java.p12', 'p384', 'changeit', 1);
      files.run('keytool', ...args, '-destkeystore', 'java.jks', '-deststoretype', 'JKS');
      expect((await read('java.jks')).files[0]).toMatchObject({ status: 'unreadable' });
      expect((await read('java.jks')).files[0]?.message).toContain('keytool -importkeystore');
    },
  );
});

describe('passwords', () => {
  it('says when one is needed or wrong, and tries several', async () => {
    files.openssl(
      'pkcs12',
      '-export',
      '-in',
      'rsa.pem',
      '-inkey',
      'rsa.key',
      '-passout',
      'pass:right',
      '-out',
      'locked.p12',
    );
    expect((await read('locked.p12')).files[0]).toMatchObject({ status: 'passwordNeeded', format: 'pkcs12' });
    const wrong = await read('locked.p12', 'wrong', 'Right');
    expect(wrong.files[0]?.status).toBe('wrongPassword');
    expect(JSON.stringify(wrong.files)).not.toContain('Right');
    await expectKey('locked.p12', 'rsa', 'right', 1);
    expect((await read('locked.p12', 'wrong', 'right')).files[0]?.status).toBe('read');
  });
});

describe('several files at once', () => {
  it('reads keys and certificates in any order, with text around them and Windows line ends', async () => {
    const mixed = `Bag Attributes\r\n  friendlyName: x\r\n${files.text('p256.key')}junk\n${files.text('rsa.pem')}${files.text('p256.pem')}`;
    files.write('mixed.pem', mixed.replace(/\r?\n/g, '\r\n'));
    const content = await readCertificateFiles(
      [
        { name: 'mixed.pem', bytes: files.read('mixed.pem') },
        { name: 'rsa.key', bytes: files.read('rsa.key') },
        { name: 'notes.txt', bytes: Buffer.from('hello') },
      ],
      [],
    );
    expect(
      content.files.map(({ name, status, certificates, keys }) => [name, status, certificates, keys]),
    ).toEqual([
      ['mixed.pem', 'read', 2, 1],
      ['rsa.key', 'read', 0, 1],
      ['notes.txt', 'unreadable', 0, 0],
    ]);
  });

  it.each([
    [
      'an OpenSSH key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n',
      'ssh-keygen -p -m PEM',
    ],
    [
      'a DSA key',
      '-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n',
      'DSA PRIVATE KEY',
    ],
    ['half a block', '-----BEGIN CERTIFICATE-----\nAAAA\n', 'the end of "CERTIFICATE" is missing'],
    ['no base64', '-----BEGIN CERTIFICATE-----\n<b>\n-----END CERTIFICATE-----\n', 'is not base64'],
    ['an empty file', '', 'neither PEM, DER nor PKCS#12'],
  ])('says what is wrong with %s', async (_what, text, words) => {
    const content = await readCertificateFiles([{ name: 'x.pem', bytes: Buffer.from(text) }], []);
    expect(content.files[0]).toMatchObject({ status: 'unreadable' });
    expect(content.files[0]?.message).toContain(words);
  });

  it('refuses keys that nobody should use, by their type', async () => {
    files.openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:secp256k1', '-out', 'k1.key');
    expect((await read('k1.key')).files[0]?.message).toContain('secp256k1');
    files.openssl('genrsa', '-out', 'small.key', '768');
    expect((await read('small.key')).files[0]?.message).toContain('768 bits');
  });
});
