import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { connect, createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { CertificateMaterial } from '../../main/engine/certificateContexts';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';
import type { TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

let authority: TestAuthority;
let shop: TestCertificate;
let client: TestCertificate;
let harness: EngineHarness;
const closers: (() => void)[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  shop = await authority.issue('shop.test');
  client = await authority.issue('proxy.test');
});

beforeEach(() => {
  harness = new EngineHarness();
});

afterEach(async () => {
  await harness.close();
  for (const close of closers.splice(0)) close();
});

/** Answers every HTTP request with what it knows of the connection. */
async function httpsOrigin(options: TlsOptions = {}): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = await listen(options, (socket) => {
    const number = ++connections;
    socket.on('data', (bytes) => {
      if (!bytes.toString('latin1').includes('\r\n\r\n')) return;
      const peer = socket.getPeerCertificate();
      const body = JSON.stringify({
        connection: number,
        sni: (socket as TLSSocket & { servername?: string }).servername ?? null,
        client: peer.subject === undefined ? null : peer.subject.CN,
      });
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

async function listen(options: TlsOptions, onSecure: (socket: TLSSocket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer({ cert: shop.certificateChainPem, key: shop.privateKeyPem, ...options });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    onSecure(socket);
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

type PoolTls = NonNullable<PoolDocument['tls']>;

function web(port: number, tls: PoolTls | undefined, pool: Partial<PoolDocument> = {}): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
    pools: [
      {
        id: 'origin',
        endpoints: [{ address: '127.0.0.1', port }],
        ...(tls === undefined ? {} : { tls }),
        ...pool,
      },
    ],
  };
}

const store = () =>
  new Map<string, CertificateMaterial>([
    ['ca', authority.material],
    ['proxy', client],
    ['shop', shop],
  ]);

function ask(host = 'shop.test'): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port: harness.port('web'), host: '127.0.0.1', headers: { host }, agent: false });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.end();
  });
}

describe('a pool with tls, for http routes', () => {
  it('encrypts, asks for the host of the request, and uses the connection again', async () => {
    const origin = await httpsOrigin();
    await harness.run(web(origin.port, { caCertificates: ['ca'] }), store());
    const first = await ask();
    expect(first.status).toBe(200);
    expect(JSON.parse(first.body)).toEqual({ connection: 1, sni: 'shop.test', client: null });
    expect(JSON.parse((await ask()).body)).toMatchObject({ connection: 1 });
    const established = await harness.waitFor('tls.established', ({ leg }) => leg === 'upstream');
    expect(established).toMatchObject({
      version: 'TLSv1.3',
      alpn: null,
      serverName: 'shop.test',
      certificate: null,
      resumed: false,
      verified: true,
    });
    const kinds = harness.story(established.flowId).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(upstream|tls|connection)/.test(String(kind)))).toEqual([
      'upstream.connecting',
      'connection.opened',
      'tls.established',
      'upstream.connected',
    ]);
    await harness.waitFor('upstream.reused');
  });

  it('resumes the session on a new connection', async () => {
    const origin = await httpsOrigin();
    await harness.run(
      web(origin.port, { caCertificates: ['ca'] }, { connections: { reuse: false } }),
      store(),
    );
    await ask();
    await ask();
    await harness.waitFor('tls.established', ({ leg, resumed }) => leg === 'upstream' && resumed);
    expect(origin.connections()).toBe(2);
  });

  it('carries a request body of several writes and a large answer', async () => {
    const size = 3_000_000;
    const server = await listen({}, (socket) => {
      let got = 0;
      socket.on('data', (bytes) => {
        got += bytes.length;
        if (!bytes.subarray(-3).equals(Buffer.from('end'))) return;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\nX-Got: ${got > size}\r\n\r\n`);
        socket.write(Buffer.alloc(size, 'a'));
      });
    });
    const { port } = server.address() as AddressInfo;
    await harness.run(web(port, { caCertificates: ['ca'], serverName: 'shop.test' }), store());
    const connection = await TestClient.connect(harness.port('web'));
    const length = size + 3;
    connection.socket.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${length}\r\n\r\n`);
    connection.socket.write(Buffer.alloc(size, 'b'));
    connection.socket.write('end');
    await connection.until(() => connection.length > size);
    const text = connection.text;
    expect(text.slice(0, 200)).toContain('X-Got: true');
    const head = text.indexOf('\r\n\r\n') + 4;
    await connection.until(() => connection.length === head + size);
    connection.socket.destroy();
  });

  it.each<[string, PoolTls, RegExp]>([
    ['an authority that nobody named', {}, /signed by nobody that is trusted here/],
    [
      'a name that the certificate has not',
      { caCertificates: ['ca'], serverName: 'bank.test' },
      /bank\.test/,
    ],
  ])('answers 502 upstream_tls_failed for %s', async (_what, tls, reason) => {
    const origin = await httpsOrigin();
    await harness.run(web(origin.port, tls), store());
    const { status, body } = await ask();
    expect(status).toBe(502);
    expect(body).toContain('upstream_tls_failed');
    expect(await harness.waitFor('tls.failed')).toMatchObject({
      leg: 'upstream',
      reason: expect.stringMatching(reason),
    });
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'upstream_tls_failed', status: 502 });
    expect(await harness.waitFor('upstream.failed')).toMatchObject({ code: 'upstream_tls_failed' });
  });

  it('says so when the endpoint does not speak TLS', async () => {
    const plain = await TestServer.start((socket) => socket.end('220 hello, this is mail\r\n'));
    closers.push(() => void plain.close());
    await harness.run(web(plain.port, { caCertificates: ['ca'] }), store());
    expect((await ask()).status).toBe(502);
    expect(await harness.waitFor('tls.failed')).toMatchObject({
      reason: `127.0.0.1:${plain.port} does not speak TLS`,
    });
  });

  it('trusts anybody with verify: false, and says that nothing was verified', async () => {
    const origin = await httpsOrigin();
    await harness.run(web(origin.port, { verify: false }), store());
    expect((await ask()).status).toBe(200);
    expect(await harness.waitFor('tls.established')).toMatchObject({ verified: false });
  });

  it('does not carry a request over a connection for another name', async () => {
    const origin = await httpsOrigin();
    await harness.run(web(origin.port, { verify: false }), store());
    expect(JSON.parse((await ask('one.test')).body)).toMatchObject({ connection: 1, sni: 'one.test' });
    expect(JSON.parse((await ask('two.test')).body)).toMatchObject({ connection: 2, sni: 'two.test' });
    expect(JSON.parse((await ask('one.test')).body)).toMatchObject({ connection: 1, sni: 'one.test' });
  });

  it('uses no connection of before after a reload changed the trust', async () => {
    const origin = await httpsOrigin();
    await harness.run(web(origin.port, { verify: false }), store());
    expect((await ask()).status).toBe(200);
    await harness.run(web(origin.port, {}), store());
    expect((await ask()).status).toBe(502);
    await harness.run(web(origin.port, { verify: false }), store());
    expect((await ask()).status).toBe(200);
  });

  it('shows its client certificate', async () => {
    const origin = await httpsOrigin({ requestCert: true, rejectUnauthorized: true, ca: authority.pem });
    await harness.run(web(origin.port, { caCertificates: ['ca'], clientCertificate: 'proxy' }), store());
    expect(JSON.parse((await ask()).body)).toMatchObject({ client: 'proxy.test' });
  });

  it('checks the health of its endpoints over TLS', async () => {
    const origin = await httpsOrigin();
    const healthCheck = { intervalMs: 20 };
    const tls = { caCertificates: ['ca'], serverName: 'shop.test' };
    await harness.run(web(origin.port, tls, { healthCheck }), store());
    expect(await harness.waitFor('endpoint.health')).toMatchObject({ to: 'healthy' });
  });

  it('is not applied with ids that the store does not have', async () => {
    const outcome = await harness.apply(
      web(1, { caCertificates: ['ca', 'nobody'], clientCertificate: 'ca' }),
      store(),
    );
    expect(outcome).toMatchObject({
      ok: false,
      issues: [{ code: 'certificate_missing', path: ['pools', 0, 'tls', 'caCertificates', 1] }],
    });
    expect(await harness.apply(web(1, { clientCertificate: 'ca' }), store())).toMatchObject({
      ok: false,
      issues: [{ code: 'certificate_mismatch', path: ['pools', 0, 'tls', 'clientCertificate'] }],
    });
  });
});

describe('a pool with tls, for tcp and tls routes', () => {
  const sealed = (port: number, tls: PoolTls): WorkspaceDocument => ({
    schemaVersion: 1,
    listeners: [
      { id: 'raw', port: 0, protocol: 'tcp' },
      { id: 'edge', port: 0, protocol: 'tls', tls: { certificates: ['shop'] } },
    ],
    routes: [
      { id: 'bytes', kind: 'tcp', listeners: ['raw'], backends: [{ pool: 'origin' }] },
      { id: 'again', kind: 'tls', listeners: ['edge'], mode: 'terminate', backends: [{ pool: 'origin' }] },
    ],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port }], tls }],
  });

  it('encrypts the bytes of a tcp route, both ways and with half-close', async () => {
    const server = await listen({}, (socket) => {
      socket.on('data', (bytes) => socket.write(`echo ${bytes}`));
    });
    const { port } = server.address() as AddressInfo;
    await harness.run(sealed(port, { caCertificates: ['ca'], serverName: 'shop.test' }), store());
    const connection = await TestClient.connect(harness.port('raw'));
    connection.socket.write('one');
    await connection.until(() => connection.text === 'echo one');
    connection.socket.end();
    await connection.until(() => connection.hasEnded);
    const closed = await harness.waitFor('flow.closed');
    expect(closed.outcome).toBe('completed');
    expect(harness.story(closed.flowId).map(({ kind }) => kind)).toContain('tls.established');
  });

  it('relays megabytes to a slow reader without losing a byte', async () => {
    const size = 4_000_000;
    const server = await listen({}, (socket) => {
      socket.end(Buffer.alloc(size, 'x'));
    });
    const { port } = server.address() as AddressInfo;
    await harness.run(sealed(port, { caCertificates: ['ca'], serverName: 'shop.test' }), store());
    const socket = connectTcp({ port: harness.port('raw'), host: '127.0.0.1' });
    socket.pause();
    await harness.waitFor('tls.established');
    let read = 0;
    socket.on('data', (bytes) => {
      read += bytes.length;
    });
    socket.resume();
    await once(socket, 'end');
    expect(read).toBe(size);
  });

  it('asks for the server name that the client of a terminating route asked for', async () => {
    const names: unknown[] = [];
    const server = await listen({}, (socket) => {
      names.push((socket as TLSSocket & { servername?: string }).servername);
      socket.on('data', (bytes) => socket.write(bytes));
    });
    const { port } = server.address() as AddressInfo;
    await harness.run(sealed(port, { caCertificates: ['ca'] }), store());
    const socket = connect({
      port: harness.port('edge'),
      host: '127.0.0.1',
      servername: 'shop.test',
      ca: authority.pem,
    });
    socket.write('hello');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    expect(bytes.toString()).toBe('hello');
    expect(names).toEqual(['shop.test']);
    socket.destroy();
  });

  it('closes the connection and says why when the endpoint cannot be trusted', async () => {
    const server = await listen({}, (socket) => socket.resume());
    const { port } = server.address() as AddressInfo;
    await harness.run(sealed(port, { serverName: 'shop.test' }), store());
    const connection = await TestClient.connect(harness.port('raw'));
    await connection.until(() => connection.hasEnded);
    expect(await harness.waitFor('flow.failed')).toMatchObject({ code: 'upstream_tls_failed' });
    expect(await harness.waitFor('tls.failed')).toMatchObject({ leg: 'upstream' });
    const closed = await harness.waitFor('connection.closed', ({ leg }) => leg === 'upstream');
    expect(closed).toMatchObject({ closedBy: 'proxy', reason: 'tls_failed' });
  });
});
