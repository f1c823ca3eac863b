// The calls about certificates as a UI makes them, on the running app.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyFileCipher } from '../../../main/certs/keyFileCipher';
import type { ApiEvents, ApiInput, ApiMethod, ApiResults } from '../../../main/contract/api';
import type { FrameChannel, ServerFrame } from '../../../main/contract/frame';
import { type App, composeApp } from '../../../main/services/composeApp';

let folder: string;
let app: App;
let ui: ReturnType<typeof openUi>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopscope-api-'));
  app = await composeApp({
    dataFolder: folder,
    host: 'browser',
    version: '1',
    notice: null,
    keyCipher: keyFileCipher(join(folder, 'certificates')),
  });
  ui = openUi();
});
afterEach(async () => {
  await app.close({ drainMs: 0 });
  await rm(folder, { recursive: true });
});

/** A UI in this process; `frames` is everything that it was sent. */
function openUi() {
  const frames: string[] = [];
  const answers = new Map<number, (frame: ServerFrame) => void>();
  const pushes: { readonly name: string; readonly payload: unknown }[] = [];
  let deliver: (frame: unknown) => void = () => undefined;
  const channel: FrameChannel = {
    send: (frame) => {
      frames.push(JSON.stringify(frame));
      const received = JSON.parse(JSON.stringify(frame)) as ServerFrame;
      if (received.type === 'event') pushes.push(received);
      else answers.get(received.id)?.(received);
    },
    onMessage: (handler) => {
      deliver = handler;
    },
    onClose: () => undefined,
    close: () => undefined,
    bufferedBytes: () => 0,
  };
  app.connect(channel);
  let nextId = 0;
  const call = <Method extends ApiMethod>(method: Method, input?: ApiInput<Method>) =>
    new Promise<ApiResults[Method]>((resolve, reject) => {
      const id = nextId++;
      answers.set(id, (frame) => {
        if (frame.type === 'result') resolve(frame.value as ApiResults[Method]);
        else if (frame.type === 'error') reject(frame.error);
      });
      deliver({ type: 'call', id, method, input });
    });
  const pushed = <Name extends keyof ApiEvents>(name: Name) =>
    pushes.filter((each) => each.name === name).map((each) => each.payload as ApiEvents[Name]);
  return { call, pushed, frames };
}

async function runListener(certificates: readonly string[]): Promise<number> {
  const { revision } = await ui.call('getRunningConfig');
  const { listeners } = await ui.call('applyConfig', {
    baseRevision: revision,
    document: {
      schemaVersion: 1,
      listeners: [
        { id: 'secure', port: 0, protocol: 'https', tls: { certificates } },
        { id: 'plain', port: 0, protocol: 'http' },
      ],
      routes: [
        {
          id: 'all',
          kind: 'http',
          listeners: ['secure'],
          filters: [{ type: 'respond', status: 200, body: 'hello' }],
          backends: [],
        },
      ],
    },
  });
  return listeners.find(({ id }) => id === 'secure')!.port;
}

describe('certificates of a running listener', () => {
  it('are checked by a real handshake: which one, for whom, and whether clients accept it', async () => {
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test', '127.0.0.1'] });
    await ui.call('issueCertificate', { id: 'api', names: ['*.api.test'], keyType: 'rsa-2048' });
    await runListener(['shop', 'api']);
    const check = (serverName: string | null) =>
      ui.call('checkServedCertificate', { listener: 'secure', serverName });
    expect(await check('a.api.test')).toMatchObject({
      certificate: 'api',
      isAccepted: true,
      problem: null,
      protocol: 'TLSv1.3',
      alpn: 'h2',
      chain: [{ dnsNames: ['*.api.test'], keyType: 'RSA 2048' }, { keyType: 'ECDSA P-256' }],
    });
    expect(await check(null)).toMatchObject({ certificate: 'shop', isAccepted: true });
    expect(await check('other.test')).toMatchObject({
      certificate: 'shop',
      isAccepted: false,
      problem: 'it is not for "other.test" but for shop.test, 127.0.0.1',
    });
    await ui.call('revokeCertificate', { id: 'api', reason: 'keyCompromise' });
    expect(await check('a.api.test')).toMatchObject({
      isAccepted: false,
      problem: expect.stringContaining('revoked'),
    });
    await expect(
      ui.call('checkServedCertificate', { listener: 'plain', serverName: null }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(
      ui.call('checkServedCertificate', { listener: 'none', serverName: null }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('are renewed while a connection stays: it goes on, the next one sees the new certificate', async () => {
    const before = await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    const port = await runListener(['shop']);
    const socket = await handshake(port);
    const renewed = await ui.call('renewCertificate', { id: 'shop' });
    if (renewed.kind !== 'renewed') throw new Error('a local certificate is renewed at once');
    expect(renewed.certificate.serialNumber).not.toBe(before.serialNumber);
    await app.config.refreshCertificates();
    const check = await ui.call('checkServedCertificate', { listener: 'secure', serverName: 'shop.test' });
    expect(check).toMatchObject({
      certificate: 'shop',
      chain: [{ serialNumber: renewed.certificate.serialNumber }, {}],
    });
    socket.write('GET / HTTP/1.1\r\nhost: shop.test\r\nconnection: close\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('200 OK');
    socket.destroy();
    expect(ui.pushed('certificates.changed').at(-1)?.certificates[0]?.serialNumber).toBe(
      renewed.certificate.serialNumber,
    );
  });

  it('are not removed while they are used', async () => {
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    await runListener(['shop']);
    await expect(ui.call('deleteCertificate', { id: 'shop' })).rejects.toMatchObject({
      code: 'conflict',
      message: '"shop" is used by listener "secure"; take it away there first',
    });
    await runListener([]).catch(() => undefined);
    await ui.call('issueCertificate', { id: 'other', names: ['other.test'] });
    expect(await ui.call('deleteCertificate', { id: 'other' })).toBeNull();
  });
});

describe('what a UI is sent', () => {
  it('never holds a private key but for an export that was confirmed', async () => {
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    await ui.call('createCertificateRequest', { names: ['csr.test'] });
    await ui.call('getCertificateDetails', { id: 'shop' });
    await ui.call('getCertificates');
    await ui.call('getAcme');
    await ui.call('getTrustStatus');
    await ui.call('exportCertificate', { id: 'shop', format: 'chain' });
    await expect(
      ui.call('exportCertificate', { id: 'shop', format: 'key', password: 'x' }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const key = app.certificates.material('shop')!.privateKeyPem;
    // Behind them comes the public half, which the certificate holds, too.
    const lines = key.split('\n').slice(1, 3);
    const all = ui.frames.join('\n');
    for (const line of lines) {
      expect(all).not.toContain(line);
      expect(all).not.toContain(Buffer.from(line).toString('base64').slice(4, 60));
    }
    const exported = await ui.call('exportCertificate', {
      id: 'shop',
      format: 'key',
      confirmsKeyExport: true,
      allowsPlainKey: true,
    });
    expect(Buffer.from(exported.contentBase64, 'base64').toString()).toBe(key);
  });

  it('tells of the download for phones when it opens and closes', async () => {
    await ui.call('createCa', {});
    const { addresses } = await ui.call('getCaDownload');
    const [first] = addresses;
    if (first === undefined) return; // no network here
    const { active } = await ui.call('startCaDownload', { address: first.address, agrees: true, minutes: 1 });
    const probe = connectTcp(active!.port, first.address);
    await once(probe, 'connect');
    probe.destroy();
    await ui.call('stopCaDownload');
    expect(ui.pushed('caDownload.changed').map((state) => state.active === null)).toEqual([false, true]);
  });

  it('locks and unlocks the key store by passphrase', async () => {
    await ui.call('issueCertificate', { id: 'shop', names: ['shop.test'] });
    const passphrase = 'korrekt pferd batterie';
    const set = await ui.call('protectKeyStore', { protection: 'passphrase', passphrase });
    expect(set.keyStore).toMatchObject({ protection: 'passphrase', isLocked: false, canChange: true });
    const other = await composeApp({
      dataFolder: folder,
      host: 'browser',
      version: '1',
      notice: null,
      keyCipher: keyFileCipher(join(folder, 'certificates')),
    });
    expect(other.certificates.info()).toMatchObject({ keyStore: { isLocked: true }, problems: [] });
    expect(other.certificates.material('shop')).toBeNull();
    expect(other.certificates.info().certificates[0]?.warnings[0]?.message).toContain(
      'locked: give its passphrase',
    );
    await expect(other.certificates.unlock('wrong one')).rejects.toMatchObject({ code: 'unauthorized' });
    await other.certificates.unlock(passphrase);
    expect(other.certificates.material('shop')).not.toBeNull();
    await other.close({ drainMs: 0 });
    await expect(
      ui.call('protectKeyStore', { protection: 'passphrase', passphrase: 'short' }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(ui.frames.join('')).not.toContain(passphrase);
  });
});

async function handshake(port: number): Promise<TLSSocket> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername: 'shop.test',
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
  });
  await once(socket, 'secureConnect');
  return socket;
}
