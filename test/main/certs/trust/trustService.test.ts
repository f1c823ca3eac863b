// Trust stores for real, in folders of their own: Debian's update-ca-certificates and NSS databases.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CertificateService } from '../../../../main/certs/certificateService';
import { runCommand } from '../../../../main/certs/trust/trustCommand';
import { type TrustEnvironment, TrustService } from '../../../../main/certs/trust/trustService';
import type { TrustProgress, TrustStoreStatus } from '../../../../main/contract/trustStore';
import { isInstalled } from '../../../helpers/opensslFixture';
import { CertificateFolder } from '../certificateFolder';

let home: string;
let folder: CertificateFolder;
let service: CertificateService;
let environment: TrustEnvironment;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hopscope-home-'));
  folder = await CertificateFolder.create();
  service = await folder.open();
  for (const name of ['anchors', 'etc', 'hooks']) await mkdir(join(home, name));
  await writeFile(join(home, 'one.conf'), 'mozilla/ISRG_Root_X1.crt\n');
  environment = {
    platform: 'linux',
    home,
    path: '/usr/bin:/usr/sbin:/bin',
    isAdministrator: true,
    systemStores: [
      {
        anchors: join(home, 'anchors'),
        update: [
          'update-ca-certificates',
          '--localcertsdir',
          join(home, 'anchors'),
          '--etccertsdir',
          join(home, 'etc'),
          '--hooksdir',
          join(home, 'hooks'),
          // One certificate of the distribution; all of them take seconds.
          '--certsconf',
          join(home, 'one.conf'),
        ],
        bundle: join(home, 'etc', 'ca-certificates.crt'),
      },
    ],
    run: runCommand,
  };
});
afterEach(async () => {
  await folder.remove();
  await rm(home, { recursive: true, force: true });
});

const store = async (trust: TrustService, id: string): Promise<TrustStoreStatus> => {
  const found = (await trust.status()).stores.find((each) => each.id.startsWith(id));
  if (found === undefined) throw new Error(`no store ${id}`);
  return found;
};
const texts = (commands: readonly { readonly text: string }[]) => commands.map((command) => command.text);

describe.runIf(isInstalled('update-ca-certificates', '--help'))('the system store', () => {
  it('trusts the CA after the shown commands, and is as before after the others', async () => {
    await service.createCa();
    const trust = new TrustService(service, environment);
    const before = await store(trust, 'linux-system');
    expect(before).toMatchObject({
      status: 'notTrusted',
      isAutomatic: true,
      isTested: true,
      removeCommands: [],
    });
    const seen: TrustProgress[] = [];
    const agreedCommands = texts(before.installCommands);
    const done = await trust.change({ store: before.id, action: 'install', agreedCommands }, (each) =>
      seen.push(each),
    );
    expect(done.steps.map((step) => [step.command, step.exitCode])).toEqual(
      agreedCommands.map((text) => [text, 0]),
    );
    expect(done.status).toMatchObject({ status: 'trusted', installCommands: [] });
    expect(seen.map(({ step, state }) => `${step} ${state}`)).toEqual([
      '1 running',
      '1 done',
      '2 running',
      '2 done',
    ]);
    const bundle = await readFile(join(home, 'etc', 'ca-certificates.crt'), 'utf8');
    expect(bundle).toContain(service.info().ca!.certificatePem.split('\n')[3]);

    const agreed = texts(done.status.removeCommands);
    const removed = await trust.change({ store: before.id, action: 'remove', agreedCommands: agreed });
    expect(removed.status.status).toBe('notTrusted');
    expect(await readdir(join(home, 'anchors'))).toEqual([]);
    expect((await readdir(join(home, 'etc'))).filter((name) => name.includes('hopscope'))).toEqual([]);
  });

  it('runs nothing but what was agreed to, and nothing where it may not', async () => {
    await service.createCa();
    const trust = new TrustService(service, environment);
    const { id, installCommands } = await store(trust, 'linux-system');
    const agreedCommands = [...texts(installCommands).slice(0, -1), 'update-ca-certificates'];
    await expect(trust.change({ store: id, action: 'install', agreedCommands })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await readdir(join(home, 'anchors'))).toEqual([]);

    const restricted = new TrustService(service, {
      ...environment,
      isAdministrator: false,
      path: '/usr/sbin',
    });
    const shown = await store(restricted, 'linux-system');
    expect(shown.isAutomatic).toBe(false);
    expect(texts(shown.installCommands)[0]).toMatch(/^sudo install /);
    await expect(
      restricted.change({ store: id, action: 'install', agreedCommands: texts(shown.installCommands) }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    expect(await readdir(join(home, 'anchors'))).toEqual([]);
  });

  it('says that an older CA is trusted, and stops at a command that fails', async () => {
    await service.createCa();
    await writeFile(join(home, 'anchors', 'hopscope-ca-0123456789abcdef.crt'), 'old');
    const run: TrustEnvironment['run'] = (command) =>
      command.program === 'install'
        ? Promise.resolve({ exitCode: 1, output: 'disk full' })
        : runCommand(command);
    const trust = new TrustService(service, { ...environment, run });
    const shown = await store(trust, 'linux-system');
    expect(shown).toMatchObject({ status: 'otherCa', detail: expect.stringContaining('0123456789abcdef') });
    const agreedCommands = texts(shown.installCommands);
    const { steps, status } = await trust.change({ store: shown.id, action: 'install', agreedCommands });
    expect(steps).toEqual([{ command: agreedCommands[0], exitCode: 1, output: 'disk full' }]);
    expect(status.status).toBe('otherCa');
  });
});

describe.runIf(isInstalled('certutil', '-H'))('NSS databases', () => {
  it('are found for Chromium and each Firefox profile, trusted and cleaned again', async () => {
    await service.issue({ names: ['shop.test'] });
    const profile = join(home, '.mozilla/firefox/x1y2.default-release');
    await mkdir(profile, { recursive: true });
    await runCommand({ program: 'certutil', args: ['-N', '-d', `sql:${profile}`, '--empty-password'] });
    const trust = new TrustService(service, environment);
    const { stores } = await trust.status();
    const databases = stores.filter((each) => each.id.startsWith('nss:'));
    expect(databases.map((each) => [each.title, each.status])).toContainEqual([
      'Firefox profile default-release',
      'notTrusted',
    ]);
    for (const database of databases) {
      const agreedCommands = texts(database.installCommands);
      const { status } = await trust.change({ store: database.id, action: 'install', agreedCommands });
      expect(status.status).toBe('trusted');
      const leaf = await runCommand({
        program: 'certutil',
        args: [
          '-A',
          '-d',
          database.id.replace('nss:', 'sql:'),
          '-t',
          ',,',
          '-n',
          'leaf',
          '-i',
          await leafFile(),
        ],
      });
      expect(leaf.exitCode).toBe(0);
      // NSS itself: a server's certificate under this root is valid.
      const verified = await runCommand({
        program: 'certutil',
        args: ['-V', '-d', database.id.replace('nss:', 'sql:'), '-n', 'leaf', '-u', 'V', '-e'],
      });
      expect(verified.output).toContain('certificate is valid');
      const removed = await trust.change({
        store: database.id,
        action: 'remove',
        agreedCommands: texts(status.removeCommands),
      });
      expect(removed.status.status).toBe('notTrusted');
    }
    expect(databases.length).toBeGreaterThanOrEqual(1);
  });

  const leafFile = async () => {
    const file = folder.file('leaf.pem');
    await writeFile(file, service.material('shop-test')!.certificateChainPem);
    return file;
  };

  it('say what is missing where certutil is not installed', async () => {
    await service.createCa();
    await mkdir(join(home, '.pki/nssdb'), { recursive: true });
    await writeFile(join(home, '.pki/nssdb/cert9.db'), '');
    const trust = new TrustService(service, { ...environment, path: '/nowhere' });
    expect(await store(trust, 'nss:')).toMatchObject({
      status: 'unavailable',
      detail: expect.stringContaining('libnss3-tools'),
      installCommands: [],
    });
  });
});

describe('without a CA', () => {
  it('tells the stores there are and offers nothing', async () => {
    const trust = new TrustService(service, environment);
    const { caFingerprint, stores } = await trust.status();
    expect(caFingerprint).toBeNull();
    expect(stores.map((each) => each.installCommands)).toEqual(stores.map(() => []));
    await expect(
      trust.change({ store: 'linux-system', action: 'install', agreedCommands: ['x'] }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
