// Whatever a client does, a sample server has bounds: connections, bytes that are held, and time.
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SampleName, sampleNames } from '../../../../main/contract/sampleApi';
import { SampleServers } from '../../../../main/lab/sampleServers';
import { patience } from '../../../../main/lab/samples/sample';
import { sampleKinds } from '../../../../main/lab/samples/sampleKinds';

const samples = new SampleServers();
const sockets: Socket[] = [];
const sessions: ClientHttp2Session[] = [];
beforeEach(() => samples.start(sampleNames).then(() => undefined));
afterEach(async () => {
  vi.useRealTimers();
  for (const session of sessions.splice(0)) session.destroy();
  for (const socket of sockets.splice(0)) socket.destroy();
  await samples.stop();
});

const sampleOf = (name: SampleName) => samples.list().find((sample) => sample.name === name)!;

async function open(name: SampleName, ...lines: string[]): Promise<Socket> {
  const socket = connect(sampleOf(name).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (lines.length > 0) socket.write([...lines, '', ''].join('\r\n'));
  return socket;
}

const get = (path: string) => [`GET ${path} HTTP/1.1`, 'Host: sample.test'];
const upgrade = (path: string) => [
  ...get(path),
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

/** Writes until nobody takes more for a while. Returns how much went out of this process. */
async function writeUntilFull(socket: Socket, piece: Buffer, most: number): Promise<number> {
  for (let sent = 0; sent < most; sent += piece.length) {
    if (socket.write(piece)) continue;
    const isTaken = await Promise.race([
      once(socket, 'drain').then(() => true),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 300)),
    ]);
    if (!isTaken) break;
  }
  return socket.bytesWritten - socket.writableLength;
}

describe('a sample server', () => {
  it('has a bound of connections, whatever its kind', () => {
    for (const name of sampleNames) expect(sampleKinds[name].maxConnections, name).toBeLessThanOrEqual(1000);
  });

  // One with many, and those with few.
  it.each(['apple', 'websocket', 'grpc'] as const)('%s has so many connections and no more', async (name) => {
    const { maxConnections } = sampleKinds[name];
    await Promise.all(Array.from({ length: maxConnections }, () => open(name)));
    await vi.waitUntil(() => sampleOf(name).openConnections === maxConnections);
    const more = await open(name);
    await once(more.resume(), 'close');
    expect(sampleOf(name).openConnections).toBe(maxConnections);
    sockets[0]!.destroy();
    await vi.waitUntil(() => sampleOf(name).openConnections === maxConnections - 1);
    const again = await open(name);
    await vi.waitUntil(() => sampleOf(name).openConnections === maxConnections);
    expect(again.destroyed).toBe(false);
  });

  it.each([
    ['big', get('/?bytes=1073741824')],
    ['chunked', get('/?parts=10000&bytes=65536&pause=0')],
  ] as const)('%s makes no more than is read', async (name, request) => {
    const before = process.memoryUsage().arrayBuffers;
    const socket = await open(name, ...request);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // What waits in the system's own buffers is not counted here, and is a few MiB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16_777_216);
    expect(socket.destroyed).toBe(false);
  });

  it.each([
    ['echo', [], Buffer.alloc(65_536)],
    ['websocket', upgrade('/'), maskedFrame(60_000)],
  ] as const)('%s takes no more from a client that does not read', async (name, request, piece) => {
    const socket = await open(name, ...request);
    if (request.length > 0) await once(socket, 'readable');
    socket.pause();
    expect(await writeUntilFull(socket, piece, 268_435_456)).toBeLessThan(67_108_864);
    // And goes on when it does.
    let read = 0;
    await new Promise<void>((resolve) => {
      socket.on('data', (bytes) => {
        read += bytes.length;
        if (read > 2_000_000) resolve();
      });
      socket.resume();
    });
  });

  it('apple repeats the beginning of a body, however long it is', async () => {
    const length = 8_000_000;
    const socket = await open(
      'apple',
      'POST / HTTP/1.1',
      'Host: a.test',
      'Connection: close',
      `Content-Length: ${length}`,
    );
    socket.write(Buffer.alloc(length, 'x'));
    let read = 0;
    socket.on('data', (bytes) => {
      read += bytes.length;
    });
    await once(socket, 'close');
    expect(read).toBeGreaterThan(65_536);
    expect(read).toBeLessThan(67_000);
  });

  it('grpc bounds a message, all messages together, and the streams of a session', async () => {
    const session = await http2Session();
    const tooLong = call(session);
    tooLong.stream.end(Buffer.alloc(4_194_310));
    expect(await tooLong.status).toBe('8');
    // Messages that never end, 4 MiB each, on sessions of their own: 15 fit.
    const held: ReturnType<typeof call>[] = [];
    for (let index = 0; index < 15; index++) {
      const open = call(await http2Session());
      open.stream.write(Buffer.alloc(4_194_304));
      held.push(open);
    }
    await vi.waitUntil(() => held.every(({ stream }) => stream.writableLength === 0));
    const late = call(await http2Session());
    late.stream.write(Buffer.alloc(4_194_305));
    const later = call(await http2Session());
    later.stream.write(Buffer.alloc(4_194_305));
    expect(await Promise.race([late.status, later.status])).toBe('8');
    for (const { stream } of held) stream.close();
    await vi.waitUntil(() => held.every(({ stream }) => stream.destroyed));
    const fine = call(await http2Session());
    fine.stream.end(Buffer.from([0, 0, 0, 0, 1, 7]));
    expect(await fine.status).toBe('0');
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
  });

  it.each([
    ['events', get('/?count=10000&every=60000')],
    ['websocket', upgrade('/?tick=60000')],
    ['echo', []],
    ['flaky', get('/?share=100&how=hang')],
    ['slow', get('/?delay=60000&parts=1000&pause=10000')],
  ] as const)('%s ends what goes on for an hour', async (name, request) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const socket = await open(name, ...request);
    socket.write(request.length === 0 ? 'hello' : '');
    if (name === 'events' || name === 'websocket' || name === 'echo') await once(socket, 'readable');
    else await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const closed = once(socket.resume(), 'close');
    // As a client that answers pings and the like, so that it is never silent.
    for (let minute = 0; minute <= patience.wholeMs / 60_000; minute++) {
      if (name === 'websocket') socket.write(maskedFrame(1));
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      vi.advanceTimersByTime(60_000);
    }
    if (name === 'websocket') socket.end();
    await closed;
  });
});

/** A binary message of a client, masked with zeros (RFC 6455 5.2). */
function maskedFrame(bytes: number): Buffer {
  const length = bytes < 126 ? [0x80 | bytes] : [0x80 | 126, bytes >> 8, bytes & 0xff];
  return Buffer.concat([Buffer.from([0x82, ...length, 0, 0, 0, 0]), Buffer.alloc(bytes)]);
}

async function http2Session(): Promise<ClientHttp2Session> {
  const session = connectHttp2(`http://127.0.0.1:${sampleOf('grpc').port}`, {
    settings: { initialWindowSize: 65_535 },
  });
  sessions.push(session);
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  return session;
}

function call(session: ClientHttp2Session) {
  const stream = session.request(
    { ':method': 'POST', ':path': '/hopscope.Echo/Say', 'content-type': 'application/grpc', te: 'trailers' },
    { endStream: false },
  );
  const status = new Promise<string>((resolve) => {
    stream.on('response', (headers) => {
      if (headers['grpc-status'] !== undefined) resolve(String(headers['grpc-status']));
    });
    stream.on('trailers', (trailers) => resolve(String(trailers['grpc-status'])));
  });
  stream.on('error', () => undefined);
  stream.resume();
  return { stream, status };
}
