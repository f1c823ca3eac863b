import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListenerDocument, PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import { encodeProxyHeader } from '../../main/engine/proxyAddress';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';
import { selfSigned } from '../helpers/testCertificates';

let harness: EngineHarness;
const servers: TestServer[] = [];
/** What the echo servers were sent. */
const heads: string[] = [];

beforeEach(() => {
  harness = new EngineHarness();
});

afterEach(async () => {
  await harness.close();
  for (const server of servers.splice(0)) await server.close();
});

/** Sends back all it got on a connection, in front of it the connection's number. */
async function echo(): Promise<number> {
  let connections = 0;
  const server = await TestServer.start((socket) => {
    const number = ++connections;
    let got = '';
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      if (!got.endsWith('\r\n\r\n')) return;
      heads.push(got);
      const body = JSON.stringify({ connection: number, got });
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  });
  servers.push(server);
  return server.port;
}

function http(
  port: number,
  listener: Partial<ListenerDocument>,
  pool: Partial<PoolDocument> = {},
): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'in', port: 0, protocol: 'http', ...listener }],
    routes: [{ id: 'all', kind: 'http', listeners: ['in'], backends: [{ pool: 'origin' }] }],
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port }], ...pool }],
  };
}

function tcp(
  port: number,
  listener: Partial<ListenerDocument>,
  pool: Partial<PoolDocument> = {},
): WorkspaceDocument {
  const document = http(port, { protocol: 'tcp', ...listener }, pool);
  return {
    ...document,
    routes: [{ id: 'all', kind: 'tcp', listeners: ['in'], backends: [{ pool: 'origin' }] }],
  };
}

const source = { address: '203.0.113.7', port: 51_234 };
const destination = { address: '192.0.2.1', port: 443 };
const get = 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n';

describe('a listener that accepts the PROXY protocol', () => {
  it.each(['v1', 'v2'] as const)('takes the client of a %s header for the client', async (version) => {
    await harness.run(http(await echo(), { acceptProxyProtocol: 'any' }));
    const client = await TestClient.connect(harness.port('in'));
    client.socket.write(Buffer.concat([encodeProxyHeader(version, source, destination), Buffer.from(get)]));
    await client.until(() => client.text.includes('X-Forwarded-For: 203.0.113.7'));
    expect(await harness.waitFor('proxyProtocol.received')).toMatchObject({ version, source, destination });
    expect(await harness.waitFor('flow.opened')).toMatchObject({ client: source });
    client.socket.destroy();
  });

  it('reads a header that comes byte by byte, and the request behind it', async () => {
    await harness.run(http(await echo(), { acceptProxyProtocol: 'v2' }));
    const client = await TestClient.connect(harness.port('in'));
    for (const byte of Buffer.concat([encodeProxyHeader('v2', source, destination), Buffer.from(get)])) {
      await new Promise((sent) => client.socket.write(Buffer.from([byte]), sent));
    }
    await client.until(() => client.text.includes('X-Forwarded-For: 203.0.113.7'));
    client.socket.destroy();
  });

  it('keeps the address of the connection for LOCAL', async () => {
    await harness.run(http(await echo(), { acceptProxyProtocol: 'v2' }));
    const client = await TestClient.connect(harness.port('in'));
    const nobody = { address: '', port: 0 };
    client.socket.write(Buffer.concat([encodeProxyHeader('v2', nobody, nobody), Buffer.from(get)]));
    await client.until(() => client.text.includes('X-Forwarded-For: 127.0.0.1'));
    expect(await harness.waitFor('proxyProtocol.received')).toMatchObject({ source: null });
    client.socket.destroy();
  });

  it.each(['http', 'tcp'] as const)(
    'refuses a connection without it on %s, with an event',
    async (protocol) => {
      const document = protocol === 'http' ? http : tcp;
      await harness.run(document(await echo(), { acceptProxyProtocol: 'any' }));
      const client = await TestClient.connect(harness.port('in'));
      client.socket.write(get);
      await client.until(() => client.hasEnded || client.isClosed);
      expect(client.text).toBe('');
      expect(await harness.waitFor('proxyProtocol.refused')).toMatchObject({
        reason: 'the connection does not begin with a PROXY header',
      });
      expect(await harness.waitFor('connection.closed')).toMatchObject({ reason: 'proxy_header_refused' });
      if (protocol === 'tcp') {
        const closed = await harness.waitFor('flow.closed');
        expect(harness.story(closed.flowId).map(({ kind }) => kind)).toEqual([
          'connection.opened',
          'flow.opened',
          'proxyProtocol.refused',
          'flow.failed',
          'connection.closed',
          'flow.closed',
        ]);
      }
    },
  );

  it('does not wait for a header for ever', async () => {
    await harness.run(http(await echo(), { acceptProxyProtocol: 'v1', limits: { headerTimeoutMs: 50 } }));
    const client = await TestClient.connect(harness.port('in'));
    client.socket.write('PROXY TCP4 ');
    await client.until(() => client.hasEnded || client.isClosed);
    expect(await harness.waitFor('timeout')).toMatchObject({ timeout: 'header', afterMs: 50 });
    await harness.waitFor('proxyProtocol.refused');
  });

  it.each([true, false])('reads it before TLS (with tls routes beside: %s)', async (sharesPort) => {
    const shop = selfSigned('shop.test');
    const document = http(await echo(), {
      protocol: 'https',
      acceptProxyProtocol: 'v1',
      tls: { certificates: ['shop'] },
    });
    const sealed = {
      id: 'sealed',
      kind: 'tls' as const,
      listeners: ['in'],
      hostnames: ['bank.test'],
      backends: [{ pool: 'origin' }],
    };
    await harness.run(
      sharesPort ? { ...document, routes: [...(document.routes ?? []), sealed] } : document,
      new Map([['shop', shop]]),
    );
    const client = await TestClient.connect(harness.port('in'));
    client.socket.removeAllListeners('data');
    client.socket.write(encodeProxyHeader('v1', source, destination));
    const secure = connectTls({
      socket: client.socket,
      servername: 'shop.test',
      ca: shop.certificateChainPem,
    });
    secure.write(get);
    const [bytes] = (await once(secure, 'data')) as [Buffer];
    expect(bytes.toString()).toContain('200 OK');
    expect(await harness.waitFor('flow.opened')).toMatchObject({ client: source });
    secure.destroy();
  });
});

describe('a pool that sends the PROXY protocol', () => {
  it('tells the endpoint of a tcp route who the client is', async () => {
    await harness.run(tcp(await echo(), { acceptProxyProtocol: 'v2' }, { sendProxyProtocol: 'v1' }));
    const client = await TestClient.connect(harness.port('in'));
    client.socket.write(
      Buffer.concat([encodeProxyHeader('v2', source, destination), Buffer.from('hi\r\n\r\n')]),
    );
    await client.until(() => client.text.includes('}'));
    const { got } = JSON.parse(client.text.slice(client.text.indexOf('{')));
    expect(got).toBe('PROXY TCP4 203.0.113.7 192.0.2.1 51234 443\r\nhi\r\n\r\n');
    client.socket.destroy();
  });

  it.each([
    ['v1', 'PROXY UNKNOWN\r\nGET /healthz HTTP/1.1\r\n'],
    ['v2', '\r\n\r\n\0\r\nQUIT\n \0\0\0GET /healthz HTTP/1.1\r\n'],
  ] as const)('checks health with a header of %s that names nobody', async (version, start) => {
    const port = await echo();
    const healthCheck = { intervalMs: 10 };
    await harness.run(http(port, {}, { sendProxyProtocol: version, healthCheck }));
    expect(await harness.waitFor('endpoint.health')).toMatchObject({ to: 'healthy' });
    expect(heads.at(-1)?.slice(0, start.length)).toBe(start);
  });

  it('uses a connection again for the same client only', async () => {
    await harness.run(http(await echo(), {}, { sendProxyProtocol: 'v1' }));
    const [one, two] = [
      await TestClient.connect(harness.port('in')),
      await TestClient.connect(harness.port('in')),
    ];
    const ask = async (client: TestClient) => {
      const before = client.length;
      client.socket.write(get);
      await client.until(() => client.text.slice(before).includes('}'));
      const text = client.text.slice(before);
      return JSON.parse(text.slice(text.indexOf('{'))) as { connection: number; got: string };
    };
    const first = await ask(one);
    expect(first.got).toMatch(/^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\nGET /);
    expect(first.got).toContain(` ${one.socket.localPort} ${harness.port('in')}\r\n`);
    expect((await ask(two)).connection).toBe(2);
    expect((await ask(one)).connection).toBe(1);
    one.socket.destroy();
    two.socket.destroy();
  });
});

const hasHaproxy = (() => {
  try {
    execFileSync('haproxy', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn('SKIPPED: haproxy is not installed; the PROXY protocol is not tried with it');
    return false;
  }
})();

describe.skipIf(!hasHaproxy)('with haproxy as the peer', () => {
  it.each(['send-proxy', 'send-proxy-v2'])('understands its %s, and is understood by it', async (option) => {
    const port = await freePort();
    const back = await freePort();
    const version = option === 'send-proxy' ? 'v1' : 'v2';
    await harness.run(http(back, { acceptProxyProtocol: 'any' }, { sendProxyProtocol: version }));
    const folder = mkdtempSync(join(tmpdir(), 'hopscope-haproxy-'));
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
listen front
  bind 127.0.0.1:${port}
  server engine 127.0.0.1:${harness.port('in')} ${option}
frontend back
  bind 127.0.0.1:${back} accept-proxy
  http-request return status 200 content-type text/plain lf-string "%ci:%cp"
`,
    );
    const child = spawn('haproxy', ['-db', '-f', file], { stdio: 'ignore' });
    try {
      const client = await connectSoon(port, child);
      client.socket.write(get);
      const itself = `127.0.0.1:${client.socket.localPort}`;
      await client.until(() => client.text.includes(itself));
      expect(await harness.waitFor('proxyProtocol.received')).toMatchObject({
        version,
        source: { address: '127.0.0.1', port: client.socket.localPort },
      });
      client.socket.destroy();
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    }
  });
});

/** A program that was just started listens a moment later. */
async function connectSoon(port: number, program: ChildProcess): Promise<TestClient> {
  for (;;) {
    try {
      return await TestClient.connect(port);
    } catch (error) {
      if (program.exitCode !== null) throw error;
    }
  }
}
