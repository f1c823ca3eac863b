// What is drawn is what happened: known traffic through a real engine, and the text of its diagram beside what client and
// endpoint wrote down at their own sockets. Peers wait for each other, so that how many chunks there were is known.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../main/contract/flow';
import { sequenceText } from '../../renderer/flows/sequenceText';
import type { EngineHarness } from '../helpers/engineHarness';
import { selfSigned } from '../helpers/testCertificates';
import { readableLines, sizesOf, toldChunks, toldClosings, WireWitness } from '../helpers/wireWitness';
import { talk, WitnessedPeers } from '../helpers/witnessedPeers';

const peers = new WitnessedPeers();
afterEach(() => peers.close());

/** The whole diagram of the only flow, chunk by chunk. */
async function diagram(harness: EngineHarness): Promise<string> {
  await harness.waitFor('flow.closed');
  const flow = harness.events
    .filter((event) => event.flowId === 1)
    .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
  const own = new Set([flow.downstreamConnectionId, ...flow.upstreamConnectionIds]);
  const events = harness.events.filter((event) => event.flowId === 1 || own.has(event.connectionId));
  return sequenceText(flow, events, { level: 'chunks', window: 'newest', unfolded: 'all', size: 10_000 })
    .text;
}

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
const pool = (port: number) => [{ id: 'pool', endpoints: [{ address: '127.0.0.1', port }] }];
const backends = [{ pool: 'pool' }];

const tcp = (port: number) => ({
  listeners: [{ id: 'in', port: 0, protocol: 'tcp' as const }],
  routes: [{ id: 'route', kind: 'tcp' as const, listeners: ['in'], backends }],
  pools: pool(port),
});

describe('a diagram tells what happened at the sockets', () => {
  it.each(['client', 'endpoint'] as const)('layer 4, and the %s ends first', async (first) => {
    const server = await peers.endpoint();
    const harness = await peers.engine(tcp(server.port));
    const asking = await peers.client(harness.port('in'));
    const answering = await server.connection();
    await talk(asking, answering, [
      [10, 20],
      [300, 1000],
      [7, 1],
    ]);
    const [leaving, staying] = first === 'client' ? [asking, answering] : [answering, asking];
    leaving.end();
    await staying.until(({ endedFirst }) => endedFirst === 'other');
    staying.end();
    await Promise.all([asking.closed(), answering.closed()]);

    const text = await diagram(harness);
    const chunks = toldChunks(text);
    const expected = asking.written.flatMap((question, index) => [
      `client>proxy ${question}`,
      `proxy>endpoint ${question}`,
      `endpoint>proxy ${answering.written[index]}`,
      `proxy>client ${answering.written[index]}`,
    ]);
    expect(chunks.map(({ way, bytes }) => `${way} ${bytes}`)).toEqual(expected);
    expect(total(sizesOf(chunks, 'proxy>endpoint'))).toBe(answering.received.length);
    expect(total(sizesOf(chunks, 'proxy>client'))).toBe(asking.received.length);
    expect(leaving.endedFirst).toBe('self');
    expect(toldClosings(text)).toEqual(
      first === 'client'
        ? ["proxy>endpoint, passing on the client's end", 'client>proxy: end']
        : ['endpoint>proxy: end', "proxy>client, passing on the endpoint's end"],
    );
  });

  it('TLS passthrough: sealed, and every byte of both legs', async () => {
    const { certificateChainPem, privateKeyPem } = selfSigned('bank.test');
    const tls = createTlsServer({ cert: certificateChainPem, key: privateKeyPem });
    const wires: Socket[] = [];
    tls.on('connection', (socket: Socket) => wires.push(socket));
    const server = await peers.endpoint(tls);
    const harness = await peers.engine({
      listeners: [{ id: 'in', port: 0, protocol: 'tls' }],
      routes: [{ id: 'route', kind: 'tls', listeners: ['in'], hostnames: ['bank.test'], backends }],
      pools: pool(server.port),
    });
    const wire = (await peers.client(harness.port('in'))).socket;
    const asking = new WireWitness(
      tlsConnect({ socket: wire, servername: 'bank.test', rejectUnauthorized: false }),
    );
    const answering = await server.connection();
    await talk(asking, answering, [
      [100, 200],
      [50, 60],
    ]);
    asking.end();
    await answering.until(({ endedFirst }) => endedFirst === 'other');
    answering.end();
    await Promise.all([once(wire, 'close'), answering.closed()]);

    const text = await diagram(harness);
    const chunks = toldChunks(text);
    // All but the ClientHello, which went in and out in clear.
    const clear = chunks.filter(({ isSealed }) => !isSealed);
    expect(clear.map(({ way, fate }) => `${way} ${fate}`)).toEqual([
      'client>proxy held, the ClientHello',
      'proxy>endpoint sent on, the ClientHello',
    ]);
    const near = (way: string, truth: number) => {
      // Chunks from 1 KB on are told to three figures.
      expect(Math.abs(total(sizesOf(chunks, way)) - truth)).toBeLessThanOrEqual(truth * 0.005);
    };
    near('client>proxy', wire.bytesWritten);
    near('proxy>client', wire.bytesRead);
    near('proxy>endpoint', wires[0]!.bytesRead);
    near('endpoint>proxy', wires[0]!.bytesWritten);
    const lines = readableLines(text);
    expect(lines.some((line) => line.includes('ClientHello in clear: SNI bank.test'))).toBe(true);
    expect(lines.filter((line) => line.includes('inferred:'))).toEqual([
      'Note over p0,p2: inferred: what follows the hello is sealed: Hopscope relays the records and cannot read them',
    ]);
  });

  it('TLS terminated: plaintext chunk by chunk', async () => {
    const server = await peers.endpoint();
    const harness = await peers.engine(
      {
        listeners: [{ id: 'in', port: 0, protocol: 'tls', tls: { certificates: ['shop'] } }],
        routes: [{ id: 'route', kind: 'tls', mode: 'terminate', listeners: ['in'], backends }],
        pools: pool(server.port),
      },
      new Map([['shop', selfSigned('shop.test')]]),
    );
    const asking = new WireWitness(
      tlsConnect({
        port: harness.port('in'),
        host: '127.0.0.1',
        servername: 'shop.test',
        rejectUnauthorized: false,
      }),
    );
    peers.closeLater({ close: () => asking.socket.destroy() });
    const answering = await server.connection();
    await talk(asking, answering, [
      [11, 22],
      [333, 444],
    ]);
    asking.end();
    await answering.until(({ endedFirst }) => endedFirst === 'other');
    answering.end();
    await answering.closed();

    const text = await diagram(harness);
    const chunks = toldChunks(text);
    expect(sizesOf(chunks, 'client>proxy')).toEqual(asking.written);
    expect(sizesOf(chunks, 'proxy>endpoint')).toEqual(asking.written);
    expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(answering.written);
    expect(total(sizesOf(chunks, 'proxy>client'))).toBe(asking.received.length);
    expect(chunks.some(({ isSealed }) => isSealed)).toBe(false);
    expect(text).toMatch(/certificate shop/);
  });

  const http = (port: number, route: object = {}) => ({
    listeners: [{ id: 'in', port: 0, protocol: 'http' as const }],
    routes: [{ id: 'route', kind: 'http' as const, listeners: ['in'], backends, ...route }],
    pools: pool(port),
  });
  const post = (length: number) =>
    `POST /up HTTP/1.1\r\nHost: x.test\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfine\n';

  it('layer 7, buffered: held until it is whole, and only then a connection', async () => {
    const server = await peers.endpoint();
    const harness = await peers.engine(http(server.port));
    const asking = await peers.client(harness.port('in'));
    const body = [150, 250, 400];
    asking.write(post(total(body)));
    let reads = 1;
    const isRead = () =>
      harness.events.filter(({ kind }) => kind === 'chunk').length >= reads && harness.events.length > 0;
    for (const size of body) {
      await harness.waitFor('chunk', isRead);
      // The truth of buffering: nobody connected to the endpoint so far.
      expect(server.connections).toHaveLength(0);
      asking.write(Buffer.alloc(size, 97));
      reads++;
    }
    const answering = await server.connection();
    await answering.until(({ received }) => received.toString().endsWith('a'.repeat(800)));
    answering.write(answer);
    await asking.until(({ endedFirst }) => endedFirst === 'other');
    asking.end();

    const text = await diagram(harness);
    const chunks = toldChunks(text);
    expect(sizesOf(chunks, 'client>proxy')).toEqual(asking.written);
    expect(chunks.filter(({ fate }) => fate === 'held').map(({ bytes }) => bytes)).toEqual(body);
    expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(answering.written);
    expect(total(sizesOf(chunks, 'proxy>endpoint'))).toBe(answering.received.length);
    expect(total(sizesOf(chunks, 'proxy>client'))).toBe(asking.received.length);
    const lines = readableLines(text);
    const lastHeld = lines.findLastIndex((line) => line.includes(', held'));
    expect(lines.findIndex((line) => /^p1->>p2: opens TCP connection/.test(line))).toBeGreaterThan(lastHeld);
    expect(lines.some((line) => line.startsWith('Note over p1: held 3 chunks, 800 B'))).toBe(true);
  });

  it('layer 7, streamed: each chunk goes on before the next comes', async () => {
    const server = await peers.endpoint();
    const harness = await peers.engine(http(server.port, { requestBuffering: 'stream' }));
    const asking = await peers.client(harness.port('in'));
    const body = [200, 300, 500];
    asking.write(post(total(body)));
    const answering = await server.connection();
    await answering.until(({ received }) => received.includes('\r\n\r\n'));
    const headOut = answering.received.length;
    let sent = 0;
    for (const size of body) {
      sent += size;
      asking.write(Buffer.alloc(size, 97));
      await answering.untilReceived(headOut + sent);
    }
    answering.write(answer);
    await asking.until(({ endedFirst }) => endedFirst === 'other');
    asking.end();

    const chunks = toldChunks(await diagram(harness));
    expect(chunks.slice(0, 8).map(({ way, bytes }) => `${way} ${bytes}`)).toEqual([
      `client>proxy ${asking.written[0]}`,
      `proxy>endpoint ${headOut}`,
      ...body.flatMap((size) => [`client>proxy ${size}`, `proxy>endpoint ${size}`]),
    ]);
    expect(chunks.some(({ fate }) => fate === 'held')).toBe(false);
    expect(total(sizesOf(chunks, 'proxy>client'))).toBe(asking.received.length);
  });

  it('an upgraded connection: frames in both directions as they come', async () => {
    const server = await peers.endpoint();
    const harness = await peers.engine(http(server.port));
    const asking = await peers.client(harness.port('in'));
    asking.write('GET /chat HTTP/1.1\r\nHost: x.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const answering = await server.connection();
    await answering.until(({ received }) => received.includes('\r\n\r\n'));
    answering.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await asking.until(({ received }) => received.includes('\r\n\r\n'));
    const [headsIn, headsOut] = [answering.received.length, asking.received.length];
    await talk(asking, answering, [
      [8, 9],
      [120, 4],
    ]);
    asking.end();
    await answering.until(({ endedFirst }) => endedFirst === 'other');
    answering.end();
    await answering.closed();

    const text = await diagram(harness);
    const chunks = toldChunks(text);
    expect(sizesOf(chunks, 'client>proxy')).toEqual(asking.written);
    expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(answering.written);
    expect(sizesOf(chunks, 'proxy>endpoint')).toEqual([headsIn, 8, 120]);
    expect(sizesOf(chunks, 'proxy>client')).toEqual([headsOut, 9, 4]);
    expect(text).toContain('upgraded to websocket');
  });

  it('a retry after a reset: both connections, and who cut the first', async () => {
    const server = await peers.endpoint();
    const harness = await peers.engine(http(server.port, { retry: { attempts: 1, backoffMs: 1 } }));
    const asking = await peers.client(harness.port('in'));
    asking.write('GET /again HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n');
    const first = await server.connection(0);
    await first.until(({ received }) => received.includes('\r\n\r\n'));
    first.socket.resetAndDestroy();
    const second = await server.connection(1);
    await second.until(({ received }) => received.includes('\r\n\r\n'));
    second.write(answer);
    await asking.until(({ endedFirst }) => endedFirst === 'other');
    asking.end();

    const text = await diagram(harness);
    const lines = readableLines(text);
    const chunks = toldChunks(text);
    expect(sizesOf(chunks, 'client>proxy')).toEqual(asking.written);
    expect(sizesOf(chunks, 'proxy>endpoint')).toEqual([first.received.length, second.received.length]);
    expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(second.written);
    expect(lines.filter((line) => /^p1->>p2: opens TCP connection/.test(line))).toHaveLength(2);
    // One reset, one arrow.
    expect(lines.filter((line) => line.startsWith('p2-xp1: '))).toEqual([
      expect.stringMatching(/^p2-xp1: closes connection \d+: reset/),
    ]);
    expect(lines.some((line) => line.includes('Attempt 2 follows in 1 ms'))).toBe(true);
  });
});
