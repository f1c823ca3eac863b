// Clients and endpoints that begin, stop, cut and reset whatever they do at random times, from a seed.
import { connect as connectHttp2, type ServerHttp2Stream } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';

/** mulberry32: the same numbers for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
let random = randomFrom(1);

/** Everything after this happens by that seed. */
export function seedChaos(seed: number): () => number {
  random = randomFrom(seed);
  return random;
}

export const below = (limit: number) => Math.floor(random() * limit);
export const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
export const soon = (act: () => void, withinMs = 30) => setTimeout(act, below(withinMs));
export const pause = (withinMs: number) => new Promise<void>((resolve) => soon(resolve, withinMs));

// ---- endpoints

const whole = [
  'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nbad',
  'HTTP/1.1 200 OK\r\nCache-Control: max-age=1\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nkeep',
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 90000\r\n\r\n${'x'.repeat(90_000)}`,
  'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end',
];
const odd = [
  'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nmore than that',
  'nonsense\r\n\r\n',
  'HTTP/1.1 200',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chess\r\n\r\nyour move',
];

export function act(socket: Socket): void {
  socket.on('error', () => undefined);
  const cut = (socketNow: Socket) =>
    oneOf([
      () => socketNow.end(),
      () => socketNow.destroy(),
      () => (socketNow instanceof TLSSocket ? socketNow.destroy() : socketNow.resetAndDestroy()),
    ])();
  const write = (text: string) => {
    if (socket.writable) socket.write(text, 'latin1');
  };
  const kind = below(20);
  if (kind < 11) write(oneOf(whole));
  else if (kind < 13) soon(() => write(oneOf(whole)));
  else if (kind < 15) write(oneOf(odd));
  else if (kind < 17) {
    const text = oneOf(whole);
    const at = below(text.length);
    write(text.slice(0, at));
    soon(() => (below(2) === 0 ? write(text.slice(at)) : cut(socket)));
  } else if (kind < 19) cut(socket);
  else soon(() => cut(socket), 200);
}

export function actHttp2(stream: ServerHttp2Stream): void {
  stream.on('error', () => undefined);
  stream.resume();
  const tell = (work: () => void) => () => {
    if (!stream.destroyed && !stream.closed) work();
  };
  const kind = below(12);
  if (kind < 5) {
    stream.respond({ ':status': oneOf([200, 204, 404, 503]) });
    stream.end(oneOf(['', 'short', 'y'.repeat(100_000)]));
  } else if (kind < 7) soon(tell(() => stream.respond({ ':status': 200 }, { endStream: true })));
  else if (kind < 9) stream.close(oneOf([2, 7, 8, 11]));
  else if (kind < 11) {
    stream.respond({ ':status': 200 });
    stream.write('a part');
    soon(tell(() => stream.close(8)));
  } else soon(() => stream.session?.destroy(), 100);
}

// ---- clients

const requests = [
  'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
  'GET /cached HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a.test\r\n\r\nGET /b HTTP/1.1\r\nHost: a.test\r\n\r\nHEAD /c HTTP/1.1\r\nHost: a.test\r\n\r\n',
  `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 70000\r\n\r\n${'p'.repeat(70_000)}`,
  'POST /stream HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nnot ',
  'PUT /stream HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  'POST /stream HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc',
  'GET /stream HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: chess\r\n\r\n',
  'GET /h2 HTTP/1.1\r\nHost: a.test\r\n\r\n',
  `POST /h2 HTTP/1.1\r\nHost: a.test\r\nContent-Length: 70000\r\n\r\n${'p'.repeat(70_000)}`,
  'GET /h2 HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  'GET /slow HTTP/1.0\r\n\r\n',
  'GET /sealed HTTP/1.1\r\nHost: a.test\r\n\r\n',
  `POST /sealed HTTP/1.1\r\nHost: a.test\r\nContent-Length: 70000\r\n\r\n${'p'.repeat(70_000)}`,
  'GET /sealed HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: chess\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HT',
];

/** TLS, sometimes given up in the middle of the handshake; or bytes that are none. */
function connectTo(port: number, isTls: boolean): Socket {
  const raw = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  if (!isTls || below(6) === 0) return raw;
  raw.on('error', () => undefined);
  if (below(4) === 0) soon(() => raw.destroy(), 6);
  return connectTls({ socket: raw, servername: oneOf(['a.test', 'b.test']), rejectUnauthorized: false });
}

export async function behave(port: number, isTls: boolean): Promise<void> {
  const socket = connectTo(port, isTls);
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.on('end', () => soon(() => socket.destroy()));
  if (below(3) > 0) socket.resume();
  for (let turn = below(4); turn >= 0 && !socket.destroyed; turn--) {
    const text = oneOf(requests);
    const at = below(3) === 0 ? below(text.length) : text.length;
    socket.write(text.slice(0, at), 'latin1');
    await pause(20);
    if (at < text.length && below(2) === 0 && !socket.destroyed) socket.write(text.slice(at), 'latin1');
    await pause(30);
  }
  const isPlain = !(socket instanceof TLSSocket);
  oneOf([
    () => socket.end(),
    () => socket.destroy(),
    () => (isPlain ? socket.resetAndDestroy() : socket.destroy()),
  ])();
  socket.resume();
  soon(() => socket.destroy(), 500);
  await closed;
}

export async function behaveHttp2(port: number, isTls: boolean): Promise<void> {
  const session = connectHttp2(`${isTls ? 'https' : 'http'}://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
  });
  session.on('error', () => undefined);
  const closed = new Promise((resolve) => session.once('close', resolve));
  for (let turn = below(12); turn >= 0 && !session.closed && !session.destroyed; turn--) {
    const isUpload = below(3) === 0;
    const path = oneOf(['/', '/cached', '/stream', '/h2', '/slow']);
    const stream = session.request({
      ':path': path,
      ':method': isUpload ? 'POST' : 'GET',
      ':authority': 'a.test',
    });
    stream.on('error', () => undefined);
    if (below(4) > 0) stream.resume();
    if (isUpload) stream.write('u'.repeat(below(40_000)));
    const kind = below(4);
    if (kind === 0) stream.close(8);
    else if (kind === 1) soon(() => stream.close(8));
    else stream.end();
    if (below(2) === 0) await pause(20);
  }
  await pause(60);
  if (below(2) === 0) session.destroy();
  else session.close();
  soon(() => session.destroy(), 500);
  await closed;
}
