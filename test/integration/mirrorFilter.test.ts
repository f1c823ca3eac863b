// Copies of requests for another pool, with real sockets: they arrive whole, and the request never suffers from them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FilterDocument, HttpRouteDocument } from '../../main/contract/config';
import { freePort, TestServer } from '../helpers/engineHarness';
import { get, HttpHarness, OriginConnection, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
let shadow: TestServer;
let copies: OriginConnection[];
let wake: () => void = () => undefined;

beforeEach(async () => {
  copies = [];
  shadow = await TestServer.start((socket) => {
    copies.push(new OriginConnection(socket));
    wake();
  });
});
afterEach(async () => {
  await harness.close();
  await shadow.close();
});

const start = async (route: Partial<HttpRouteDocument> = {}, port = shadow.port, random?: () => number) => {
  harness = await HttpHarness.start({}, random === undefined ? {} : { random });
  const filters: FilterDocument[] = [{ type: 'mirror', pool: 'shadow' }];
  const document = harness.document({ route: { filters, ...route } });
  document.pools!.push({ id: 'shadow', endpoints: [{ address: '127.0.0.1', port }] });
  await harness.engine.run(document);
  return harness.connect();
};
const copy = async (number: number) => {
  while (copies.length < number) await new Promise<void>((resolve) => (wake = resolve));
  return copies[number - 1]!;
};
const mirrored = () => harness.engine.waitFor('request.mirrored');

describe('what a filter did', () => {
  it('says which filter of the route it was', async () => {
    const header: FilterDocument = { type: 'requestHeaders', set: { 'x-a': '1' } };
    const filters: FilterDocument[] = [
      header,
      { type: 'mirror', pool: 'shadow' },
      header,
      { type: 'cache' },
      { type: 'fault', delay: { ms: 1 } },
    ];
    const client = await start({ filters });
    client.socket.write(get('/'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('real', 'Cache-Control: max-age=60\r\n'));
    await client.until(() => client.text.endsWith('real'));
    await mirrored();
    await harness.engine.waitFor('cache.stored');
    client.socket.write(get('/'));
    await harness.engine.waitFor('cache.lookup', ({ result }) => result === 'hit');
    const told = harness.engine.events.flatMap((event) =>
      'index' in event && event.kind !== 'filter.applied' ? [`${event.kind} ${event.index}`] : [],
    );
    expect(told.filter((text) => !text.startsWith('request.mirrored'))).toEqual([
      'cache.lookup 3',
      'fault.injected 4',
      'cache.stored 3',
      'cache.lookup 3',
    ]);
    expect(new Set(told.filter((text) => text.startsWith('request.mirrored')))).toEqual(
      new Set(['request.mirrored 1']),
    );
  });
});

describe('mirror', () => {
  it('sends the same request to the other pool and does not wait for its answer', async () => {
    const client = await start();
    client.socket.write(get('/a?b=c', 'X-Id: 7\r\n'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('X-Id: 7\r\n');
    origin.socket.write(ok('real'));
    await client.until(() => client.text.endsWith('real'));
    const mirror = await copy(1);
    await mirror.untilReceived('\r\n\r\n');
    expect(mirror.received).toMatch(
      /^GET \/a\?b=c HTTP\/1\.1\r\nHost: a\.test\r\nX-Id: 7\r\nConnection: close\r\n/,
    );
    expect(await mirrored()).toMatchObject({
      flowId: 1,
      mirrorPool: 'shadow',
      mirrorEndpoint: `127.0.0.1:${shadow.port}`,
      outcome: 'sent',
    });
    mirror.socket.write(ok('shadow'));
    mirror.socket.end();
    await mirror.until(({ isClosed }) => isClosed);
    expect(client.text).not.toContain('shadow');
    expect(harness.engine.events.filter(({ flowId }) => flowId === 1).at(-1)?.kind).toBe('flow.closed');
  });

  it.each(['full', 'stream'] as const)('copies a %s body, chunked ones with their length', async (mode) => {
    const client = await start({ requestBuffering: mode });
    const body = 'abcdefgh'.repeat(20_000);
    client.socket.write(post(body));
    await (await copy(1)).until(({ received }) => received.endsWith(`\r\n\r\n${body}`));
    (await harness.originConnection(1)).socket.write(ok('one'));
    await client.until(() => client.text.endsWith('one'));
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    const second = await (await copy(2)).untilReceived('\r\n\r\nabcde');
    expect(second.received).toContain('Content-Length: 5\r\n');
    expect(second.received).not.toContain('chunked');
  });

  it.each([
    ['does not accept connections', undefined],
    ['never answers', 'silent'],
  ])('a pool that %s does the request no harm', async (_what, kind) => {
    const client = await start({}, kind === undefined ? await freePort() : shadow.port);
    for (const number of [1, 2, 3]) {
      client.socket.write(get(`/${number}`));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(`GET /${number}`);
      origin.socket.write(ok(`answer ${number}`));
      await client.until(() => client.text.endsWith(`answer ${number}`));
      const closed = await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === number);
      expect(closed.outcome).toBe('completed');
    }
  });

  it('drops what is too large, and says so', async () => {
    const client = await start();
    const body = 'x'.repeat(1_048_577);
    client.socket.write(post(body));
    const origin = await harness.originConnection(1);
    await origin.until(({ received }) => received.endsWith(`\r\n\r\n${body}`));
    expect(await mirrored()).toMatchObject({
      outcome: 'dropped',
      reason: 'the body is larger than 1048576 bytes',
    });
    expect(copies).toHaveLength(0);
  });

  it('drops more copies at once than a bounded number, while every request is answered', async () => {
    const client = await start();
    for (let number = 1; number <= 66; number++) {
      client.socket.write(get(`/${number}`));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(`GET /${number} `);
      origin.socket.write(ok(`n${number}`));
      await client.until(() => client.text.endsWith(`\r\n\r\nn${number}`));
    }
    await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === 66);
    const events = harness.engine.events.filter((event) => event.kind === 'request.mirrored');
    expect(events.map(({ outcome }) => outcome).lastIndexOf('sent')).toBe(63);
    expect(events.at(-1)).toMatchObject({ outcome: 'dropped', reason: 'too many copies are under way' });
  });

  it('does not copy a request that another filter answers', async () => {
    const filters: FilterDocument[] = [
      { type: 'mirror', pool: 'shadow' },
      { type: 'access', deny: ['127.0.0.1'] },
    ];
    const client = await start({ filters });
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(access_denied)\n'));
    expect((await mirrored()).outcome).toBe('dropped');
    expect(copies).toHaveLength(0);
  });

  it('speaks TLS to a pool that asks for it', async () => {
    await start();
    const document = harness.document({ route: { filters: [{ type: 'mirror', pool: 'shadow' }] } });
    const endpoints = [{ address: '127.0.0.1', port: shadow.port }];
    document.pools!.push({ id: 'shadow', endpoints, tls: { verify: false } });
    await harness.engine.run(document);
    const client = await harness.connect();
    client.socket.write(get('/secret'));
    const mirror = await (await copy(1)).until(({ received }) => received !== '');
    expect(mirror.received.charCodeAt(0)).toBe(0x16);
    expect(mirror.received).not.toContain('/secret');
  });

  it('leaves no copy open when the engine closes', async () => {
    const client = await start();
    client.socket.write(get());
    await (await copy(1)).untilReceived('\r\n\r\n');
    client.socket.destroy();
    await harness.engine.engine.close({ drainMs: 0 });
    await (await copy(1)).until(({ hasEnded, isClosed }) => hasEnded || isClosed);
  });

  it('copies the share that the engine draws', async () => {
    const draws = [0.6, 0.4];
    const filters: FilterDocument[] = [{ type: 'mirror', pool: 'shadow', percent: 50 }];
    const client = await start({ filters }, shadow.port, () => draws.shift() ?? 0.99);
    for (const path of ['/first', '/second']) {
      client.socket.write(get(path));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(path);
      origin.socket.write(ok(path));
      await client.until(() => client.text.endsWith(path));
    }
    expect((await (await copy(1)).untilReceived('\r\n\r\n')).received).toMatch(/^GET \/second/);
    expect((await mirrored()).flowId).toBe(2);
  });
});
