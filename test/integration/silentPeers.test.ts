// Peers that are there and say next to nothing: bodies that trickle, tunnels in which nothing moves, HTTP/2 connections
// whose other side is gone. Each is cut after its limit, and an event says which.
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../main/engine/clock';
import { Flag, FrameType } from '../../main/engine/http2/frame';
import { TestServer } from '../helpers/engineHarness';
import { get, HttpHarness, ok } from '../helpers/httpHarness';
import { frame, RawHttp2, settings } from '../helpers/rawHttp2';

let harness: HttpHarness;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await harness.close();
});

/** Goes like the system's, and faster when the test says so. */
class JumpingClock implements Clock {
  seconds = 0;
  now(): number {
    return systemClock.now() + this.seconds * 1_000_000;
  }
  wallTime(): number {
    return systemClock.wallTime() + this.seconds * 1000;
  }
  /** Lets the engine tick in between, as time would. */
  async runUntil(condition: () => boolean, secondsATurn: number): Promise<void> {
    const turn = () => {
      if (condition()) return true;
      this.seconds += secondsATurn;
      return false;
    };
    await expect.poll(turn, { interval: 150, timeout: 20_000 }).toBe(true);
  }
}

/** Writes a byte every 50 ms until the test is over. */
function trickle(write: () => void): void {
  const timer = setInterval(write, 50);
  closing.push(() => clearInterval(timer));
}

describe('a request body that comes by and by', () => {
  const limits = { bodyIdleTimeoutMs: 400, minBodyBytesPerSecond: 1000 };
  const head = 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000\r\n';

  it.each(['full', 'stream'] as const)('is answered 408, %s, and gives its endpoint back', async (mode) => {
    harness = await HttpHarness.start({ route: { requestBuffering: mode }, limits });
    const client = await harness.connect();
    client.socket.write(`${head}\r\n`);
    trickle(() => client.socket.write('a'));
    await client.until(() => client.text.includes('HTTP/1.1 408 '));
    expect(client.text).toContain('more slowly than 1000 bytes per second');
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'bodyRate' });
    if (mode === 'full') expect(harness.connections).toHaveLength(0);
    else await harness.connections[0]!.until(({ hasEnded }) => hasEnded);
  });

  it('is answered 408 over HTTP/2 as well', async () => {
    harness = await HttpHarness.start({ limits });
    const client = await RawHttp2.open(harness.engine.port('web'));
    closing.push(() => client.close());
    client.send(
      client.headers(
        1,
        [':method: POST', ':scheme: http', ':path: /', ':authority: a.test'],
        Flag.endHeaders,
      ),
    );
    trickle(() => client.send(frame(FrameType.data, 0, 1, 'a')));
    expect(await client.status(1)).toBe(':status: 408');
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'bodyRate' });
  });

  it.each([
    ['a call of gRPC', limits, 'Content-Type: application/grpc\r\n'],
    ['where no rate is asked for', { ...limits, minBodyBytesPerSecond: 0 }, ''],
  ])('may be as slow as it likes: %s', async (_name, given, extra) => {
    harness = await HttpHarness.start({ route: { requestBuffering: 'stream' }, limits: given });
    const client = await harness.connect();
    client.socket.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20\r\n${extra}\r\n`);
    trickle(() => client.socket.write('a'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived(`\r\n\r\n${'a'.repeat(20)}`);
    origin.socket.write(ok('done'));
    await client.until(() => client.text.includes('done'));
    expect(harness.engine.events.filter(({ kind }) => kind === 'timeout')).toHaveLength(0);
  });

  it('that waits to be told to go on is not blamed for an endpoint that says nothing', async () => {
    harness = await HttpHarness.start({
      route: { requestBuffering: 'stream', timeouts: { backendMs: 500 } },
      limits: { bodyIdleTimeoutMs: 150 },
    });
    const client = await harness.connect();
    client.socket.write(
      'POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
    );
    await client.until(() => client.text !== '');
    expect(client.text).toMatch(/^HTTP\/1\.1 504 /);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'backend' });
  });

  it('is not blamed for an endpoint that does not take it', async () => {
    const body = 'x'.repeat(8_000_000);
    const clock = new JumpingClock();
    harness = await HttpHarness.start(
      {
        route: { requestBuffering: 'stream' },
        limits: { bodyIdleTimeoutMs: 100, minBodyBytesPerSecond: 1_000_000_000 },
      },
      { clock },
    );
    const client = await harness.connect();
    client.socket.write(`POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.pause();
    let turns = 0;
    await clock.runUntil(() => turns++ === 4, 0.02);
    origin.socket.resume();
    await origin.until(({ received }) => received.length > body.length);
    origin.socket.write(ok('taken'));
    await client.until(() => client.text.includes('taken'));
  });
});

describe('a switched connection on which nothing moves', () => {
  const upgrade = get('/', 'Connection: upgrade\r\nUpgrade: chess\r\n');
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chess\r\n\r\n';

  it('is closed on both sides after the idle time of the listener', async () => {
    const clock = new JumpingClock();
    harness = await HttpHarness.start({ limits: { idleTimeoutMs: 60_000 } }, { clock });
    const client = await harness.connect();
    client.socket.write(upgrade);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(switching);
    // As long as something moves in either direction it stays.
    let moves = 0;
    const move = () => {
      if (++moves % 2 === 0) client.socket.write(`c${moves}`);
      else origin.socket.write(`e${moves}`);
      return moves === 6;
    };
    await clock.runUntil(move, 20);
    await origin.untilReceived('c6');
    await clock.runUntil(() => client.isClosed, 20);
    await origin.until(({ hasEnded }) => hasEnded);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'idle', afterMs: 60_000 });
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({ code: 'idle_timeout' });
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('failed');
  });

  it('is closed when both have ended and one does not read the rest', async () => {
    harness = await HttpHarness.start({ limits: { idleTimeoutMs: 400 } });
    const client = await harness.connect();
    client.socket.write(upgrade);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(switching);
    await client.until(() => client.text.includes('\r\n\r\n'));
    client.socket.pause();
    client.socket.end();
    await origin.until(({ hasEnded }) => hasEnded);
    origin.socket.end(Buffer.alloc(16_000_000));
    const closed = await harness.engine.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed).toMatchObject({ closedBy: 'proxy', reason: 'idle_timeout' });
  });

  it('has its end passed on, though the client had ended before the switch', async () => {
    harness = await HttpHarness.start();
    const client = await harness.connect();
    client.socket.end(`${upgrade}e4`);
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    await harness.engine.waitFor('request.end', ({ leg }) => leg === 'upstream');
    origin.socket.write(switching);
    await origin.until(({ hasEnded }) => hasEnded);
    expect(origin.received.endsWith('e4')).toBe(true);
    origin.socket.end('e5');
    await client.until(() => client.hasEnded);
    expect(client.text.endsWith('e5')).toBe(true);
    expect((await harness.engine.waitFor('flow.closed')).outcome).toBe('completed');
  });

  it('on a stream of HTTP/2 is reset, and the connection lives on', async () => {
    harness = await HttpHarness.start({ limits: { idleTimeoutMs: 400 } });
    const client = await RawHttp2.open(harness.engine.port('web'));
    closing.push(() => client.close());
    const asks = [':method: CONNECT', ':protocol: chess', ':scheme: http', ':path: /', ':authority: a.test'];
    client.send(client.headers(1, asks, Flag.endHeaders));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(switching);
    expect(await client.resetCode(1)).toBe(8);
    expect(await client.isAlive()).toBe(true);
    expect(await harness.engine.waitFor('flow.failed')).toMatchObject({ code: 'idle_timeout' });
  });
});

describe('an HTTP/2 connection with open streams on which nothing comes', () => {
  const day = 86_400_000;
  const route = { timeouts: { requestMs: day, backendMs: day } };
  const isPing = ({ type, flags }: { type: number; flags: number }) => type === FrameType.ping && flags === 0;

  it('has its client asked for a sign of life, and closed without one', async () => {
    const clock = new JumpingClock();
    harness = await HttpHarness.start({ route }, { clock });
    const client = await RawHttp2.open(harness.engine.port('web'));
    closing.push(() => client.close());
    client.send(client.headers(1));
    await (await harness.originConnection(1)).untilReceived('\r\n\r\n');
    await clock.runUntil(() => client.frames.some(isPing), 10);
    const ping = client.frames.find(isPing);
    client.send(frame(FrameType.ping, Flag.ack, 0, ping!.payload));
    expect(await client.isAlive()).toBe(true);
    client.frames.length = 0;
    await clock.runUntil(() => client.frames.some(isPing), 10);
    await clock.runUntil(() => client.isClosed, 10);
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'ping' });
    const closed = await harness.engine.waitFor('connection.closed', ({ leg }) => leg === 'downstream');
    expect(closed).toMatchObject({ closedBy: 'proxy', reason: 'ping_timeout' });
    expect(await harness.engine.waitFor('flow.closed')).toMatchObject({ outcome: 'aborted' });
  });

  it('has its endpoint asked, and given up without an answer', async () => {
    const clock = new JumpingClock();
    const pinged: Buffer[] = [];
    const endpoint = await TestServer.start((socket) => {
      socket.write(settings());
      socket.on('data', (bytes) => {
        if (bytes.includes('hopscope')) pinged.push(bytes);
      });
    });
    closing.push(() => endpoint.close());
    harness = await HttpHarness.start(
      { route, pool: { protocol: 'h2', endpoints: [{ address: '127.0.0.1', port: endpoint.port }] } },
      { clock },
    );
    const client = await harness.connect();
    client.socket.write(get());
    await harness.engine.waitFor('request.head', ({ leg }) => leg === 'upstream');
    await clock.runUntil(() => pinged.length === 1, 4);
    await clock.runUntil(() => client.text !== '', 4);
    await client.until(() => client.text.includes('HTTP/1.1 502 '));
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'ping', afterMs: 5000 });
    const failed = await harness.engine.waitFor('upstream.failed');
    expect(failed.message).toContain('has not answered a PING for 5000 ms');
  });
});
