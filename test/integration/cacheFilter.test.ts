// The cache filter through real sockets, in front of a real origin.
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument, WorkspaceDocument } from '../../main/contract/config';
import type { Clock } from '../../main/engine/clock';
import { type Answer, CacheHarness, parseAnswer } from '../helpers/cacheHarness';

let harness: CacheHarness;
afterEach(() => harness.close());

const cache: FilterDocument = { type: 'cache' };

async function start(answer: Answer, filters = [cache], options = {}): Promise<CacheHarness> {
  harness = await CacheHarness.start(filters, answer, options);
  return harness;
}

/** A wall clock that the test moves; the engine's timers stay real. */
class MovedClock implements Clock {
  seconds = 0;
  now = () => performance.now() * 1000;
  wallTime = () => Date.now() + this.seconds * 1000;
}

const fresh =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    response.writeHead(200, { 'cache-control': 'max-age=60', ...headers }).end(body);

describe('the cache filter', () => {
  it('answers again without an endpoint, byte for byte, and says so', async () => {
    const body = randomBytes(200_000);
    await start(fresh(body, { etag: '"1"', 'content-type': 'application/octet-stream' }));
    const first = await harness.ask('/a');
    expect(first.header('cache-status')).toBe('hopscope; fwd=miss; stored; ttl=60');
    const second = await harness.ask('/a');
    expect(second.body.equals(body)).toBe(true);
    expect(second.header('cache-status')).toBe('hopscope; hit; ttl=60');
    expect(second.header('age')).toBe('0');
    expect(second.header('content-length')).toBe('200000');
    expect(harness.requests).toHaveLength(1);
    const { engine } = harness;
    const hit = await engine.waitFor('cache.lookup', ({ result }) => result === 'hit');
    expect(hit).toMatchObject({ ageSeconds: 0, key: 'http://a.test/a', reason: 'fresh for 60 s more' });
    expect(await engine.waitFor('cache.stored')).toMatchObject({ freshSeconds: 60 });
    await engine.waitFor('flow.closed', ({ flowId }) => flowId === hit.flowId);
    const kinds = engine.story(hit.flowId).map(({ kind }) => kind);
    expect(kinds).not.toContain('endpoint.picked');
    expect(kinds.at(-1)).toBe('flow.closed');
  });

  it('answers several requests of one connection in turn', async () => {
    await start(fresh('hello'));
    await harness.ask('/a');
    const client = await harness.connect();
    client.socket.write('GET /a HTTP/1.1\r\nHost: a.test\r\n\r\n'.repeat(3));
    await client.until(() => client.text.split('hello').length === 4);
    expect(client.text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
    client.socket.destroy();
    expect(harness.requests).toHaveLength(1);
  });

  it('gives one answer of the endpoint to 100 clients that ask at once', async () => {
    let release: () => void = () => undefined;
    await start((_request, response) => {
      release = () => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('once');
    });
    const asking = Array.from({ length: 100 }, () => harness.ask('/a'));
    const waiting = () => harness.engine.events.filter(({ kind }) => kind === 'cache.lookup').length === 100;
    while (!waiting()) await harness.engine.waitFor('cache.lookup').then(() => new Promise(setImmediate));
    release();
    const answers = await Promise.all(asking);
    expect(answers.every(({ body }) => body.toString() === 'once')).toBe(true);
    expect(harness.requests).toHaveLength(1);
    const said = answers.map((each) => each.header('cache-status'));
    expect(said.filter((text) => text?.includes('collapsed'))).toHaveLength(99);
  });

  it('lets those who wait go as soon as the answer turns out not to be storable', async () => {
    let held: (() => void) | undefined;
    await start((request, response) => {
      response.writeHead(200, { 'cache-control': 'no-store' });
      response.write('x');
      if (request.url === '/a' && held === undefined) held = () => response.end();
      else response.end();
    });
    const slow = harness.ask('/a');
    await harness.engine.waitFor('cache.lookup', ({ result }) => result === 'miss');
    // The first answer never ends while the others are answered.
    const others = await Promise.all([harness.ask('/a'), harness.ask('/a')]);
    expect(others.map(({ status }) => status)).toEqual([200, 200]);
    held?.();
    expect((await slow).header('cache-status')).toBe('hopscope; fwd=miss');
    expect(await harness.engine.waitFor('cache.notStored')).toMatchObject({ reason: 'no-store' });
  });

  it('asks whether a stale response is still right, and serves what a 304 confirms', async () => {
    const clock = new MovedClock();
    await start(
      (request, response) => {
        const isKnown = request.headers['if-none-match'] === '"1"';
        const headers = {
          'cache-control': 'max-age=60',
          etag: '"1"',
          'x-count': String(harness.requests.length),
        };
        response.writeHead(isKnown ? 304 : 200, headers).end(isKnown ? undefined : 'hello');
      },
      [cache],
      { engine: { clock } },
    );
    await harness.ask('/a');
    clock.seconds = 61;
    const again = await harness.ask('/a');
    expect([again.status, again.body.toString()]).toEqual([200, 'hello']);
    expect(again.header('cache-status')).toBe('hopscope; fwd=stale; fwd-status=304; ttl=60');
    expect(again.header('x-count')).toBe('2');
    expect((await harness.ask('/a')).header('cache-status')).toBe('hopscope; hit; ttl=60');
    expect(harness.requests).toHaveLength(2);
    const client = await harness.ask('/a', { 'if-none-match': '"0", "1"' });
    expect([client.status, client.header('etag'), client.body.length]).toEqual([304, '"1"', 0]);
    await harness.engine.waitFor('cache.lookup', ({ result }) => result === 'revalidated');
  });

  it('serves stale at once and asks behind the back of the client where that is allowed', async () => {
    const clock = new MovedClock();
    let asked: () => void = () => undefined;
    const refreshed = new Promise<void>((done) => {
      asked = done;
    });
    await start(
      (_request, response, count) => {
        response
          .writeHead(200, { 'cache-control': 'max-age=10, stale-while-revalidate=60' })
          .end(`answer ${count}`);
        if (count === 2) response.on('finish', asked);
      },
      [cache],
      { engine: { clock } },
    );
    await harness.ask('/a');
    clock.seconds = 30;
    const stale = await harness.ask('/a');
    expect(stale.body.toString()).toBe('answer 1');
    expect(stale.header('cache-status')).toBe('hopscope; hit; ttl=-20; detail=stale');
    await refreshed;
    let latest = stale;
    while (latest.body.toString() === 'answer 1') latest = await harness.ask('/a');
    expect(latest.body.toString()).toBe('answer 2');
    expect(harness.requests).toHaveLength(2);
  });

  it('serves stale in place of an error where stale-if-error allows it, and not otherwise', async () => {
    const clock = new MovedClock();
    await start(
      (request, response, count) => {
        const control = request.url === '/a' ? 'max-age=10, stale-if-error=60' : 'max-age=10';
        if (count <= 2) response.writeHead(200, { 'cache-control': control }).end('hello');
        else response.writeHead(503).end('broken');
      },
      [cache],
      { engine: { clock } },
    );
    await harness.ask('/a');
    await harness.ask('/b');
    clock.seconds = 30;
    expect((await harness.ask('/b')).status).toBe(503);
    const hidden = await harness.ask('/a');
    expect([hidden.status, hidden.body.toString()]).toEqual([200, 'hello']);
    expect(hidden.header('cache-status')).toBe('hopscope; fwd=stale; ttl=-20; detail=origin-503');
    await harness.stopOrigin();
    expect((await harness.ask('/b')).status).toBe(502);
    expect((await harness.ask('/a')).body.toString()).toBe('hello');
    clock.seconds = 80;
    expect((await harness.ask('/a')).status).toBe(502);
  });

  it('answers HEAD, parts and conditions from what is stored', async () => {
    await start(fresh('0123456789', { etag: '"1"', date: new Date().toUTCString() }));
    await harness.ask('/a');
    const head = await harness.ask('/a', {}, 'HEAD');
    expect([head.header('content-length'), head.body.length]).toEqual(['10', 0]);
    const part = await harness.ask('/a', { range: 'bytes=2-4' });
    expect([part.status, part.body.toString(), part.header('content-range')]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    expect((await harness.ask('/a', { range: 'bytes=2-4', 'if-range': '"2"' })).status).toBe(200);
    const outside = await harness.ask('/a', { range: 'bytes=10-' });
    expect([outside.status, outside.header('content-range')]).toEqual([416, 'bytes */10']);
    expect((await harness.ask('/a', { 'if-none-match': 'W/"1"' })).status).toBe(304);
    expect((await harness.ask('/b', { 'cache-control': 'only-if-cached' })).status).toBe(504);
    expect(harness.requests).toHaveLength(1);
  });

  it('keeps hosts and variants apart', async () => {
    await start((request, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=60', vary: 'X-Kind' });
      response.end(`${request.headers.host} ${request.headers['x-kind']}`);
    });
    expect((await harness.ask('/a', { 'x-kind': '1' })).body.toString()).toBe('a.test 1');
    expect((await harness.ask('/a', { 'x-kind': '2' })).body.toString()).toBe('a.test 2');
    expect((await harness.ask('/a', { 'x-kind': '1' })).header('cache-status')).toMatch(/hit/);
    const client = await harness.connect();
    client.socket.write('GET /a HTTP/1.1\r\nHost: b.test\r\nX-Kind: 1\r\nConnection: close\r\n\r\n');
    await client.until(() => client.hasEnded);
    expect(parseAnswer(Buffer.from(client.text, 'latin1')).body.toString()).toBe('b.test 1');
  });

  it('forgets a URL, and what Location names, when something is changed', async () => {
    await start((request, response) => {
      if (request.method === 'POST') response.writeHead(201, { location: '/b' }).end();
      else response.writeHead(200, { 'cache-control': 'max-age=60' }).end(request.url);
    });
    for (const path of ['/a', '/b', '/c']) await harness.ask(path);
    expect((await harness.ask('/a', { 'content-length': '0' }, 'POST')).status).toBe(201);
    const statuses: (string | undefined)[] = [];
    for (const path of ['/a', '/b', '/c']) statuses.push((await harness.ask(path)).header('cache-status'));
    expect(statuses.map((text) => text?.includes('hit'))).toEqual([false, false, true]);
    expect(await harness.engine.waitFor('cache.invalidated')).toMatchObject({ entries: 2 });
  });

  it('does not store what was asked for before a change and came after it', async () => {
    let release: () => void = () => undefined;
    await start((request, response) => {
      const send = () => response.writeHead(200, { 'cache-control': 'max-age=60' }).end('old');
      if (request.method === 'POST') response.end();
      else if (harness.requests.length === 1) release = send;
      else send();
    });
    const early = harness.ask('/a');
    await harness.engine.waitFor('request.end', ({ leg }) => leg === 'upstream');
    await harness.ask('/a', { 'content-length': '0' }, 'POST');
    release();
    await early;
    const { reason } = await harness.engine.waitFor('cache.notStored');
    expect(reason).toBe('it was asked for before the URL was changed or the cache was emptied');
  });

  it('never stores what is cut, has trailers, ends with its connection or is too large', async () => {
    const control = { 'cache-control': 'max-age=60' };
    await start(
      (request, response) => {
        if (request.url === '/cut') {
          response.writeHead(200, { ...control, 'content-length': '100' }).write('x'.repeat(50));
          response.socket?.end();
        } else if (request.url === '/trailers') {
          response.writeHead(200, { ...control, trailer: 'x-sum' }).write('x');
          response.addTrailers({ 'x-sum': '1' });
          response.end();
        } else if (request.url === '/until-close') {
          response.socket?.end('HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n\r\nwhole?');
        } else response.writeHead(200, control).end('x'.repeat(5000));
      },
      [{ type: 'cache', maxEntryBytes: 4000 }],
    );
    for (const path of ['/cut', '/trailers', '/until-close', '/large']) {
      await harness.ask(path).catch(() => undefined);
      await harness.ask(path).catch(() => undefined);
    }
    expect(harness.requests).toHaveLength(8);
    expect(harness.engine.events.filter(({ kind }) => kind === 'cache.stored')).toEqual([]);
  });

  it('stores a chunked body and sends it with its length', async () => {
    await start((_request, response) => {
      response.writeHead(200, { 'cache-control': 'max-age=60' });
      response.write('one ');
      setImmediate(() => response.end('two'));
    });
    expect((await harness.ask('/a')).header('transfer-encoding')).toBe('chunked');
    const hit = await harness.ask('/a');
    expect([hit.body.toString(), hit.header('content-length')]).toEqual(['one two', '7']);
  });

  it('keeps to maxBytes whatever clients ask for', async () => {
    await start(fresh(randomBytes(10_000)), [{ type: 'cache', maxBytes: 100_000 }]);
    for (let index = 0; index < 30; index++) await harness.ask(`/${index}`);
    const [report] = harness.engine.engine.caches();
    expect(report!.bytes).toBeLessThanOrEqual(100_000);
    expect([report!.entries, report!.evictions]).toEqual([9, 21]);
    expect((await harness.ask('/29')).header('cache-status')).toMatch(/hit/);
    expect((await harness.ask('/0')).header('cache-status')).toMatch(/miss/);
  });

  it('keeps its entries over a reload that leaves it as it is, and drops them when it changes', async () => {
    await start(fresh('hello'));
    await harness.ask('/a');
    const { document, engine } = harness;
    const [route] = document.routes!;
    const withHeaders: FilterDocument = { type: 'responseHeaders', set: { 'x-new': '1' } };
    const changed = (filters: FilterDocument[]) =>
      ({ ...document, routes: [{ ...route, filters }] }) as WorkspaceDocument;
    await engine.run(changed([withHeaders, cache]));
    const hit = await harness.ask('/a');
    expect([hit.header('cache-status'), hit.header('x-new')]).toEqual(['hopscope; hit; ttl=60', '1']);
    await engine.run(changed([{ type: 'cache', maxBytes: 5000 }]));
    expect((await harness.ask('/a')).header('cache-status')).toMatch(/miss/);
  });

  it('sees what filters behind it made, and not the credentials that one before it used up', async () => {
    await start(
      (_request, response) => response.end('hello'),
      [
        { type: 'requestHeaders', remove: ['authorization'] },
        cache,
        { type: 'responseHeaders', set: { 'cache-control': 'max-age=30' } },
      ],
    );
    expect((await harness.ask('/a', { authorization: 'Basic eA==' })).header('cache-control')).toBe(
      'max-age=30',
    );
    expect((await harness.ask('/a')).header('cache-status')).toBe('hopscope; hit; ttl=30');
  });

  it('lets a filter before it slow its answers down', async () => {
    const body = randomBytes(8000);
    await start(fresh(body), [{ type: 'fault', bandwidthBytesPerSecond: 20_000 }, cache]);
    await harness.ask('/a');
    const before = performance.now();
    const hit = await harness.ask('/a');
    expect(performance.now() - before).toBeGreaterThan(200);
    expect(hit.body.equals(body)).toBe(true);
    expect(hit.header('cache-status')).toMatch(/^hopscope; hit; ttl=\d+$/);
    expect(harness.requests).toHaveLength(1);
  });

  it('is emptied by URL, by route, and whole', async () => {
    // Everything happens within one millisecond: what is asked for after a purge is stored all the same.
    const clock: Clock = { now: () => performance.now() * 1000, wallTime: () => 1_900_000_000_000 };
    await start(fresh('hello'), [cache], { engine: { clock } });
    for (const path of ['/a', '/b', '/c', '/d']) await harness.ask(path);
    const { engine } = harness.engine;
    expect(engine.purgeCaches({ url: 'http://a.test/a' })).toBe(1);
    expect(engine.purgeCaches({ url: 'http://a.test/b*' })).toBe(1);
    expect((await harness.ask('/a')).header('cache-status')).toMatch(/miss/);
    expect(engine.purgeCaches({ route: 'other' })).toBe(0);
    expect(engine.purgeCaches({ route: 'all' })).toBe(3);
    expect(engine.caches()).toMatchObject([{ route: 'all', filter: 0, entries: 0, bytes: 0 }]);
  });
});
