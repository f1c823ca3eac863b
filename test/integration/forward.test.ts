import { afterEach, describe, expect, it } from 'vitest';
import type { ListenerDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';
import { OriginConnection, ok } from '../helpers/httpHarness';

let harness: EngineHarness;
let origin: TestServer;
let connections: OriginConnection[];
let answers: string[][];

afterEach(async () => {
  await harness.close();
  await origin.close();
});

/** Names become what `answers` says, one look-up after the other; the last answer stays. */
async function start(forward?: ListenerDocument['forward'], listener: Partial<ListenerDocument> = {}) {
  connections = [];
  answers = [['127.0.0.1']];
  origin = await TestServer.start((socket) => connections.push(new OriginConnection(socket)));
  harness = new EngineHarness({ lookUp: async () => (answers.length > 1 ? answers.shift()! : answers[0]!) });
  const listeners = [
    {
      id: 'out',
      port: 0,
      protocol: 'forward' as const,
      ...(forward === undefined ? {} : { forward }),
      ...listener,
    },
  ];
  await harness.run({ schemaVersion: 1, listeners });
}

const connect = () => TestClient.connect(harness.port('out'));

async function originConnection(number: number): Promise<OriginConnection> {
  await expect.poll(() => connections.length).toBeGreaterThanOrEqual(number);
  return connections[number - 1]!;
}

const absolute = (authority: string, extra = '') =>
  `GET http://${authority}/a?b HTTP/1.1\r\nHost: ${authority}\r\n${extra}\r\n`;
const tunnel = (authority: string) => `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

describe('a forward listener', () => {
  it('goes where the target says, and tells the server nothing of the client', async () => {
    await start();
    const client = await connect();
    const authority = `shop.test:${origin.port}`;
    const secrets =
      'Proxy-Authorization: Basic x\r\nProxy-Connection: keep-alive\r\nX-Forwarded-For: 9.9.9.9\r\nForwarded: for=9.9.9.9\r\n';
    client.socket.write(absolute(authority, `${secrets}X-A: b\r\n`));
    const server = await originConnection(1);
    await server.untilReceived('\r\n\r\n');
    expect(server.received).toBe(
      `GET /a?b HTTP/1.1\r\nX-A: b\r\nHost: ${authority}\r\nVia: 1.1 hopscope\r\n\r\n`,
    );
    server.socket.write(ok('hello'));
    await client.until(() => client.text.endsWith('hello'));
    expect(harness.story((await harness.waitFor('flow.closed')).flowId)).toContainEqual({
      kind: 'forward.destination',
      hostname: 'shop.test',
      port: origin.port,
      addresses: ['127.0.0.1'],
      allowedBy: '127.0.0.0/8',
      failure: null,
    });
    // The next request may use the same connection, and may go elsewhere.
    client.socket.write(absolute(authority));
    await server.until(({ received }) => received.split('GET ').length === 3);
    server.socket.write(ok('again'));
    await client.until(() => client.text.endsWith('again'));
    expect(await harness.waitFor('upstream.reused')).toMatchObject({ pool: 'forward:out' });
  });

  it('tells who the client is where it is asked to', async () => {
    await start({ tellsClient: true });
    const client = await connect();
    client.socket.write(
      absolute(`shop.test:${origin.port}`, 'X-Forwarded-For: 9.9.9.9\r\nProxy-Authorization: x\r\n'),
    );
    const server = await originConnection(1);
    await server.untilReceived('\r\n\r\n');
    expect(server.received).toContain('X-Forwarded-For: 127.0.0.1\r\n');
    expect(server.received).not.toContain('Proxy-Authorization');
  });

  it('opens a tunnel for CONNECT, with what came behind it, half-close and bytes counted', async () => {
    await start();
    const client = await connect();
    client.socket.write(`${tunnel(`shop.test:${origin.port}`)}early`);
    const server = await originConnection(1);
    await server.untilReceived('early');
    server.socket.write('\x16\x03late');
    await client.until(() => client.text.endsWith('late'));
    expect(client.text).toBe('HTTP/1.1 200 Connection Established\r\n\r\n\x16\x03late');
    client.socket.end();
    await server.until(({ hasEnded }) => hasEnded);
    server.socket.end('last');
    await client.until(() => client.hasEnded);
    expect(client.text.endsWith('last')).toBe(true);
    const closed = await harness.waitFor('flow.closed');
    expect(closed.outcome).toBe('completed');
    expect(harness.story(closed.flowId)).toContainEqual({ kind: 'upgrade.accepted', protocol: 'tunnel' });
    const endpoint = harness.engine.metrics.counters('endpoint', 'forward:out');
    expect(endpoint).toMatchObject({ connections: 1, requestBytes: 5 });
    expect(server.received).toBe('early');
  });

  it('never lends the connection of a tunnel to a request, nor the other way round', async () => {
    await start();
    const [first, second] = [await connect(), await connect()];
    const authority = `shop.test:${origin.port}`;
    first.socket.write(absolute(authority));
    const server = await originConnection(1);
    await server.untilReceived('\r\n\r\n');
    server.socket.write(ok('hello'));
    await first.until(() => first.text.endsWith('hello'));
    second.socket.write(tunnel(authority));
    await originConnection(2);
    await second.until(() => second.text !== '');
    expect(second.text).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['by default', undefined, ['93.184.216.34']],
    ['by address', { allow: ['10.0.0.0/8'] }, ['127.0.0.1']],
    ['by port', { allow: ['127.0.0.1:1'] }, ['127.0.0.1']],
    [
      'a name that leads to this machine',
      { allow: ['shop.test', '*'] },
      ['127.0.0.1', '::1', '169.254.169.254'],
    ],
  ])('refuses what is not allowed, %s', async (_, forward, addresses) => {
    await start(forward);
    answers = [addresses];
    for (const request of [absolute(`shop.test:${origin.port}`), tunnel(`shop.test:${origin.port}`)]) {
      const client = await connect();
      client.socket.write(request);
      await client.until(() => client.text.includes('destination_refused'));
      expect(client.text).toMatch(/^HTTP\/1\.1 403 /);
      client.socket.destroy();
    }
    expect(connections).toHaveLength(0);
    const refused = await harness.waitFor('forward.destination');
    expect(refused).toMatchObject({ addresses, allowedBy: null });
  });

  it('connects to the addresses that it checked, and to no other that the name has a moment later', async () => {
    await start({ allow: ['127.0.0.2'] });
    answers = [['127.0.0.2', '127.0.0.1'], ['127.0.0.1']];
    const client = await connect();
    client.socket.write(absolute(`shop.test:${origin.port}`));
    await client.until(() => client.text !== '');
    // Nothing listens on 127.0.0.2; 127.0.0.1 would have answered.
    expect(client.text).toMatch(/^HTTP\/1\.1 502 /);
    client.socket.write(absolute(`shop.test:${origin.port}`));
    await client.until(() => client.text.includes(' 403 '));
    expect(connections).toHaveLength(0);
  });

  it('tries the next address of a name when one cannot be reached', async () => {
    await start();
    answers = [['127.0.0.2', '127.0.0.1']];
    const client = await connect();
    client.socket.write(tunnel(`shop.test:${origin.port}`));
    await client.until(() => client.text !== '');
    expect(client.text).toMatch(/^HTTP\/1\.1 200 /);
  });

  it.each([
    ['origin-form', 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['https in absolute-form', 'GET https://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['another Host', 'GET http://a.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n', 400],
    ['userinfo', 'GET http://a@a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['OPTIONS *', 'OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['CONNECT without a port', 'CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n', 400],
    ['CONNECT to port 0', 'CONNECT a.test:0 HTTP/1.1\r\nHost: a.test:0\r\n\r\n', 400],
    ['CONNECT with a path', 'CONNECT a.test:1/x HTTP/1.1\r\nHost: a.test:1\r\n\r\n', 400],
    ['CONNECT with another Host', 'CONNECT a.test:1 HTTP/1.1\r\nHost: b.test:1\r\n\r\n', 400],
    [
      'CONNECT with content',
      'CONNECT a.test:1 HTTP/1.1\r\nHost: a.test:1\r\nContent-Length: 5\r\n\r\nhello',
      400,
    ],
  ])('refuses %s', async (_, request, status) => {
    await start({ allow: ['127.0.0.1', '*'] });
    const client = await connect();
    client.socket.write(request);
    await client.until(() => client.hasEnded);
    expect(client.text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('answers 502 where nobody listens and 413 for too large a body', async () => {
    await start(undefined, { limits: { maxBodyBytes: 10 } });
    const client = await connect();
    client.socket.write(tunnel(`shop.test:${await freePort()}`));
    await client.until(() => client.text !== '');
    expect(client.text).toMatch(/^HTTP\/1\.1 502 /);
    const large = await connect();
    large.socket.write('POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 11\r\n\r\n');
    await large.until(() => large.hasEnded);
    expect(large.text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('carries a WebSocket handshake in absolute-form', async () => {
    await start();
    const client = await connect();
    client.socket.write(
      absolute(`shop.test:${origin.port}`, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'),
    );
    const server = await originConnection(1);
    await server.untilReceived('Upgrade: websocket\r\n');
    server.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nhello',
    );
    await client.until(() => client.text.endsWith('hello'));
  });

  it('remembers a bounded number of destinations and leaves nothing open', async () => {
    await start({ allow: ['127.0.0.0/8'] });
    const client = await connect();
    const none = await freePort();
    for (let number = 0; number < 300; number++) {
      answers = [['127.0.0.1']];
      const before = client.text.split(' 502 ').length;
      client.socket.write(absolute(`host-${number}.test:${none}`));
      await client.until(() => client.text.split(' 502 ').length > before);
    }
    const counted = [...harness.engine.metrics.all()].filter(
      ({ scope }) => scope === 'endpoint' || scope === 'pool',
    );
    expect(counted.map(({ scope, id }) => `${scope} ${id}`).sort()).toEqual([
      'endpoint forward:out',
      'pool forward:out',
    ]);
    expect(counted.every(({ counters }) => counters.openConnections === 0)).toBe(true);
  });
});
