import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { duplexPair } from 'node:stream';
import { type ConnectionOptions, connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';
import { helloMessage, records, u16, vector } from '../helpers/helloBytes';
import { selfSigned, type TestCertificate } from '../helpers/testCertificates';

let harness: EngineHarness;
let bank: TestCertificate;
let shop: TestCertificate;
let bankServer: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  bank = selfSigned('bank.example.test', '*.bank.example.test');
  shop = selfSigned('shop.test', '*.shop.test');
  bankServer = createServer({ cert: bank.certificateChainPem, key: bank.privateKeyPem }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => socket.write(`bank: ${bytes}`));
  });
  bankServer.listen(0, '127.0.0.1');
  await once(bankServer, 'listening');
});

afterAll(async () => {
  bankServer.close();
  await once(bankServer, 'close');
});

beforeEach(() => {
  harness = new EngineHarness();
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await harness.close();
});

type Limits = NonNullable<NonNullable<WorkspaceDocument['listeners']>[number]['limits']>;

function passthrough(port: number, limits: Limits = {}): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'edge', port: 0, protocol: 'tls', limits }],
    routes: [
      {
        id: 'sealed',
        kind: 'tls',
        listeners: ['edge'],
        hostnames: ['*.bank.example.test', 'bank.example.test'],
        backends: [{ pool: 'bank' }],
      },
    ],
    pools: [{ id: 'bank', endpoints: [{ address: '127.0.0.1', port }] }],
  };
}

function bankPort(): number {
  const address = bankServer.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function connectTls(
  port: number,
  servername: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    servername,
    ca: [bank.certificateChainPem, shop.certificateChainPem],
    ...options,
  });
  sockets.add(socket);
  await once(socket, 'secureConnect');
  return socket;
}

async function ask(socket: TLSSocket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

describe('a tls listener', () => {
  it('passes the connection through by SNI, sealed', async () => {
    await harness.run(passthrough(bankPort()));
    const socket = await connectTls(harness.port('edge'), 'branch.bank.example.test', {
      ALPNProtocols: ['x-money'],
    });
    expect(await ask(socket, 'balance?')).toBe('bank: balance?');
    expect(socket.getPeerCertificate().subject.CN).toBe('bank.example.test');
    const hello = await harness.waitFor('tls.clientHello');
    expect(hello).toMatchObject({
      serverName: 'branch.bank.example.test',
      alpn: ['x-money'],
      encryptedClientHello: false,
    });
    expect(await harness.waitFor('route.matched')).toMatchObject({
      route: 'sealed',
      trace: {
        listener: 'edge',
        routes: [
          {
            route: 'sealed',
            outcome: 'won',
            predicates: [
              {
                predicate: 'serverName',
                expected: '*.bank.example.test or bank.example.test',
                actual: 'branch.bank.example.test',
                holds: true,
              },
            ],
          },
        ],
      },
    });
    socket.destroy();
    const closed = await harness.waitFor('flow.closed');
    const kinds = harness.story(closed.flowId).map(({ kind }) => kind);
    expect(kinds.slice(0, 4)).toEqual([
      'connection.opened',
      'flow.opened',
      'tls.clientHello',
      'route.matched',
    ]);
    expect(harness.events.map(({ flowId }) => flowId).every((flowId) => flowId === closed.flowId)).toBe(true);
  });

  it('reads a hello that comes byte by byte', async () => {
    await harness.run(passthrough(bankPort()));
    const splitter = await TestServer.start((socket) => {
      const onward = connectTcp({ port: harness.port('edge'), host: '127.0.0.1', noDelay: true });
      sockets.add(onward);
      onward.on('error', () => socket.destroy());
      onward.on('data', (bytes) => socket.write(bytes));
      socket.on('data', (bytes) => {
        for (const byte of bytes) onward.write(Buffer.from([byte]));
      });
      socket.on('end', () => onward.end());
    });
    const socket = await connectTls(splitter.port, 'bank.example.test');
    expect(await ask(socket, 'slowly')).toBe('bank: slowly');
    socket.destroy();
    await harness.waitFor('flow.closed');
    await splitter.close();
  });

  it('passes a hello split over many records on as it came', async () => {
    const received: Buffer[] = [];
    const bytes = records(helloMessage({ extra: [[0xfe0d, Buffer.alloc(300, 3)]] }), 11);
    let onAll: () => void;
    const all = new Promise<void>((resolve) => {
      onAll = resolve;
    });
    const server = await TestServer.start((socket) =>
      socket.on('data', (chunk) => {
        received.push(chunk);
        if (Buffer.concat(received).length >= bytes.length) onAll();
      }),
    );
    await harness.run(passthrough(server.port));
    const client = await TestClient.connect(harness.port('edge'));
    client.socket.write(bytes);
    await all;
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
    expect(await harness.waitFor('tls.clientHello')).toMatchObject({ encryptedClientHello: true });
    client.socket.resetAndDestroy();
    await harness.waitFor('flow.closed');
    await server.close();
  });

  it('closes a connection whose name no route takes, with the trace', async () => {
    await harness.run(passthrough(bankPort()));
    const client = await TestClient.connect(harness.port('edge'));
    client.socket.write(records(helloMessage({ serverName: 'other.test' })));
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('route.missed')).toMatchObject({
      trace: { routes: [{ route: 'sealed', outcome: 'missed' }] },
    });
    expect(await harness.waitFor('flow.failed')).toMatchObject({
      code: 'no_route',
      message: 'no route of listener "edge" takes "other.test"',
    });
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'failed' });
  });

  it('recognises what is not TLS at its first byte', async () => {
    await harness.run(passthrough(bankPort()));
    const client = await TestClient.connect(harness.port('edge'));
    client.socket.write('G');
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('flow.failed')).toMatchObject({
      code: 'not_tls',
      message: 'does not begin like TLS',
    });
  });

  it('gives up on a client that stays silent', async () => {
    await harness.run(passthrough(bankPort(), { headerTimeoutMs: 150 }));
    const client = await TestClient.connect(harness.port('edge'));
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('timeout')).toMatchObject({ timeout: 'clientHello', afterMs: 150 });
    expect(await harness.waitFor('connection.closed')).toMatchObject({
      closedBy: 'proxy',
      reason: 'request_timeout',
    });
  });

  it('tells a client that leaves before its hello is whole', async () => {
    await harness.run(passthrough(bankPort()));
    const client = await TestClient.connect(harness.port('edge'));
    client.socket.end(records(helloMessage()).subarray(0, 20));
    expect(await harness.waitFor('flow.closed')).toMatchObject({ outcome: 'aborted' });
    expect(await harness.waitFor('connection.closed')).toMatchObject({
      closedBy: 'client',
      reason: 'end',
      bytesRead: 20,
    });
  });

  it('decrypts and relays for a route that terminates', async () => {
    const server = await TestServer.start((socket) => {
      socket.on('data', (bytes) => socket.write(`plain: ${bytes}`));
      socket.on('end', () => socket.end());
    });
    await harness.run(
      {
        schemaVersion: 1,
        listeners: [{ id: 'edge', port: 0, protocol: 'tls', tls: { certificates: ['shop'] } }],
        routes: [
          { id: 'open', kind: 'tls', listeners: ['edge'], mode: 'terminate', backends: [{ pool: 'plain' }] },
        ],
        pools: [{ id: 'plain', endpoints: [{ address: '127.0.0.1', port: server.port }] }],
      },
      new Map([['shop', shop]]),
    );
    const socket = await connectTls(harness.port('edge'), 'shop.test');
    expect(await ask(socket, 'hello')).toBe('plain: hello');
    const seen = socket.getPeerX509Certificate()!;
    socket.end();
    await once(socket, 'close');
    const closed = await harness.waitFor('flow.closed');
    expect(closed).toMatchObject({ outcome: 'completed' });
    expect(await harness.waitFor('tls.established')).toMatchObject({
      certificate: 'shop',
      flowId: closed.flowId,
      // What the client says that it was shown.
      servedChain: [{ fingerprint: seen.fingerprint256, validTo: seen.validTo, names: seen.subjectAltName }],
    });
    const chunks = harness.events.filter((event) => event.kind === 'chunk' && event.operation === 'write');
    expect(chunks).toMatchObject([{ bytes: 5 }, { bytes: 12 }]);
    await server.close();
  });
});

describe('an https listener', () => {
  function workspace(tls: object = {}, limits: Limits = {}): WorkspaceDocument {
    return {
      schemaVersion: 1,
      listeners: [
        { id: 'secure', port: 0, protocol: 'https', limits, tls: { certificates: ['shop', 'bank'], ...tls } },
      ],
      routes: [
        { id: 'web', kind: 'http', listeners: ['secure'], filters: [{ type: 'respond', body: 'hi' }] },
        {
          id: 'sealed',
          kind: 'tls',
          listeners: ['secure'],
          hostnames: ['vault.bank.example.test'],
          backends: [{ pool: 'bank' }],
        },
      ],
      pools: [{ id: 'bank', endpoints: [{ address: '127.0.0.1', port: bankPort() }] }],
    };
  }
  const certificates = () =>
    new Map([
      ['shop', shop],
      ['bank', bank],
    ]);

  it.each([
    ['shop.test', 'shop'],
    ['www.shop.test', 'shop'],
    ['bank.example.test', 'bank'],
    ['unknown.test', 'shop'],
  ])('serves for %s the certificate %s', async (servername, certificate) => {
    await harness.run(workspace(), certificates());
    const socket = await connectTls(harness.port('secure'), servername, {
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const names = { shop: 'shop.test', bank: 'bank.example.test' } as Record<string, string>;
    expect(socket.getPeerCertificate().subject.CN).toBe(names[certificate]);
    expect(await harness.waitFor('tls.established')).toMatchObject({
      leg: 'downstream',
      version: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      alpn: 'h2',
      serverName: servername,
      certificate,
      resumed: false,
    });
    expect(await harness.waitFor('tls.clientHello')).toMatchObject({
      serverName: servername,
      alpn: ['h2', 'http/1.1'],
    });
  });

  it('shares its port with tls routes, which are asked first', async () => {
    await harness.run(workspace(), certificates());
    const socket = await connectTls(harness.port('secure'), 'vault.bank.example.test');
    expect(await ask(socket, 'gold?')).toBe('bank: gold?');
    expect(harness.events.some(({ kind }) => kind === 'tls.established')).toBe(false);
  });

  it('terminates without peeking when nobody watches and no tls route is there', async () => {
    const quiet = new EngineHarness();
    await quiet.close();
    const { Engine } = await import('../../main/engine/engine');
    const { parseWorkspace } = await import('../../main/contract/validateConfig');
    const engine = new Engine();
    const document = workspace();
    const parsed = parseWorkspace({ ...document, routes: [document.routes![0]!] });
    const outcome = await engine.apply({
      revision: 1,
      workspace: parsed.workspace!,
      certificates: certificates(),
    });
    if (!outcome.ok) throw new Error('not applied');
    const socket = await connectTls(outcome.listeners[0]!.port, 'shop.test');
    expect(socket.getPeerCertificate().subject.CN).toBe('shop.test');
    expect(engine.emitter.newestSeq).toBe(0);
    socket.destroy();
    await engine.close({ drainMs: 0 });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes sessions over %s, also after a reload',
    async (version) => {
      await harness.run(workspace(), certificates());
      const first = connect({
        port: harness.port('secure'),
        host: '127.0.0.1',
        servername: 'shop.test',
        ca: shop.certificateChainPem,
        maxVersion: version,
      });
      sockets.add(first);
      const [session] = (await once(first, 'session')) as [Buffer];
      first.destroy();
      await harness.run(workspace({ alpn: ['http/1.1'] }), certificates());
      const second = await connectTls(harness.port('secure'), 'shop.test', { session, maxVersion: version });
      expect(second.isSessionReused()).toBe(true);
      expect(await harness.waitFor('tls.established', ({ resumed }) => resumed)).toMatchObject({ version });
    },
  );

  const failures: readonly (readonly [string, ConnectionOptions, string])[] = [
    ['too old a version', { maxVersion: 'TLSv1.2' }, 'the client offers no TLS version that is allowed here'],
    [
      'no common protocol',
      { ALPNProtocols: ['spdy/3'] },
      'the client offers no protocol (ALPN) that is spoken here',
    ],
  ];
  it.each(failures)('says why the handshake failed: %s', async (_title, options, reason) => {
    await harness.run(workspace({ minVersion: 'TLSv1.3' }), certificates());
    const client = connect({
      port: harness.port('secure'),
      host: '127.0.0.1',
      servername: 'shop.test',
      ca: shop.certificateChainPem,
      ...options,
    });
    sockets.add(client);
    await once(client, 'error');
    client.destroy();
    expect(await harness.waitFor('tls.failed')).toMatchObject({ reason });
    expect(await harness.waitFor('connection.closed')).toMatchObject({ leg: 'downstream' });
  });

  it('says that a client does not trust the certificate', async () => {
    await harness.run(workspace(), certificates());
    const address = `127.0.0.1:${harness.port('secure')}`;
    const client = spawn('openssl', ['s_client', '-connect', address, '-verify_return_error'], {
      stdio: 'ignore',
    });
    await once(client, 'exit');
    const reason = 'the client does not trust the certificate (unknown CA)';
    expect(await harness.waitFor('tls.failed')).toMatchObject({ reason });
    expect(await harness.waitFor('connection.closed')).toMatchObject({
      closedBy: 'client',
      reason: 'tls_failed',
    });
  });

  it('notices a client that leaves in the middle of the handshake', async () => {
    await harness.run(workspace(), certificates());
    const client = await TestClient.connect(harness.port('secure'));
    client.socket.end(
      records(
        helloMessage({
          serverName: 'shop.test',
          keyShares: [[0x4242, 5]],
          groups: [0x3a3a, 0x4242, 23],
          extra: [[13, vector(2, u16(0x0403))]],
        }),
      ),
    );
    expect(await harness.waitFor('tls.failed')).toMatchObject({
      reason: 'the client left during the handshake',
    });
    expect(await harness.waitFor('connection.closed')).toMatchObject({ closedBy: 'client' });
  });

  it('offers no cipher suite without forward secrecy or with CBC', async () => {
    await harness.run(workspace(), certificates());
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-SHA384']) {
      const client = connect({
        port: harness.port('secure'),
        host: '127.0.0.1',
        ciphers,
        maxVersion: 'TLSv1.2',
        rejectUnauthorized: false,
      });
      sockets.add(client);
      const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toContain('HANDSHAKE_FAILURE');
    }
  });

  it('gives up on a handshake that is never finished', async () => {
    await harness.run(workspace({}, { headerTimeoutMs: 150 }), certificates());
    const client = await TestClient.connect(harness.port('secure'));
    client.socket.write(records(helloMessage({ serverName: 'shop.test', keyShares: [], versions: [] })));
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('connection.closed')).toMatchObject({ closedBy: 'proxy' });
    expect(await harness.waitFor('tls.failed')).toBeDefined();
  });

  it('says that the time for the handshake is over when the client stops in the middle of it', async () => {
    await harness.run(workspace({}, { headerTimeoutMs: 150 }), certificates());
    const hello = await new Promise<Buffer>((resolve) => {
      const [near, far] = duplexPair();
      far.once('data', resolve);
      sockets.add(connect({ socket: near, servername: 'shop.test' }).on('error', () => undefined));
    });
    const client = await TestClient.connect(harness.port('secure'));
    client.socket.write(hello);
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('timeout')).toMatchObject({ timeout: 'tlsHandshake', afterMs: 150 });
    expect(await harness.waitFor('connection.closed')).toMatchObject({ reason: 'header_timeout' });
  });

  it('refuses to apply without the certificate, naming its place', async () => {
    const outcome = await harness.apply(workspace(), new Map([['shop', shop]]));
    expect(outcome).toEqual({
      ok: false,
      issues: [
        {
          code: 'certificate_missing',
          severity: 'error',
          path: ['listeners', 0, 'tls', 'certificates', 1],
          message:
            'no certificate "bank" in the certificate store: issue or import it under this id, or name another one',
        },
      ],
    });
    expect(harness.engine.listeners()).toEqual([]);
  });

  it('refuses a key that belongs to another certificate', async () => {
    const mixed = { ...shop, privateKeyPem: bank.privateKeyPem };
    const outcome = await harness.apply(
      workspace(),
      new Map([
        ['shop', mixed],
        ['bank', bank],
      ]),
    );
    expect(outcome).toMatchObject({
      ok: false,
      issues: [{ code: 'certificate_mismatch', path: ['listeners', 0, 'tls', 'certificates', 0] }],
    });
    expect(JSON.stringify(outcome)).not.toContain('PRIVATE');
  });

  it('fails a flow to a dead endpoint behind a shared port', async () => {
    const document = workspace();
    const dead = await freePort();
    await harness.run(
      { ...document, pools: [{ id: 'bank', endpoints: [{ address: '127.0.0.1', port: dead }] }] },
      certificates(),
    );
    const client = await TestClient.connect(harness.port('secure'));
    client.socket.write(records(helloMessage({ serverName: 'vault.bank.example.test' })));
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'upstream_connect_failed' });
  });
});
