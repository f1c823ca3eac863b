// Certificates by ACME from pebble, all three ways, with challenges answered by the running engine.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { connect } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAcmeAccount, deleteAcmeAccount, getAcmeDirectory } from '../../main/certs/acme/acmeAccounts';
import { AcmeService } from '../../main/certs/acme/acmeService';
import type { CertificateService } from '../../main/certs/certificateService';
import { RenewalSchedule } from '../../main/certs/renewalSchedule';
import type { AcmeOrder } from '../../main/contract/acme';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness } from '../helpers/engineHarness';
import { isInstalled } from '../helpers/opensslFixture';
import { Pebble } from '../helpers/pebble';
import { CertificateFolder } from '../main/certs/certificateFolder';

const canRun = isInstalled('pebble', '-h') && isInstalled('pebble-challtestsrv', '-h');
const dayMs = 86_400_000;

let pebble: Pebble;
let folder: CertificateFolder;
let service: CertificateService;
let harness: EngineHarness;
let acme: AcmeService;
let now = 0;

function workspace(): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [
      { id: 'web', port: pebble.httpPort, protocol: 'http' },
      { id: 'secure', port: pebble.tlsPort, protocol: 'https', tls: { certificates: ['first'] } },
    ],
    routes: [
      {
        id: 'all',
        kind: 'http',
        listeners: ['web', 'secure'],
        filters: [{ type: 'redirect', scheme: 'https', status: 301 }],
        backends: [],
      },
    ],
  };
}

async function order(input: Omit<Parameters<AcmeService['start']>[0], 'account'>): Promise<AcmeOrder> {
  const account = service.store.contents.accounts.keys().next().value!;
  return acme.finished(acme.start({ account, ...input }).id);
}

async function startParts(): Promise<void> {
  now = 0;
  folder = await CertificateFolder.create();
  service = await folder.open(() => Date.now() + now);
  await service.issue({ id: 'first', names: ['first.test'] });
  harness = new EngineHarness();
  await harness.run(workspace(), service.materials());
  acme = new AcmeService({
    certificates: service,
    answers: harness.engine.challenges,
    answering: () => ({ http: [], tls: [] }),
  });
  await createAcmeAccount(service, {
    url: pebble.directoryUrl,
    caCertificatePem: pebble.caPem,
    email: 'ann@shop.test',
    agreesToTerms: true,
  });
}

async function stopParts(): Promise<void> {
  acme.close();
  await harness.close();
  await folder.remove();
}

describe.runIf(canRun)('ACME with pebble', () => {
  beforeAll(async () => {
    pebble = await Pebble.start();
  });
  afterAll(() => pebble.close());
  beforeEach(startParts);
  afterEach(stopParts);

  it('tells the terms of the server and makes an account whose key rests sealed', async () => {
    const directory = await getAcmeDirectory({ url: pebble.directoryUrl, caCertificatePem: pebble.caPem });
    expect(directory).toMatchObject({
      needsExternalAccount: false,
      termsOfService: expect.stringMatching(/^data:|^https:/),
    });
    expect(acme.state().accounts).toMatchObject([
      { email: 'ann@shop.test', problem: null, directoryUrl: pebble.directoryUrl },
    ]);
    expect(JSON.stringify(service.store.contents.accounts.values().next().value!.file)).not.toContain(
      'PRIVATE',
    );
  });

  it('gets one by http-01 although a route redirects everything, and shows every step', async () => {
    const seen: string[] = [];
    acme.onChange(() => seen.push(acme.state().orders[0]?.steps.at(-1)?.name ?? ''));
    const done = await order({ names: ['Shop.test', 'www.shop.test'], challenge: 'http-01' });
    expect(done.problem).toBeNull();
    expect(done.state).toBe('done');
    expect(done.steps.map((step) => [step.name, step.hostname, step.state])).toEqual([
      ['order', null, 'done'],
      ['challenge', 'shop.test', 'done'],
      ['validation', 'shop.test', 'done'],
      ['challenge', 'www.shop.test', 'done'],
      ['validation', 'www.shop.test', 'done'],
      ['finalize', null, 'done'],
      ['download', null, 'done'],
      ['install', null, 'done'],
    ]);
    expect(new Set(seen)).toContain('finalize');
    const info = service.info().certificates.find((each) => each.id === 'shop-test');
    expect(info).toMatchObject({
      dnsNames: ['shop.test', 'www.shop.test'],
      origin: { type: 'acme', challenge: 'http-01' },
      hasPrivateKey: true,
      intermediates: 1,
    });
    expect(harness.engine.challenges.answersHttp).toBe(false);
    expect(JSON.stringify(acme.state())).not.toContain('PRIVATE');
  });

  it('gets one by tls-alpn-01 on the https listener, whose own clients see their certificate meanwhile', async () => {
    const done = await order({ names: ['shop.test'], challenge: 'tls-alpn-01', keyType: 'rsa-2048' });
    expect(done).toMatchObject({ state: 'done', problem: null });
    expect(service.info().certificates.find((each) => each.id === 'shop-test')?.keyType).toBe('RSA 2048');
    expect(harness.engine.challenges.answersTls).toBe(false);
  });

  it('gets a wildcard by dns-01 after the record was set', async () => {
    const account = service.store.contents.accounts.keys().next().value!;
    const waiting = new Promise<AcmeOrder>((resolve) => {
      acme.onChange(() => {
        const [first] = acme.state().orders;
        if (first?.state === 'needsRecords') resolve(first);
      });
    });
    const { id } = acme.start({ account, names: ['*.shop.test', 'shop.test'], challenge: 'dns-01' });
    const { records } = await waiting;
    expect(records.map((record) => record.name)).toEqual([
      '_acme-challenge.shop.test',
      '_acme-challenge.shop.test',
    ]);
    for (const { name, value } of records) await pebble.setTxt(name, value);
    expect(acme.continue(id).state).toBe('running');
    expect(await acme.finished(id)).toMatchObject({ state: 'done', problem: null });
    const info = service.info().certificates.find((each) => each.id === 'wildcard-shop-test');
    expect(info?.dnsNames.toSorted()).toEqual(['*.shop.test', 'shop.test']);
    expect(info?.renewal).toMatchObject({ isPossible: true, isAutomatic: false });
  });

  it('renews itself in time, and the running listener switches while a connection stays', async () => {
    await order({ names: ['shop.test'], challenge: 'http-01' });
    const document = workspace();
    document.listeners![1]!.tls = { certificates: ['shop-test'] };
    await harness.run(document, service.materials());
    service.onChange(() => void harness.apply(document, service.materials()));
    const before = await served('shop.test');
    const { notAfter } = service.info().certificates.find((each) => each.id === 'shop-test')!;
    now = Date.parse(notAfter) - Date.now() - 10 * dayMs;
    const schedule = new RenewalSchedule(service, acme);
    const applied = new Promise<void>((resolve) => {
      service.onChange((info) => {
        const serial = info.certificates.find((each) => each.id === 'shop-test')?.serialNumber;
        if (serial !== before.certificate.serialNumber.toLowerCase()) resolve();
      });
    });
    await applied;
    schedule.close();
    await harness.apply(document, service.materials());
    const after = await served('shop.test');
    expect(after.certificate.serialNumber).not.toBe(before.certificate.serialNumber);
    expect(before.socket.destroyed).toBe(false);
    before.socket.destroy();
    after.socket.destroy();
    expect(acme.state().orders[0]).toMatchObject({ isRenewal: true, state: 'done' });
  });

  it('says what the server said when it is refused, backs off, and leaves nothing behind', async () => {
    await harness.run({ schemaVersion: 1, listeners: [] });
    const failed = await order({ names: ['shop.test'], challenge: 'http-01' });
    expect(failed.state).toBe('failed');
    expect(failed.problem).toMatch(
      /^127\.0\.0\.1:\d+: [^{]*connection refused \(the server connects to port 80/,
    );
    expect(failed.steps.at(-1)).toMatchObject({ name: 'validation', state: 'failed' });
    expect(service.info().certificates.map((each) => each.id)).toEqual(['first']);
    expect(harness.engine.challenges.answersHttp).toBe(false);
  });

  it('opens a port of its own where asked to, only while the order runs', async () => {
    await harness.run({ schemaVersion: 1, listeners: [] });
    for (const [challenge, port] of [
      ['http-01', pebble.httpPort],
      ['tls-alpn-01', pebble.tlsPort],
    ] as const) {
      const temporaryListener = { address: '127.0.0.1', port };
      const done = await order({ names: [`${challenge}.test`], challenge, temporaryListener });
      expect(done).toMatchObject({ state: 'done', problem: null });
      const probe = connectTcp(port, '127.0.0.1');
      await new Promise<void>((resolve) => probe.once('error', () => resolve()));
    }
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const refused = await order({
      names: ['busy.test'],
      challenge: 'http-01',
      temporaryListener: { address: '127.0.0.1', port },
    });
    expect(refused.problem).toContain('it is in use');
    busy.close();
  });

  it('can be cancelled while it waits, and forgotten', async () => {
    const account = service.store.contents.accounts.keys().next().value!;
    const waiting = new Promise<void>((resolve) => {
      acme.onChange(() => acme.state().orders[0]?.state === 'needsRecords' && resolve());
    });
    const { id } = acme.start({ account, names: ['shop.test'], challenge: 'dns-01' });
    await waiting;
    acme.cancel(id);
    expect(await acme.finished(id)).toMatchObject({ state: 'cancelled', problem: null });
    acme.cancel(id);
    expect(acme.state().orders).toEqual([]);
  });

  it.each([
    [{ names: ['*.shop.test'], challenge: 'http-01' }, 'dns-01'],
    [{ names: ['192.0.2.1'], challenge: 'http-01' }, 'is an address'],
    [{ names: ['a b'], challenge: 'http-01' }, 'neither a host name'],
  ] as const)('refuses %j before it asks the server', (input, words) => {
    const account = service.store.contents.accounts.keys().next().value!;
    expect(() => acme.start({ account, ...input, names: [...input.names] })).toThrow(words);
  });

  it('says plainly why a directory cannot be used', async () => {
    const url = pebble.directoryUrl;
    await expect(getAcmeDirectory({ url })).rejects.toThrow("give the PEM of the server's CA");
    await expect(
      getAcmeDirectory({ url: url.replace('/dir', '/none'), caCertificatePem: pebble.caPem }),
    ).rejects.toThrow('404');
    await expect(getAcmeDirectory({ url: 'https://127.0.0.1:1/dir' })).rejects.toThrow(
      'nobody listens there',
    );
  });

  it('deactivates an account and forgets it', async () => {
    const account = service.store.contents.accounts.keys().next().value!;
    await deleteAcmeAccount(service, account);
    expect(acme.state().accounts).toEqual([]);
    expect(() => acme.start({ account, names: ['a.test'], challenge: 'http-01' })).toThrow('no ACME account');
  });
});

describe.runIf(canRun)('ACME with a difficult pebble', () => {
  beforeAll(async () => {
    pebble = await Pebble.start({
      env: { PEBBLE_WFE_NONCEREJECT: '40', PEBBLE_AUTHZREUSE: '0' },
      args: ['-strict'],
    });
  });
  afterAll(() => pebble.close());
  beforeEach(startParts);
  afterEach(stopParts);

  it('gets certificates although two of five nonces are refused', async () => {
    for (const challenge of ['http-01', 'tls-alpn-01'] as const) {
      expect(await order({ names: ['hard.test'], challenge })).toMatchObject({
        state: 'done',
        problem: null,
      });
    }
  });
});

async function served(servername: string) {
  const socket = connect({ port: pebble.tlsPort, host: '127.0.0.1', servername, rejectUnauthorized: false });
  await new Promise<void>((resolve) => socket.once('secureConnect', () => resolve()));
  return { socket, certificate: new X509Certificate(socket.getPeerCertificate().raw) };
}
