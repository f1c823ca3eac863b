// Packet captures of real traffic: read back by a reader of our own, and by tshark where it is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2, createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { CertificateMap, CertificateMaterial } from '../../main/engine/certificateContexts';
import { WireCapture } from '../../main/engine/wire/wireCapture';
import { pcapngFile } from '../../main/services/pcapng/pcapngFile';
import type { PacketNote } from '../../main/services/pcapng/tcpConversation';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';
import { hostileTexts } from '../helpers/hostileTexts';
import { get, ok } from '../helpers/httpHarness';
import { readPcapng, readStreams } from '../helpers/pcapngReader';
import type { TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

const hasTshark = spawnSync('tshark', ['--version']).status === 0;
if (!hasTshark) console.warn('tshark is not installed: what it would say of the captures is NOT checked');

const full = { headers: 'full', bodies: 'on' } as const;
let authority: TestAuthority;
let shop: TestCertificate;
let harness: EngineHarness;
const folder = mkdtempSync(join(tmpdir(), 'hopscope-pcapng-'));
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  shop = await authority.issue('shop.test');
});
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(async () => {
  await harness.close();
  for (const close of closers.splice(0)) await close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const store = (): CertificateMap =>
  new Map<string, CertificateMaterial>([
    ['ca', authority.material],
    ['shop', shop],
  ]);

async function capture(options: { withKeys?: boolean; notes?: Map<number, PacketNote[]> } = {}) {
  const { wire, emitter } = harness.engine;
  const opened = harness.events.filter((event) => event.kind === 'connection.opened');
  const connections = opened.flatMap(({ connectionId }) => wire.connection(connectionId) ?? []);
  const file = await pcapngFile(
    {
      connections,
      notes: options.notes ?? new Map(),
      withKeys: options.withKeys ?? true,
      wallTimeOf: (at) => emitter.wallTimeOf(at),
      version: '0.0',
      platform: 'test',
    },
    async () => undefined,
  );
  const bytes = Buffer.concat(file.chunks);
  expect(bytes.length).toBe(file.bytes);
  return { bytes, connections };
}

/** What tshark says of the file: one line a packet that passes the filter, fields between tabs. */
function tshark(
  bytes: Buffer,
  filter: string,
  fields: readonly string[],
  more: readonly string[] = [],
): string[] {
  const file = join(folder, 'capture.pcapng');
  writeFileSync(file, bytes);
  const args = [
    '-r',
    file,
    '-Y',
    filter,
    '-T',
    'fields',
    ...fields.flatMap((field) => ['-e', field]),
    ...more,
  ];
  const said = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return said.split('\n').filter((line) => line !== '');
}

const troubles = 'tcp.analysis.flags or _ws.malformed or tcp.checksum.status == 0 or ip.checksum.status == 0';
const checksums = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];

async function serveHttp(
  body: string,
  document: Partial<WorkspaceDocument> = {},
  address = '127.0.0.1',
): Promise<{
  received: () => string;
  sent: () => string;
  run: (capture: WorkspaceDocument['capture']) => Promise<void>;
}> {
  let received = '';
  let sent = '';
  const origin = await TestServer.start((socket) => {
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      if (!bytes.includes('\r\n\r\n')) return;
      sent += ok(body);
      socket.write(ok(body));
    });
  }, address);
  closers.push(() => origin.close());
  const run = (capture: WorkspaceDocument['capture']) =>
    harness.run(
      {
        schemaVersion: 1,
        listeners: [{ id: 'web', address, port: 0, protocol: 'http' }],
        routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
        pools: [{ id: 'origin', endpoints: [{ address, port: origin.port }] }],
        ...document,
        ...(capture === undefined ? {} : { capture }),
      },
      store(),
    );
  await run(document.capture ?? full);
  return { received: () => received, sent: () => sent, run };
}

describe('a packet capture of HTTP/1.1', () => {
  const big = 'x'.repeat(300_000);

  it('holds what client and endpoint really read and wrote, on both legs, byte by byte', async () => {
    const origin = await serveHttp(big);
    const client = await TestClient.connect(harness.port('web'));
    for (const count of [1, 2]) {
      client.socket.write(get(`/${count}`, 'Authorization: Basic c2VjcmV0\r\n'));
      await client.until(
        () => client.text.split('HTTP/1.1 200').length === count + 1 && client.text.endsWith('x'),
      );
      await harness.waitFor('flow.closed', ({ flowId }) => flowId === count);
    }
    client.socket.end();
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    const { bytes } = await capture();
    const file = readPcapng(bytes);
    expect(file.application).toBe('Hopscope 0.0');
    expect(file.interfaces).toEqual(['client side', 'endpoint side']);
    expect(file.keyLog).toBe('');
    const [front, back] = readStreams(file.packets);
    expect(front!.opener).toBe(`127.0.0.1 ${client.socket.localPort ?? front!.opener.split(' ')[1]}`);
    expect(front!.server).toBe(`127.0.0.1 ${harness.port('web')}`);
    expect(front!.fromOpener.toString('latin1')).toBe(
      [1, 2].map((count) => get(`/${count}`, 'Authorization: Basic c2VjcmV0\r\n')).join(''),
    );
    expect(front!.fromServer.equals(Buffer.concat(client.received))).toBe(true);
    expect(front!.ends).toEqual(['opener FIN', 'server FIN']);
    expect(front!.largestPayload).toBe(1460);
    expect(back!.fromOpener.toString('latin1')).toBe(origin.received());
    expect(back!.fromServer.toString('latin1')).toBe(origin.sent());
    expect([front!.missing, back!.missing, back!.interfaceId]).toEqual([0, 0, 1]);
    const times = file.packets.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.abs(times[0]! / 1000 - Date.now())).toBeLessThan(60_000);
    if (!hasTshark) return;
    expect(tshark(bytes, troubles, ['frame.number'], checksums)).toEqual([]);
    expect(
      tshark(bytes, 'http.request', ['http.request.uri', 'http.authorization', 'frame.interface_name']),
    ).toEqual([
      '/1\tBasic c2VjcmV0\tclient side',
      '/1\tBasic c2VjcmV0\tendpoint side',
      '/2\tBasic c2VjcmV0\tclient side',
      '/2\tBasic c2VjcmV0\tendpoint side',
    ]);
    expect(tshark(bytes, 'http.response', ['http.response.code', 'http.content_length'])).toEqual(
      Array(4).fill('200\t300000'),
    );
  });

  it('has IPv6 addresses where they were', async () => {
    await serveHttp('hello', {}, '::1');
    const { default: http } = await import('node:http');
    const asked = http.get({
      host: '::1',
      port: harness.port('web'),
      headers: { host: 'a.test' },
      agent: false,
    });
    const [response] = await once(asked, 'response');
    response.resume();
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    const { bytes } = await capture();
    const streams = readStreams(readPcapng(bytes).packets);
    expect(streams.map(({ server }) => server.split(' ')[0])).toEqual(Array(2).fill(`${'0'.repeat(31)}1`));
    expect(streams[0]!.largestPayload).toBeLessThanOrEqual(1440);
    if (!hasTshark) return;
    expect(tshark(bytes, troubles, ['frame.number'], checksums)).toEqual([]);
    expect(tshark(bytes, 'http.response', ['ipv6.src', 'http.response.code'])).toEqual(
      Array(2).fill('::1\t200'),
    );
  });

  it('carries remarks, whatever a stranger wrote into them', async () => {
    await serveHttp('hello');
    const client = await TestClient.connect(harness.port('web'));
    client.socket.write(get('/'));
    await harness.waitFor('flow.closed');
    const { connectionId } = await harness.waitFor('connection.opened');
    const notes = hostileTexts.map((text) => ({ at: 0, isRead: true, text }));
    const { bytes } = await capture({ notes: new Map([[connectionId, notes]]) });
    const comments = readPcapng(bytes).packets.flatMap((packet) => packet.comments);
    expect(comments.length).toBeGreaterThan(hostileTexts.length);
    for (const comment of comments) expect(comment).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    if (hasTshark) expect(tshark(bytes, 'frame', ['frame.number']).length).toBeGreaterThan(6);
  });

  it('shows a reset as one, from the side that did it', async () => {
    await serveHttp('hello');
    const client = await TestClient.connect(harness.port('web'));
    client.socket.write(get('/'));
    await harness.waitFor('flow.closed');
    client.socket.resetAndDestroy();
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    const [front] = readStreams(readPcapng((await capture()).bytes).packets);
    expect(front!.ends).toEqual(['opener RST']);
  });
});

describe('what is kept of the wire', () => {
  async function ask(): Promise<void> {
    const client = await TestClient.connect(harness.port('web'));
    client.socket.write(get('/'));
    await client.until(() => client.text.includes('hello'));
    client.socket.end();
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
  }

  it('is nothing unless headers and bodies are captured in full', async () => {
    for (const halfWay of [{}, { headers: 'full' }, { bodies: 'on' }] as const) {
      await serveHttp('hello', { capture: halfWay });
      await ask();
      expect((await capture()).connections).toEqual([]);
    }
  });

  it('is nothing of a connection that began before capture was full', async () => {
    const { run } = await serveHttp('hello', { capture: {} });
    const client = await TestClient.connect(harness.port('web'));
    client.socket.write(get('/'));
    await client.until(() => client.text.includes('hello'));
    await run(full);
    client.socket.write(get('/again'));
    await harness.waitFor('flow.closed', ({ flowId }) => flowId === 2);
    // An idle connection to the endpoint was closed, so that the next one is in the capture.
    expect((await capture()).connections.map(({ leg }) => leg)).toEqual(['upstream']);
    await ask();
    expect((await capture()).connections.map(({ leg }) => leg)).toEqual(['upstream', 'downstream']);
  });

  it('is forgotten with its keys when capture is switched off', async () => {
    await serveHttp('hello');
    await ask();
    const { connections } = await capture();
    expect(connections.length).toBe(2);
    harness.engine.wire.setFullCapture(false);
    expect(connections.map(({ marks, keyLog }) => marks.length + keyLog.length)).toEqual([0, 0]);
    expect((await capture()).connections).toEqual([]);
  });

  it('ends where its bound is, and the hole is told and counted', async () => {
    const limited = new WireCapture(harness.engine.emitter, { bytesPerConnection: 3000 });
    limited.setFullCapture(true);
    const server = await TestServer.start((socket) => {
      limited.tap(socket, { connectionId: 7, leg: 'downstream', listener: 'web', pool: null });
      socket.on('data', (bytes) => {
        if (bytes.includes('last')) socket.end('bye');
        else socket.write('more');
      });
    });
    closers.push(() => server.close());
    const client = await TestClient.connect(server.port);
    client.socket.write('a'.repeat(1000));
    await client.until(() => client.text.includes('more'));
    client.socket.write(`${'b'.repeat(5000)}last`);
    await client.until(() => client.hasEnded);
    client.socket.end();
    await client.until(() => client.isClosed);
    while (limited.connection(7)?.isClosed !== true) await new Promise((resolve) => setImmediate(resolve));
    const kept = limited.connection(7)!;
    expect(kept.lostBytes).toEqual({ peer: 5004, proxy: 3 });
    const file = await pcapngFile(
      {
        connections: [kept],
        notes: new Map(),
        withKeys: true,
        wallTimeOf: (at) => at,
        version: '0',
        platform: 'x',
      },
      async () => undefined,
    );
    const { packets } = readPcapng(Buffer.concat(file.chunks));
    const [stream] = readStreams(packets, true);
    expect(stream!.missing).toBe(5007);
    expect(stream!.fromOpener.toString()).toBe('a'.repeat(1000));
    const said = packets.flatMap(({ comments }) => comments).join('\n');
    expect(said).toContain('5004 bytes before this were not kept');
    expect(said).toContain('3 bytes before this were not kept');
  });

  it('never weighs more than its bound: what is closed goes first', async () => {
    const limited = new WireCapture(harness.engine.emitter, { bytes: 4000, connections: 3 });
    limited.setFullCapture(true);
    let number = 0;
    const server = await TestServer.start((socket) => {
      limited.tap(socket, { connectionId: ++number, leg: 'downstream', listener: 'web', pool: null });
      socket.on('data', () => socket.end());
    });
    closers.push(() => server.close());
    for (let index = 1; index <= 5; index++) {
      const client = await TestClient.connect(server.port);
      client.socket.end('x'.repeat(1500));
      await client.until(() => client.isClosed);
      while (limited.connection(index)?.isClosed !== true)
        await new Promise((resolve) => setImmediate(resolve));
    }
    expect([1, 2, 3, 4, 5].map((id) => limited.connection(id) !== null)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('a packet capture of TLS', () => {
  async function http2Origin(): Promise<Http2SecureServer> {
    const server = createSecureServer({ cert: shop.certificateChainPem, key: shop.privateKeyPem });
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200, 'x-path': String(headers[':path']) });
      stream.end(`answer to ${headers[':path']}`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    return server;
  }

  async function runHttp2(tls: { minVersion?: 'TLSv1.2' | 'TLSv1.3' } = {}): Promise<void> {
    const origin = await http2Origin();
    await harness.run(
      {
        schemaVersion: 1,
        listeners: [
          {
            id: 'web',
            port: 0,
            protocol: 'https',
            tls: { certificates: ['shop'], alpn: ['h2', 'http/1.1'], ...tls },
          },
        ],
        routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
        pools: [
          {
            id: 'origin',
            protocol: 'h2',
            tls: { caCertificates: ['ca'], serverName: 'shop.test' },
            endpoints: [{ address: '127.0.0.1', port: (origin.address() as AddressInfo).port }],
          },
        ],
        capture: full,
      },
      store(),
    );
  }

  async function askThree(options: { maxVersion?: 'TLSv1.2' } = {}): Promise<void> {
    const session = connectHttp2(`https://127.0.0.1:${harness.port('web')}`, {
      ca: authority.pem,
      servername: 'shop.test',
      ...options,
    });
    await Promise.all(
      ['/a', '/b', '/c'].map(async (path) => {
        const stream = session.request({ ':path': path, ':authority': 'shop.test', cookie: 'id=secret' });
        stream.resume();
        await once(stream, 'end');
      }),
    );
    session.close();
    await once(session, 'close');
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
  }

  it.each([undefined, 'TLSv1.2'] as const)(
    'opens in tshark with the keys that come with it: HTTP/2 in TLS on both legs (at most %s)',
    async (maxVersion) => {
      await runHttp2();
      await askThree(maxVersion === undefined ? {} : { maxVersion });
      const { bytes } = await capture();
      const file = readPcapng(bytes);
      const labels = new Set(
        file.keyLog
          .trim()
          .split('\n')
          .map((line) => line.split(' ')[0]),
      );
      expect(labels).toContain('CLIENT_TRAFFIC_SECRET_0');
      if (maxVersion !== undefined) expect(labels).toContain('CLIENT_RANDOM');
      const [front, back] = readStreams(file.packets);
      // Records, not plaintext.
      expect([front!.fromOpener[0], front!.fromServer[0], back!.fromOpener[0]]).toEqual([22, 22, 22]);
      expect(front!.fromOpener.includes('id=secret')).toBe(false);
      const events = JSON.stringify(harness.events);
      for (const line of file.keyLog.trim().split('\n')) expect(events).not.toContain(line.split(' ')[2]);
      if (!hasTshark) return;
      expect(tshark(bytes, troubles, ['frame.number'], checksums)).toEqual([]);
      const paths = tshark(bytes, 'http2.headers.path', ['frame.interface_name', 'http2.headers.path']);
      const asked = (side: string) =>
        paths
          .filter((line) => line.startsWith(side))
          .flatMap((line) => line.split('\t')[1]!.split(','))
          .sort();
      expect(asked('client side')).toEqual(['/a', '/b', '/c']);
      expect(asked('endpoint side')).toEqual(['/a', '/b', '/c']);
      expect(
        tshark(bytes, 'tls.handshake.extensions_server_name', ['tls.handshake.extensions_server_name']),
      ).toEqual(['shop.test', 'shop.test']);
    },
  );

  it('stays sealed where the keys are left out', async () => {
    await runHttp2();
    await askThree();
    const { bytes } = await capture({ withKeys: false });
    expect(readPcapng(bytes).keyLog).toBe('');
    if (hasTshark) expect(tshark(bytes, 'http2', ['frame.number'])).toEqual([]);
  });

  it('has the records of TLS that is passed through, and no keys, because there are none', async () => {
    const origin = createTlsServer(
      { cert: shop.certificateChainPem, key: shop.privateKeyPem },
      (socket: TLSSocket) => socket.once('data', () => socket.end('sealed answer')),
    );
    origin.listen(0, '127.0.0.1');
    await once(origin, 'listening');
    closers.push(() => origin.close());
    await harness.run({
      schemaVersion: 1,
      listeners: [{ id: 'edge', port: 0, protocol: 'tls' }],
      routes: [
        { id: 'sealed', kind: 'tls', mode: 'passthrough', listeners: ['edge'], backends: [{ pool: 'bank' }] },
      ],
      pools: [
        { id: 'bank', endpoints: [{ address: '127.0.0.1', port: (origin.address() as AddressInfo).port }] },
      ],
      capture: full,
    });
    const client = connectTls({
      port: harness.port('edge'),
      host: '127.0.0.1',
      ca: authority.pem,
      servername: 'shop.test',
    });
    client.write('question');
    client.resume();
    await once(client, 'end');
    client.end();
    await harness.waitFor('flow.closed');
    const { bytes } = await capture();
    const file = readPcapng(bytes);
    const [front, back] = readStreams(file.packets);
    expect(file.keyLog).toBe('');
    expect(front!.fromOpener.equals(back!.fromOpener)).toBe(true);
    expect(front!.fromServer.equals(back!.fromServer)).toBe(true);
    expect(front!.fromOpener[0]).toBe(22);
    if (hasTshark) expect(tshark(bytes, troubles, ['frame.number'], checksums)).toEqual([]);
  });

  it('reads as WebSocket in TLS', async () => {
    const origin = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    origin.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
    await once(origin, 'listening');
    closers.push(() => origin.close());
    await harness.run(
      {
        schemaVersion: 1,
        listeners: [{ id: 'web', port: 0, protocol: 'https', tls: { certificates: ['shop'] } }],
        routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
        pools: [
          {
            id: 'origin',
            endpoints: [{ address: '127.0.0.1', port: (origin.address() as AddressInfo).port }],
          },
        ],
        capture: full,
      },
      store(),
    );
    const options = { ca: authority.pem, servername: 'shop.test', perMessageDeflate: false };
    const client = new WebSocket(`wss://127.0.0.1:${harness.port('web')}/chat`, options);
    await once(client, 'open');
    client.send('hello');
    await once(client, 'message');
    client.close();
    await harness.waitFor('flow.closed');
    await harness.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    const { bytes } = await capture();
    expect(readStreams(readPcapng(bytes).packets)).toHaveLength(2);
    if (!hasTshark) return;
    expect(tshark(bytes, troubles, ['frame.number'], checksums)).toEqual([]);
    const said = tshark(bytes, 'websocket.payload or websocket', [
      'frame.interface_name',
      'websocket.opcode',
    ]);
    expect(said.filter((line) => line === 'client side\t1')).toHaveLength(2);
    expect(said.filter((line) => line === 'endpoint side\t1')).toHaveLength(2);
  });
});
