// What goes wrong on either side, and what the other side and the events see of it.
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../helpers/engineHarness';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
const start = async (options?: Parameters<typeof HttpHarness.start>[0]) => {
  harness = await HttpHarness.start(options);
  return harness;
};
afterEach(() => harness.close());

async function answerTo(request: string): Promise<string> {
  const client = await harness.connect();
  client.socket.write(request, 'latin1');
  await client.until(() => client.hasEnded || /\r\n\r\n.*\n$/.test(client.text));
  return client.text;
}

describe('answers that the proxy makes', () => {
  it.each([
    ['no route', { route: { hostnames: ['b.test'] } }, 404, 'no_route'],
    ['no backend', { route: { backends: [] } }, 503, 'no_backend'],
    [
      'only backends of weight 0',
      { route: { backends: [{ pool: 'origin', weight: 0 }] } },
      503,
      'no_backend',
    ],
    ['no endpoint', { pool: { endpoints: [] } }, 503, 'no_healthy_endpoint'],
  ])('%s', async (_, options, status, code) => {
    await start(options);
    const client = await harness.connect();
    client.socket.write(get());
    await client.until(() => client.text.includes(`(${code})`));
    expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(client.text).toContain(`x-hopscope-error: ${code}\r\n`);
    const failed = await harness.engine.waitFor('flow.failed');
    expect(failed).toMatchObject({ code, status });
    // A plain failure does not cost the client its connection.
    client.received.length = 0;
    client.socket.write(get());
    await client.until(() => client.text.includes(`(${code})`));
  });

  it('502 when nobody listens', async () => {
    const port = await freePort();
    await start({ pool: { endpoints: [{ address: '127.0.0.1', port }] } });
    expect(await answerTo(get())).toMatch(/^HTTP\/1.1 502 [\s\S]*\(upstream_connect_failed\)/);
    expect(await harness.engine.waitFor('upstream.failed')).toMatchObject({
      code: 'upstream_connect_failed',
    });
    const closed = await harness.engine.waitFor('flow.closed');
    expect(closed.outcome).toBe('failed');
  });

  it('504 when the endpoint stays silent, and the connection to it is given up', async () => {
    await start({ route: { timeouts: { backendMs: 150 } } });
    expect(await answerTo(get())).toMatch(/^HTTP\/1.1 504 [\s\S]*\(upstream_timeout\)/);
    const origin = await harness.originConnection(1);
    await origin.until(({ hasEnded, isClosed }) => hasEnded || isClosed);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'backend', afterMs: 150 });
  });

  it('504 when the whole request takes too long although bytes trickle', async () => {
    await start({ route: { timeouts: { requestMs: 300 } } });
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    origin.socket.write('HTTP/1.1 200 OK\r\nX-A: ');
    const trickle = setInterval(() => origin.socket.write('a'), 40);
    await client.until(() => client.text !== '');
    clearInterval(trickle);
    expect(client.text).toMatch(/^HTTP\/1.1 504 /);
  });

  it('408 when the head never ends', async () => {
    await start({ limits: { headerTimeoutMs: 150 } });
    const client = await harness.connect();
    client.socket.write('GET / HTTP/1.1\r\nHost: a.test\r\n');
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(/^HTTP\/1.1 408 [\s\S]*connection: close/);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'header' });
  });

  it('408 when the body stops coming', async () => {
    await start({ limits: { bodyIdleTimeoutMs: 150 } });
    const client = await harness.connect();
    client.socket.write(post('hello').slice(0, -2));
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(/^HTTP\/1.1 408 /);
    expect(harness.connections).toHaveLength(0);
  });

  it('closes a connection on which nothing comes without a word', async () => {
    await start({ limits: { headerTimeoutMs: 150 } });
    const client = await harness.connect();
    await client.until(() => client.hasEnded);
    expect(client.text).toBe('');
    client.socket.end();
    const closed = await harness.engine.waitFor('connection.closed');
    expect(closed).toMatchObject({ closedBy: 'proxy', reason: 'header_timeout' });
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'header', afterMs: 150 });
  });

  it('lets a client that has asked once rest longer than one that never did', async () => {
    await start({ limits: { headerTimeoutMs: 100, idleTimeoutMs: 400 } });
    const client = await harness.connect();
    client.socket.write(get());
    (await harness.originConnection(1)).socket.write(ok('hello'));
    await client.until(() => client.hasEnded);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'idle', afterMs: 400 });
    expect(client.text).toContain('hello');
  });

  it.each([
    ['413 by Content-Length', post('x'.repeat(2000)), 413],
    ['413 by chunks', `POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n`, 413],
    ['431', get('/', `X-A: ${'a'.repeat(3000)}\r\n`), 431],
    ['431 for a head that does not end', `GET / HTTP/1.1\r\nX-A: ${'a'.repeat(3000)}`, 431],
    [
      '400',
      'GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n',
      400,
    ],
    [
      '400 for a bad chunk',
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      400,
    ],
    ['505', 'GET / HTTP/3.0\r\nHost: a.test\r\n\r\n', 505],
  ])('%s, and nothing is forwarded', async (_, request, status) => {
    await start({ limits: { maxBodyBytes: 1000, maxHeaderBytes: 2048 } });
    const client = await harness.connect();
    client.socket.write(request, 'latin1');
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(client.text).toContain('connection: close\r\n');
    expect(client.text.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1);
    expect(harness.connections).toHaveLength(0);
  });
});

describe('an endpoint that', () => {
  it('closes an idle connection just as it is used again costs nothing', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/1'));
    const first = await harness.originConnection(1);
    await first.untilReceived('\r\n\r\n');
    first.socket.write(ok('one'));
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(post('again').replace('POST', 'PUT'));
    await first.untilReceived('again');
    first.socket.resetAndDestroy();
    const second = await harness.originConnection(2);
    await second.untilReceived('\r\n\r\nagain');
    second.socket.write(ok('two'));
    await client.until(() => client.text.endsWith('two'));
    expect(await harness.engine.waitFor('retry.scheduled')).toMatchObject({ flowId: 2, attempt: 2 });
  });

  it('does so under a POST is a 502, because a POST must not be sent twice', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/1'));
    const first = await harness.originConnection(1);
    await first.untilReceived('\r\n\r\n');
    first.socket.write(ok('one'));
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(post('again'));
    await first.untilReceived('again');
    first.socket.destroy();
    await client.until(() => client.text.includes('(upstream_reset)'));
    expect(harness.connections).toHaveLength(1);
  });

  it('closes before it has answered is a 502', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.end('HTTP/1.1 200');
    await client.until(() => client.text.includes('(upstream_reset)'));
    expect(client.text).toMatch(/^HTTP\/1.1 502 /);
  });

  it.each([
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart'],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ])('cuts a body with %s short cuts it for the client too', async (_, answer) => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(answer);
    await client.until(() => client.text.includes('part'));
    origin.socket.end();
    await client.until(() => client.error !== null);
    expect(client.error?.code).toBe('ECONNRESET');
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({
      code: 'upstream_reset',
      status: null,
    });
  });

  it.each([
    [
      'with two framings',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['with another protocol', '220 mail.test ESMTP\r\n'],
    ['with a bare LF', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ])('answers %s is a 502', async (_, answer) => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(answer);
    await client.until(() => client.text.includes('(upstream_bad_response)'));
    expect(client.text).toMatch(/^HTTP\/1.1 502 /);
  });

  it('resets a response that ends with its connection has it cut off for the client, too', async () => {
    harness = await HttpHarness.start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write('HTTP/1.1 200 OK\r\n\r\nthe first half');
    await client.until(() => client.text.includes('the first half'));
    origin.socket.resetAndDestroy();
    await client.until(() => client.isClosed || client.text.endsWith('0\r\n\r\n'));
    expect(client.text.endsWith('the first half\r\n')).toBe(true);
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({ code: 'upstream_reset' });
  });

  it('sends more than it said never gets a second request on that connection', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/1'));
    const first = await harness.originConnection(1);
    await first.untilReceived('\r\n\r\n');
    first.socket.write(`${ok('one')}${ok('evil')}`);
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(get('/2'));
    const second = await harness.originConnection(2);
    await second.untilReceived('GET /2');
    second.socket.write(ok('two'));
    await client.until(() => client.text.endsWith('two'));
    expect(client.text).not.toContain('evil');
  });

  it('answers before the request is whole has its answer passed on, and both connections close', async () => {
    await start({ route: { requestBuffering: 'stream' } });
    const client = await harness.connect();
    client.socket.write(post('x'.repeat(1000)).slice(0, -500));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('xxx');
    origin.socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig');
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(/^HTTP\/1.1 413 [\s\S]*Connection: close\r\n[\s\S]*big$/);
    await origin.until(({ hasEnded, isClosed }) => hasEnded || isClosed);
  });

  it('takes no more bytes than its turn stops the client, not the memory', async () => {
    await start({ route: { requestBuffering: 'stream' } });
    const client = await harness.connect();
    const body = Buffer.alloc(64_000_000);
    client.socket.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n`);
    const origin = await harness.originConnection(1);
    origin.socket.pause();
    client.socket.write(body);
    await settles(() => client.socket.bytesWritten - client.socket.writableLength);
    await settles(() => harness.engine.events.length);
    const read = harness.engine.events.reduce(
      (sum, event) => sum + (event.kind === 'chunk' && event.operation === 'read' ? event.bytes : 0),
      0,
    );
    expect(read).toBeLessThan(32_000_000);
    origin.socket.resume();
    await origin.until(({ received }) => received.length > body.length);
  });
});

describe('a client that', () => {
  it('never reads stops the endpoint, not the memory', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    client.socket.pause();
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    const body = Buffer.alloc(64_000_000);
    origin.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`);
    origin.socket.write(body);
    await settles(() => harness.engine.events.length);
    const read = harness.engine.events.reduce(
      (sum, event) => sum + (event.kind === 'chunk' && event.operation === 'read' ? event.bytes : 0),
      0,
    );
    expect(read).toBeLessThan(32_000_000);
    client.socket.resume();
    await client.until(() => client.length > body.length);
  });

  it('asks and asks without reading is answered no further than a bounded memory', async () => {
    await start({ route: { filters: [{ type: 'respond', body: 'x'.repeat(100_000) }], backends: [] } });
    const client = await harness.connect();
    client.socket.pause();
    client.socket.write(get().repeat(1000));
    await settles(() => harness.engine.events.length);
    const answered = harness.engine.events.filter(({ kind }) => kind === 'response.end').length;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(500);
    client.socket.resume();
    await client.until(() => client.length > 100_000_000);
    await settles(() => harness.engine.events.length);
    expect(harness.engine.events.filter(({ kind }) => kind === 'response.end')).toHaveLength(1000);
  });

  it('vanishes while the endpoint thinks has its request given up', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    client.socket.destroy();
    await origin.until(({ hasEnded, isClosed }) => hasEnded || isClosed);
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({
      code: 'downstream_reset',
      status: null,
    });
    const closed = await harness.engine.waitFor('flow.closed');
    expect(closed.outcome).toBe('aborted');
  });

  it('vanishes in the middle of the response has it given up at once', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart');
    await client.until(() => client.text.includes('part'));
    client.socket.destroy();
    await origin.until(({ hasEnded, isClosed }) => hasEnded || isClosed);
  });

  it('vanishes in the middle of its body has nothing forwarded', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(post('hello').slice(0, -2));
    await harness.engine.waitFor('buffer.held');
    client.socket.destroy();
    await harness.engine.waitFor('flow.closed');
    expect(harness.connections).toHaveLength(0);
  });

  it('half-closes behind its request still gets the answer', async () => {
    await start();
    const client = await harness.connect();
    client.socket.end(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('still here'));
    await client.until(() => client.hasEnded);
    // On a slow machine the probe's interim responses may come first; clients skip them.
    const answer = client.text.replaceAll('HTTP/1.1 100 Continue\r\n\r\n', '');
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[\s\S]*still here$/);
  });
});

describe('a reload', () => {
  it('does not change a request midway, and its removed listener drains', async () => {
    await start();
    const client = await harness.connect();
    client.socket.write(get('/1'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    await harness.engine.run(harness.document({ route: { filters: [{ type: 'respond', body: 'new' }] } }));
    origin.socket.write(ok('old'));
    await client.until(() => client.text.endsWith('old'));
    client.socket.write(get('/2'));
    await client.until(() => client.text.endsWith('new'));
  });
});

/** Until a figure has not changed for 300 ms: that nothing more happens cannot be waited for otherwise. */
async function settles(figure: () => number): Promise<void> {
  let last = -1;
  while (figure() !== last) {
    last = figure();
    await new Promise<void>((resolve) => setTimeout(resolve, 300));
  }
}
