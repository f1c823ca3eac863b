import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateService } from '../../../main/certs/certificateService';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';
import { AppError } from '../../../main/contract/appError';
import type { CertificateStoreInfo } from '../../../main/contract/certificate';
import type { KeyCipher } from '../../../main/contract/keyCipher';

const dayMs = 86_400_000;
let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'hopscope-certs-'));
  folder = join(parent, 'certificates');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const open = (cipher: KeyCipher = keyFileCipher(folder), now?: () => number) =>
  CertificateService.open(folder, cipher, now);

/** Stands for the system's key store: its seal is its own. */
const systemCipher: KeyCipher = {
  protection: 'system',
  encrypt: async (bytes) => bytes.map((byte) => byte ^ 0x5a),
  decrypt: async (bytes) => bytes.map((byte) => byte ^ 0x5a),
};

describe('CertificateService', () => {
  it('is empty and creates nothing until something is kept', async () => {
    const service = await open();
    expect(service.info()).toMatchObject({
      folder,
      keyProtection: 'keyFile',
      ca: null,
      certificates: [],
      problems: [],
    });
    expect(await readdir(parent)).toEqual([]);
  });

  it('makes the CA with the first certificate and describes both', async () => {
    const service = await open();
    const leaf = await service.issue({ names: ['Shop.test', '*.shop.test', '127.0.0.1', '::1'] });
    const { ca } = service.info();
    expect(ca).toMatchObject({
      id: 'ca',
      kind: 'ca',
      subject: 'CN=Hopscope local CA, O=Hopscope',
      isLocal: true,
    });
    expect(leaf).toMatchObject({
      id: 'shop-test',
      kind: 'leaf',
      subject: 'CN=shop.test',
      issuer: ca!.subject,
      dnsNames: ['shop.test', '*.shop.test'],
      ipAddresses: ['127.0.0.1', '::1'],
      keyType: 'ECDSA P-256',
      hasPrivateKey: true,
      isLocal: true,
    });
    expect(leaf.fingerprint).toMatch(/^([0-9a-f]{2}:){31}[0-9a-f]{2}$/);
    const days = (Date.parse(leaf.notAfter) - Date.parse(leaf.notBefore)) / dayMs;
    expect(days).toBeGreaterThan(396);
    expect(days).toBeLessThanOrEqual(397);
    expect(new Date(ca!.notAfter).getUTCFullYear() - new Date(ca!.notBefore).getUTCFullYear()).toBe(10);
    expect(await readFile(service.caCertificateFile, 'utf8')).toBe(ca!.certificatePem);
  });

  it('keeps the folder 0700, every secret file 0600 and no key readable in any file', async () => {
    const service = await open();
    await service.issue({ names: ['shop.test'] });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const names = (await readdir(folder)).sort();
    expect(names).toEqual(['ca.json', 'ca.pem', 'certificate-shop-test.json', 'vault.key']);
    for (const name of names) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(name === 'ca.pem' ? 0o644 : 0o600);
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('PRIVATE KEY');
    }
    expect(JSON.stringify(service.info())).not.toContain('PRIVATE');
  });

  it('gives back the same material after it was opened again', async () => {
    const first = await open();
    await first.issue({ names: ['shop.test'] });
    await first.issue({ names: ['*.api.test', '::1'], id: 'api' });
    const second = await open();
    expect(second.info()).toEqual(first.info());
    expect([...second.materials().keys()]).toEqual(['ca', 'api', 'shop-test']);
    expect(second.materials()).toEqual(first.materials());
    expect(second.materials().get('ca')?.privateKeyPem).toBeNull();
    const material = second.material('api')!;
    expect(material.dnsNames).toEqual(['*.api.test']);
    const certificate = new X509Certificate(material.certificateChainPem);
    expect(certificate.checkPrivateKey(createPrivateKey(material.privateKeyPem))).toBe(true);
    expect(second.material('none')).toBeNull();
    expect(second.material('ca')).toBeNull();
  });

  it('makes unique ids, and refuses one that is taken or reserved', async () => {
    const service = await open();
    const ids = await Promise.all([1, 2, 3].map(() => service.issue({ names: ['shop.test'] })));
    expect(ids.map((info) => info.id)).toEqual(['shop-test', 'shop-test-2', 'shop-test-3']);
    expect((await service.issue({ names: ['ca'] })).id).toBe('ca-2');
    await expect(service.issue({ names: ['x.test'], id: 'shop-test' })).rejects.toThrow(
      '"shop-test" already',
    );
    await expect(service.issue({ names: ['x.test'], id: 'ca' })).rejects.toThrow('"ca" is that of the CA');
  });

  it('makes one CA however many ask for it, also from two processes', async () => {
    const [one, two] = [await open(), await open()];
    const results = await Promise.allSettled([
      one.createCa(),
      two.createCa(),
      one.createCa(),
      two.createCa(),
    ]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'already_exists' });
    }
    await one.refresh();
    expect((await two.refresh()).ca).toEqual(one.info().ca);
  });

  it('sees and never overwrites what another process issued meanwhile', async () => {
    const [one, two] = [await open(), await open()];
    await one.issue({ names: ['shop.test'] });
    expect((await two.issue({ names: ['shop.test'] })).id).toBe('shop-test-2');
    expect(two.info().certificates.map((info) => info.id)).toEqual(['shop-test', 'shop-test-2']);
  });

  it('tells listeners what changed until they stop', async () => {
    const service = await open();
    const seen: CertificateStoreInfo[] = [];
    const stop = service.onChange((info) => seen.push(info));
    await service.createCa({ commonName: 'Class 7b' });
    await service.issue({ names: ['shop.test'] });
    stop();
    await service.issue({ names: ['other.test'] });
    expect(seen.map((info) => info.certificates.length)).toEqual([0, 1]);
    expect(seen[0]!.ca!.subject).toBe('CN=Class 7b, O=Hopscope');
  });

  it.each([
    [{ names: [] }, 'names'],
    [{ names: ['shop test'] }, '"shop test"'],
    [{ names: ['shop.test'], days: 398 }, 'days'],
    [{ names: ['shop.test'], days: 0 }, 'days'],
    [{ names: ['shop.test'], id: '../x' }, 'id'],
  ])('refuses %j and keeps nothing', async (input, words) => {
    const service = await open();
    await expect(service.issue(input)).rejects.toThrow(words);
    await expect(service.issue(input)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await readdir(parent)).toEqual([]);
  });

  it('takes any printable CA name as it is and refuses control characters', async () => {
    const service = await open();
    await expect(service.createCa({ commonName: 'a\u0000b' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const name = 'Ann, O=Evil + "CA" <b> Ünï';
    const ca = new X509Certificate((await service.createCa({ commonName: name })).certificatePem);
    expect(ca.toLegacyObject().subject.CN).toBe(name);
    expect(ca.toLegacyObject().subject.O).toBe('Hopscope');
  });

  it('renews the CA with its key, so that what it signed stays valid, and a new CA takes the place of an old one', async () => {
    let now = Date.now();
    const service = await open(keyFileCipher(folder), () => now);
    const before = await service.createCa({ permittedNames: ['test'] });
    const leaf = await service.issue({ names: ['shop.test'] });
    now += 400 * dayMs;
    const after = await service.renew({ id: 'ca' });
    expect(after.serialNumber).not.toBe(before.serialNumber);
    expect(Date.parse(after.notAfter)).toBeGreaterThan(Date.parse(before.notAfter));
    const ca = new X509Certificate(after.certificatePem);
    expect(new X509Certificate(leaf.certificatePem).verify(ca.publicKey)).toBe(true);
    expect(await readFile(service.caCertificateFile, 'utf8')).toBe(after.certificatePem);
    await expect(service.issue({ names: ['shop.example'] })).rejects.toThrow('may not sign for');

    await service.remove('ca', () => null);
    const next = await service.createCa({ commonName: 'Another' });
    expect(await readFile(service.caCertificateFile, 'utf8')).toBe(next.certificatePem);
    expect(service.info().certificates[0]).toMatchObject({ id: 'shop-test', isLocal: false });
  });

  it('never lets a leaf outlive its CA, and refuses to issue from an expired one', async () => {
    let now = Date.now();
    const service = await open(keyFileCipher(folder), () => now);
    const ca = await service.createCa();
    now = Date.parse(ca.notAfter) - 10 * dayMs;
    expect((await service.issue({ names: ['shop.test'] })).notAfter).toBe(ca.notAfter);
    now = Date.parse(ca.notAfter) + 1000;
    await expect(service.issue({ names: ['late.test'] })).rejects.toThrow('expired on');
  });
});

describe('a damaged store', () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['empty', () => ''],
    ['cut in half', (text) => text.slice(0, text.length / 2)],
    ['not ours', () => '{"format":"other"}'],
    ['of a later version', (text) => text.replace('"version": 2', '"version": 3')],
    ['of another id', (text) => text.replace('"id": "shop-test"', '"id": "other"')],
    ['without a certificate', (text) => text.replace(/-----BEGIN[^"]*/, 'nothing')],
    ['too large', (text) => text + ' '.repeat(1_100_000)],
  ];

  it.each(damages)(
    'names a file that is %s, leaves it alone and serves the others',
    async (_name, damage) => {
      const first = await open();
      await first.issue({ names: ['shop.test'] });
      await first.issue({ names: ['api.test'] });
      const file = join(folder, 'certificate-shop-test.json');
      const damaged = damage(await readFile(file, 'utf8'));
      await writeFile(file, damaged);

      const service = await open();
      expect(service.info().certificates.map((info) => info.id)).toEqual(['api-test']);
      expect(service.info().problems).toHaveLength(1);
      expect(service.info().problems![0]).toContain(file);
      await expect(service.issue({ names: ['shop.test'], id: 'shop-test' })).rejects.toThrow('already');
      expect((await service.issue({ names: ['shop.test'] })).id).toBe('shop-test-2');
      expect(await readFile(file, 'utf8')).toBe(damaged);
    },
  );

  it('refuses to issue or to make another CA over a damaged one', async () => {
    await mkdir(folder);
    const file = join(folder, 'ca.json');
    await writeFile(file, '{}');
    const service = await open();
    await expect(service.createCa()).rejects.toThrow(file);
    await expect(service.issue({ names: ['shop.test'] })).rejects.toThrow(file);
    expect(await readdir(folder)).toEqual(['ca.json']);
    expect(await readFile(file, 'utf8')).toBe('{}');
  });

  it('shows certificates whose key cannot be opened, without material and without the key in any word', async () => {
    const first = await open();
    await first.issue({ names: ['shop.test'] });
    await rm(join(folder, 'vault.key'));
    const service = await open();
    expect(service.info().certificates[0]).toMatchObject({ id: 'shop-test', hasPrivateKey: false });
    expect(service.material('shop-test')).toBeNull();
    expect(service.info().problems).toHaveLength(2);
    await expect(service.issue({ names: ['x.test'] })).rejects.toThrow('vault.key is missing');
    expect(await readdir(folder)).not.toContain('vault.key');
  });

  it('notices a key that belongs to another certificate', async () => {
    const first = await open();
    await first.issue({ names: ['a.test'] });
    await first.issue({ names: ['b.test'] });
    const [a, b] = ['certificate-a-test.json', 'certificate-b-test.json'].map((name) => join(folder, name));
    const of = async (file: string) => JSON.parse(await readFile(file, 'utf8'));
    const [fileA, fileB] = [await of(a!), await of(b!)];
    await writeFile(a!, JSON.stringify({ ...fileA, privateKey: fileB.privateKey }));
    const service = await open();
    expect(service.material('a-test')).toBeNull();
    expect(service.info().problems![0]).toContain('does not belong to the certificate');
  });

  it('never quotes a key that it cannot parse', async () => {
    const first = await open(systemCipher);
    await first.issue({ names: ['shop.test'] });
    const file = join(folder, 'certificate-shop-test.json');
    const content = JSON.parse(await readFile(file, 'utf8'));
    const secret = Buffer.from('SECRET-KEY-BYTES');
    content.privateKey.sealed = Buffer.from(await systemCipher.encrypt(secret)).toString('base64');
    await writeFile(file, JSON.stringify(content));
    const service = await open(systemCipher);
    expect(service.material('shop-test')).toBeNull();
    expect(JSON.stringify(service.info())).not.toContain('SECRET');
  });
});

describe('key protection', () => {
  it('opens keys of the command line in a window that seals with the system, and says so the other way round', async () => {
    await (await open()).issue({ names: ['cli.test'] });
    const inWindow = await open(systemCipher);
    expect(inWindow.material('cli-test')).not.toBeNull();
    await inWindow.issue({ names: ['window.test'] });

    const headless = await open();
    expect(headless.material('cli-test')).not.toBeNull();
    expect(headless.material('window-test')).toBeNull();
    expect(headless.info().problems![0]).toContain("protected by the system's key store");
  });

  it('reports a cipher that fails as a disk error without leaving half a certificate', async () => {
    const failing: KeyCipher = {
      ...systemCipher,
      encrypt: () => Promise.reject(new AppError('unavailable', 'the key store is locked')),
    };
    const service = await open(failing);
    await expect(service.issue({ names: ['shop.test'] })).rejects.toThrow('the key store is locked');
    expect(service.info()).toMatchObject({ ca: null, certificates: [] });
    expect(await readdir(parent)).toEqual([]);
  });

  it('signs with the key whose public half the certificate carries', async () => {
    const service = await open();
    await service.issue({ names: ['shop.test'] });
    const material = service.material('shop-test')!;
    const publicKey = createPublicKey(material.privateKeyPem).export({ format: 'der', type: 'spki' });
    const certificate = new X509Certificate(material.certificateChainPem);
    expect(certificate.publicKey.export({ format: 'der', type: 'spki' })).toEqual(publicKey);
  });
});
