// A comparison tells what happened: the same client bytes through two ways to one endpoint, and both diagrams and the table
// beside what client and endpoint wrote down at their own sockets.
import { afterEach, describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { compareFigures } from '../../renderer/flows/compare/compareFigures';
import { sequenceText } from '../../renderer/flows/sequenceText';
import type { ShownFlow } from '../../renderer/stores/flowState';
import type { EngineHarness } from '../helpers/engineHarness';
import {
  readableLines,
  sizesOf,
  type ToldChunk,
  toldChunks,
  toldClosings,
  type WireWitness,
} from '../helpers/wireWitness';
import { WitnessedPeers } from '../helpers/witnessedPeers';

const peers = new WitnessedPeers();
afterEach(() => peers.close());

const total = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
const body = [150, 250, 400];
const head = `POST /up HTTP/1.1\r\nHost: x.test\r\nUser-Agent: witness\r\nContent-Length: ${total(body)}\r\nConnection: close\r\n\r\n`;
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Server: w\r\n\r\nfine\n';

const document = (port: number) => ({
  listeners: [
    { id: 'l4', port: 0, protocol: 'tcp' as const },
    { id: 'l7', port: 0, protocol: 'http' as const },
    { id: 'stream', port: 0, protocol: 'http' as const },
  ],
  routes: [
    { id: 'l4', kind: 'tcp' as const, listeners: ['l4'], backends: [{ pool: 'pool' }] },
    {
      id: 'l7',
      kind: 'http' as const,
      listeners: ['l7'],
      filters: [{ type: 'requestHeaders' as const, set: { 'x-way': 'l7' }, remove: ['user-agent'] }],
      backends: [{ pool: 'pool' }],
    },
    {
      id: 'stream',
      kind: 'http' as const,
      listeners: ['stream'],
      requestBuffering: 'stream' as const,
      backends: [{ pool: 'pool' }],
    },
  ],
  // Each way has connections of its own, which are over with it.
  pools: [{ id: 'pool', endpoints: [{ address: '127.0.0.1', port }], connections: { reuse: false } }],
});

/** What both sides of one way wrote down, and what is told of it. */
interface Way {
  readonly asking: WireWitness;
  readonly answering: WireWitness;
  readonly shown: ShownFlow;
  readonly text: string;
  readonly chunks: readonly ToldChunk[];
}

async function send(
  harness: EngineHarness,
  listener: string,
  endpoint: Awaited<ReturnType<WitnessedPeers['endpoint']>>,
): Promise<Way> {
  const number = endpoint.connections.length;
  const asking = await peers.client(harness.port(listener));
  const opened = await harness.waitFor(
    'connection.opened',
    (event) => event.leg === 'downstream' && event.remote.port === asking.socket.localPort,
  );
  const isRead = (event: FlowEvent) =>
    event.kind === 'chunk' && event.leg === 'downstream' && event.connectionId === opened.connectionId;
  const readSoFar = () => harness.events.filter((event) => isRead(event)).length;
  for (const piece of [head, ...body.map((size) => Buffer.alloc(size, 97))]) {
    const before = readSoFar();
    asking.write(piece);
    // The next piece is a chunk of its own.
    while (readSoFar() === before)
      await harness.waitFor('chunk', (event) => isRead(event) && readSoFar() > before);
    // Streamed, nothing has to wait for the connection.
    if (listener === 'stream') {
      const peer = await endpoint.connection(number);
      await peer.until(({ received }) => received.includes('\r\n\r\n'));
    }
  }
  const answering = await endpoint.connection(number);
  await answering.until(({ received }) => received.toString().endsWith('a'.repeat(total(body))));
  answering.write(answer);
  await asking.until(({ received }) => received.toString().endsWith('fine\n'));
  // Behind L4 the endpoint ends; L7 ends both connections by itself.
  if (listener !== 'l4') await answering.until(({ endedFirst }) => endedFirst === 'other');
  answering.end();
  await asking.until(({ endedFirst }) => endedFirst === 'other');
  asking.end();
  await Promise.all([asking.closed(), answering.closed()]);
  const shown = await shownOf(harness, listener);
  const text = sequenceText(shown.flow, shown.events, {
    level: 'chunks',
    window: 'newest',
    unfolded: 'all',
    size: 10_000,
  }).text;
  return { asking, answering, shown, text, chunks: toldChunks(text) };
}

async function shownOf(harness: EngineHarness, listener: string): Promise<ShownFlow> {
  const { flowId } = await harness.waitFor('flow.opened', (event) => event.listener === listener);
  await harness.waitFor('flow.closed', (event) => event.flowId === flowId);
  const flow = harness.events
    .filter((event) => event.flowId === flowId)
    .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
  const own = new Set([flow.downstreamConnectionId, ...flow.upstreamConnectionIds]);
  for (const id of own) await harness.waitFor('connection.closed', (event) => event.connectionId === id);
  return {
    flow,
    events: harness.events.filter((event) => event.flowId === flowId || own.has(event.connectionId)),
  };
}

const headersOf = (bytes: Buffer) =>
  bytes
    .toString()
    .split('\r\n\r\n')[0]!
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(':')[0]!.toLowerCase());

/** "+x-way −user-agent" of one direction, as the sockets saw it. */
function changedNames(before: Buffer, after: Buffer): Set<string> {
  const [came, went] = [headersOf(before), headersOf(after)];
  return new Set([
    ...came.filter((name) => !went.includes(name)).map((name) => `−${name}`),
    ...went.filter((name) => !came.includes(name)).map((name) => `+${name}`),
  ]);
}

/** Every chunk that both sockets saw, told once, in order, and with the right size. */
function expectChunksAsSeen({ asking, answering, chunks }: Way): void {
  expect(sizesOf(chunks, 'client>proxy')).toEqual(asking.written);
  expect(sizesOf(chunks, 'endpoint>proxy')).toEqual(answering.written);
  expect(total(sizesOf(chunks, 'proxy>endpoint'))).toBe(answering.received.length);
  expect(total(sizesOf(chunks, 'proxy>client'))).toBe(asking.received.length);
}

const heldInDiagram = ({ chunks }: Way) => chunks.filter(({ fate }) => fate === 'held');

/** Whether something waited for the connection is a race; table and diagram must tell the same of it. */
function expectHeldAsDrawn(way: Way, told: string): void {
  const held = heldInDiagram(way);
  if (held.length === 0) expect(told).toBe('nothing');
  else {
    expect(bytesIn(told)).toBe(total(held.map(({ bytes }) => bytes)));
    expect(told).toContain(`in ${held.length} chunk`);
  }
}

const figuresOf = (a: Way, b: Way) =>
  new Map(compareFigures(a.shown, b.shown).map(({ label, ...cells }) => [label, cells]));
const bytesIn = (text: string) => Number(/([\d.]+) B/.exec(text)?.[1]);

describe('a comparison tells what happened at the sockets', () => {
  it('L4 and L7: every chunk of both diagrams, who closed, and every figure', async () => {
    const endpoint = await peers.endpoint();
    const harness = await peers.engine(document(endpoint.port));
    const a = await send(harness, 'l4', endpoint);
    const b = await send(harness, 'l7', endpoint);
    // The same client bytes in the same pieces.
    expect(a.asking.written).toEqual(b.asking.written);
    for (const way of [a, b]) expectChunksAsSeen(way);
    const figures = figuresOf(a, b);

    // L4: the endpoint got the client's own bytes; the table says so, and that it only follows.
    expect(a.answering.received.toString()).toBe(head + 'a'.repeat(800));
    expect(figures.get('Changed')!.a).toEqual({ text: 'no header: bytes are relayed', isInferred: true });
    // L7: the names that differ between both sockets, and no others.
    const told = figures.get('Changed')!.b;
    expect(told.isInferred).toBe(false);
    const [request = '', response = ''] = told.text.toLowerCase().split('; ');
    const namesIn = (text: string) => new Set(text.match(/[+−][\w-]+/g) ?? []);
    expect(namesIn(request)).toEqual(
      changedNames(Buffer.from(b.asking.written.length > 0 ? head : ''), b.answering.received),
    );
    expect(namesIn(response)).toEqual(changedNames(Buffer.from(answer), b.asking.received));

    // Held: the same in the table and in the diagram of each side, and true.
    expect(sizesOf(heldInDiagram(b), 'client>proxy')).toEqual(body);
    expect(figures.get('Held')!.b.text).toMatch(/^800 B in 3 chunks, .* until it was whole$/);
    expectHeldAsDrawn(a, figures.get('Held')!.a.text);

    // Counts and sums of the table are those of the sockets.
    const amounts = (way: Way) => [
      [way.asking.written.length, total(way.asking.written)],
      [way.answering.written.length, total(way.answering.written)],
    ];
    for (const [side, way] of [
      ['a', a],
      ['b', b],
    ] as const) {
      const toldAmounts = ['Read from the client', 'Read from endpoints'].map((label) => {
        const text = figures.get(label)![side].text;
        return [Number(/^(\d+) chunk/.exec(text)?.[1]), bytesIn(text)];
      });
      expect(toldAmounts).toEqual(amounts(way));
      expect(bytesIn(figures.get('Written to endpoints')![side].text)).toBe(way.answering.received.length);
      expect(bytesIn(figures.get('Written to the client')![side].text)).toBe(way.asking.received.length);
      expect(figures.get('Connections to endpoints')![side].text).toBe('1 opened, 0 reused');
    }
    expect(endpoint.connections).toHaveLength(2);
    expect(figures.get('Events lost')).toMatchObject({ a: { text: 'none' }, b: { text: 'none' } });

    // When the endpoint heard of it first: with the first chunk, or only after the last one.
    const firstOut = (way: Way) => way.chunks.findIndex(({ way: leg }) => leg === 'proxy>endpoint');
    const lastIn = (way: Way) => way.chunks.findLastIndex(({ way: leg }) => leg === 'client>proxy');
    expect(firstOut(a)).toBeLessThan(lastIn(a));
    expect(firstOut(b)).toBeGreaterThan(lastIn(b));

    // Who closed.
    expect([a.answering.endedFirst, a.asking.endedFirst]).toEqual(['self', 'other']);
    expect(toldClosings(a.text)).toEqual([
      'endpoint>proxy: end',
      "proxy>client, passing on the endpoint's end",
    ]);
    expect([b.answering.endedFirst, b.asking.endedFirst]).toEqual(['other', 'other']);
    expect(toldClosings(b.text).map((closing) => closing.split(':')[0])).toEqual(
      expect.arrayContaining(['proxy>client']),
    );
    expect(toldClosings(b.text).some((closing) => closing.startsWith('client>proxy'))).toBe(false);
  });

  it('buffered and streamed: what one holds the other passes on chunk by chunk', async () => {
    const endpoint = await peers.endpoint();
    const harness = await peers.engine(document(endpoint.port));
    const a = await send(harness, 'l7', endpoint);
    const b = await send(harness, 'stream', endpoint);
    for (const way of [a, b]) expectChunksAsSeen(way);
    const figures = figuresOf(a, b);
    expect(figures.get('Held')!.a.text).toMatch(/^800 B in 3 chunks/);
    expectHeldAsDrawn(b, figures.get('Held')!.b.text);
    expect(figures.get('Held')!.b.text).not.toContain('whole');
    expect(sizesOf(b.chunks, 'proxy>endpoint').slice(1)).toEqual(body);
    expect(readableLines(a.text).some((line) => line.includes('held 3 chunks, 800 B'))).toBe(true);
  });
});
