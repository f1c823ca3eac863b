// HTTP/2 on listeners with node:http2 as the client, and how it fits the rest of the engine.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRouteDocument } from '../../main/contract/config';
import { parseWorkspace } from '../../main/contract/validateConfig';
import type { EndedFlow } from '../../main/engine/endedFlow';
import { Engine } from '../../main/engine/engine';
import { Flag, FrameType } from '../../main/engine/http2/frame';
import { TestServer } from '../helpers/engineHarness';
import { HttpHarness, ok } from '../helpers/httpHarness';
import { frame, getFields, postFields, RawHttp2, uint32 } from '../helpers/rawHttp2';

let harness: HttpHarness;
const sessions: ClientHttp2Session[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  await harness.close();
});

async function start(options: Parameters<typeof HttpHarness.start>[0] = {}): Promise<ClientHttp2Session> {
  harness = await HttpHarness.start(options);
  return session();
}

function session(): ClientHttp2Session {
  const made = connect(`http://127.0.0.1:${harness.engine.port('web')}`);
  made.on('error', () => undefined);
  sessions.push(made);
  return made;
}

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly trailers: IncomingHttpHeaders;
  readonly body: string;
}

async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders = {};
  let body = '';
  stream.setEncoding('latin1');
  stream.on('response', (fields) => {
    headers = fields;
  });
  stream.on('trailers', (fields) => {
    trailers = fields;
  });
  stream.on('data', (text: string) => {
    body += text;
  });
  await once(stream, 'end');
  return { headers, trailers, body };
}

describe('an HTTP/2 client', () => {
  it('is served stream by stream over HTTP/1.1 to the endpoint', async () => {
    const client = await start();
    const asked = client.request({ ':path': '/a', ':authority': 'a.test', cookie: ['a=1', 'b=2'] as never });
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('one', 'X-Case: Kept\r\nConnection: keep-alive\r\n'));
    const { headers, body } = await answerOf(asked);
    expect(body).toBe('one');
    expect(headers).toMatchObject({ ':status': 200, 'x-case': 'Kept', 'content-length': '3' });
    expect(headers.connection).toBeUndefined();
    expect(origin.received).toMatch(/^GET \/a HTTP\/1\.1\r\nhost: a\.test\r\n/i);
    expect(origin.received).toContain('cookie: a=1; b=2\r\n');
    expect(origin.received).toContain('Via: 2 hopscope\r\n');
  });

  it('has streams answered in any order, each with its own flow on one connection', async () => {
    const client = await start();
    const paths = ['/1', '/2', '/3'];
    const asked = paths.map((path) => client.request({ ':path': path, ':authority': 'a.test' }));
    const answers = asked.map(answerOf);
    const origins = await Promise.all([1, 2, 3].map((number) => harness.originConnection(number)));
    await Promise.all(origins.map((origin) => origin.untilReceived('\r\n\r\n')));
    for (const origin of [...origins].reverse())
      origin.socket.write(ok(/GET (\S+)/.exec(origin.received)![1]!));
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(paths);
    await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === 3);
    const heads = harness.engine.events.flatMap((event) =>
      event.kind === 'request.head' && event.leg === 'downstream' ? [event] : [],
    );
    expect(heads.map(({ stream }) => stream)).toEqual([1, 3, 5]);
    expect(new Set(heads.map(({ connectionId }) => connectionId)).size).toBe(1);
    expect(new Set(heads.map(({ flowId }) => flowId)).size).toBe(3);
  });

  it('tells the story of a stream in order', async () => {
    const client = await start();
    const asked = client.request({ ':path': '/a', ':authority': 'a.test' });
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('one'));
    await answerOf(asked);
    await harness.engine.waitFor('flow.closed');
    const story = harness.engine
      .story(1)
      .map(({ kind, leg, disposition, operation, stream }) =>
        [kind, leg, operation, disposition, stream].filter((part) => part !== undefined).join(' '),
      );
    expect(story).toEqual([
      'flow.opened',
      'chunk downstream read consumed 1',
      'request.head downstream 1',
      'request.end downstream',
      'route.matched',
      'backend.picked',
      'endpoint.picked',
      'upstream.connecting',
      'connection.opened upstream',
      'upstream.connected',
      'filter.applied',
      'request.head upstream',
      'chunk upstream write forwarded',
      'request.end upstream',
      'chunk upstream read forwarded',
      'response.head upstream',
      'filter.applied',
      'response.head downstream 1',
      'chunk downstream write forwarded 1',
      'response.end upstream',
      'response.end downstream',
      'flow.closed',
    ]);
    const head = await harness.engine.waitFor('request.head', ({ leg }) => leg === 'downstream');
    expect(head.version).toBe('HTTP/2');
    expect(
      head.headers
        .slice(0, 4)
        .map(([name]) => name)
        .sort(),
    ).toEqual([':authority', ':method', ':path', ':scheme']);
  });

  it.each(['full', 'stream'] as const)(
    'sends a body of unknown length with trailers, %s',
    async (requestBuffering) => {
      const client = await start({ route: { requestBuffering } });
      const asked = client.request(
        { ':method': 'POST', ':path': '/', ':authority': 'a.test', trailer: 'x-sum' },
        { waitForTrailers: true },
      );
      asked.on('wantTrailers', () => asked.sendTrailers({ 'x-sum': '7' }));
      asked.write('abc');
      asked.end('de');
      const origin = await harness.originConnection(1);
      await origin.untilReceived('x-sum: 7\r\n\r\n');
      const body = origin.received.slice(origin.received.indexOf('\r\n\r\n') + 4);
      // In one chunk, or as it came.
      expect(['5\r\nabcde\r\n', '3\r\nabc\r\n2\r\nde\r\n']).toContain(
        body.slice(0, body.indexOf('0\r\nx-sum')),
      );
      origin.socket.write(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-after\r\n\r\n4\r\nbody\r\n0\r\nX-After: 9\r\n\r\n',
      );
      const answer = await answerOf(asked);
      expect(answer.body).toBe('body');
      expect(answer.trailers['x-after']).toBe('9');
    },
  );

  it('gets large bodies whole in both directions', async () => {
    const client = await start({ route: { requestBuffering: 'stream' } });
    const asked = client.request({
      ':method': 'POST',
      ':path': '/',
      ':authority': 'a.test',
      'content-length': '3000000',
    });
    asked.end(Buffer.alloc(3_000_000, 'u'));
    const origin = await harness.originConnection(1);
    await origin.until(({ received }) => received.length - received.indexOf('\r\n\r\n') - 4 === 3_000_000);
    origin.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n`);
    origin.socket.write(Buffer.alloc(5_000_000, 'd'));
    expect((await answerOf(asked)).body).toHaveLength(5_000_000);
  });

  it('is given 100 and 103 before the answer', async () => {
    const client = await start();
    const asked = client.request({
      ':method': 'POST',
      ':path': '/',
      ':authority': 'a.test',
      expect: '100-continue',
    });
    await once(asked, 'continue');
    asked.end('body');
    const origin = await harness.originConnection(1);
    await origin.untilReceived('body');
    const early = once(asked, 'headers') as Promise<[IncomingHttpHeaders]>;
    origin.socket.write(`HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('late')}`);
    expect((await early)[0]).toMatchObject({ ':status': 103, link: '</a>' });
    expect((await answerOf(asked)).body).toBe('late');
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n', '10'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n', undefined],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n', '10'],
  ])('gets %s answered without a body: %s', async (method, text, length) => {
    const client = await start();
    const asked = client.request({ ':method': method, ':path': '/', ':authority': 'a.test' });
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(text);
    const { headers, body } = await answerOf(asked);
    expect([headers['content-length'], body]).toEqual([length, '']);
  });

  it('sees a response that was cut as a reset stream, and the connection lives on', async () => {
    const client = await start();
    const asked = client.request({ ':path': '/', ':authority': 'a.test' });
    asked.on('error', () => undefined);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal');
    const closed = new Promise((resolve) => asked.on('close', resolve));
    await once(asked, 'response');
    origin.socket.destroy();
    await closed;
    expect(asked.rstCode).toBe(2);
    const next = client.request({ ':path': '/next', ':authority': 'a.test' });
    const second = await harness.originConnection(2);
    await second.untilReceived('\r\n\r\n');
    second.socket.write(ok('next'));
    expect((await answerOf(next)).body).toBe('next');
  });

  it('ends the request to the endpoint when it resets a stream', async () => {
    const client = await start();
    const asked = client.request({ ':path': '/', ':authority': 'a.test' });
    asked.on('error', () => undefined);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    asked.close(8);
    await origin.until(({ isClosed, hasEnded }) => isClosed || hasEnded);
    expect(await harness.engine.waitFor('stream.reset')).toMatchObject({
      resetBy: 'client',
      code: 'CANCEL',
      stream: 1,
    });
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({
      code: 'downstream_reset',
      message: 'the client reset the stream (CANCEL)',
    });
  });

  it('is answered early and told to stop sending', async () => {
    const route: Partial<HttpRouteDocument> = {
      requestBuffering: 'stream',
      filters: [{ type: 'respond', status: 403, body: 'no' }],
    };
    const client = await start({ route });
    const asked = client.request({ ':method': 'POST', ':path': '/', ':authority': 'a.test' });
    asked.on('error', () => undefined);
    asked.write('more to come');
    const answer = await answerOf(asked);
    expect(answer).toMatchObject({ body: 'no' });
    asked.destroy();
    const next = client.request({ ':path': '/', ':authority': 'a.test' });
    expect((await answerOf(next)).body).toBe('no');
  });

  it('gets a GOAWAY on a reload without its listener, and what is in flight is finished', async () => {
    const client = await start();
    const asked = client.request({ ':path': '/', ':authority': 'a.test' });
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    const goaway = once(client, 'goaway');
    await harness.engine.run({ schemaVersion: 1 });
    await goaway;
    origin.socket.write(ok('still'));
    expect((await answerOf(asked)).body).toBe('still');
    await once(client, 'close');
    const told = harness.engine.events.flatMap((event) =>
      event.kind === 'connection.goaway' ? [event] : [],
    );
    expect(told[0]).toMatchObject({ sentBy: 'proxy', code: 'NO_ERROR', leg: 'downstream' });
  });

  it('is answered 431 for a head that is too large, and the connection lives on', async () => {
    const client = await start({ limits: { maxHeaderBytes: 2048 } });
    const asked = client.request({ ':path': '/', ':authority': 'a.test', 'x-large': 'x'.repeat(3000) });
    expect((await answerOf(asked)).headers[':status']).toBe(431);
  });

  it('is answered 413 for a body that is too large', async () => {
    const client = await start({ limits: { maxBodyBytes: 1000 } });
    const asked = client.request({ ':method': 'POST', ':path': '/', ':authority': 'a.test' });
    asked.on('error', () => undefined);
    asked.end(Buffer.alloc(5000));
    expect((await answerOf(asked)).headers[':status']).toBe(413);
  });

  it('is timed out like any client: a body that stalls is answered 408', async () => {
    const client = await start({ limits: { bodyIdleTimeoutMs: 200 } });
    const asked = client.request({ ':method': 'POST', ':path': '/', ':authority': 'a.test' });
    asked.on('error', () => undefined);
    asked.write('some');
    expect((await answerOf(asked)).headers[':status']).toBe(408);
  });

  it('is told GOAWAY when it is idle for too long', async () => {
    const client = await start({ limits: { idleTimeoutMs: 200 } });
    await once(client, 'close');
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'idle' });
  });
});

describe('the window of a connection', () => {
  it('is whole again when a client cancels uploads in the read that began them', async () => {
    // Nobody watches, which is when a cancelled request costs next to nothing.
    const engine = new Engine();
    const origin = await TestServer.start((socket) => socket.on('data', () => socket.write(ok('taken'))));
    const { workspace } = parseWorkspace({
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 0, protocol: 'http' }],
      routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'origin' }] }],
      pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port: origin.port }] }],
    });
    await engine.apply({ revision: 1, workspace: workspace!, certificates: new Map() });
    harness = { close: () => engine.close({ drainMs: 0 }).then(() => origin.close()) } as HttpHarness;
    const client = await RawHttp2.open(engine.listeners()[0]!.port);
    const post = [':method: POST', ...getFields.slice(1)];
    let id = 1;
    for (; id < 200; id += 2) {
      const data = frame(FrameType.data, 0, id, Buffer.alloc(12_000));
      client.send(
        client.headers(id, post, Flag.endHeaders),
        data,
        frame(FrameType.rstStream, 0, id, uint32(8)),
      );
    }
    client.send(
      client.headers(id, post, Flag.endHeaders),
      frame(FrameType.data, Flag.endStream, id, Buffer.alloc(12_000)),
    );
    expect(await client.status(id)).toBe(':status: 200');
    const given = client.frames
      .filter(({ type, stream }) => type === FrameType.windowUpdate && stream === 0)
      .reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0);
    // 1,048,576 to begin with, of which at most half may be owed.
    expect(given + 65_535 - 101 * 12_000).toBeGreaterThanOrEqual(524_288);
    client.close();
  });
});

describe('what an HTTP/2 client must not say', () => {
  it('tells nothing of an earlier request when the next one is none', async () => {
    harness = await HttpHarness.start({
      route: { filters: [{ type: 'respond', status: 200, body: 'yes' }] },
      limits: { maxHeaderBytes: 4096 },
    });
    const ended: EndedFlow[] = [];
    harness.engine.engine.flowEnds.listener = (flow) => ended.push(flow);
    const client = await RawHttp2.open(harness.engine.port('web'));
    const post = [...postFields, 'user-agent: first'];
    client.send(
      client.headers(1, post, Flag.endHeaders),
      frame(FrameType.data, Flag.endStream, 1, Buffer.from('body')),
    );
    expect(await client.status(1)).toBe(':status: 200');
    client.send(client.headers(3, [...getFields, 'connection: close']));
    expect(await client.resetCode(3)).toBe(1);
    client.send(
      client.headers(5, [...getFields, `x-long: ${'y'.repeat(6000)}`], Flag.endStream | Flag.endHeaders),
    );
    expect(await client.status(5)).toBe(':status: 431');
    expect(ended.map(({ request, status }) => [request?.userAgent, status])).toEqual([
      ['first', 200],
      [undefined, 0],
      [undefined, 431],
    ]);
    expect(ended[1]).toMatchObject({ request: null, requestBytes: 0 });
    client.close();
  });

  it.each([
    ['a line break in a value', ['x-a: b\nhost: evil']],
    ['NUL in a value', ['x-a: b\0c']],
    ['white space around a value', [`x-a: ${'\t'}b`]],
    ['another Host than :authority', ['host: b.test']],
    ['Host twice', ['host: a.test', 'host: a.test']],
    ['Transfer-Encoding', ['transfer-encoding: chunked']],
    ['Upgrade', ['upgrade: websocket']],
    ['Keep-Alive', ['keep-alive: 1']],
    ['a space in a name', ['x a: b']],
  ])('resets the stream, and the endpoint hears nothing: %s', async (_name, lines) => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    // Written without the encoder, which would trim.
    const literals = lines.map((line) => {
      const at = line.indexOf(':');
      const [name, value] = [line.slice(0, at), line.slice(at + 2)];
      return Buffer.concat([
        Buffer.of(0, name.length),
        Buffer.from(name),
        Buffer.of(value.length),
        Buffer.from(value),
      ]);
    });
    const block = Buffer.concat([client.block(getFields), ...literals]);
    client.send(frame(FrameType.headers, Flag.endHeaders | Flag.endStream, 1, block));
    expect(await client.resetCode(1)).toBe(1);
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({ code: 'bad_request', status: null });
    expect(harness.connections).toHaveLength(0);
    client.close();
  });

  it.each([
    ['userinfo in :authority', ':authority: me@a.test', ':path: /'],
    ['a fragment in :path', ':authority: a.test', ':path: /a#b'],
    ['a space in :path', ':authority: a.test', ':path: /a b'],
    ['an empty :authority', ':authority:', ':path: /'],
  ])('is answered 400: %s', async (_name, authority, path) => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    client.send(client.headers(1, [':method: GET', ':scheme: https', authority, path]));
    expect(await client.status(1)).toBe(':status: 400');
    expect(harness.connections).toHaveLength(0);
    client.close();
  });

  it('is answered 501 for CONNECT', async () => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    client.send(client.headers(1, [':method: CONNECT', ':authority: a.test:443'], Flag.endHeaders));
    expect(await client.status(1)).toBe(':status: 501');
    client.close();
  });
});

describe('a WebSocket on an HTTP/2 stream (RFC 8441)', () => {
  const asks = [
    ':method: CONNECT',
    ':protocol: websocket',
    ':scheme: https',
    ':path: /chat',
    ':authority: a.test',
    'sec-websocket-version: 13',
    'origin: https://a.test',
  ];

  /** The consent to what was received. */
  const switching = (received: string, extra = '') => {
    const key = /sec-websocket-key: (\S+)/.exec(received)![1]!;
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`;
  };

  it('is an Upgrade for the endpoint, and bytes go both ways until both end', async () => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    const enabled = client.frames[0]!.payload.includes(Buffer.from([0, 8, 0, 0, 0, 1]));
    expect(enabled).toBe(true);
    client.send(client.headers(1, asks, Flag.endHeaders));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    expect(origin.received).toMatch(/^GET \/chat HTTP\/1\.1\r\n/);
    expect(origin.received).toMatch(/connection: upgrade\r\nupgrade: websocket\r\n/i);
    expect(origin.received).toMatch(/sec-websocket-key: [A-Za-z0-9+/]{22}==\r\n/);
    origin.socket.write(`${switching(origin.received, 'X-Room: 1\r\n')}hello`);
    await client.until(() => client.data(1).toString() === 'hello');
    const head = await client.until(({ type }) => type === FrameType.headers);
    expect(head!.fields).toContain(':status: 200');
    expect(head!.fields).toContain('x-room: 1');
    expect(head!.fields.join()).not.toMatch(/accept|upgrade|connection/);
    client.send(frame(FrameType.data, 0, 1, 'ping'));
    await origin.untilReceived('ping');
    expect(await harness.engine.waitFor('upgrade.accepted')).toMatchObject({ protocol: 'websocket' });
    client.send(frame(FrameType.data, Flag.endStream, 1, 'bye'));
    await origin.until(({ hasEnded }) => hasEnded);
    expect(origin.received.endsWith('pingbye')).toBe(true);
    origin.socket.end('end');
    await client.until(({ flags, stream }) => stream === 1 && (flags & Flag.endStream) !== 0);
    expect(client.data(1).toString()).toBe('helloend');
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('completed');
    client.close();
  });

  it('ends when the client resets the stream', async () => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    client.send(client.headers(1, asks, Flag.endHeaders));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(switching(origin.received));
    await client.status(1);
    client.send(frame(FrameType.rstStream, 0, 1, uint32(8)));
    await origin.until(({ isClosed, hasEnded }) => isClosed || hasEnded);
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('aborted');
    expect(await client.isAlive()).toBe(true);
    client.close();
  });

  it('is refused with what the endpoint says, and a 200 is no consent', async () => {
    harness = await HttpHarness.start();
    const client = await RawHttp2.open(harness.engine.port('web'));
    for (const [stream, text, status] of [
      [1, 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', '403'],
      [3, switching('sec-websocket-key: another\r\n'), '502'],
      [5, ok('page'), '502'],
    ] as const) {
      client.send(client.headers(stream, asks, Flag.endHeaders));
      const origin = await harness.originConnection(stream === 5 ? 2 : 1);
      await origin.untilReceived('\r\n\r\n');
      origin.received = '';
      origin.socket.write(text);
      expect(await client.status(stream)).toBe(`:status: ${status}`);
    }
    client.close();
  });
});
