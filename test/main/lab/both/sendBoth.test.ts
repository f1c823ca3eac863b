// The same bytes two ways: what the proxy's events say, and what the sample server saw, must be the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BothPair, bothInputs } from '../../../../main/contract/bothApi';
import type { FlowEvent } from '../../../../main/contract/flowEvent';
import { sendBoth } from '../../../../main/lab/both/sendBoth';
import { SampleServers } from '../../../../main/lab/sampleServers';
import { EngineHarness } from '../../../helpers/engineHarness';

const samples = new SampleServers();
let harness: EngineHarness;
beforeAll(() => {
  harness = new EngineHarness();
});
afterAll(async () => {
  await harness.close();
  await samples.stop();
});

async function send(
  pair: BothPair,
  changes: { pieces?: number; pieceBytes?: number; pauseMs?: number } = {},
) {
  const input = bothInputs.sendThroughBoth.parse({ pair, pauseMs: 40, ...changes });
  const before = harness.events.length;
  const parts = { emitter: harness.engine.emitter, samples };
  const ways = await sendBoth(input, parts, new AbortController().signal);
  for (const way of [ways.a, ways.b]) {
    const isOfWay = (event: FlowEvent) => event.kind === 'flow.opened' && event.listener === way.listener;
    await harness.waitFor('flow.closed', ({ flowId, seq }) => {
      const opened = harness.events.slice(before).filter(isOfWay);
      return opened.length >= way.requests && opened.at(-1)!.flowId === flowId && seq > 0;
    });
  }
  const eventsOf = (listener: string) => {
    const opened = harness.events
      .slice(before)
      .findLast((event) => event.kind === 'flow.opened' && event.listener === listener)!;
    return harness.events.filter(({ flowId }) => flowId === opened.flowId);
  };
  return { ...ways, eventsOfA: eventsOf(ways.a.listener), eventsOfB: eventsOf(ways.b.listener) };
}

const chunks = (events: readonly FlowEvent[], leg: 'downstream' | 'upstream') =>
  events.flatMap((event) =>
    event.kind === 'chunk' && event.leg === leg && event.direction === 'request' ? [event.bytes] : [],
  );
const count = (events: readonly FlowEvent[], kind: FlowEvent['kind']) =>
  events.filter((event) => event.kind === kind).length;
/** What the sample server says of how it read the body. */
const witnessed = (body: string) => /body of (\d+) bytes in (\d+) reads?: ([\d ]+)/.exec(body)?.slice(1);

describe('send through both', () => {
  it('L4 forwards each chunk at once, L7 holds them all, as the server itself saw it', async () => {
    const { a, b, eventsOfA, eventsOfB } = await send('layers');
    expect([a.result.outcome, b.result.outcome]).toEqual(['answered', 'answered']);
    const body = [12_200, 12_200, 12_200, 12_200, 12_200];
    // The head is the first chunk of both.
    expect(chunks(eventsOfA, 'downstream').slice(1)).toEqual(body);
    expect(chunks(eventsOfA, 'upstream').slice(1)).toEqual(body);
    expect(witnessed(a.result.responses[0]!.body)).toEqual(['61000', '5', body.join(' ')]);
    expect(count(eventsOfA, 'buffer.held')).toBe(0);

    expect(chunks(eventsOfB, 'downstream').slice(1)).toEqual(body);
    const held = eventsOfB.filter((event) => event.kind === 'buffer.held');
    expect(Math.max(...held.map(({ bytes }) => bytes))).toBe(61_000);
    expect(Math.max(...held.map(({ chunks: number }) => number))).toBe(5);
    const lastRead = eventsOfB.findLast(
      (event) => event.kind === 'chunk' && event.leg === 'downstream' && event.direction === 'request',
    )!;
    const firstWrite = eventsOfB.find((event) => event.kind === 'chunk' && event.leg === 'upstream')!;
    expect(firstWrite.at).toBeGreaterThanOrEqual(lastRead.at);
    const seen = witnessed(b.result.responses[0]!.body);
    expect(seen![0]).toBe('61000');
    expect(Number(seen![1])).toBeLessThan(5);
  });

  it('a streaming route passes on what a buffering one holds', async () => {
    const { a, b, eventsOfA, eventsOfB } = await send('buffering');
    expect([count(eventsOfA, 'buffer.held') > 0, count(eventsOfB, 'buffer.held')]).toEqual([true, 0]);
    expect(witnessed(b.result.responses[0]!.body)?.slice(0, 2)).toEqual(['61000', '5']);
    expect(a.result.responses[0]!.status).toBe(200);
  });

  it('the second request finds a connection, or needs a new one', async () => {
    const { eventsOfA, eventsOfB } = await send('reuse', { pieces: 1, pauseMs: 0 });
    const uses = (events: readonly FlowEvent[]) => [
      count(events, 'upstream.connected'),
      count(events, 'upstream.reused'),
    ];
    expect([uses(eventsOfA), uses(eventsOfB)]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it('sealed TLS passes unread, or is ended, read and sealed anew', async () => {
    const { a, b, eventsOfA, eventsOfB } = await send('tls');
    expect([a.result.problem, b.result.problem]).toEqual([null, null]);
    expect(a.result.tls!.chain[0]!.issuer).not.toEqual(b.result.tls!.chain[0]!.issuer);
    expect(eventsOfA.find(({ kind }) => kind === 'tls.clientHello')).toMatchObject({
      serverName: 'sealed.test',
    });
    expect([count(eventsOfA, 'request.head'), count(eventsOfB, 'request.head') > 0]).toEqual([0, true]);
    expect(b.result.responses[0]!.body).toContain('Hello from sealed');
  });

  it('leaves the engine that runs as it is, and its own ports free', async () => {
    const { b } = await send('layers', { pieces: 1, pauseMs: 0 });
    expect(harness.engine.listeners()).toEqual([]);
    expect(b.listener).toBe('both-l7-buffered');
  });

  it('can be cancelled', async () => {
    const abort = new AbortController();
    const input = bothInputs.sendThroughBoth.parse({ pair: 'layers', pieces: 20, pauseMs: 2000 });
    const sending = sendBoth(input, { emitter: harness.engine.emitter, samples }, abort.signal);
    const seen = harness.events.length;
    await harness.waitFor('chunk', ({ seq }) => seq > (harness.events[seen - 1]?.seq ?? 0));
    abort.abort();
    await expect(sending).rejects.toMatchObject({ message: 'it was cancelled' });
  });
});
