// Bodies of all sizes, cut in all ways, over both versions of HTTP on both sides, by readers and writers of all speeds, on
// every way through the proxy: what comes out is what went in. From a seed; HOPSCOPE_INTEGRITY_SECONDS for longer.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createHttpsServer, Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { HttpRouteDocument, WorkspaceDocument } from '../../main/contract/config';
import { below, oneOf, pause, seedChaos } from '../helpers/chaosPeers';
import { EngineHarness } from '../helpers/engineHarness';
import { selfSigned } from '../helpers/testCertificates';

const seconds = Number(process.env.HOPSCOPE_INTEGRITY_SECONDS ?? 4);
const seed = Number(process.env.HOPSCOPE_INTEGRITY_SEED ?? 1);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const sum = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex');
const noise = Buffer.alloc(1_048_576);

/** Some of the noise, as long as bodies are: mostly short, sometimes longer than every buffer. */
function someBytes(): Buffer {
  const length = below(oneOf([1, 100, 9000, 70_000, 400_000]));
  const start = below(noise.length - length);
  return noise.subarray(start, start + length);
}

async function writeSlowly(out: Writable, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, 1 + below(oneOf([10, 3000, 20_000, 400_000])));
    const hasRoom = out.write(bytes.subarray(at, at + length));
    at += length;
    if (!hasRoom) await once(out, 'drain');
    if (below(6) === 0) await pause(8);
  }
  out.end();
}

async function readSlowly(from: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from) {
    parts.push(part as Buffer);
    if (below(8) === 0) await pause(15);
  }
  return Buffer.concat(parts);
}

/** Answers with other noise; fields say what came and what goes. */
async function answer(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const body = await readSlowly(request);
  const bytes = someBytes();
  response.setHeader('x-got', sum(body));
  response.setHeader('x-sent', sum(bytes));
  response.setHeader('content-type', 'text/plain');
  if (request.url?.startsWith('/cached') === true) response.setHeader('cache-control', 'max-age=60');
  if (below(2) === 0) response.setHeader('content-length', bytes.length);
  else if (request.httpVersionMajor === 1 && below(4) === 0) response.setHeader('connection', 'close');
  await writeSlowly(response as Writable, bytes);
}

type Ask = (path: string, method: string, body: Buffer, headers: Record<string, string>) => Promise<Answer>;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

function http1(port: number, isTls: boolean): Ask {
  const one = { keepAlive: true, maxSockets: 1 };
  const agent = isTls ? new HttpsAgent({ ...one, rejectUnauthorized: false }) : new Agent(one);
  const makeRequest = isTls ? httpsRequest : httpRequest;
  closers.push(() => agent.destroy());
  return async (path, method, body, headers) => {
    const framing = below(2) === 0 && body.length > 0 ? { 'content-length': String(body.length) } : {};
    const outgoing = makeRequest({
      port,
      host: '127.0.0.1',
      agent,
      path,
      method,
      headers: { ...headers, ...framing },
    });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    if (method === 'POST') await writeSlowly(outgoing, body);
    else outgoing.end();
    const [incoming] = await answered;
    return { status: incoming.statusCode!, headers: incoming.headers, body: await readSlowly(incoming) };
  };
}

function http2(port: number, isTls: boolean): Ask {
  const session = connectHttp2(`${isTls ? 'https' : 'http'}://127.0.0.1:${port}`, {
    rejectUnauthorized: false,
  });
  closers.push(() => session.destroy());
  return async (path, method, body, headers) => {
    const stream = session.request(
      { ...headers, ':path': path, ':method': method },
      { endStream: method === 'GET' },
    );
    const answered = once(stream, 'response') as Promise<[Record<string, unknown>]>;
    if (method === 'POST') await writeSlowly(stream, body);
    const [fields] = await answered;
    return { status: Number(fields[':status']), headers: fields, body: await readSlowly(stream) };
  };
}

it(
  `changes no byte on any way (seed ${seed})`,
  async () => {
    const random = seedChaos(seed);
    for (let at = 0; at < noise.length; at += 4)
      noise.writeUInt32LE(Math.floor(random() * 4_294_967_296), at);
    const certificate = selfSigned('a.test');
    const { certificateChainPem: cert, privateKeyPem: key } = certificate;
    const origins = [
      createServer(answer),
      createHttp2Server(answer),
      createHttpsServer({ cert, key }, answer),
    ];
    for (const origin of origins) {
      origin.listen(0, '127.0.0.1');
      await once(origin, 'listening');
    }
    const [h1, h2, sealed] = origins.map((origin) => (origin.address() as AddressInfo).port) as [
      number,
      number,
      number,
    ];
    closers.push(() => {
      for (const origin of origins) {
        origin.close();
        if ('closeAllConnections' in origin) origin.closeAllConnections();
      }
    });
    const harness = new EngineHarness();
    closers.push(() => harness.close());
    const ways: Record<string, Partial<HttpRouteDocument>> = {
      full: { bufferBytes: 50_000 },
      stream: { requestBuffering: 'stream' },
      compressed: { filters: [{ type: 'compress', encodings: ['gzip'], minBytes: 1 }] },
      cached: { filters: [{ type: 'cache' }] },
      both: { filters: [{ type: 'compress', encodings: ['gzip'], minBytes: 1 }, { type: 'cache' }] },
      paced: { filters: [{ type: 'fault', bandwidthBytesPerSecond: 4_000_000 }] },
    };
    const pools = ['h1', 'h2', 'sealed'];
    const workspace: WorkspaceDocument = {
      schemaVersion: 1,
      listeners: [
        { id: 'web', port: 0, protocol: 'http' },
        { id: 'secure', port: 0, protocol: 'https', tls: { certificates: ['a'] } },
      ],
      routes: pools.flatMap((pool) =>
        Object.entries(ways).map(([way, route]) => ({
          id: `${way}-${pool}`,
          kind: 'http' as const,
          listeners: ['web', 'secure'],
          matches: [{ path: { type: 'prefix' as const, value: `/${way}/${pool}` } }],
          backends: [{ pool }],
          ...route,
        })),
      ),
      pools: [
        { id: 'h1', endpoints: [{ address: '127.0.0.1', port: h1 }] },
        { id: 'h2', protocol: 'h2', endpoints: [{ address: '127.0.0.1', port: h2 }] },
        { id: 'sealed', endpoints: [{ address: '127.0.0.1', port: sealed }], tls: { verify: false } },
      ],
    };
    await harness.run(workspace, new Map([['a', certificate]]));
    const [web, secure] = [harness.port('web'), harness.port('secure')];
    const until = Date.now() + seconds * 1000;
    let count = 0;
    const client = async (ask: Ask) => {
      for (; Date.now() < until; count++) {
        const method = oneOf(['GET', 'POST']);
        const path = `/${oneOf(Object.keys(ways))}/${oneOf(pools)}/${below(40)}`;
        const sent = method === 'GET' ? Buffer.alloc(0) : someBytes();
        const headers: Record<string, string> = below(2) === 0 ? { 'accept-encoding': 'gzip' } : {};
        const { status, headers: fields, body } = await ask(path, method, sent, headers);
        const plain = fields['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        const found = { path, status, got: fields['x-got'], sent: sum(plain) };
        expect(found).toEqual({ path, status: 200, got: sum(sent), sent: fields['x-sent'] });
      }
    };
    const [shared, sharedTls] = [http2(web, false), http2(secure, true)];
    const many = (count: number, make: () => Ask) => Array.from({ length: count }, make);
    const asks = [
      ...many(6, () => http1(web, false)),
      ...many(4, () => http1(secure, true)),
      ...many(4, () => shared),
      ...many(4, () => sharedTls),
      http2(web, false),
    ];
    await Promise.all(asks.map(client));
    console.log(`${count} messages each way`);
    expect(count).toBeGreaterThan(50);
  },
  (seconds + 30) * 1000,
);
