import { afterEach, describe, expect, it } from 'vitest';
import { get, HttpHarness, ok } from '../helpers/httpHarness';

let harness: HttpHarness;
afterEach(() => harness.close());

const start = async (connections: Record<string, number>) => {
  harness = await HttpHarness.start({ pool: { connections: { maxPerEndpoint: 1, ...connections } } });
};

describe('requests to an endpoint that has as many connections as it may have', () => {
  it('wait in line, are told so, and get the connection in order', async () => {
    await start({});
    const clients = [await harness.connect(), await harness.connect(), await harness.connect()];
    clients[0]!.socket.write(get('/0'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('/0');
    for (const [index, client] of clients.entries()) {
      if (index === 0) continue;
      client.socket.write(get(`/${index}`));
      await harness.engine.waitFor('upstream.waiting', ({ ahead }) => ahead === index - 1);
    }
    for (const [index, client] of clients.entries()) {
      await origin.untilReceived(`/${index}`);
      origin.socket.write(ok(`answer ${index}`));
      await client.until(() => client.text.includes(`answer ${index}`));
    }
    expect(harness.connections).toHaveLength(1);
  });

  it('never get it more connections than that, when one has to go for another kind', async () => {
    // A PROXY header makes every client's connection its own kind.
    harness = await HttpHarness.start({
      pool: { sendProxyProtocol: 'v1', connections: { maxPerEndpoint: 1 } },
    });
    const clients = await Promise.all(Array.from({ length: 4 }, () => harness.connect()));
    clients[0]!.socket.write(get('/0'));
    const first = await harness.originConnection(1);
    await first.untilReceived('/0');
    first.socket.write(ok('answer 0'));
    await clients[0]!.until(() => clients[0]!.text.includes('answer 0'));
    for (const client of clients.slice(1)) client.socket.write(get('/next'));
    await first.until(({ hasEnded }) => hasEnded);
    for (let number = 2; number <= 4; number++) {
      const origin = await harness.originConnection(number);
      await origin.untilReceived('/next');
      expect(harness.connections.filter(({ hasEnded }) => !hasEnded)).toHaveLength(1);
      origin.socket.write(ok('answered'));
    }
    for (const client of clients.slice(1)) await client.until(() => client.text.includes('answered'));
  });

  it('wait no longer than the pool says', async () => {
    await start({ waitTimeoutMs: 150, connectTimeoutMs: 10_000 });
    const [first, second] = [await harness.connect(), await harness.connect()];
    first.socket.write(get('/first'));
    await (await harness.originConnection(1)).untilReceived('/first');
    second.socket.write(get('/second'));
    await second.until(() => second.text !== '');
    expect(second.text).toMatch(/^HTTP\/1.1 503 [\s\S]*upstream_overloaded/);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'queue', afterMs: 150 });
  });

  it('are turned away at once when the line is full', async () => {
    await start({ maxWaiting: 0 });
    const [first, second] = [await harness.connect(), await harness.connect()];
    first.socket.write(get('/first'));
    await (await harness.originConnection(1)).untilReceived('/first');
    second.socket.write(get('/second'));
    await second.until(() => second.text !== '');
    expect(second.text).toMatch(/^HTTP\/1.1 503 /);
  });
});
