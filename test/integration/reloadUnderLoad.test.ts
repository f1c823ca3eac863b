// Reloads every 100 ms while everything is in use: keep-alive and new connections, TLS, HTTP/2, WebSockets, relayed bytes.
// Eight seconds; HOPSCOPE_RELOAD_SECONDS=60 for longer.
import { once } from 'node:events';
import { createServer, Agent as HttpAgent, get as httpGet } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness } from '../helpers/engineHarness';
import { selfSigned } from '../helpers/testCertificates';

const seconds = Number(process.env.HOPSCOPE_RELOAD_SECONDS ?? 8);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startOrigins() {
  const http = createServer((request, response) => {
    request.resume().on('end', () => response.end(`page ${request.url}`));
  });
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
  const tcp = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  for (const server of [http, tcp]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  closers.push(() => {
    http.closeAllConnections();
    http.close();
    tcp.close();
  });
  return { http: (http.address() as AddressInfo).port, tcp: (tcp.address() as AddressInfo).port };
}

/** Revisions differ in a header, in the order of routes, and every other one has listeners that the next has not. */
function revision(number: number, ports: { readonly http: number; readonly tcp: number }): WorkspaceDocument {
  const isOdd = number % 2 === 1;
  const extra = { id: `extra-${number}`, port: 0, protocol: 'tcp' as const };
  return {
    schemaVersion: 1,
    listeners: [
      { id: 'web', port: 0, protocol: 'http' },
      { id: 'secure', port: 0, protocol: 'https', tls: { certificates: ['a'] } },
      { id: 'raw', port: 0, protocol: 'tcp' },
      ...(isOdd ? [extra] : []),
    ],
    routes: [
      ...(isOdd
        ? [
            {
              id: 'other',
              kind: 'http' as const,
              listeners: ['web'],
              hostnames: ['other.test'],
              backends: [{ pool: 'http' }],
            },
          ]
        : []),
      {
        id: 'all',
        kind: 'http',
        listeners: ['web', 'secure'],
        filters: [{ type: 'responseHeaders', set: { 'x-revision': String(number) } }],
        backends: [{ pool: 'http' }],
      },
      { id: 'raw', kind: 'tcp', listeners: isOdd ? ['raw', extra.id] : ['raw'], backends: [{ pool: 'tcp' }] },
    ],
    pools: [
      { id: 'http', endpoints: [{ address: '127.0.0.1', port: ports.http }] },
      { id: 'tcp', endpoints: [{ address: '127.0.0.1', port: ports.tcp }] },
      ...(isOdd ? [{ id: 'spare', endpoints: [{ address: '127.0.0.1', port: 9 }] }] : []),
    ],
  };
}

type Load = (isOver: () => boolean) => Promise<number>;

/** Counts what was answered; whatever is not as it should be throws. */
function pages(ask: (path: string) => Promise<string>): Load {
  return async (isOver) => {
    let count = 0;
    for (; !isOver(); count++) {
      const answer = await ask(`/${count}`);
      if (answer !== `200 page /${count}`) throw new Error(answer);
    }
    return count;
  };
}

function http1(port: number, agent: HttpAgent | HttpsAgent | false): Load {
  const get = agent instanceof HttpsAgent ? httpsGet : httpGet;
  if (agent !== false) closers.push(() => agent.destroy());
  return pages(
    (path) =>
      new Promise((resolve, reject) => {
        const options = { port, host: '127.0.0.1', path, agent, rejectUnauthorized: false };
        get(options, (response) => {
          let text = `${response.statusCode} `;
          response.on('data', (part) => {
            text += part;
          });
          response.on('end', () => resolve(text)).on('error', reject);
        }).on('error', reject);
      }),
  );
}

function http2(port: number): Load {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  closers.push(() => session.destroy());
  let hasGone = false;
  session.on('goaway', () => {
    hasGone = true;
  });
  return pages(async (path) => {
    if (hasGone) throw new Error('a listener that stays said GOAWAY');
    const stream = session.request({ ':path': path });
    let text = '';
    stream.on('response', (headers) => {
      text = `${headers[':status']} `;
    });
    stream.setEncoding('utf8').on('data', (part) => {
      text += part;
    });
    await once(stream, 'end');
    return text;
  });
}

function webSocket(url: string): Load {
  return async (isOver) => {
    const socket = new WebSocket(url, { rejectUnauthorized: false });
    closers.push(() => socket.terminate());
    await once(socket, 'open');
    const closed = once(socket, 'close');
    let next: (data: unknown) => void = () => undefined;
    socket.on('message', (data) => next(data));
    let count = 0;
    for (; !isOver(); count++) {
      const answer = new Promise<unknown>((resolve) => {
        next = resolve;
      });
      socket.send(`message ${count}`);
      const data = await Promise.race([answer, closed]);
      if (String(data) !== `message ${count}`) throw new Error(`the WebSocket said ${String(data)}`);
    }
    socket.close();
    await closed;
    return count;
  };
}

function relay(port: number): Load {
  return async (isOver) => {
    const socket = connect({ port, host: '127.0.0.1' });
    closers.push(() => socket.destroy());
    await once(socket, 'connect');
    let count = 0;
    for (; !isOver(); count++) {
      socket.write(`bytes ${count}`);
      const [data] = (await once(socket, 'data')) as [Buffer];
      if (data.toString() !== `bytes ${count}`) throw new Error(`the relay said ${data.toString()}`);
    }
    socket.end();
    return count;
  };
}

it(
  'reloads every 100 ms under load: no request fails, no connection is dropped, nothing is left',
  async () => {
    const ports = await startOrigins();
    const harness = new EngineHarness({ removedListenerDrainMs: 2000 });
    closers.push(() => harness.close());
    const certificates = new Map([['a', selfSigned('a.test')]]);
    await harness.run(revision(0, ports), certificates);
    const [web, secure, raw] = [harness.port('web'), harness.port('secure'), harness.port('raw')];
    const until = Date.now() + seconds * 1000;
    const isOver = () => Date.now() >= until;
    const one = { keepAlive: true, maxSockets: 1 };
    const loads: readonly Load[] = [
      http1(web, new HttpAgent(one)),
      http1(web, new HttpAgent(one)),
      http1(web, false),
      http1(secure, new HttpsAgent(one)),
      http1(secure, new HttpsAgent({ keepAlive: false })),
      http2(secure),
      webSocket(`ws://127.0.0.1:${web}`),
      webSocket(`wss://127.0.0.1:${secure}`),
      relay(raw),
    ];
    const counts = Promise.all(loads.map((load) => load(isOver)));
    let reloads = 0;
    const reloading = async () => {
      while (!isOver()) {
        const next = new Promise((resolve) => setTimeout(resolve, 100));
        await harness.run(revision(++reloads, ports), certificates);
        harness.events.length = 0;
        await next;
      }
    };
    await Promise.all([counts, reloading()]);
    console.log(`${reloads} reloads; answered: ${(await counts).join(', ')}`);
    expect(reloads).toBeGreaterThan(seconds * 5);
    for (const count of await counts) expect(count).toBeGreaterThan(reloads);
    for (const close of closers.splice(2).reverse()) await close();
    const { metrics } = harness.engine;
    await harness.run({ schemaVersion: 1 });
    await vi.waitFor(() => {
      for (const listener of ['web', 'secure', 'raw'])
        expect(metrics.counters('listener', listener).openConnections).toBe(0);
      for (const pool of ['http', 'tcp']) expect(metrics.counters('pool', pool).openConnections).toBe(0);
    });
  },
  (seconds + 30) * 1000,
);
