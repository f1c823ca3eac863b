// Which events share a moment: one read and what was decided in it do, what goes out has a moment of its own.
import { afterEach, describe, expect, it } from 'vitest';
import type { FlowEvent } from '../../main/contract/flowEvent';
import { get, HttpHarness, ok, post } from '../helpers/httpHarness';

/** Every look at it is one microsecond later, so that moments that differ are told apart. */
function countingClock() {
  let now = 0;
  return { now: () => ++now, wallTime: () => 1_700_000_000_000 };
}

describe('the moments of an exchange', () => {
  let harness: HttpHarness;
  afterEach(() => harness.close());

  const events = (flowId: number) => harness.engine.events.filter((event) => event.flowId === flowId);
  const at = (flowId: number, accepts: (event: FlowEvent) => boolean) => events(flowId).find(accepts)!.at;
  const chunk = (leg: string, operation: string) => (event: FlowEvent) =>
    event.kind === 'chunk' && event.leg === leg && event.operation === operation;
  const head = (kind: string, leg: string) => (event: FlowEvent) =>
    event.kind === kind && 'leg' in event && event.leg === leg;

  it('are those of its reads and writes: reused connection, four of them', async () => {
    harness = await HttpHarness.start({}, { clock: countingClock() });
    const client = await harness.connect();
    for (const flowId of [1, 2]) {
      client.socket.write(get(`/${flowId}`));
      const origin = await harness.originConnection(1);
      await origin.untilReceived(`GET /${flowId}`);
      origin.socket.write(ok('hello'));
      await harness.engine.waitFor('flow.closed', (event) => event.flowId === flowId);
    }
    const moments = [
      at(2, chunk('downstream', 'read')),
      at(2, chunk('upstream', 'write')),
      at(2, chunk('upstream', 'read')),
      at(2, chunk('downstream', 'write')),
    ];
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(new Set(moments).size).toBe(4);
    // The decisions belong to the read that made them possible, the heads to the write that they go with.
    expect(at(2, (event) => event.kind === 'route.matched')).toBe(moments[0]);
    expect(at(2, head('request.head', 'upstream'))).toBe(moments[1]);
    expect(at(2, head('response.head', 'upstream'))).toBe(moments[2]);
    expect(at(2, head('response.head', 'downstream'))).toBe(moments[3]);
    const times = events(2).map((event) => event.at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('tell the letting go of a buffer when it happens, not when its last bytes came', async () => {
    harness = await HttpHarness.start({ route: { requestBuffering: 'full' } }, { clock: countingClock() });
    const client = await harness.connect();
    client.socket.write(post('hello world'));
    const origin = await harness.originConnection(1);
    await origin.untilReceived('hello world');
    origin.socket.write(ok('done'));
    await harness.engine.waitFor('flow.closed');
    const released = events(1).find((event) => event.kind === 'buffer.released')!;
    const read = at(1, chunk('downstream', 'read'));
    expect(released.at).toBeGreaterThan(read);
    expect(at(1, (event) => event.kind === 'upstream.connecting')).toBeGreaterThanOrEqual(released.at);
  });
});
