import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importCertificates, previewImport } from '../../../main/certs/certificateImport';
import { chainFacts } from '../../../main/certs/certificateInfo';
import type { CertificateService } from '../../../main/certs/certificateService';
import { OpensslFixture } from '../../helpers/opensslFixture';
import { CertificateFolder, dropped } from './certificateFolder';

const files = new OpensslFixture();
const authority = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];

beforeAll(() => {
  for (const name of ['root', 'middle', 'lower', 'shop', 'other', 'weak', 'old']) {
    files.key(
      name,
      name === 'weak' ? 'RSA' : 'EC',
      name === 'weak' ? 'rsa_keygen_bits:1024' : 'ec_paramgen_curve:P-256',
    );
  }
  files.certificate('root', { subject: '/CN=Root', extensions: authority });
  files.certificate('middle', { subject: '/CN=Middle', issuer: 'root', extensions: authority });
  files.certificate('lower', { subject: '/CN=Lower', issuer: 'middle', extensions: authority });
  const shop = ['subjectAltName=DNS:shop.test,DNS:*.shop.test', 'extendedKeyUsage=serverAuth'];
  files.certificate('shop', { subject: '/CN=shop.test', issuer: 'lower', extensions: shop });
  files.certificate('other', {
    subject: '/CN=other.test',
    issuer: 'root',
    extensions: ['subjectAltName=DNS:other.test'],
  });
  files.certificate('weak', { subject: '/CN=weak.test', issuer: 'root', digest: 'sha1', days: 900 });
  files.certificate('old', { subject: '/CN=old.test', extensions: ['subjectAltName=DNS:old.test'] });
});
afterAll(() => files.close());

let folder: CertificateFolder;
let service: CertificateService;
beforeEach(async () => {
  folder = await CertificateFolder.create();
  service = await folder.open();
});
afterEach(() => folder.remove());

const file = (name: string) => [name, files.read(name)] as const;

describe('previewImport', () => {
  it('builds the chain whatever the order of the files, and says where each link was found', async () => {
    const preview = await previewImport(service, {
      files: dropped(
        file('root.pem'),
        file('shop.key'),
        file('middle.pem'),
        file('shop.pem'),
        file('lower.pem'),
      ),
    });
    expect(preview.candidates).toHaveLength(1);
    expect(preview.candidates[0]).toMatchObject({
      kind: 'leaf',
      suggestedId: 'shop-test',
      dnsNames: ['shop.test', '*.shop.test'],
      hasPrivateKey: true,
      missingIssuer: null,
      problem: null,
      warnings: [],
    });
    const links = preview.candidates[0]!.chain.map(({ subject, role, source }) => [subject, role, source]);
    expect(links).toEqual([
      ['CN=shop.test', 'leaf', 'chain'],
      ['CN=Lower', 'intermediate', 'chain'],
      ['CN=Middle', 'intermediate', 'chain'],
      ['CN=Root', 'root', 'chain'],
    ]);
    expect(await folder.open().then((again) => again.info().certificates)).toEqual([]);
  });

  it('names the issuer that is missing', async () => {
    const preview = await previewImport(service, {
      files: dropped(file('shop.pem'), file('shop.key'), file('lower.pem')),
    });
    expect(preview.candidates[0]).toMatchObject({ missingIssuer: 'CN=Middle', problem: null });
    expect(preview.candidates[0]?.warnings[0]).toMatchObject({
      code: 'chain_incomplete',
      severity: 'warning',
    });
  });

  it('says when the key is missing or belongs to another certificate', async () => {
    const preview = await previewImport(service, { files: dropped(file('shop.pem'), file('other.key')) });
    expect(preview.candidates[0]).toMatchObject({ hasPrivateKey: false });
    expect(preview.candidates[0]?.problem).toContain('private key is in none of the files');
    expect(preview.leftOver).toEqual([expect.stringContaining('the key in other.key belongs to none')]);
    await expect(importCertificates(service, { files: dropped(file('shop.pem')) })).rejects.toThrow(
      'private key',
    );
  });

  it('warns of what clients refuse', async () => {
    const preview = await previewImport(service, {
      files: dropped(file('weak.pem'), file('weak.key'), file('root.pem')),
    });
    const weak = preview.candidates.find((each) => each.subject === 'CN=weak.test');
    expect(weak?.warnings.map((warning) => warning.code)).toEqual([
      'weak_key',
      'weak_signature',
      'name_only_in_subject',
      'long_lifetime',
    ]);
  });

  it('takes several certificates with their keys at once', async () => {
    const preview = await previewImport(service, {
      files: dropped([
        'all.pem',
        `${files.text('other.key')}${files.text('old.pem')}${files.text('other.pem')}${files.text('old.key')}`,
      ]),
    });
    expect(preview.candidates.map((each) => [each.suggestedId, each.hasPrivateKey])).toEqual([
      ['old-test', true],
      ['other-test', true],
    ]);
  });
});

describe('importCertificates', () => {
  it('keeps leaf and intermediates in order, without the root, and can serve it', async () => {
    const [info] = await importCertificates(service, {
      files: dropped(
        file('root.pem'),
        file('middle.pem'),
        file('lower.pem'),
        file('shop.key'),
        file('shop.pem'),
      ),
    });
    expect(info).toMatchObject({
      id: 'shop-test',
      origin: { type: 'imported' },
      intermediates: 2,
      hasPrivateKey: true,
    });
    const material = service.material('shop-test')!;
    expect(chainFacts(material.certificateChainPem).map((each) => each.subject)).toEqual([
      'CN=shop.test',
      'CN=Lower',
      'CN=Middle',
    ]);
    const again = await folder.open();
    expect(again.material('shop-test')).toEqual(material);
  });

  it('replaces one of the same names on request, keeps a backup and knows the very same again', async () => {
    const first = { files: dropped(file('other.pem'), file('other.key')) };
    await importCertificates(service, first);
    const known = await previewImport(service, first);
    expect(known.candidates[0]).toMatchObject({ isKnownAs: 'other-test', replaces: 'other-test' });
    await expect(importCertificates(service, first)).rejects.toThrow(
      'is in the store already, as "other-test"',
    );

    files.key('newer', 'RSA', 'rsa_keygen_bits:2048');
    files.certificate('newer', {
      subject: '/CN=other.test',
      issuer: 'root',
      extensions: ['subjectAltName=DNS:other.test'],
    });
    const next = { files: dropped(file('newer.pem'), file('newer.key')) };
    const preview = await previewImport(service, next);
    const { fingerprint } = preview.candidates[0]!;
    const [info] = await importCertificates(service, {
      ...next,
      selection: [{ fingerprint, replaces: true }],
    });
    expect(info).toMatchObject({ id: 'other-test', keyType: 'RSA 2048' });
    expect(service.info().certificates).toHaveLength(1);
  });

  it('takes CA certificates without key as authorities: to be trusted, never served', async () => {
    const [info] = await importCertificates(service, { files: dropped(file('root.pem')) });
    expect(info).toMatchObject({ kind: 'authority', id: 'root', hasPrivateKey: false });
    expect(service.material('root')).toBeNull();
    expect(service.materials().get('root')).toMatchObject({ privateKeyPem: null });
  });

  it('takes a CA with its key as the CA of a store that has none, and signs with it', async () => {
    const input = { files: dropped(file('root.pem'), file('root.key')) };
    const [info] = await importCertificates(service, input);
    expect(info).toMatchObject({ id: 'ca', kind: 'ca', subject: 'CN=Root' });
    expect(await service.issue({ names: ['new.test'] })).toMatchObject({ issuer: 'CN=Root', isLocal: true });
    const others = { files: dropped(file('middle.pem'), file('middle.key')) };
    expect((await previewImport(service, others)).candidates[0]?.problem).toContain('has a CA already');
  });

  it.each([
    [[{ fingerprint: 'aa:'.repeat(31).concat('aa') }], 'no certificate with the fingerprint'],
    [[], 'no certificate'],
  ])('refuses a selection of %j', async (selection, words) => {
    const input = { files: dropped(file('other.pem'), file('other.key')), selection };
    if (selection.length === 0)
      await expect(importCertificates(service, input)).rejects.toMatchObject({ code: 'invalid_input' });
    else await expect(importCertificates(service, input)).rejects.toThrow(words);
    expect(service.info().certificates).toEqual([]);
  });

  it('never lets a key into what it shows', async () => {
    const input = { files: dropped(file('other.pem'), file('other.key')) };
    const shown = JSON.stringify([
      await previewImport(service, input),
      await importCertificates(service, input),
      service.info(),
    ]);
    expect(shown).not.toContain('PRIVATE');
    const secret = files.text('other.key').split('\n')[1]!;
    expect(shown).not.toContain(secret);
  });
});
