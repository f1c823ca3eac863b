// Faults injected on purpose, with real sockets: what the client sees, and that the events say it was us.
import { afterEach, describe, expect, it } from 'vitest';
import type { FilterDocument } from '../../main/contract/config';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

let harness: HttpHarness;
afterEach(() => harness.close());

type Fault = Omit<Extract<FilterDocument, { type: 'fault' }>, 'type'>;
const start = async (fault: Fault, random?: () => number, more: FilterDocument[] = []) => {
  const filters: FilterDocument[] = [{ type: 'fault', ...fault }, ...more];
  harness = await HttpHarness.start({ route: { filters } }, random === undefined ? {} : { random });
  return harness.connect();
};

describe('a fault', () => {
  it('delay holds the request up before the endpoint hears of it, body and all', async () => {
    const client = await start({ delay: { ms: 120 } });
    client.socket.write(post('hello'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\nhello');
    origin.socket.write(ok('late'));
    await client.until(() => client.text.endsWith('late'));
    const injected = await harness.engine.waitFor('fault.injected');
    expect(injected).toMatchObject({
      fault: 'delay',
      detail: '100 % of the requests are held up for 120 ms',
    });
    const picked = await harness.engine.waitFor('endpoint.picked');
    // A timer may fire a millisecond early by the engine's clock.
    expect(picked.at - injected.at).toBeGreaterThan(118_000);
  });

  it('delay ends when the client goes away', async () => {
    const client = await start({ delay: { ms: 600_000 } });
    client.socket.write(get());
    await harness.engine.waitFor('fault.injected');
    client.socket.resetAndDestroy();
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('aborted');
    expect(harness.connections).toHaveLength(0);
  });

  it('delay does not outlive the time that the route gives a request', async () => {
    const filters: FilterDocument[] = [{ type: 'fault', delay: { ms: 600_000 } }];
    const timeouts = { requestMs: 100, backendMs: 50 };
    harness = await HttpHarness.start({ route: { filters, timeouts } });
    const client = await harness.connect();
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(upstream_timeout)\n'));
    expect((await harness.engine.waitFor('timeout')).timeout).toBe('request');
  });

  it('abort answers in the place of the endpoint, after the delay', async () => {
    const client = await start({ delay: { ms: 20 }, abort: { status: 502 } });
    client.socket.write(get());
    await client.until(() => client.text.endsWith('(fault_injected)\n'));
    expect(client.text).toContain('HTTP/1.1 502 Bad Gateway\r\n');
    const abort = await harness.engine.waitFor('fault.injected', ({ fault }) => fault === 'abort');
    expect(abort.detail).toBe('100 % of the requests are answered 502');
    expect(harness.connections).toHaveLength(0);
  });

  it('strikes by the share that the engine draws', async () => {
    const draws = [0.95, 0.05, 0.5, 0.0999];
    const client = await start({ abort: { percent: 10 } }, () => draws.shift() ?? 1, [{ type: 'respond' }]);
    const statuses = () => (client.text.match(/HTTP\/1\.1 \d+/g) ?? []).map((text) => text.slice(-3));
    for (let count = 1; count <= 4; count++) {
      client.socket.write(get());
      await client.until(() => statuses().length === count);
    }
    expect(statuses()).toEqual(['200', '503', '200', '503']);
  });

  it('bandwidth lets the body through at its rate, whole and in order, and the connection lives on', async () => {
    const client = await start({ bandwidthBytesPerSecond: 40_000 });
    const body = Array.from({ length: 2000 }, (_, index) => `${index}`.padStart(8)).join('');
    for (const number of [1, 2]) {
      client.socket.write(get(`/${number}`));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(`GET /${number}`);
      origin.socket.write(ok(body));
      await client.until(() => client.text.split(body).length === number + 1);
      const closed = await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === number);
      // 16,000 bytes at 40,000 a second, in slices of 100 ms.
      expect(closed.durationMicroseconds).toBeGreaterThan(290_000);
    }
    expect(harness.connections).toHaveLength(1);
  });

  it('bandwidth passes a chunked body and one that ends with the connection on to their ends', async () => {
    const client = await start({ bandwidthBytesPerSecond: 100_000 });
    client.socket.write(get('/1'));
    const first = await harness.originConnection(1);
    await first.untilReceived('GET /1');
    first.socket.write(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    await client.until(() => client.text.endsWith('0\r\n\r\n'));
    client.socket.write(get('/2', 'Connection: close\r\n'));
    await first.untilReceived('GET /2');
    const body = 'x'.repeat(20_000);
    first.socket.end(`HTTP/1.1 200 OK\r\n\r\n${body}`);
    await client.until(() => client.hasEnded);
    expect(client.text.replaceAll(/[^x]/g, '')).toContain(body);
    expect((await harness.engine.waitFor('flow.closed', ({ flowId }) => flowId === 2)).outcome).toBe(
      'completed',
    );
  });

  it('bandwidth shows a cut body as cut', async () => {
    const client = await start({ bandwidthBytesPerSecond: 100_000 });
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('GET /');
    origin.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    await client.until(() => client.isClosed);
    expect((await harness.engine.waitFor('flow.failed')).code).toBe('upstream_reset');
  });

  it('bandwidth stops the endpoint, not the memory', async () => {
    const client = await start({ bandwidthBytesPerSecond: 1000 });
    client.socket.write(get());
    const origin = await harness.originConnection(1);
    await origin.untilReceived('GET /');
    const size = 64 * 1024 * 1024;
    origin.socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`);
    origin.socket.write(Buffer.alloc(size));
    await client.until(() => client.length > 300);
    await harness.engine.waitFor(
      'chunk',
      (event) => event.leg === 'downstream' && event.operation === 'write',
    );
    const read = harness.engine.events.reduce(
      (sum, event) =>
        event.kind === 'chunk' && event.leg === 'upstream' && event.operation === 'read'
          ? sum + event.bytes
          : sum,
      0,
    );
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(1_000_000);
  });
});
