// HTTP/1.1 through the engine with real sockets: what each side reads, byte for byte, and what the events say.
import { afterEach, describe, expect, it } from 'vitest';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
const start = async (options?: Parameters<typeof HttpHarness.start>[0]) => {
  harness = await HttpHarness.start(options);
  return harness;
};
afterEach(() => harness.close());

describe('an http route', () => {
  it('forwards requests on one connection each side and tells the story in order', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/a', 'Cookie: secret\r\n'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('one'));
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(get('/b'));
    await origin.untilReceived('GET /b');
    origin.socket.write(ok('two'));
    await client.until(() => client.text.endsWith('two'));

    expect(origin.received.split('\r\n')[0]).toBe('GET /a HTTP/1.1');
    expect(origin.received).toContain(
      `X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nX-Forwarded-Host: a.test\r\nX-Forwarded-Port: ${harness.engine.port('web')}\r\nVia: 1.1 hopscope\r\n\r\n`,
    );
    const closed = await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === 2);
    expect(closed.outcome).toBe('completed');
    expect(harness.connections).toHaveLength(1);
    const story = harness.engine
      .story(1)
      .map(({ kind, leg, disposition, operation }) =>
        [kind, leg, operation, disposition].filter((part) => part !== undefined).join(' '),
      );
    expect(story).toEqual([
      'flow.opened',
      'chunk downstream read consumed',
      'request.head downstream',
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
      'response.head downstream',
      'chunk downstream write forwarded',
      'response.end upstream',
      'response.end downstream',
      'flow.closed',
    ]);
    const head = await harness.engine.waitFor('request.head', ({ leg }) => leg === 'downstream');
    expect(head.headers).toEqual([
      ['Host', 'a.test'],
      ['Cookie', '•••'],
    ]);
    const reused = await harness.engine.waitFor('upstream.reused');
    expect(reused).toMatchObject({ flowId: 2, earlierExchanges: 1 });
  });

  it('answers pipelined requests in order', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/1') + get('/2') + get('/3', 'Connection: close\r\n'));
    const origin = await harness.originConnection(1);
    for (const number of ['1', '2', '3']) {
      await origin.untilReceived(`GET /${number}`);
      origin.socket.write(ok(number));
    }
    await client.until(() => client.hasEnded);
    expect(client.text.match(/\r\n\r\n\d/g)).toEqual(['\r\n\r\n1', '\r\n\r\n2', '\r\n\r\n3']);
  });

  it('makes a new connection for each request when reuse is off', async () => {
    await start({ pool: { connections: { reuse: false } } });
    const client = await harness.connect();
    for (const number of [1, 2]) {
      client.socket.write(get(`/${number}`));
      const origin = await harness.originConnection(number);
      await origin.untilReceived('Connection: close');
      origin.socket.write(ok(`${number}`));
      await client.until(() => client.text.endsWith(`\r\n\r\n${number}`));
      await origin.until(({ hasEnded, isClosed }) => hasEnded || isClosed);
    }
  });

  it('reaches an endpoint by a name that has several addresses', async () => {
    await start();
    const endpoints = [{ address: 'localhost', port: harness.origin.port }];
    await harness.engine.run(harness.document({ pool: { endpoints } }));
    const client = await harness.connect();
    client.socket.write(get('/named'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    const body = 'abc'.repeat(100_000);
    origin.socket.write(ok(body));
    await client.until(() => client.text.endsWith(body));
  });

  it('reads a request that comes byte by byte', async () => {
    await start();
    const client = await harness.connect();
    for (const byte of post('hello')) {
      client.socket.write(byte);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\nhello');
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
  });
});

describe('responses', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    [
      'chunked',
      get(),
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 hopscope\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
    [
      'chunked with extension and trailer',
      get(),
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n03;x=y\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 hopscope\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
    ],
    [
      'HEAD',
      'HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nVia: 1.1 hopscope\r\n\r\n',
    ],
    ['204', get(), 'HTTP/1.1 204 No Content\r\n\r\n', 'HTTP/1.1 204 No Content\r\nVia: 1.1 hopscope\r\n\r\n'],
    [
      '304 with a length',
      get(),
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nVia: 1.1 hopscope\r\n\r\n',
    ],
    [
      'interim responses',
      get(),
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nVia: 1.1 hopscope\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\nVia: 1.1 hopscope\r\n\r\n',
    ],
  ];
  it.each(cases)('%s reach the client in plain form', async (_, request, answer, expected) => {
    await start();
    const client = await harness.connect();
    client.socket.write(request);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(answer);
    await client.until(() => client.length >= expected.length);
    expect(client.text).toBe(expected);
    // The connection is good for another request.
    client.socket.write(get('/next'));
    await origin.untilReceived('GET /next');
  });

  it('of unknown length are chunked for HTTP/1.1', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.end('HTTP/1.1 200 OK\r\n\r\nabc');
    await client.until(() => client.text.endsWith('0\r\n\r\n'));
    expect(client.text).toBe(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nVia: 1.1 hopscope\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    );
  });

  it('to HTTP/1.0 are never chunked', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    const origin = await harness.originConnection(1);
    await origin.untilReceived(`Host: 127.0.0.1:${harness.origin.port}\r\n`);
    origin.socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
    await client.until(() => client.hasEnded);
    expect(client.text).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\nVia: 1.1 hopscope\r\n\r\nabc');
  });

  it('keep an HTTP/1.0 client that asked for it', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('abc'));
    await client.until(() => client.text.endsWith('abc'));
    expect(client.text).toContain('Connection: keep-alive\r\n');
  });

  it('that are large arrive whole', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    const body = Buffer.alloc(5_000_000, 'abcdefghij');
    origin.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    origin.socket.write(body);
    const headLength = `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nVia: 1.1 hopscope\r\n\r\n`
      .length;
    await client.until(() => client.length === headLength + body.length);
    expect(Buffer.concat(client.received).subarray(headLength).equals(body)).toBe(true);
  });
});

describe('requestBuffering', () => {
  it('full holds the whole body before an endpoint hears of it', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    );
    await harness.engine.waitFor('buffer.held', ({ bytes }) => bytes === 5);
    expect(harness.connections).toHaveLength(0);
    client.socket.write('6\r\n world\r\n0\r\n\r\n');
    const origin = await harness.originConnection(1);
    await origin.untilReceived('hello world');
    expect(origin.received).toContain('Content-Length: 11\r\n');
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
    const released = await harness.engine.waitFor('buffer.released');
    expect(released).toMatchObject({ bytes: 11, chunks: 2, spilledToFile: false });
    const kinds = harness.engine.story(1).map(({ kind }) => kind);
    expect(kinds.indexOf('buffer.released')).toBeLessThan(kinds.indexOf('backend.picked'));
  });

  it('full keeps trailers', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
    );
    const origin = await harness.originConnection(1);
    await origin.untilReceived('5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n');
  });

  it('full puts what is too large for memory into a file', async () => {
    await start({ route: { bufferBytes: 1000 } });
    const client = await harness.connect();
    const body = Buffer.alloc(3_000_000, 'abcdefghij').toString('latin1');
    client.socket.write(post(body), 'latin1');
    const origin = await harness.originConnection(1);
    await origin.until(({ received }) => received.endsWith(body.slice(-10)) && received.length > body.length);
    expect(origin.received.slice(origin.received.indexOf('\r\n\r\n') + 4) === body).toBe(true);
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
    const released = await harness.engine.waitFor('buffer.released');
    expect(released).toMatchObject({ bytes: body.length, spilledToFile: true });
  });

  it('stream passes pieces on as they come', async () => {
    await start({ route: { requestBuffering: 'stream' } });
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    );
    const origin = await harness.originConnection(1);
    await origin.untilReceived('Transfer-Encoding: chunked\r\n');
    await origin.untilReceived('5\r\nhello\r\n');
    client.socket.write('6;x\r\n world\r\n0\r\n\r\n');
    await origin.untilReceived('5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n');
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
    const kinds = harness.engine.events.map(({ kind }) => kind);
    expect(kinds).not.toContain('buffer.held');
  });

  it('stream passes large bodies on with backpressure', async () => {
    await start({ route: { requestBuffering: 'stream' } });
    const client = await harness.connect();
    const body = Buffer.alloc(5_000_000, 'abcdefghij').toString('latin1');
    client.socket.write(post(body), 'latin1');
    const origin = await harness.originConnection(1);
    await origin.until(({ received }) => received.endsWith(body.slice(-10)) && received.length > body.length);
    expect(origin.received.slice(origin.received.indexOf('\r\n\r\n') + 4) === body).toBe(true);
  });

  it('full answers Expect: 100-continue itself', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
    );
    await client.until(() => client.text === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.socket.write('hello');
    const origin = await harness.originConnection(1);
    await origin.untilReceived('hello');
    expect(origin.received).not.toMatch(/expect/i);
  });

  it('stream lets the endpoint answer Expect: 100-continue', async () => {
    await start({ route: { requestBuffering: 'stream' } });
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n',
    );
    const origin = await harness.originConnection(1);
    await origin.untilReceived('Expect: 100-continue\r\n');
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    await client.until(() => client.text.includes('100 Continue'));
    client.socket.write('hello');
    await origin.untilReceived('hello');
    origin.socket.write(ok('done'));
    await client.until(() => client.text.endsWith('done'));
  });
});

describe('filters', () => {
  it('edit heads, rewrite and say what they changed', async () => {
    await start({
      route: {
        matches: [{ path: { type: 'prefix', value: '/v1' } }],
        filters: [
          { type: 'requestHeaders', set: { 'x-proxied-by': 'hopscope' }, remove: ['x-debug'] },
          { type: 'rewrite', path: { type: 'replacePrefix', value: '/' }, hostname: 'inner.test' },
          { type: 'responseHeaders', remove: ['server'] },
        ],
      },
    });
    const client = await harness.connect();
    client.socket.write(get('/v1/x?y', 'X-Debug: 1\r\n'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    expect(origin.received).toMatch(/^GET \/x\?y HTTP\/1.1\r\nHost: inner.test\r\n/);
    expect(origin.received).toContain('x-proxied-by: hopscope');
    expect(origin.received).not.toContain('X-Debug');
    origin.socket.write(ok('done', 'Server: x\r\n'));
    await client.until(() => client.text.endsWith('done'));
    expect(client.text).not.toContain('Server');
    await harness.engine.waitFor('flow.closed');
    const applied = harness.engine.story(1).filter(({ kind }) => kind === 'filter.applied');
    expect(applied.map(({ filter, index, changes }) => ({ filter, index, changes }))).toEqual([
      {
        filter: 'requestHeaders',
        index: 0,
        changes: [
          { name: 'x-debug', before: ['1'], after: [] },
          { name: 'x-proxied-by', before: [], after: ['hopscope'] },
        ],
      },
      {
        filter: 'rewrite',
        index: 1,
        changes: [
          { name: ':path', before: ['/v1/x?y'], after: ['/x?y'] },
          { name: 'host', before: ['a.test'], after: ['inner.test'] },
        ],
      },
      {
        filter: 'proxy',
        index: null,
        changes: [
          { name: 'x-forwarded-for', before: [], after: ['127.0.0.1'] },
          { name: 'x-forwarded-proto', before: [], after: ['http'] },
          { name: 'x-forwarded-host', before: [], after: ['a.test'] },
          { name: 'x-forwarded-port', before: [], after: [String(harness.engine.port('web'))] },
          { name: 'via', before: [], after: ['1.1 hopscope'] },
        ],
      },
      { filter: 'responseHeaders', index: 2, changes: [{ name: 'server', before: ['x'], after: [] }] },
      { filter: 'proxy', index: null, changes: [{ name: 'via', before: [], after: ['1.1 hopscope'] }] },
    ]);
  });

  it('answer without an endpoint and keep the connection', async () => {
    await start({ route: { filters: [{ type: 'respond', status: 418, body: 'tea' }], backends: [] } });
    const client = await harness.connect();
    client.socket.write(get() + get());
    await client.until(() => client.text.split('tea').length === 3);
    expect(client.text.startsWith('HTTP/1.1 418 ')).toBe(true);
    expect(client.text).toContain('content-length: 3\r\n');
    expect(harness.connections).toHaveLength(0);
  });
});

describe('an upgrade', () => {
  it('relays both ways, outlives a reload, and passes half-close on', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('Connection: upgrade\r\nUpgrade: websocket\r\n');
    origin.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello',
    );
    await client.until(() => client.text.endsWith('\r\n\r\nhello'));
    await harness.engine.apply(harness.document({ route: { id: 'other' } }));
    client.socket.write('ping');
    await origin.untilReceived('ping');
    origin.socket.write('pong');
    await client.until(() => client.text.endsWith('pong'));
    client.socket.end('bye');
    await origin.until(({ hasEnded, received }) => hasEnded && received.endsWith('bye'));
    origin.socket.end('late');
    await client.until(() => client.hasEnded);
    expect(client.text.endsWith('pong' + 'late')).toBe(true);
    const closed = await harness.engine.waitFor('flow.closed');
    expect(closed.outcome).toBe('completed');
    expect(await harness.engine.waitFor('upgrade.accepted')).toMatchObject({ protocol: 'websocket' });
  });

  it('that nobody asked for is a bad response', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    await client.until(() => client.text.includes('x-hopscope-error: upstream_bad_response'));
    expect(client.text).toMatch(/^HTTP\/1.1 502 /);
  });
});
