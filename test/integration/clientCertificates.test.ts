import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { CertificateMaterial } from '../../main/engine/certificateContexts';
import { subjectText } from '../../main/engine/listener/clientCertificate';
import { EngineHarness, TestServer } from '../helpers/engineHarness';
import type { TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

let authority: TestAuthority;
let stranger: TestAuthority;
let shop: TestCertificate;
let ann: TestCertificate;
let eve: TestCertificate;
let harness: EngineHarness;
let origin: TestServer;
const sockets: TLSSocket[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  stranger = await TestAuthority.create('Somebody else');
  shop = await authority.issue('shop.test');
  ann = await authority.issue('ann.test');
  eve = await stranger.issue('eve.test');
});

beforeEach(async () => {
  harness = new EngineHarness();
  origin = await TestServer.start((socket) => {
    socket.on('data', (bytes) =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n${bytes}`),
    );
  });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await harness.close();
  await origin.close();
});

type Mode = 'off' | 'request' | 'require';

function run(mode: Mode, ids = ['ca']): Promise<void> {
  const document: WorkspaceDocument = {
    schemaVersion: 1,
    listeners: [
      {
        id: 'secure',
        port: 0,
        protocol: 'https',
        tls: { certificates: ['shop'], clientCertificates: { mode, caCertificates: ids } },
      },
    ],
    routes: [{ id: 'all', kind: 'http', listeners: ['secure'], backends: [{ pool: 'origin' }] }],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
  };
  const store = new Map<string, CertificateMaterial>([
    ['shop', shop],
    ['ca', authority.material],
  ]);
  return harness.run(document, store);
}

/** What the endpoint got, or what went wrong. */
async function ask(own: TestCertificate | null, headers = '', more: ConnectionOptions = {}): Promise<string> {
  const shown = own === null ? {} : { cert: own.certificateChainPem, key: own.privateKeyPem };
  const options = {
    port: harness.port('secure'),
    host: '127.0.0.1',
    servername: 'shop.test',
    ca: authority.pem,
  };
  const socket = connect({ ...options, ...shown, ...more });
  sockets.push(socket);
  socket.write(`GET / HTTP/1.1\r\nHost: shop.test\r\n${headers}\r\n`);
  const answer = await Promise.race([
    once(socket, 'data').then(([bytes]) => String(bytes)),
    once(socket, 'close').then(() => 'closed'),
  ]).catch((error: Error) => `error ${error.message}`);
  return answer;
}

describe('a listener that asks for client certificates', () => {
  it.each(['request', 'require'] as const)('passes the verified subject on (%s)', async (mode) => {
    await run(mode);
    expect(await ask(ann)).toContain('X-Client-Certificate-Subject: CN=ann.test\r\n');
    expect(await harness.waitFor('tls.established')).toMatchObject({
      verified: true,
      peerSubject: 'CN=ann.test',
    });
  });

  it.each(['off', 'request', 'require'] as const)(
    'never passes on what a client says of itself (%s)',
    async (mode) => {
      await run(mode);
      const lies = [
        'X-Client-Certificate-Subject',
        'x_client_certificate_subject',
        'X-Client.Certificate-Subject',
      ];
      const got = await ask(
        mode === 'require' ? ann : null,
        lies.map((name) => `${name}: CN=admin\r\n`).join(''),
      );
      expect(got).toContain('200 OK');
      expect(got).not.toContain('admin');
    },
  );

  it('lets a client without one, or with one of a stranger, go on with request, and believes neither', async () => {
    await run('request');
    expect(await ask(null)).not.toContain('Subject');
    expect(await ask(eve)).not.toContain('Subject');
    const seen = await harness.waitFor('tls.established', ({ peerSubject }) => peerSubject !== undefined);
    expect(seen).toMatchObject({ verified: false, peerSubject: 'CN=eve.test' });
  });

  it('refuses a client without one with require', async () => {
    await run('require');
    expect(await ask(null)).toMatch(/closed|error/);
    expect(await harness.waitFor('tls.failed')).toMatchObject({
      leg: 'downstream',
      reason: 'the client showed no certificate, and one is required here',
    });
  });

  it('refuses one that a stranger signed with require', async () => {
    await run('require');
    expect(await ask(eve)).toMatch(/closed|error/);
    expect(await harness.waitFor('tls.failed')).toMatchObject({
      reason: expect.stringContaining('the certificate of the client is not accepted'),
    });
    expect(origin.sockets.size).toBe(0);
  });

  it('resumes a session of its own, and none from before it asked', async () => {
    await run('off');
    const [first] = [
      connect({
        port: harness.port('secure'),
        host: '127.0.0.1',
        servername: 'shop.test',
        ca: authority.pem,
      }),
    ];
    sockets.push(first!);
    const [session] = (await once(first!, 'session')) as [Buffer];
    await run('require');
    expect(await ask(null, '', { session })).toMatch(/closed|error/);
    expect(await ask(ann)).toContain('Subject: CN=ann.test');
  });
});

describe('subjectText', () => {
  it.each([
    ['O=Shop\nCN=ann', 'CN=ann,O=Shop'],
    ['CN=Zoë', 'CN=Zo\\c3\\ab'],
    ['CN=a\r\nX-Evil: 1', 'X-Evil: 1,CN=a\\0d'],
  ])('writes %j as one line of ASCII', (subject, text) => {
    expect(subjectText(subject)).toBe(text);
  });
});
