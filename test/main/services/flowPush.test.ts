import { afterEach, describe, expect, it } from 'vitest';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { systemClock } from '../../../main/engine/clock';
import { FlowEmitter, type RecordType } from '../../../main/engine/flowEmitter';
import { startFlowPush } from '../../../main/services/flowPush';

const timeoutRecord: RecordType<null> = {
  build: (base, afterMs) => ({ ...base, kind: 'timeout', timeout: 'idle', afterMs }),
};

let emitter: FlowEmitter;
afterEach(() => emitter.close());

function record(count: number): void {
  for (let index = 0; index < count; index++) emitter.record(timeoutRecord, 1, 1, index, 0, 0, null);
}

/** Collects pushes; resolves `upTo(seq)` when an event of that seq came. */
function target() {
  const batches: (readonly FlowEvent[])[] = [];
  const state = { buffered: 0, wake: (): void => undefined };
  return {
    batches,
    state,
    all: () => batches.flat(),
    push: (events: readonly FlowEvent[]) => {
      batches.push(events);
      state.wake();
    },
    bufferedBytes: () => state.buffered,
    upTo: (seq: number) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if ((batches.at(-1)?.at(-1)?.seq ?? 0) >= seq) resolve();
        };
        state.wake = look;
        look();
      }),
  };
}

describe('startFlowPush', () => {
  it('gives the newest events as a snapshot and then only what is newer', async () => {
    emitter = new FlowEmitter(systemClock);
    const watcher = emitter.openReader({ from: 'now' });
    record(6000);
    const to = target();
    const push = startFlowPush(emitter, to);
    expect(push.snapshot.seq).toBe(6000);
    expect(push.snapshot.events).toHaveLength(5000);
    expect(push.snapshot.events[0]).toMatchObject({ kind: 'timeout', seq: 1001 });
    record(3);
    await to.upTo(6003);
    expect(to.all().map((event) => event.seq)).toEqual([6001, 6002, 6003]);
    push.close();
    watcher.close();
  });

  it('sends at most 2,000 events a batch, in order and without a hole', async () => {
    emitter = new FlowEmitter(systemClock);
    const to = target();
    const push = startFlowPush(emitter, to);
    record(7000);
    await to.upTo(7000);
    expect(Math.max(...to.batches.map((batch) => batch.length))).toBe(2000);
    expect(to.all().map((event) => event.seq)).toEqual(Array.from({ length: 7000 }, (_, index) => index + 1));
    push.close();
  });

  it('holds back while the line is full and says how much was lost', async () => {
    emitter = new FlowEmitter(systemClock);
    const to = target();
    to.state.buffered = 100_000_000;
    const push = startFlowPush(emitter, to);
    record(30_000);
    await new Promise<void>((resolve) => {
      const asked = to.bufferedBytes;
      to.bufferedBytes = () => {
        resolve();
        return asked();
      };
    });
    expect(to.batches).toEqual([]);
    to.state.buffered = 0;
    await to.upTo(30_000);
    const [first, ...rest] = to.all();
    expect(first).toMatchObject({ kind: 'gap', lost: 29_000 });
    expect(rest.map((event) => event.seq)).toEqual(
      Array.from({ length: 1000 }, (_, index) => 29_001 + index),
    );
    push.close();
  });

  it('tells of one flow in so many when telling takes too long, and of all again when it does not', async () => {
    emitter = new FlowEmitter(systemClock);
    let told = 1;
    let wake = (): void => undefined;
    const pushed = () => new Promise<void>((resolve) => (wake = resolve));
    const push = startFlowPush(emitter, {
      bufferedBytes: () => 0,
      push: (events, sampling) => {
        told = sampling;
        const until = performance.now() + (events.length > 0 ? 60 : 0);
        while (performance.now() < until);
        wake();
      },
    });
    while (told === 1) {
      const next = pushed();
      record(1500);
      await next;
    }
    expect(emitter.sampling).toBe(told);
    while (told > 1) await pushed();
    expect(emitter.sampling).toBe(1);
    push.close();
  });

  it('stops recording when the last one closes', () => {
    emitter = new FlowEmitter(systemClock);
    const push = startFlowPush(emitter, target());
    expect(emitter.isWatched).toBe(true);
    push.close();
    expect(emitter.isWatched).toBe(false);
  });
});
