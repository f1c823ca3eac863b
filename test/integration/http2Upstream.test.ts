// HTTP/2 to endpoints, with node:http2 as the endpoint: another implementation than ours on the other side.
import { once } from 'node:events';
import {
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRouteDocument, PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import { Flag, FrameType } from '../../main/engine/http2/frame';
import { EngineHarness, TestClient, TestServer } from '../helpers/engineHarness';
import { get, post } from '../helpers/httpHarness';
import { frame, RawHttp2, settings, uint32 } from '../helpers/rawHttp2';

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

class Http2Origin {
  readonly sessions: Http2Session[] = [];
  private constructor(
    readonly server: ReturnType<typeof createServer>,
    onStream: OnStream,
  ) {
    server.on('session', (session) => this.sessions.push(session));
    server.on('stream', onStream);
  }

  static async start(
    onStream: OnStream,
    settings: { maxConcurrentStreams?: number } = {},
  ): Promise<Http2Origin> {
    const server = createServer({ settings });
    const origin = new Http2Origin(server, onStream);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const session of this.sessions) session.destroy();
    this.server.close();
  }
}

let engine: EngineHarness;
let origin: Http2Origin;
const clients: TestClient[] = [];
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  origin.close();
  await engine.close();
});

interface Options {
  readonly pool?: Partial<PoolDocument>;
  readonly route?: Partial<HttpRouteDocument>;
  readonly maxConcurrentStreams?: number;
}

async function start(onStream: OnStream, options: Options = {}) {
  const { maxConcurrentStreams } = options;
  origin = await Http2Origin.start(
    onStream,
    maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams },
  );
  engine = new EngineHarness();
  await engine.run(workspace(origin.port, options));
}

function workspace(port: number, { pool, route }: Options = {}): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }], ...route }],
    pools: [{ id: 'origin', protocol: 'h2', endpoints: [{ address: '127.0.0.1', port }], ...pool }],
  };
}

async function client(): Promise<TestClient> {
  const connected = await TestClient.connect(engine.port('web'));
  clients.push(connected);
  return connected;
}

const echo: OnStream = (stream, headers) => {
  const parts: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => parts.push(bytes));
  stream.on('end', () => {
    stream.respond({
      ':status': 200,
      'x-path': headers[':path'] ?? '',
      'x-authority': headers[':authority'] ?? '',
    });
    stream.end(Buffer.concat([Buffer.from(`${headers[':method']} `), ...parts]));
  });
};

describe('a pool of protocol h2', () => {
  it('sends what an HTTP/1.1 client asks as a stream, and tells the story', async () => {
    await start(echo);
    const one = await client();
    one.socket.write(get('/a?b=1'));
    await one.until(() => one.text.endsWith('0\r\n\r\n'));
    expect(one.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(one.text).toContain('x-path: /a?b=1\r\n');
    expect(one.text).toContain('x-authority: a.test\r\n');
    expect(one.text).toContain('Via: 2 hopscope\r\n');
    expect(one.text).toContain('\r\n\r\n4\r\nGET \r\n');
    const sent = await engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    expect(sent).toMatchObject({ version: 'HTTP/2', method: 'GET', target: '/a?b=1', stream: 1 });
    expect(sent.headers.slice(0, 4)).toEqual([
      [':method', 'GET'],
      [':scheme', 'http'],
      [':authority', 'a.test'],
      [':path', '/a?b=1'],
    ]);
    const answered = await engine.waitFor('response.head', ({ leg }) => leg === 'upstream');
    expect(answered).toMatchObject({ version: 'HTTP/2', status: 200, stream: 1 });
    expect(answered.headers[0]).toEqual([':status', '200']);
    expect((await engine.waitFor('flow.closed')).outcome).toBe('completed');
  });

  it('carries many exchanges at once on one connection', async () => {
    const waiting: ServerHttp2Stream[] = [];
    await start((stream) => {
      waiting.push(stream);
      if (waiting.length < 20) return;
      for (const each of waiting) {
        each.respond({ ':status': 200 });
        each.end('done');
      }
    });
    const all = await Promise.all(Array.from({ length: 20 }, client));
    for (const one of all) one.socket.write(get('/'));
    await Promise.all(all.map((one) => one.until(() => one.text.includes('done'))));
    expect(origin.sessions).toHaveLength(1);
    const streams = engine.events.flatMap((event) =>
      event.kind === 'request.head' && event.leg === 'upstream' ? [event.stream] : [],
    );
    expect(new Set(streams).size).toBe(20);
  });

  it.each(['full', 'stream'] as const)(
    'passes bodies on, %s, with and without a length',
    async (requestBuffering) => {
      await start(echo, { route: { requestBuffering } });
      const one = await client();
      one.socket.write(post('x'.repeat(300_000)));
      await one.until(() => one.text.endsWith('0\r\n\r\n'));
      expect(one.text.match(/x{1000,}/g)?.join('').length).toBeGreaterThan(200_000);
      const two = await client();
      two.socket.write('POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n');
      two.socket.write('2\r\nde\r\n0\r\n\r\n');
      await two.until(() => two.text.includes('POST abcde'));
    },
  );

  it('passes trailers on in both directions', async () => {
    let trailers: IncomingHttpHeaders = {};
    await start((stream) => {
      stream.on('trailers', (fields) => {
        trailers = fields;
      });
      stream.on('data', () => undefined);
      stream.on('end', () => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '42' }));
        stream.end('body');
      });
    });
    const one = await client();
    one.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Check: 1\r\n\r\n',
    );
    await one.until(() => one.text.includes('x-sum: 42'));
    expect(one.text).toMatch(/4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n$/);
    expect(trailers['x-check']).toBe('1');
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('passes on an answer without a body: %s %i', async (method, status) => {
    await start((stream) => {
      stream.respond(
        { ':status': status, ...(status === 204 ? {} : { 'content-length': '10' }) },
        { endStream: true },
      );
    });
    const one = await client();
    one.socket.write(`${method} / HTTP/1.1\r\nHost: a.test\r\n\r\n${get('/again')}`);
    await one.until(() => one.text.split('HTTP/1.1 ').length === 3);
    expect(one.text).toContain(`HTTP/1.1 ${status} `);
  });

  it.each([
    [{}, 'stream'],
    [{ 'content-length': '0' }, 'stream'],
    [{}, 'compress'],
  ])('says of an answer that ends with its head that it is empty: %j, %s', async (fields, kind) => {
    const filters = kind === 'compress' ? [{ type: 'compress' as const }] : [];
    const route = { filters };
    await start(
      (stream) =>
        stream.respond({ ':status': 200, 'content-type': 'text/plain', ...fields }, { endStream: true }),
      { route },
    );
    const one = await client();
    one.socket.write(get('/', 'Accept-Encoding: gzip\r\n') + get('/again'));
    await one.until(() => one.text.split('HTTP/1.1 200 ').length === 3);
    expect(one.text).toMatch(/content-length: 0\r\n/i);
    expect(one.text.match(/content-length/gi)).toHaveLength(2);
  });

  it('does not reset a stream whose answer is whole but for its end', async () => {
    const ends: (() => void)[] = [];
    const codes: (number | undefined)[] = [];
    await start((stream) => {
      stream.on('close', () => codes.push(stream.rstCode));
      stream.respond({ ':status': 200, 'content-length': '4' });
      stream.write('whol');
      ends.push(() => stream.end());
    });
    const one = await client();
    one.socket.write(get('/'));
    await one.until(() => one.text.endsWith('whol'));
    await engine.waitFor('flow.closed');
    ends[0]!();
    await expect.poll(() => codes).toEqual([0]);
    expect(engine.events.filter(({ kind }) => kind === 'stream.reset')).toEqual([]);
    // An endpoint that does not end it has it ended.
    one.socket.write(get('/never'));
    expect(await engine.waitFor('stream.reset')).toMatchObject({
      resetBy: 'proxy',
      code: 'CANCEL',
      stream: 3,
    });
  });

  it('passes 103 on before the answer', async () => {
    await start((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.respond({ ':status': 200 });
      stream.end('late');
    });
    const one = await client();
    one.socket.write(get('/'));
    await one.until(() => one.text.includes('late'));
    expect(one.text.indexOf('HTTP/1.1 103 ')).toBe(0);
    expect(one.text).toContain('link: </a.css>; rel=preload');
  });

  it('ends only the stream when the client goes, and the connection lives on', async () => {
    let isReset = false;
    await start((stream, headers) => {
      if (headers[':path'] === '/next') {
        stream.respond({ ':status': 200 });
        stream.end('next');
        return;
      }
      stream.on('error', () => undefined);
      stream.on('close', () => {
        isReset = stream.rstCode === 8;
      });
    });
    const one = await client();
    one.socket.write(get('/'));
    await engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    one.socket.destroy();
    const reset = await engine.waitFor('stream.reset');
    expect(reset).toMatchObject({ leg: 'upstream', resetBy: 'proxy', code: 'CANCEL', stream: 1 });
    const two = await client();
    two.socket.write(get('/next'));
    await two.until(() => two.text.includes('next'));
    expect(isReset).toBe(true);
    expect(origin.sessions).toHaveLength(1);
  });

  it.each([
    ['resets the stream', (socket: Socket) => socket.write(frame(FrameType.rstStream, 0, 1, uint32(8)))],
    ['ends the connection', (socket: Socket) => socket.end()],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
  ])('cuts off a response of unknown length when the endpoint %s', async (_name, cut) => {
    await start(echo);
    let open: Socket | undefined;
    const raw = await TestServer.start((socket) => {
      open = socket;
      socket.resume().write(settings());
    });
    await engine.run(workspace(raw.port));
    const one = await client();
    one.socket.write(get('/'));
    await engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    open!.write(frame(FrameType.headers, Flag.endHeaders, 1, Buffer.from([0x88])));
    open!.write(frame(FrameType.data, 0, 1, 'the first half'));
    await one.until(() => one.text.includes('the first half'));
    cut(open!);
    await one.until(() => one.isClosed || one.text.endsWith('0\r\n\r\n'));
    expect(one.text.endsWith('the first half\r\n')).toBe(true);
    expect(await engine.waitFor('flow.failed')).toMatchObject({ code: 'upstream_reset', status: null });
    expect((await engine.waitFor('flow.closed')).outcome).toBe('failed');
    await raw.close();
  });

  it('answers 502 when the endpoint resets the stream', async () => {
    await start((stream) => {
      stream.on('error', () => undefined);
      stream.close(2);
    });
    const one = await client();
    one.socket.write(post('x'));
    await one.until(() => one.text.includes('upstream_reset'));
    expect(one.text).toMatch(/^HTTP\/1\.1 502 /);
  });

  it('sends a refused stream once more, also a POST', async () => {
    let count = 0;
    await start((stream) => {
      stream.on('error', () => undefined);
      if (++count === 1) stream.close(7);
      else {
        stream.respond({ ':status': 200 });
        stream.end('second');
      }
    });
    const one = await client();
    one.socket.write(post('x'));
    await one.until(() => one.text.includes('second'));
    expect(await engine.waitFor('retry.scheduled')).toMatchObject({ attempt: 2, delayMs: 0 });
  });

  it('sends what a GOAWAY left out once more on a new connection', async () => {
    await start(echo);
    let connections = 0;
    const raw = await TestServer.start((socket) => {
      const isFirst = ++connections === 1;
      socket.once('data', () => {
        const answer = Buffer.from([0x88]);
        socket.write(settings());
        if (isFirst) socket.write(frame(FrameType.goaway, 0, 0, uint32(0, 0)));
        else socket.write(frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, answer));
      });
    });
    await engine.run(workspace(raw.port));
    const one = await client();
    one.socket.write(post('x'));
    await one.until(() => one.text.includes(' 200 '));
    expect(await engine.waitFor('connection.goaway')).toMatchObject({
      leg: 'upstream',
      sentBy: 'endpoint',
      lastStream: 0,
    });
    expect(await engine.waitFor('retry.scheduled')).toMatchObject({ attempt: 2 });
    expect(connections).toBe(2);
    await raw.close();
  });

  it('respects the number of streams that the endpoint allows', async () => {
    let open = 0;
    let most = 0;
    await start(
      (stream) => {
        most = Math.max(most, ++open);
        stream.respond({ ':status': 200 });
        stream.end('ok', () => {
          open--;
        });
      },
      { maxConcurrentStreams: 2, pool: { connections: { maxPerEndpoint: 1 } } },
    );
    const all = await Promise.all(Array.from({ length: 12 }, client));
    const first = all[0]!;
    first.socket.write(get('/'));
    await first.until(() => first.text.includes('ok'));
    for (const one of all.slice(1)) one.socket.write(get('/'));
    await Promise.all(all.map((one) => one.until(() => one.text.includes('ok'))));
    expect(most).toBeLessThanOrEqual(2);
    expect(origin.sessions).toHaveLength(1);
  });

  it('stops reading from the endpoint while the client does not read', async () => {
    let written = 0;
    await start((stream) => {
      stream.respond({ ':status': 200 });
      const block = Buffer.alloc(65_536);
      const more = () => {
        while (stream.writable && stream.write(block)) written += block.length;
        written += block.length;
        stream.once('drain', more);
      };
      more();
    });
    const one = await client();
    one.socket.write(get('/'));
    await one.until(() => one.length > 0);
    one.socket.pause();
    // A PING comes back when everything before it was read by the proxy.
    for (let before = -1; before !== written; ) {
      before = written;
      for (let turn = 0; turn < 20; turn++)
        await new Promise((resolve) => origin.sessions[0]!.ping((error) => resolve(error)));
    }
    expect(written).toBeLessThan(16_000_000);
  });

  it('is checked over HTTP/2 too', async () => {
    await start(echo, {
      pool: { healthCheck: { type: 'http', path: '/healthz', intervalMs: 50, expect: [200] } },
    });
    expect(await engine.waitFor('endpoint.health')).toMatchObject({
      to: 'healthy',
      reason: 'GET /healthz answered 200',
    });
  });

  it('answers 502 when what is there does not speak HTTP/2', async () => {
    await start(echo);
    const other = await TestServer.start((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await engine.run(workspace(other.port));
    const one = await client();
    one.socket.write(get('/'));
    await one.until(() => one.text.includes(' 502 '));
    await other.close();
  });
});

describe('the window of a connection to an endpoint', () => {
  it('is whole again when the endpoint resets streams that a client did not read', async () => {
    const block = Buffer.alloc(300_000, 'x');
    const stalled: ServerHttp2Stream[] = [];
    await start((stream, headers) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/whole') stream.end(Buffer.alloc(3_000_000, 'y'));
      else {
        stalled.push(stream);
        stream.write(block);
      }
    });
    // The window of this client is used up by the first stream.
    const slow = await RawHttp2.open(engine.port('web'));
    for (let number = 0; number < 24; number++) {
      const id = 1 + 2 * number;
      slow.send(slow.headers(id));
      await slow.status(id);
      // Answered when all that the proxy may be sent has come.
      const [session] = origin.sessions;
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => session!.ping(resolve));
      stalled[number]!.close(8);
      await slow.resetCode(id);
    }
    slow.close();
    const other = await client();
    other.socket.write(get('/whole'));
    await other.until(() => other.length > 3_000_000);
    expect(origin.sessions).toHaveLength(1);
  });
});
