// Clients and endpoints that do anything at any time, from a seed: what was begun must end, once, and nothing may be left.
// Four seconds; HOPSCOPE_CHAOS_SECONDS and HOPSCOPE_CHAOS_SEED for more.
import { once } from 'node:events';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { EngineHarness, TestServer } from '../helpers/engineHarness';

const seconds = Number(process.env.HOPSCOPE_CHAOS_SECONDS ?? 4);
const seed = Number(process.env.HOPSCOPE_CHAOS_SEED ?? 1);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

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
const random = randomFrom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)]!;
const soon = (act: () => void, withinMs = 30) => setTimeout(act, below(withinMs));
const pause = (withinMs: number) => new Promise<void>((resolve) => soon(resolve, withinMs));

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

function act(socket: Socket): void {
  const cut = (socketNow: Socket) =>
    oneOf([() => socketNow.end(), () => socketNow.destroy(), () => socketNow.resetAndDestroy()])();
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

function actHttp2(stream: ServerHttp2Stream): void {
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
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HT',
];

async function behave(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
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
  oneOf([() => socket.end(), () => socket.destroy(), () => socket.resetAndDestroy()])();
  socket.resume();
  soon(() => socket.destroy(), 500);
  await closed;
}

async function behaveHttp2(port: number): Promise<void> {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
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

// ---- what must hold

function check(events: readonly FlowEvent[]): void {
  const flows = new Map<number, FlowEvent[]>();
  const connections = new Map<number, number>();
  for (const event of events) {
    if (event.flowId !== 0) flows.set(event.flowId, [...(flows.get(event.flowId) ?? []), event]);
    const change = event.kind === 'connection.opened' ? 1 : event.kind === 'connection.closed' ? -1 : 0;
    if (change !== 0)
      connections.set(event.connectionId, (connections.get(event.connectionId) ?? 0) + change);
  }
  expect(events.filter(({ kind }) => kind === 'gap')).toEqual([]);
  const wrong = [...flows.values()].filter((story) => {
    const kinds = story.map(({ kind }) => kind);
    const count = (kind: string) => kinds.filter((each) => each === kind).length;
    // The endpoint's connection may be closed behind its flow, and is its own.
    const last = story.filter(({ kind }) => kind !== 'connection.closed').at(-1);
    return (
      count('flow.opened') !== 1 ||
      count('flow.closed') !== 1 ||
      count('flow.failed') > 1 ||
      last?.kind !== 'flow.closed'
    );
  });
  expect(wrong.map((story) => story.map(({ kind }) => kind).join(' '))).toEqual([]);
  expect([...connections].filter(([, open]) => open !== 0)).toEqual([]);
  expect(events.filter((event) => event.kind === 'flow.failed' && event.code === 'internal_error')).toEqual(
    [],
  );
}

it(
  `ends everything that was begun (seed ${seed})`,
  async () => {
    const origin = await TestServer.start((socket) => socket.on('data', () => act(socket)));
    closers.push(() => origin.close());
    const http2 = createHttp2Server({ settings: { enableConnectProtocol: true } });
    const sessions = new Set<{ destroy(): void }>();
    http2.on('session', (session) => sessions.add(session.on('error', () => undefined)));
    http2.on('stream', actHttp2);
    http2.on('sessionError', () => undefined);
    http2.listen(0, '127.0.0.1');
    await once(http2, 'listening');
    closers.push(() => {
      for (const session of sessions) session.destroy();
      http2.close();
    });
    const harness = new EngineHarness({ random, emitter: { capacity: 1_048_576 } });
    closers.push(() => harness.close());
    const connections = { maxPerEndpoint: 6, maxWaiting: 12, waitTimeoutMs: 200, idleTimeoutMs: 300 };
    const timeouts = { requestMs: 700, backendMs: 300 };
    const http = { kind: 'http' as const, listeners: ['web'], timeouts };
    const path = (value: string) => [{ path: { type: 'prefix' as const, value } }];
    const retry = { attempts: 2, backoffMs: 5 };
    const backends = [{ pool: 'h1' }];
    const document = {
      schemaVersion: 1 as const,
      listeners: [
        {
          id: 'web',
          port: 0,
          protocol: 'http' as const,
          limits: { bodyIdleTimeoutMs: 200, headerTimeoutMs: 300, idleTimeoutMs: 300 },
        },
        { id: 'raw', port: 0, protocol: 'tcp' as const, limits: { idleTimeoutMs: 300 } },
      ],
      routes: [
        { ...http, id: 'stream', matches: path('/stream'), requestBuffering: 'stream' as const, backends },
        {
          ...http,
          id: 'h2',
          matches: path('/h2'),
          requestBuffering: 'stream' as const,
          retry,
          backends: [{ pool: 'h2' }],
        },
        {
          ...http,
          id: 'cached',
          matches: path('/cached'),
          filters: [{ type: 'compress' as const, minBytes: 1 }, { type: 'cache' as const }],
          backends,
        },
        {
          ...http,
          id: 'slow',
          matches: path('/slow'),
          filters: [
            { type: 'fault' as const, delay: { percent: 50, ms: 50 }, bandwidthBytesPerSecond: 100_000 },
            { type: 'mirror' as const, pool: 'h2' },
          ],
          backends,
        },
        { ...http, id: 'all', retry, backends },
        { id: 'raw', kind: 'tcp' as const, listeners: ['raw'], backends },
      ],
      pools: [
        { id: 'h1', endpoints: [{ address: '127.0.0.1', port: origin.port }], connections },
        {
          id: 'h2',
          protocol: 'h2' as const,
          endpoints: [{ address: '127.0.0.1', port: (http2.address() as AddressInfo).port }],
          connections,
        },
      ],
    };
    await harness.run(document);
    const [web, raw] = [harness.port('web'), harness.port('raw')];
    const until = Date.now() + seconds * 1000;
    const client = async () => {
      while (Date.now() < until) await oneOf([behave, behave, behaveHttp2])(below(8) === 0 ? raw : web);
    };
    const reload = async () => {
      for (; Date.now() < until; await pause(400)) await harness.run(document);
    };
    await Promise.all([reload(), ...Array.from({ length: 24 }, client)]);
    const counters = ['listener/web', 'listener/raw', 'pool/h1', 'pool/h2'].map((name) => {
      const [kind, id] = name.split('/') as ['listener' | 'pool', string];
      return harness.engine.metrics.counters(kind, id);
    });
    await expect
      .poll(() => counters.map(({ openConnections }) => openConnections), { timeout: 10_000 })
      .toEqual([0, 0, 0, 0]);
    // Events come in order: when this one is here, all are.
    void fetch(`http://127.0.0.1:${web}/marker`).catch(() => undefined);
    const marker = await harness.waitFor('request.head', ({ target }) => target === '/marker');
    const events = harness.events.filter(
      ({ seq, connectionId }) => seq < marker.seq && connectionId !== marker.connectionId,
    );
    console.log(`${events.filter(({ kind }) => kind === 'flow.closed').length} flows`);
    check(events);
    await harness.waitFor('flow.closed', ({ flowId }) => flowId === marker.flowId);
    for (const target of ['/stream', '/h2']) {
      const asked = harness.events.length;
      await fetch(`http://127.0.0.1:${web}${target}`).then(
        (answer) => answer.text(),
        () => undefined,
      );
      const picked = await harness.waitFor(
        'endpoint.picked',
        ({ seq }) => seq > harness.events[asked - 1]!.seq,
      );
      expect(picked.candidates.map(({ activeRequests }) => activeRequests)).toEqual([0]);
      await harness.waitFor('flow.closed', ({ flowId }) => flowId === picked.flowId);
    }
  },
  (seconds + 40) * 1000,
);
