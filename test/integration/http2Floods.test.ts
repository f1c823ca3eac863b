// What an HTTP/2 client can do to wear the proxy out, with real sockets: each is bounded, and whoever overdoes it is told
// ENHANCE_YOUR_CALM while others are served.
import { afterEach, describe, expect, it } from 'vitest';
import { clientPreface, ErrorCode, Flag, FrameType } from '../../main/engine/http2/frame';
import { get, HttpHarness, ok } from '../helpers/httpHarness';
import { frame, getFields, postFields, RawHttp2, settings, uint32 } from '../helpers/rawHttp2';

const { endHeaders: EH, endStream: ES } = Flag;

let harness: HttpHarness;
const clients: RawHttp2[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await harness.close();
});

async function open(): Promise<RawHttp2> {
  const client = await RawHttp2.open(harness.engine.port('web'));
  clients.push(client);
  return client;
}

/** Somebody else asks over HTTP/1.1 and gets an answer. */
async function expectService(): Promise<void> {
  const before = harness.connections.length;
  const other = await harness.connect();
  other.socket.write(get('/bystander'));
  for (let number = 1; ; number++) {
    const origin = await harness.originConnection(number);
    if (number <= before && !origin.received.includes('/bystander')) continue;
    await origin.untilReceived('/bystander');
    origin.socket.write(ok('fine'));
    break;
  }
  await other.until(() => other.text.includes('fine'));
  other.socket.destroy();
}

const slow = { filters: [{ type: 'fault' as const, delay: { percent: 100, ms: 60_000 } }] };
const numbers = (count: number) => Array.from({ length: count }, (_, index) => 1 + 2 * index);
const repeated = (count: number, bytes: Buffer) => Buffer.concat(Array.from({ length: count }, () => bytes));

type Flood = (client: RawHttp2) => void;
const floods: readonly (readonly [string, Flood])[] = [
  [
    'rapid reset (CVE-2023-44487)',
    (c) => {
      for (const stream of numbers(1000))
        c.send(c.headers(stream), frame(FrameType.rstStream, 0, stream, uint32(ErrorCode.cancel)));
    },
  ],
  [
    'made you reset (CVE-2025-8671): a WINDOW_UPDATE of 0',
    (c) => {
      for (const stream of numbers(1000))
        c.send(c.headers(stream, postFields, EH), frame(FrameType.windowUpdate, 0, stream, uint32(0)));
    },
  ],
  [
    'made you reset: malformed requests',
    (c) => {
      for (const stream of numbers(1000)) c.send(c.headers(stream, [...getFields, 'connection: close']));
    },
  ],
  [
    'more streams than allowed, again and again',
    (c) => {
      for (const stream of numbers(1000)) c.send(c.headers(stream, postFields, EH));
    },
  ],
  [
    'CONTINUATION without end (CVE-2024-27316)',
    (c) => {
      const more = frame(FrameType.continuation, 0, 1, c.block(['x-more: and more']));
      c.send(c.headers(1, getFields, ES), repeated(20_000, more));
    },
  ],
  [
    'empty CONTINUATIONs',
    (c) => c.send(c.headers(1, getFields, ES), repeated(20_000, frame(FrameType.continuation, 0, 1))),
  ],
  ['PING (CVE-2019-9512)', (c) => c.send(repeated(5000, frame(FrameType.ping, 0, 0, '12345678')))],
  ['SETTINGS (CVE-2019-9515)', (c) => c.send(repeated(5000, settings([4, 65_535])))],
  [
    'PRIORITY (CVE-2019-9513)',
    (c) => c.send(repeated(20_000, frame(FrameType.priority, 0, 1, Buffer.from('0000000003', 'hex')))),
  ],
  [
    'empty DATA (CVE-2019-9518)',
    (c) => c.send(c.headers(1, postFields, EH), repeated(5000, frame(FrameType.data, 0, 1))),
  ],
  ['WINDOW_UPDATE', (c) => c.send(repeated(50_000, frame(FrameType.windowUpdate, 0, 0, uint32(1))))],
  ['frames of an unknown type', (c) => c.send(repeated(20_000, frame(0xfe, 0, 0, 'x')))],
];

describe('a flood', () => {
  it.each(floods)('is cut with ENHANCE_YOUR_CALM: %s', async (_name, flood) => {
    harness = await HttpHarness.start({ route: slow });
    const client = await open();
    flood(client);
    expect(await client.goawayCode()).toBe(ErrorCode.enhanceYourCalm);
    await client.untilClosed();
    expect(await harness.engine.waitFor('connection.goaway')).toMatchObject({ code: 'ENHANCE_YOUR_CALM' });
    expect(harness.connections).toHaveLength(0);
    await harness.engine.run(harness.document({}));
    await expectService();
  });

  it('of requests reset in the read that brought them opens no connection to the endpoint', async () => {
    harness = await HttpHarness.start();
    const client = await open();
    const all = numbers(150).flatMap((stream) => [
      client.headers(stream),
      frame(FrameType.rstStream, 0, stream, uint32(ErrorCode.cancel)),
    ]);
    client.send(...all);
    expect(await client.isAlive()).toBe(true);
    expect(harness.connections.length).toBeLessThan(20);
  });

  it('holds its place among the connections no longer than its client does', async () => {
    harness = await HttpHarness.start();
    const client = await open();
    client.socket.once('end', () => client.close());
    client.send(repeated(5000, frame(FrameType.ping, 0, 0, '12345678')));
    const { at } = await harness.engine.waitFor('connection.goaway');
    const closed = await harness.engine.waitFor('connection.closed');
    expect(closed.at - at).toBeLessThan(1_000_000);
  });

  it('of large fields out of a small block (HPACK bomb) is answered 431 and holds no memory', async () => {
    harness = await HttpHarness.start();
    const client = await open();
    // One field of 4000 bytes put into the table, then named 4000 times: 16 MB out of 8 KB.
    const literal = Buffer.concat([Buffer.from([0x40, 1, 0x78, 0x7f, 0xa1, 0x1e]), Buffer.alloc(4000, 'y')]);
    const bomb = (stream: number) => {
      const block = Buffer.concat([client.block(getFields), literal, Buffer.alloc(4000, 0xbe)]);
      client.send(frame(FrameType.headers, EH | ES, stream, block));
    };
    bomb(1);
    await client.status(1);
    const before = process.memoryUsage().arrayBuffers;
    for (const stream of numbers(20).slice(1)) bomb(stream);
    expect(await client.status(39)).toBe(':status: 431');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8_000_000);
    expect(await client.isAlive()).toBe(true);
  });
});

describe('a client that stalls', () => {
  it('by giving no window has its streams reset, and the endpoint is held up, not the memory', async () => {
    harness = await HttpHarness.start({ limits: { bodyIdleTimeoutMs: 400 } });
    const client = await open();
    client.send(settings([4, 0]), client.headers(1), client.headers(3));
    for (const number of [1, 2]) {
      const origin = await harness.originConnection(number);
      await origin.untilReceived('\r\n\r\n');
      origin.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n');
      origin.socket.write(Buffer.alloc(20_000_000));
    }
    expect(await client.resetCode(1)).toBe(ErrorCode.cancel);
    expect(await client.resetCode(3)).toBe(ErrorCode.cancel);
    const closed = await harness.engine.waitFor(
      'connection.closed',
      ({ leg, reason }) => leg === 'upstream' && reason === 'idle_timeout',
    );
    // What the kernel took, and little more.
    expect(closed.bytesRead).toBeLessThan(2_000_000);
    expect(await client.isAlive()).toBe(true);
  });

  it('on a small answer that is complete on our side has its stream reset too', async () => {
    harness = await HttpHarness.start({ limits: { bodyIdleTimeoutMs: 300 } });
    const client = await open();
    client.send(settings([4, 0]), client.headers(1));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write(ok('small'));
    expect(await client.resetCode(1)).toBe(ErrorCode.cancel);
  });

  it('by not reading its socket holds up the endpoint, and is closed', async () => {
    harness = await HttpHarness.start({ limits: { bodyIdleTimeoutMs: 400 } });
    const client = await open();
    client.socket.pause();
    const window = 2 ** 31 - 1 - 65_535;
    client.send(
      settings([4, 2 ** 31 - 1]),
      frame(FrameType.windowUpdate, 0, 0, uint32(window)),
      client.headers(1),
    );
    const origin = await harness.originConnection(1);
    await origin.untilReceived('\r\n\r\n');
    origin.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90000000\r\n\r\n');
    origin.socket.write(Buffer.alloc(60_000_000));
    const closed = await harness.engine.waitFor('connection.closed', ({ leg }) => leg === 'upstream');
    expect(closed.bytesRead).toBeLessThan(20_000_000);
    expect(await harness.engine.waitFor('stream.reset')).toMatchObject({ code: 'CANCEL', resetBy: 'proxy' });
  });

  it('in the middle of a header block is cut after the header timeout', async () => {
    harness = await HttpHarness.start({ limits: { headerTimeoutMs: 300 } });
    const client = await open();
    client.send(client.headers(1, getFields, ES));
    expect(await client.goawayCode()).toBe(ErrorCode.noError);
    await client.untilClosed();
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'header' });
  });

  it('behind the preface is cut after the header timeout', async () => {
    harness = await HttpHarness.start({ limits: { headerTimeoutMs: 300 } });
    const client = await RawHttp2.connect(harness.engine.port('web'));
    clients.push(client);
    client.send(clientPreface);
    await client.untilClosed();
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'header' });
  });

  it('in the middle of a frame is served by nobody and cut when it was idle for too long', async () => {
    harness = await HttpHarness.start({ limits: { idleTimeoutMs: 300 } });
    const client = await open();
    client.send(client.headers(1).subarray(0, 12));
    await client.untilClosed();
    expect(await harness.engine.waitFor('timeout')).toMatchObject({ timeout: 'idle' });
  });
});

it('frames cut at every byte are read like whole ones', async () => {
  harness = await HttpHarness.start({ route: { filters: [{ type: 'respond', status: 200, body: 'ok' }] } });
  const client = await open();
  const bytes = Buffer.concat([
    client.headers(1, postFields, EH),
    frame(FrameType.data, 0, 1, 'some'),
    frame(FrameType.data, ES, 1, 'more'),
    client.headers(3),
  ]);
  for (const byte of bytes) {
    client.socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await client.status(3)).toBe(':status: 200');
  expect(client.data(1).toString()).toBe('ok');
});
