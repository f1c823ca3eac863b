// The built-in client through the engine: HTTP/2 with several streams, TLS that holds and TLS that does not, WebSocket, repeats.
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ListenerDocument, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { CertificateMaterial } from '../../main/engine/certificateContexts';
import { type HttpMessageInput, type SendOptions, watchSend } from '../helpers/clientSend';
import { EngineHarness, TestServer } from '../helpers/engineHarness';
import { selfSigned, type TestCertificate } from '../helpers/testCertificates';
import { TestAuthority } from './testAuthority';

let authority: TestAuthority;
let shop: TestCertificate;
let engine: EngineHarness;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  authority = await TestAuthority.create();
  shop = await authority.issue('shop.test');
});
afterEach(async () => {
  await engine.close();
  for (const close of closers.splice(0)) await close();
});

/** Says its name in a header, and how much it got. */
async function origin(name = 'one'): Promise<{ port: number; server: Server }> {
  const server = createHttpServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => {
      response.setHeader('x-served-by', name);
      response.statusCode = request.url === '/missing' ? 404 : 200;
      response.end(`${name} ${request.method} ${request.url} ${bytes}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

async function run(
  ports: readonly number[],
  listener: Partial<ListenerDocument> = {},
  route: Partial<RouteDocument> = {},
): Promise<void> {
  engine = new EngineHarness();
  const document = {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http', ...listener }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }], ...route }],
    pools: [{ id: 'p', endpoints: ports.map((port) => ({ address: '127.0.0.1', port })) }],
  } as WorkspaceDocument;
  await engine.run(document, new Map([['shop', shop]]));
}

/** Every connection takes a few requests only. */
function createHttp2OrHttp1(protocol: 'http1' | 'h2') {
  let server: Server | Http2Server;
  if (protocol === 'http1') {
    server = createHttpServer((_request, response) => response.end('ok'));
    server.maxRequestsPerSocket = 20;
  } else {
    server = createHttp2Server();
    const streams = new WeakMap<object, number>();
    server.on('stream', (stream) => {
      const count = (streams.get(stream.session!) ?? 0) + 1;
      streams.set(stream.session!, count);
      stream.respond({ ':status': 200 });
      stream.end('ok');
      if (count === 50) stream.session!.close();
    });
  }
  closers.push(() => server.close());
  return {
    listen: async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
  };
}

const https: Partial<ListenerDocument> = { protocol: 'https', tls: { certificates: ['shop'] } };
const http = (message: Partial<HttpMessageInput> = {}): HttpMessageInput => ({
  kind: 'http',
  hostname: 'shop.test',
  ...message,
});
const send = (message: Parameters<typeof watchSend>[0]['message'], options: SendOptions = {}) => {
  const { tls = null, repeat, trusted = [authority.pem], clientCertificates } = options;
  return watchSend(
    { target: { listener: 'web' }, tls, message, ...(repeat === undefined ? {} : { repeat }) },
    {
      listeners: engine.engine.listeners(),
      trusted,
      ...(clientCertificates === undefined ? {} : { clientCertificates }),
    },
  );
};

describe('HTTP/2', () => {
  it('sends three streams at once on one connection', async () => {
    await run([(await origin()).port]);
    const result = await send(
      http({
        protocol: 'h2',
        method: 'POST',
        streams: 3,
        body: { kind: 'fill', bytes: 3000 },
        pieces: { split: { by: 'count', count: 3 }, pauseMs: 15 },
      }),
    ).result;
    expect(result).toMatchObject({ outcome: 'answered', problem: null });
    expect(result.responses.map(({ streamId }) => streamId)).toEqual([1, 3, 5]);
    expect(
      result.responses.map(({ stream, status, version, body }) => [stream, status, version, body]),
    ).toEqual([0, 1, 2].map((stream) => [stream, 200, 'HTTP/2', 'one POST / 3000']));
    const heads = await Promise.all(
      [1, 3, 5].map((stream) =>
        engine.waitFor('request.head', (event) => event.leg === 'downstream' && event.stream === stream),
      ),
    );
    expect(new Set(heads.map(({ connectionId }) => connectionId)).size).toBe(1);
    const opened = await engine.waitFor('flow.opened');
    expect(result.clientPorts).toEqual([opened.client.port]);
  });

  it('resets one stream on purpose, with its code, while the others go on', async () => {
    engine = new EngineHarness();
    const codes: number[] = [];
    let whole = 0;
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.on('aborted', () => codes.push(stream.rstCode ?? 0));
      stream.on('end', () => {
        if (!stream.aborted) whole++;
      });
      stream.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const result = await watchSend({
      target: { address: '127.0.0.1', port },
      message: {
        kind: 'http',
        protocol: 'h2',
        method: 'POST',
        hostname: 'shop.test',
        body: { kind: 'fill', bytes: 5000 },
        pieces: { split: { by: 'count', count: 5 }, pauseMs: 0 },
        streams: 2,
        giveUp: { after: 'pieces', pieces: 2 },
        resetCode: 'INTERNAL_ERROR',
      },
    }).result;
    expect(result).toMatchObject({ outcome: 'cancelled', problem: null });
    expect(result.responses.map(({ problem }) => problem)).toEqual(
      Array(2).fill('given up after 2 pieces, as it was asked for: the stream was reset (INTERNAL_ERROR)'),
    );
    await expect.poll(() => codes).toEqual([2, 2]);
    expect(whole).toBe(0);
  });

  it('shows the engine a stream that is reset right after its head', async () => {
    const { port } = await origin();
    await run([port], { protocol: 'http' });
    const result = await watchSend(
      {
        target: { listener: 'web' },
        message: {
          kind: 'http',
          protocol: 'h2',
          method: 'POST',
          hostname: 'shop.test',
          body: { kind: 'text', text: 'hello' },
          pieces: { headApart: true, pauseMs: 50 },
          giveUp: { after: 'pieces', pieces: 0 },
        },
      },
      { listeners: engine.engine.listeners() },
    ).result;
    expect(result.outcome).toBe('cancelled');
    expect(await engine.waitFor('flow.failed')).toMatchObject({ code: 'downstream_reset' });
  });

  it('is chosen by ALPN, and the result tells so', async () => {
    await run([(await origin()).port], https);
    const { responses, tls } = await send(http({ protocol: 'auto' }), { tls: {} }).result;
    expect(responses[0]).toMatchObject({ version: 'HTTP/2', status: 200 });
    expect(tls).toMatchObject({
      version: 'TLSv1.3',
      alpn: 'h2',
      serverName: 'shop.test',
      isTrusted: true,
      problem: null,
    });
    expect(tls?.chain[0]).toMatchObject({ subject: 'CN=shop.test', issuer: 'O=Hopscope, CN=Test authority' });
    expect(tls?.group).toMatch(/^X25519|prime256v1|P-256/);
  });

  it('says that a server does not speak it', async () => {
    const server = await TestServer.start((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    });
    closers.push(() => server.close());
    await run([1]);
    const result = await watchSend({
      target: { address: '127.0.0.1', port: server.port },
      message: http({ protocol: 'h2' }),
    }).result;
    expect(result).toMatchObject({ outcome: 'failed', problem: 'what answers there does not speak HTTP/2' });
  });
});

describe('TLS', () => {
  it('tells why a handshake or a certificate fails', async () => {
    await run([(await origin()).port], https);
    const problem = async (options: SendOptions, message: Partial<HttpMessageInput> = {}) =>
      (await send(http(message), options).result).problem;
    expect(await problem({ tls: {}, trusted: [] })).toMatch(/signed by nobody that is trusted here .* check/);
    expect(await problem({ tls: {} }, { hostname: 'other.test' })).toMatch(
      /certificate is not for "other.test" but for shop.test/,
    );
    expect(await problem({ tls: { alpn: ['http/1.1'] } }, { protocol: 'h2' })).toMatch(
      /ALPN came to http\/1.1/,
    );
    expect(await problem({ tls: null })).not.toBeNull();
  });

  it('tells why it does not come to a handshake', async () => {
    await run([(await origin()).port]);
    const refused = send(http(), { tls: {} });
    expect((await refused.result).problem).toMatch(/does not speak TLS/);
    // Its flow can be found all the same.
    const { client } = await engine.waitFor('flow.opened');
    expect((await refused.event('connected')).clientPort).toBe(client.port);
    expect((await refused.result).clientPorts).toEqual([client.port]);
    await engine.close();
    await run([(await origin()).port], { ...https, tls: { certificates: ['shop'], minVersion: 'TLSv1.3' } });
    const old = await send(http(), { tls: { maxVersion: 'TLSv1.2' } }).result;
    expect(old.problem).toMatch(/speaks no TLS version up to TLSv1.2/);
  });

  it('shows a client certificate to a server that asks for one', async () => {
    engine = new EngineHarness();
    const { port } = await origin();
    await engine.run(
      {
        schemaVersion: 1,
        listeners: [
          {
            id: 'web',
            port: 0,
            protocol: 'https',
            tls: {
              certificates: ['shop'],
              clientCertificates: { mode: 'require', caCertificates: ['ca'] },
            },
          },
        ],
        routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
        pools: [{ id: 'p', endpoints: [{ address: '127.0.0.1', port }] }],
      },
      new Map<string, CertificateMaterial>([
        ['shop', shop],
        ['ca', authority.material],
      ]),
    );
    const clientCertificates = new Map([['ann', await authority.issue('ann.test')]]);
    const tls = { clientCertificate: 'ann' };
    expect((await send(http(), { tls: {} }).result).problem).toMatch(/wants a client certificate/);
    expect(await send(http(), { tls, clientCertificates }).result).toMatchObject({
      outcome: 'answered',
      problem: null,
      responses: [{ status: 200 }],
    });
    const shown = await engine.waitFor('tls.established', ({ peerSubject }) => peerSubject !== undefined);
    expect(shown.peerSubject).toContain('ann.test');
    expect(() => send(http(), { tls })).toThrow(/certificate "ann" is not in the store/);
  });

  it('goes on with a bad certificate where that was chosen, with any server name or none', async () => {
    await run([(await origin()).port], https);
    const unchecked = await send(http({ hostname: 'other.test' }), {
      tls: { verify: false, serverName: 'shop.test' },
    }).result;
    expect(unchecked).toMatchObject({
      outcome: 'answered',
      tls: { serverName: 'shop.test', isTrusted: true },
    });
    const hello = await engine.waitFor('tls.clientHello');
    expect(hello.serverName).toBe('shop.test');
    const nameless = await send(http({ hostname: 'other.test' }), {
      tls: { verify: false, serverName: null },
    }).result;
    expect(nameless).toMatchObject({
      outcome: 'answered',
      tls: { serverName: null, isTrusted: false, problem: expect.stringContaining('not for "other.test"') },
    });
    expect(await engine.waitFor('tls.clientHello', (event) => event !== hello)).toMatchObject({
      serverName: null,
    });
  });

  it('shows a certificate that has expired', async () => {
    const expired = selfSigned('shop.test');
    engine = new EngineHarness();
    await engine.run(
      {
        schemaVersion: 1,
        listeners: [{ id: 'web', port: 0, protocol: 'https', tls: { certificates: ['shop'] } }],
      },
      new Map([['shop', expired]]),
    );
    const result = await send(http(), { tls: {} }).result;
    expect(result.problem).toMatch(/signed by itself, and not known here/);
    expect(result.tls?.chain[0]?.subject).toContain('shop.test');
  });
});

describe('a tunnel through a forward proxy', () => {
  it('carries TLS to its destination, or says why it was not opened', async () => {
    const secure = createHttpsServer(
      { cert: shop.certificateChainPem, key: shop.privateKeyPem },
      (_request, response) => response.end('inside'),
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      secure.closeAllConnections();
      secure.close();
    });
    const { port } = secure.address() as AddressInfo;
    engine = new EngineHarness();
    await engine.run({
      schemaVersion: 1,
      listeners: [
        {
          id: 'web',
          port: 0,
          protocol: 'forward',
          forward: { allow: [`127.0.0.1:${port}`] },
        },
      ],
    } as WorkspaceDocument);
    const through = (tunnel: string) =>
      watchSend(
        { target: { listener: 'web' }, tunnel, tls: {}, message: http() },
        { listeners: engine.engine.listeners(), trusted: [authority.pem] },
      ).result;
    expect(await through(`127.0.0.1:${port}`)).toMatchObject({
      outcome: 'answered',
      tls: { isTrusted: true, serverName: 'shop.test' },
      responses: [{ status: 200, body: 'inside' }],
    });
    const refused = await through('127.0.0.1:1');
    expect(refused.problem).toMatch(/^the proxy opened no tunnel to 127.0.0.1:1: it answered 403/);
    const target = { address: '127.0.0.1', port };
    expect(() => watchSend({ target, tunnel: '192.0.2.1:443', message: http() })).toThrow(
      /through a running listener only/,
    );
  });
});

describe('WebSocket', () => {
  it('sends and hears messages live, and closes with a code', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'chat' });
    await new Promise((resolve) => server.once('listening', resolve));
    closers.push(() => {
      for (const each of server.clients) each.terminate();
      server.close();
    });
    const closed = new Promise<string>((resolve) => {
      server.on('connection', (socket) => {
        socket.on('message', (data, isBinary) => socket.send(isBinary ? data : `echo ${data}`));
        socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
      });
    });
    await run([(server.address() as AddressInfo).port]);
    const chat = send({
      kind: 'webSocket',
      hostname: 'shop.test',
      path: '/chat',
      protocols: ['chat'],
      messages: ['one'],
    });
    await chat.event('message', ({ direction, text }) => direction === 'received' && text === 'echo one');
    chat.message({ kind: 'text', text: 'zwei' });
    await chat.event('message', ({ text }) => text === 'echo zwei');
    chat.message({ kind: 'binary', data: 'AAEC' });
    await chat.event(
      'message',
      ({ direction, type, bytes }) => direction === 'received' && type === 'binary' && bytes === 3,
    );
    chat.message({ kind: 'ping' });
    await chat.event('message', ({ type }) => type === 'pong');
    chat.message({ kind: 'close', code: 4001, reason: 'enough' });
    const result = await chat.result;
    expect(await closed).toBe('4001 enough');
    expect(result).toMatchObject({ outcome: 'closed', problem: null, responses: [{ status: 101 }] });
    expect(result.responses[0]?.headers).toContainEqual(['Sec-WebSocket-Protocol', 'chat']);
    expect(chat.events.at(-1)).toMatchObject({ kind: 'closed', by: 'client', detail: '4001 enough' });
    expect(() => chat.message({ kind: 'text', text: 'late' })).toThrow(/no open WebSocket/);
    expect((await engine.waitFor('upgrade.accepted')).protocol).toBe('websocket');
  });

  it('runs on a stream of HTTP/2 (RFC 8441), in the clear and over TLS', async () => {
    const { server, port } = await origin();
    const seen: string[] = [];
    new WebSocketServer({ server, handleProtocols: () => 'chat' }).on('connection', (socket, request) => {
      seen.push(`${request.url} ${request.headers['x-mine']}`);
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
    for (const listener of [{ protocol: 'http' } as const, https]) {
      await run([port], listener);
      const isTls = listener.protocol === 'https';
      const send = watchSend(
        {
          target: { listener: 'web' },
          tls: isTls ? {} : null,
          message: {
            kind: 'webSocket',
            protocol: isTls ? 'auto' : 'h2',
            hostname: 'shop.test',
            path: '/room?a=1',
            headers: [['X-Mine', 'yes']],
            protocols: ['chat'],
            messages: ['hello', 'x'.repeat(100_000)],
            closeAfter: 3,
          },
        },
        { listeners: engine.engine.listeners(), trusted: [authority.pem] },
      );
      await send.event('head');
      send.message({ kind: 'binary', data: Buffer.from([1, 2, 3]).toString('base64') });
      const { outcome, problem, responses, tls } = await send.result;
      expect([outcome, problem, tls?.alpn ?? null]).toEqual(['closed', null, isTls ? 'h2' : null]);
      expect(responses[0]).toMatchObject({ status: 200, version: 'HTTP/2', streamId: 1 });
      expect(responses[0]!.headers).toContainEqual(['sec-websocket-protocol', 'chat']);
      const received = send.events.filter(
        (event) => event.kind === 'message' && event.direction === 'received' && event.type !== 'close',
      );
      expect(received).toMatchObject([
        { type: 'text', text: 'hello' },
        { type: 'text', bytes: 100_000 },
        { type: 'binary', bytes: 3 },
      ]);
      await engine.waitFor('flow.closed');
      if (!isTls) await engine.close();
    }
    expect(seen).toEqual(['/room?a=1 yes', '/room?a=1 yes']);
  });

  it('tells why a server has none on streams of HTTP/2', async () => {
    engine = new EngineHarness();
    for (const [enableConnectProtocol, answer] of [
      [false, /ENABLE_CONNECT_PROTOCOL/],
      [true, /answered 403 Forbidden/],
    ] as const) {
      const server = createHttp2Server({ settings: { enableConnectProtocol } });
      server.on('stream', (stream) => {
        stream.respond({ ':status': 403 });
        stream.end('no');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closers.push(() => server.close());
      const { port } = server.address() as AddressInfo;
      const result = await watchSend({
        target: { address: '127.0.0.1', port },
        message: { kind: 'webSocket', protocol: 'h2', hostname: 'shop.test' },
      }).result;
      expect(result.outcome).toBe('failed');
      expect(result.problem).toMatch(answer);
    }
    const { port } = await origin();
    const result = await watchSend({
      target: { address: '127.0.0.1', port },
      message: { kind: 'webSocket', protocol: 'h2', hostname: 'shop.test' },
    }).result;
    expect(result.problem).toMatch(/does not speak HTTP\/2/);
  });

  it('tells that the server did not open one', async () => {
    await run([(await origin()).port]);
    const result = await send({ kind: 'webSocket', hostname: 'shop.test', path: '/missing' }).result;
    expect(result).toMatchObject({
      outcome: 'failed',
      responses: [{ status: 404, body: 'one GET /missing 0' }],
    });
    expect(result.problem).toMatch(/did not open a WebSocket but answered 404/);
  });
});

describe('a repeated request', () => {
  it('is sent at a rate, and counted by status and endpoint', async () => {
    await run([(await origin('one')).port, (await origin('two')).port]);
    const repeated = send(http(), { repeat: { times: 30, perSecond: 100, concurrency: 4 } });
    const { repeat, clientPorts, durationMs, responses } = await repeated.result;
    expect(repeat).toMatchObject({
      times: 30,
      started: 30,
      answered: 30,
      failed: 0,
      statuses: [{ status: 200, count: 30 }],
      countedBy: 'x-served-by',
      errors: [],
    });
    expect(repeat?.counts.map(({ value, count }) => [value, count]).sort()).toEqual([
      ['one', 15],
      ['two', 15],
    ]);
    // The thirtieth is due after 290 ms.
    expect(durationMs).toBeGreaterThanOrEqual(290);
    expect(repeat?.connections).toBeLessThanOrEqual(4);
    expect(clientPorts).toHaveLength(repeat!.connections);
    const { p50Ms = 0, p95Ms = 0, p99Ms = 0, slowestMs = 0 } = repeat?.latency ?? {};
    expect([p50Ms, p95Ms, p99Ms, slowestMs]).toEqual([p50Ms, p95Ms, p99Ms, slowestMs].sort((a, b) => a - b));
    expect(p50Ms).toBeGreaterThan(0);
    expect(responses).toHaveLength(1);
  });

  it.each([
    ['a new connection each', {}, false, 10],
    ['one connection', {}, true, 1],
    ['one HTTP/2 connection', { protocol: 'h2' }, true, 1],
  ] as const)('uses %s', async (_name, message, reuse, connections) => {
    await run([(await origin()).port]);
    const concurrency = 'protocol' in message ? 5 : 1;
    const { repeat } = await send(http(message), { repeat: { times: 10, reuse, concurrency } }).result;
    expect(repeat).toMatchObject({ answered: 10, failed: 0, connections });
    for (let flow = 1; flow <= 10; flow++)
      await engine.waitFor('flow.closed', ({ flowId }) => flowId === flow);
    const ports = new Set(
      engine.events.flatMap((event) => (event.kind === 'flow.opened' ? [event.client.port] : [])),
    );
    expect(ports.size).toBe(connections);
  });

  it.each(['http1', 'h2'] as const)(
    'survives a server that closes connections now and then: %s',
    async (protocol) => {
      const server = createHttp2OrHttp1(protocol);
      const port = await server.listen();
      const { repeat, outcome } = await watchSend({
        target: { address: '127.0.0.1', port },
        message: http({ protocol }),
        repeat: { times: 400, concurrency: 16 },
      }).result;
      expect(outcome).toBe('answered');
      expect(repeat).toMatchObject({ answered: 400, failed: 0 });
      expect(repeat?.connections).toBeGreaterThan(1);
      await run([1]);
    },
  );

  it('tells how it goes and can be cancelled', async () => {
    await run([(await origin()).port]);
    const repeated = send(http(), { repeat: { times: 100_000, perSecond: 200 } });
    const { summary } = await repeated.event('progress', (event) => event.summary.answered > 0);
    expect(summary.times).toBe(100_000);
    repeated.cancel();
    const result = await repeated.result;
    expect(result).toMatchObject({ outcome: 'cancelled', problem: null });
    expect(result.repeat?.answered).toBeLessThan(1000);
  });

  it('is given up when nothing works', async () => {
    await run([1]);
    await engine.close();
    const { outcome, problem, repeat } = await watchSend({
      target: { address: '127.0.0.1', port: 1 },
      message: http(),
      repeat: { times: 50_000 },
    }).result;
    expect([outcome, problem]).toEqual(['failed', 'it was given up after 100 failures in a row']);
    expect(repeat?.errors).toEqual([
      { message: '127.0.0.1:1 refused the connection: nothing listens there', count: 100 },
    ]);
  });
});
