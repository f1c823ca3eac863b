import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCert } from '../../../main/cliCommands/cert';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'hopscope-cert-'));
});
afterEach(() => rm(store, { recursive: true, force: true }));

async function cert(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCert(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
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
    [['issue', 'a.test', '--name', 'x'], 2, 'takes no --name'],
    [['ca', 'x'], 2, 'takes no names'],
    [['list', '--days', '1'], 2, 'takes no --days'],
    [['revoke'], 2, '"revoke" is not a command'],
    [['list', '--what'], 2, "Unknown option '--what'"],
    [['list', '--store', ''], 2, '--store needs a folder'],
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

  it('prints its help on --help, and as an error when nothing is asked', async () => {
    expect((await cert('--help')).out).toContain('Usage: hopscope cert');
    expect((await cert('issue', '-h')).code).toBe(0);
    expect((await cert()).code).toBe(2);
  });
});
