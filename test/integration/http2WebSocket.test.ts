// WebSockets to endpoints that speak HTTP/2 (RFC 8441), with node:http2 as the endpoint.
import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { PoolDocument } from '../../main/contract/config';
import { Flag, FrameType } from '../../main/engine/http2/frame';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';
import { get } from '../helpers/httpHarness';
import { frame, RawHttp2, settings, uint32 } from '../helpers/rawHttp2';
import { selfSigned } from '../helpers/testCertificates';

/** The key of RFC 6455 1.3, and the answer to it. */
const asksWebSocket = get(
  '/chat',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n',
);
const accept = 'sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

let engine: EngineHarness;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await engine.close();
});

async function run(port: number, pool: Partial<PoolDocument> = {}): Promise<void> {
  engine = new EngineHarness();
  await engine.run({
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
    pools: [{ id: 'origin', protocol: 'h2', endpoints: [{ address: '127.0.0.1', port }], ...pool }],
  });
}

async function startOrigin(
  onStream: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void,
  enableConnectProtocol = true,
): Promise<Http2Server> {
  const server = createServer({ settings: { enableConnectProtocol } });
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    onStream(stream, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return server;
}

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

async function client(): Promise<TestClient> {
  const connected = await TestClient.connect(engine.port('web'));
  closing.push(() => connected.socket.destroy());
  return connected;
}

const echoing = (stream: ServerHttp2Stream) => {
  stream.respond({ ':status': 200, 'x-room': '1' });
  stream.on('data', (bytes: Buffer) => stream.write(bytes));
  stream.on('end', () => stream.end());
};

describe('a WebSocket to an endpoint that speaks HTTP/2', () => {
  it('is an extended CONNECT where the endpoint takes that, and a 101 for the client', async () => {
    let asked: Record<string, unknown> = {};
    const origin = await startOrigin((stream, headers) => {
      asked = headers;
      echoing(stream);
    });
    await run(portOf(origin));
    const one = await client();
    one.socket.write(asksWebSocket);
    await one.until(() => one.text.includes('\r\n\r\n'));
    expect(one.text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(one.text.toLowerCase()).toContain('connection: upgrade\r\nupgrade: websocket\r\n');
    expect(one.text).toContain(accept);
    expect(one.text).toContain('x-room: 1');
    expect(asked).toMatchObject({
      ':method': 'CONNECT',
      ':protocol': 'websocket',
      ':scheme': 'http',
      ':authority': 'a.test',
      ':path': '/chat',
      'sec-websocket-version': '13',
    });
    expect(Object.keys(asked)).not.toContain('sec-websocket-key');
    one.socket.write('over and back');
    await one.until(() => one.text.endsWith('over and back'));
    one.socket.end();
    await one.until(() => one.hasEnded);
    const sent = await engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    expect(sent).toMatchObject({ method: 'CONNECT', version: 'HTTP/2', target: '/chat', stream: 1 });
    expect(await engine.waitFor('upgrade.accepted')).toMatchObject({ protocol: 'websocket' });
    expect((await engine.waitFor('flow.closed')).outcome).toBe('completed');
  });

  it('shares a connection with plain requests', async () => {
    const origin = await startOrigin((stream, headers) => {
      if (headers[':method'] === 'CONNECT') echoing(stream);
      else {
        stream.respond({ ':status': 200 });
        stream.end('page');
      }
    });
    await run(portOf(origin));
    const one = await client();
    one.socket.write(asksWebSocket);
    await one.until(() => one.text.includes('\r\n\r\n'));
    const two = await client();
    two.socket.write(get('/'));
    await two.until(() => two.text.includes('page'));
    expect(engine.events.filter(({ kind }) => kind === 'upstream.connected')).toHaveLength(1);
    expect(await engine.waitFor('upstream.reused')).toMatchObject({ earlierExchanges: 1 });
  });

  it('of a client that speaks HTTP/2 too goes through as one', async () => {
    const origin = await startOrigin(echoing);
    await run(portOf(origin));
    const one = await RawHttp2.open(engine.port('web'));
    closing.push(() => one.close());
    const asks = [
      ':method: CONNECT',
      ':protocol: websocket',
      ':scheme: https',
      ':path: /',
      ':authority: a.test',
    ];
    one.send(one.headers(1, asks, Flag.endHeaders));
    expect(await one.status(1)).toBe(':status: 200');
    const head = await one.until(({ type }) => type === FrameType.headers);
    expect(head!.fields.join()).not.toMatch(/accept|upgrade|connection/);
    one.send(frame(FrameType.data, 0, 1, 'to and fro'));
    await one.until(() => one.data(1).toString() === 'to and fro');
    one.send(frame(FrameType.rstStream, 0, 1, uint32(8)));
    const reset = await engine.waitFor('stream.reset', ({ leg }) => leg === 'upstream');
    expect(reset).toMatchObject({ resetBy: 'proxy', code: 'CANCEL' });
    expect((await engine.waitFor('flow.closed')).outcome).toBe('aborted');
  });

  it('is held up by a client that does not read, and goes on when it does', async () => {
    const block = Buffer.alloc(262_144, 'x');
    const origin = await startOrigin((stream) => {
      stream.respond({ ':status': 200 });
      for (let count = 0; count < 32; count++) stream.write(block);
      stream.end();
    });
    await run(portOf(origin));
    const one = await RawHttp2.open(engine.port('web'));
    closing.push(() => one.close());
    const asks = [
      ':method: CONNECT',
      ':protocol: websocket',
      ':scheme: https',
      ':path: /',
      ':authority: a.test',
    ];
    one.send(one.headers(1, asks, Flag.endHeaders));
    await one.until(() => one.data(1).length === 65_535);
    // The window is used up, and more than what may wait is on its way.
    expect(await one.isAlive()).toBe(true);
    one.send(
      frame(FrameType.windowUpdate, 0, 0, uint32(100_000_000)),
      frame(FrameType.windowUpdate, 0, 1, uint32(100_000_000)),
    );
    await one.until(({ flags, type }) => type === FrameType.data && (flags & Flag.endStream) !== 0);
    expect(one.data(1).length).toBe(32 * block.length);
  });

  it('is refused with what the endpoint answers', async () => {
    const origin = await startOrigin((stream) => {
      stream.respond({ ':status': 403 });
      stream.end('members only');
    });
    await run(portOf(origin));
    const one = await client();
    one.socket.write(asksWebSocket + get('/next'));
    await one.until(() => one.text.split('members only').length === 3);
    expect(one.text).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('is answered 501 where the endpoint takes none and the pool speaks nothing else', async () => {
    const origin = await startOrigin(echoing, false);
    await run(portOf(origin));
    const one = await client();
    for (const count of [1, 2]) {
      one.socket.write(asksWebSocket);
      await one.until(() => one.text.split('HTTP/1.1 501 ').length === count + 1);
    }
    const failed = await engine.waitFor('flow.failed');
    expect(failed).toMatchObject({ code: 'not_implemented', status: 501 });
    expect(failed.message).toContain('let the pool speak http1, or auto');
    one.socket.write(get('/', 'Connection: upgrade\r\nUpgrade: chess\r\n'));
    await one.until(() => one.text.includes('cannot be upgraded to chess'));
  });

  it('gets a connection of HTTP/1.1 where the endpoint takes none and the pool may speak that', async () => {
    const certificate = selfSigned('a.test');
    const inner = await startOrigin(echoing, false);
    const server = createTlsServer(
      {
        cert: certificate.certificateChainPem,
        key: certificate.privateKeyPem,
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      (socket: TLSSocket) => {
        socket.on('error', () => undefined);
        if (socket.alpnProtocol === 'h2') inner.emit('connection', socket);
        else
          socket.once('data', () =>
            socket.write(
              `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${accept}\r\n\r\nolder`,
            ),
          );
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    await run(portOf(server), { protocol: 'auto', tls: { verify: false } });
    const one = await client();
    one.socket.write(asksWebSocket);
    await one.until(() => one.text.endsWith('older'));
    expect(one.text).toMatch(/^HTTP\/1\.1 101 /);
  });

  it('is over when the endpoint ends and resets its stream at once', async () => {
    let open: Socket | undefined;
    const endpoint = await TestServer.start((socket) => {
      open = socket;
      socket.resume().write(settings([8, 1]));
    });
    closing.push(() => endpoint.close());
    await run(endpoint.port);
    const one = await client();
    one.socket.write(asksWebSocket);
    await engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    open!.write(frame(FrameType.headers, Flag.endHeaders, 1, Buffer.from([0x88])));
    await one.until(() => one.text.includes('\r\n\r\n'));
    const end = frame(FrameType.data, Flag.endStream, 1);
    open!.write(Buffer.concat([end, frame(FrameType.rstStream, 0, 1, uint32(8))]));
    const closed = await engine.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed.closedBy).toBe('proxy');
    expect(engine.events.filter((event) => event.kind === 'chunk' && event.bytes === 0)).toEqual([]);
  });

  it('is given up when the endpoint says nothing of its settings', async () => {
    const silent = await TestServer.start(() => undefined);
    closing.push(() => silent.close());
    await run(silent.port, { connections: { connectTimeoutMs: 200 } });
    const one = await client();
    one.socket.write(asksWebSocket);
    await one.until(() => one.text.includes(' 504 '));
    expect(await engine.waitFor('timeout')).toMatchObject({ timeout: 'connect' });
  });
});
