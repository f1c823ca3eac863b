// HTTP/2 over TLS on both sides: ALPN decides, and a call with trailers and streams both ways (as gRPC makes it) passes.
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ListenerDocument, PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { CertificateMaterial } from '../../main/engine/certificateContexts';
import { EngineHarness } from '../helpers/engineHarness';
import type { TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

let authority: TestAuthority;
let shop: TestCertificate;
let engine: EngineHarness;
const closers: (() => void)[] = [];
beforeAll(async () => {
  authority = await TestAuthority.create();
  shop = await authority.issue('shop.test');
});
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await engine.close();
});

async function endpoint(onStream: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void) {
  const server = createSecureServer({ cert: shop.certificateChainPem, key: shop.privateKeyPem! });
  const sessions: { destroy(): void }[] = [];
  server.on('session', (session) => sessions.push(session));
  server.on('stream', onStream);
  closers.push(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, sessions };
}

async function run(port: number, pool: Partial<PoolDocument>, alpn?: ('h2' | 'http/1.1')[]): Promise<void> {
  engine = new EngineHarness();
  const tls: ListenerDocument['tls'] = { certificates: ['shop'], ...(alpn === undefined ? {} : { alpn }) };
  const document: WorkspaceDocument = {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'https', tls }],
    routes: [
      {
        id: 'all',
        kind: 'http',
        listeners: ['web'],
        requestBuffering: 'stream',
        backends: [{ pool: 'origin' }],
      },
    ],
    pools: [
      {
        id: 'origin',
        endpoints: [{ address: '127.0.0.1', port }],
        tls: { serverName: 'shop.test', caCertificates: ['ca'] },
        ...pool,
      },
    ],
  };
  const certificates = new Map<string, CertificateMaterial>([
    ['shop', shop],
    ['ca', authority.material],
  ]);
  await engine.run(document, certificates);
}

function client(): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${engine.port('web')}`, {
    ca: authority.pem,
    servername: 'shop.test',
  });
  session.on('error', () => undefined);
  closers.push(() => session.destroy());
  return session;
}

async function body(stream: { setEncoding(encoding: 'utf8'): unknown } & NodeJS.ReadableStream) {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (part: string) => {
    text += part;
  });
  await once(stream, 'end');
  return text;
}

describe('HTTP/2 over TLS on both sides', () => {
  it('passes a call with trailers and streams both ways, as gRPC makes it', async () => {
    let asked: IncomingHttpHeaders = {};
    const origin = await endpoint((stream, headers) => {
      asked = headers;
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': 'fine' }));
      // Each message is answered before the next is sent.
      stream.on('data', (bytes: Buffer) => stream.write(`echo ${bytes.toString()};`));
      stream.on('end', () => stream.end());
    });
    await run(origin.port, { protocol: 'h2' });
    const call = client().request({
      ':method': 'POST',
      ':path': '/echo.Echo/Talk',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let text = '';
    call.setEncoding('utf8');
    call.on('data', (part: string) => {
      text += part;
    });
    const trailers = once(call, 'trailers') as Promise<[IncomingHttpHeaders]>;
    for (const message of ['one', 'two', 'three']) {
      call.write(message);
      while (!text.includes(message)) await once(call, 'data');
    }
    call.end();
    expect((await trailers)[0]).toMatchObject({ 'grpc-status': '0', 'grpc-message': 'fine' });
    expect(text).toBe('echo one;echo two;echo three;');
    expect(asked).toMatchObject({ ':scheme': 'https', te: 'trailers', ':path': '/echo.Echo/Talk' });
    expect(await engine.waitFor('tls.established', ({ leg }) => leg === 'upstream')).toMatchObject({
      alpn: 'h2',
    });
    expect(await engine.waitFor('tls.established', ({ leg }) => leg === 'downstream')).toMatchObject({
      alpn: 'h2',
    });
  });

  it('passes a failed call on as one head that ends the stream', async () => {
    const origin = await endpoint((stream) => {
      stream.respond(
        { ':status': 200, 'grpc-status': '12', 'content-type': 'application/grpc' },
        { endStream: true },
      );
    });
    await run(origin.port, { protocol: 'h2' });
    const call = client().request({ ':method': 'POST', ':path': '/echo.Echo/None', te: 'trailers' });
    call.end('x');
    const [headers, flags] = (await once(call, 'response')) as [IncomingHttpHeaders, number];
    expect(headers['grpc-status']).toBe('12');
    // END_STREAM stands on the head itself.
    expect(flags & 1).toBe(1);
  });

  it('lets the endpoint choose: HTTP/2 where it speaks that', async () => {
    const origin = await endpoint((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('over 2');
    });
    await run(origin.port, { protocol: 'auto' });
    expect(await body(client().request({ ':path': '/' }))).toBe('over 2');
  });

  it('lets the endpoint choose: HTTP/1.1 where it does not, and does not ask twice', async () => {
    const options = { cert: shop.certificateChainPem, key: shop.privateKeyPem!, ALPNProtocols: ['http/1.1'] };
    const server = createHttpsServer(options, (request, response) =>
      response.end(`over ${request.httpVersion}`),
    );
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await run((server.address() as AddressInfo).port, { protocol: 'auto' });
    const session = client();
    expect(await body(session.request({ ':path': '/' }))).toBe('over 1.1');
    expect(await body(session.request({ ':path': '/' }))).toBe('over 1.1');
    const opened = engine.events.filter(({ kind }) => kind === 'upstream.connecting');
    expect(opened).toHaveLength(2);
  });

  it('serves whichever version the listener offers and the client chooses', async () => {
    const origin = await endpoint((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('fine');
    });
    await run(origin.port, { protocol: 'h2' });
    const plain = connectTls({
      port: engine.port('web'),
      host: '127.0.0.1',
      servername: 'shop.test',
      ca: authority.pem,
      ALPNProtocols: ['http/1.1'],
    });
    closers.push(() => plain.destroy());
    plain.write('GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n');
    expect(await body(plain)).toContain('fine');
  });

  it('speaks HTTP/2 with a client without ALPN only where nothing else is offered', async () => {
    const origin = await endpoint((stream) => {
      stream.respond({ ':status': 200 });
      stream.end('fine');
    });
    await run(origin.port, { protocol: 'h2' }, ['h2']);
    const socket = connectTls({
      port: engine.port('web'),
      host: '127.0.0.1',
      servername: 'shop.test',
      ca: authority.pem,
    });
    closers.push(() => socket.destroy());
    await once(socket, 'secureConnect');
    const session = connect('https://shop.test', { createConnection: () => socket });
    session.on('error', () => undefined);
    closers.push(() => session.destroy());
    expect(await body(session.request({ ':path': '/' }))).toBe('fine');
  });
});
