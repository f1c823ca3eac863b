import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCert } from '../../../main/cliCommands/cert';
import { runSafely } from '../../../main/cliCommands/commandLine';
import { isInstalled, OpensslFixture } from '../../helpers/opensslFixture';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'hopscope-cert-'));
});
afterEach(() => rm(store, { recursive: true, force: true }));

async function cert(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return certWithInput('', ...args);
}

async function certWithInput(input: string, ...args: string[]) {
  const stdout = new PassThrough();
  const written: Buffer[] = [];
  stdout.on('data', (bytes: Buffer) => written.push(bytes));
  let err = '';
  const io = {
    stdout,
    stderr: {
      write: (text: string) => {
        err += text;
      },
    },
    stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
    version: '0',
    rendererFolder: '',
  };
  const code = await runSafely('cert', io, () => runCert(args, io));
  return { code, out: Buffer.concat(written).toString('utf8'), err };
}

describe('hopscope cert', () => {
  it('makes the CA once and prints the path of its certificate', async () => {
    const first = await cert('ca', '--store', store, '--name', 'Class 7b');
    expect(first).toEqual({ code: 0, out: `${join(store, 'ca.pem')}\n`, err: '' });
    expect(await cert('ca', '--store', store)).toEqual(first);
    const shown = JSON.parse((await cert('ca', '--store', store, '--json')).out);
    expect(shown).toMatchObject({ subject: 'CN=Class 7b, O=Hopscope', file: join(store, 'ca.pem') });
    const other = await cert('ca', '--store', store, '--name', 'Other');
    expect(other.code).toBe(1);
    expect(other.err).toContain('already has a CA: it is "CN=Class 7b');
  });

  it('issues, lists and shows JSON without any key', async () => {
    const issued = await cert('issue', '*.shop.test', '127.0.0.1', '--store', store, '--days', '7');
    expect(issued.code).toBe(0);
    expect(issued.out).toMatch(
      /^wildcard-shop-test\t\*\.shop\.test 127\.0\.0\.1\tvalid until \d{4}-\d\d-\d\d\n$/,
    );
    const second = await cert('issue', 'api.test', '--id', 'api', '--store', store, '--json');
    expect(JSON.parse(second.out)).toMatchObject({ id: 'api', dnsNames: ['api.test'] });
    const list = await cert('list', '--store', store);
    expect(list.out.split('\n').map((line) => line.split('\t')[0])).toEqual([
      'ca',
      'api',
      'wildcard-shop-test',
      '',
    ]);
    const json = await cert('list', '--store', store, '--json');
    expect(JSON.parse(json.out).certificates).toHaveLength(2);
    expect(second.out + json.out).not.toContain('PRIVATE');
  });

  it('lists an empty store without creating anything', async () => {
    const folder = join(store, 'none');
    expect(await cert('list', '--store', folder)).toEqual({
      code: 0,
      out: '',
      err: `no certificates in ${folder}\n`,
    });
    expect(await readdir(store)).toEqual([]);
  });

  it.each([
    [['issue'], 2, 'at least one host name'],
    [['issue', 'a b'], 1, '"a b" is neither a host name'],
    [['issue', 'a.test', '--days', 'many'], 1, 'days'],
    [['issue', 'a.test', '--days', '400'], 1, 'days'],
    [['issue', 'a.test', '--id', 'A B'], 1, 'id'],
    [['issue', 'a.test', '--name', 'x'], 2, 'unknown option --name'],
    [['issue', 'a.test', '--key-type', 'dsa'], 2, 'rsa-2048'],
    [['ca', 'x'], 2, '"x" is too much'],
    [['list', '--days', '1'], 2, 'unknown option --days'],
    [['revok'], 2, 'did you mean "revoke"'],
    [['list', '--what'], 2, 'unknown option --what'],
    [['list', '--store', ''], 2, '--store needs a folder'],
    [['show', 'none'], 1, 'no certificate "none"'],
    [['renew'], 2, 'name the ID of a certificate, or use --due'],
    [['import'], 2, 'at least one FILE'],
    [['import', '/none/x.pem'], 1, '/none/x.pem cannot be read'],
    [['export', 'x', '--format', 'jks'], 2, 'pem, chain, der, pkcs12, key'],
    [['export', 'x', '--format', 'key'], 2, '--yes-export-key'],
    [['export', 'x', '--format', 'key', '--yes-export-key'], 2, '--password-file'],
    [['delete', 'x'], 2, '--yes'],
    [['trust', 'everything'], 2, 'status, install, remove, how'],
    [['trust', 'install'], 2, 'name the STORE'],
    [['trust', 'install', 'nowhere'], 1, 'no trust store "nowhere"'],
    [['acme'], 2, 'register, order, renew, list, delete'],
    [['acme', 'order', 'a.test'], 2, 'there is no account yet'],
    [['acme', 'order', 'a.test', '--challenge', 'x'], 2, 'http-01, tls-alpn-01, dns-01'],
    [['protect', 'passphrase'], 2, '--new-passphrase-file'],
    [['sign'], 2, 'the FILE of the request'],
    [['csr', '--delete', 'x'], 1, 'no CSR "x"'],
  ])('answers %j with exit %d and one clear line', async (args, code, words) => {
    const result = await cert(...(args.includes('--store') ? args : [...args, '--store', store]));
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
    expect(result.err).toContain(words);
    expect(result.err.trimEnd()).not.toContain('\n');
  });

  it('names a damaged file, still lists the rest and exits with 1', async () => {
    await cert('issue', 'a.test', '--store', store);
    await writeFile(join(store, 'certificate-b.json'), '{');
    const list = await cert('list', '--store', store);
    expect(list.code).toBe(1);
    expect(list.out).toContain('a-test');
    expect(list.err).toContain(join(store, 'certificate-b.json'));
  });

  it('prints its help on --help, of each command too, and as an error when nothing is asked', async () => {
    const { out } = await cert('--help');
    expect(out).toContain('Usage: hopscope cert');
    const names = [...out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1]!);
    expect(names).toEqual(
      expect.arrayContaining(['ca', 'issue', 'import', 'export', 'csr', 'sign', 'trust', 'renew', 'acme']),
    );
    for (const name of names) {
      const help = await cert(name, '--help');
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out).toContain(`Usage: hopscope cert ${name}`);
    }
    expect((await cert('issue', '-h')).code).toBe(0);
    expect((await cert()).code).toBe(2);
  });
});

describe('files', () => {
  const files = new OpensslFixture();
  afterAll(() => files.close());

  it('exports to PKCS#12 and imports it again into another store', async () => {
    await cert('issue', 'shop.test', '--store', store);
    files.write('password', 'geheim\n');
    const p12 = files.path('shop.p12');
    const password = ['--password-file', files.path('password')];
    const exported = await cert(
      ...[
        'export',
        'shop-test',
        '--format',
        'pkcs12',
        '--yes-export-key',
        ...password,
        '--out',
        p12,
        '--store',
        store,
      ],
    );
    expect(exported).toEqual({ code: 0, out: `${p12}\n`, err: '' });
    expect((await stat(p12)).mode & 0o777).toBe(0o600);
    expect(files.openssl('pkcs12', '-in', 'shop.p12', '-passin', 'pass:geheim', '-nodes')).toContain(
      'PRIVATE KEY',
    );

    const other = join(store, 'other');
    expect((await cert('import', p12, '--store', other)).err).toContain('is sealed with a password');
    const preview = await cert('import', p12, ...password, '--preview', '--store', other);
    expect(preview.out).toContain('shop-test\tCN=shop.test\twhole chain');
    const imported = await cert('import', p12, ...password, '--id', 'mine', '--store', other);
    expect(imported).toMatchObject({ code: 0, err: '' });
    expect(imported.out).toMatch(/^mine\tshop\.test\t/);
    expect((await cert('import', p12, ...password, '--store', other)).err).toContain(
      'in the store already, as "mine"',
    );
    const key = await cert(
      'export',
      'mine',
      '--format',
      'key',
      '--yes-export-key',
      '--plain-key',
      '--store',
      other,
    );
    expect(key.out).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect((await cert('export', 'mine', '--store', other)).out).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('makes a CSR, signs it in another store and imports the answer', async () => {
    const other = join(store, 'other');
    const request = await cert('csr', 'shop.test', '--organization', 'Shop', '--store', store);
    expect(request.err).toContain('cert csr --answer shop-test FILE');
    const signed = await certWithInput(request.out, 'sign', '-', '--days', '30', '--store', other);
    files.write('answer.pem', signed.out);
    const answer = await cert('csr', '--answer', 'shop-test', files.path('answer.pem'), '--store', store);
    expect(answer.out).toMatch(/^shop-test\tshop\.test\tvalid until/);
    expect((await cert('list', '--store', store)).out).not.toContain('waits');
  });

  it('renews, revokes, lists the revoked, shows and deletes', async () => {
    const here = ['--store', store];
    await cert('issue', 'shop.test', '--key-type', 'ecdsa-p384', ...here);
    const before = JSON.parse((await cert('show', 'shop-test', '--json', ...here)).out);
    expect((await cert('renew', 'shop-test', ...here)).code).toBe(0);
    const after = JSON.parse((await cert('show', 'shop-test', '--json', ...here)).out);
    expect(after.info.serialNumber).not.toBe(before.info.serialNumber);
    expect(after.info.keyType).toBe('ECDSA P-384');
    expect((await cert('renew', '--due', ...here)).err).toBe('nothing is due\n');
    expect((await cert('revoke', 'shop-test', '--reason', 'superseded', ...here)).out).toContain('revoked');
    const list = await cert('crl', ...here);
    expect(files.openssl('crl', '-in', list.out.trim(), '-noout', '-text')).toContain('Superseded');
    expect((await cert('show', 'shop-test', ...here)).out).toContain('Alternative names: shop.test');
    expect((await cert('delete', 'shop-test', '--yes', ...here)).code).toBe(0);
    expect((await cert('list', ...here)).out).not.toContain('shop-test');
    expect(
      (await readdir(join(store, 'backup'))).some((name) => name.startsWith('certificate-shop-test')),
    ).toBe(true);
  });

  it('makes a CA that may sign for some names only', async () => {
    const limits = ['--permit', 'test', '--permit-address', '127.0.0.0/8', '--key-type', 'rsa-2048'];
    await cert('ca', ...limits, '--store', store);
    expect((await cert('issue', 'shop.test', '127.0.0.1', '--store', store)).code).toBe(0);
    const refused = await cert('issue', 'shop.example', '--store', store);
    expect(refused.err).toContain('may not sign for "shop.example"');
  });

  it('seals keys by a passphrase and works with it only', async () => {
    const here = ['--store', store];
    await cert('issue', 'shop.test', ...here);
    files.write('passphrase', 'korrekt pferd batterie\n');
    files.write('wrong', 'something else\n');
    const set = await cert(
      'protect',
      'passphrase',
      '--new-passphrase-file',
      files.path('passphrase'),
      ...here,
    );
    expect(set.out).toContain('sealed by your passphrase');
    const locked = await cert('issue', 'other.test', ...here);
    expect(locked).toMatchObject({ code: 1, err: expect.stringContaining('the key store is locked') });
    const wrong = await cert('issue', 'other.test', '--passphrase-file', files.path('wrong'), ...here);
    expect(wrong.err).toContain('not the passphrase');
    const open = await cert('issue', 'other.test', '--passphrase-file', files.path('passphrase'), ...here);
    expect(open.code).toBe(0);
    expect((await cert('list', ...here)).out).toContain('other-test');
    await cert('protect', 'key-file', '--passphrase-file', files.path('passphrase'), ...here);
    expect((await cert('issue', 'third.test', ...here)).code).toBe(0);
  });
});

describe('trust', () => {
  it('shows the commands and runs none without consent', async () => {
    await cert('ca', '--store', store);
    const status = await cert('trust', '--store', store);
    expect(status.code).toBe(0);
    expect((await cert('trust', 'how', '--store', store)).out).toContain('NODE_EXTRA_CA_CERTS');
    if (!isInstalled('update-ca-certificates', '--help')) return;
    expect(status.out).toContain('linux-system\tLinux system store\tnot trusted');
    const install = await cert('trust', 'install', 'linux-system', '--store', store);
    expect(install).toMatchObject({ code: 1, out: '' });
    expect(install.err).toContain('update-ca-certificates');
    expect((await cert('trust', '--store', store)).out).toContain('not trusted');
  });
});
