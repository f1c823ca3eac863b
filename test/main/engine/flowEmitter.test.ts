import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../main/engine/clock';
import { FlowEmitter, type FlowEmitterOptions, type RecordType } from '../../../main/engine/flowEmitter';

class FakeClock implements Clock {
  micros = 5_000_000;
  now(): number {
    return this.micros;
  }
  wallTime(): number {
    return 1_700_000_000_000;
  }
}

/** Carries its numbers and its reference where a test can see them. */
const probe: RecordType<string> = {
  build: (base, a, b, c, reference, context) => ({
    ...base,
    kind: 'flow.failed',
    code: 'internal_error',
    message: `${a} ${b} ${c} ${reference} ${context.masksSecrets}`,
    status: null,
  }),
};

function emitterWith(options: FlowEmitterOptions = {}) {
  const clock = new FakeClock();
  return { clock, emitter: new FlowEmitter(clock, { capacity: 8, ...options }) };
}

function recordMany(emitter: FlowEmitter, count: number, weight = 0): void {
  for (let index = 0; index < count; index++) emitter.record(probe, 1, 2, index, 0, 0, '', weight);
}

describe('FlowEmitter', () => {
  it('builds what was recorded, with its place and time', () => {
    const { emitter, clock } = emitterWith();
    const reader = emitter.openReader({ from: 'now' });
    clock.micros += 1500;
    emitter.record(probe, 3, 4, 1, 2, 3, 'why');
    emitter.masksSecrets = false;
    emitter.record(probe, 3, 4, 9, 8, 7, 'not');
    expect(reader.read()).toEqual([
      {
        seq: 1,
        at: 1500,
        wallTime: 1_700_000_000_001.5,
        flowId: 3,
        connectionId: 4,
        kind: 'flow.failed',
        code: 'internal_error',
        status: null,
        message: '1 2 3 why true',
      },
      expect.objectContaining({ seq: 2, message: '9 8 7 not false' }),
    ]);
    expect(reader.read()).toEqual([]);
    emitter.close();
  });

  it('is watched exactly while a reader is open', () => {
    const { emitter } = emitterWith();
    expect(emitter.isWatched).toBe(false);
    const [first, second] = [emitter.openReader({ from: 'now' }), emitter.openReader({ from: 'now' })];
    first.close();
    first.close();
    expect(emitter.isWatched).toBe(true);
    second.close();
    expect(emitter.isWatched).toBe(false);
    expect(second.read()).toEqual([]);
  });

  it('tells a slow reader how much it lost, and a fast one nothing', () => {
    const { emitter } = emitterWith();
    const [slow, fast] = [emitter.openReader({ from: 'now' }), emitter.openReader({ from: 'now' })];
    const kinds: string[] = [];
    for (let round = 0; round < 5; round++) {
      recordMany(emitter, 4);
      kinds.push(...fast.read().map(({ kind }) => kind));
    }
    expect(kinds).toEqual(new Array(20).fill('flow.failed'));
    const events = slow.read();
    expect(events[0]).toMatchObject({ kind: 'gap', seq: 12, lost: 12 });
    expect(events.slice(1).map(({ seq }) => seq)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
    emitter.close();
  });

  it('bounds what references weigh, keeping the newest', () => {
    const { emitter } = emitterWith({ maxReferenceBytes: 1000 });
    const reader = emitter.openReader({ from: 'now' });
    recordMany(emitter, 5, 400);
    expect(reader.read().map(({ kind, seq }) => [kind, seq])).toEqual([
      ['gap', 3],
      ['flow.failed', 4],
      ['flow.failed', 5],
    ]);
    recordMany(emitter, 1, 5000);
    expect(reader.read().map(({ seq }) => seq)).toEqual([6]);
    emitter.close();
  });

  it('starts a new reader at the oldest held event or at the next one', () => {
    const { emitter } = emitterWith();
    const keeper = emitter.openReader({ from: 'now' });
    recordMany(emitter, 10);
    const late = emitter.openReader({ from: 'oldest' });
    const next = emitter.openReader({ from: 'now' });
    expect(late.read().map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    recordMany(emitter, 1);
    expect(next.read().map(({ seq }) => seq)).toEqual([11]);
    expect(keeper.pending).toBe(11);
    expect(keeper.skipTo(2)).toBe(9);
    expect(keeper.read().map(({ kind, seq }) => [kind, seq])).toEqual([
      ['gap', 9],
      ['flow.failed', 10],
      ['flow.failed', 11],
    ]);
    emitter.close();
  });

  it('reads in portions without loss', () => {
    const { emitter } = emitterWith();
    const reader = emitter.openReader({ from: 'now' });
    recordMany(emitter, 7);
    expect(reader.read(3).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(reader.read(3).map(({ seq }) => seq)).toEqual([4, 5, 6]);
    expect(reader.read(3).map(({ seq }) => seq)).toEqual([7]);
    emitter.close();
  });

  it('wakes a reader once for many events', async () => {
    const { emitter } = emitterWith({ wakeAfterMs: 1 });
    let wakes = 0;
    await new Promise<void>((resolve) => {
      const reader = emitter.openReader({
        from: 'now',
        onWake: () => {
          wakes++;
          expect(reader.read()).toHaveLength(5);
          resolve();
        },
      });
      recordMany(emitter, 5);
    });
    expect(wakes).toBe(1);
    emitter.close();
  });

  it('numbers flows and connections without repeating', () => {
    const { emitter } = emitterWith();
    expect([emitter.nextFlowId(), emitter.nextFlowId(), emitter.nextConnectionId()]).toEqual([1, 2, 1]);
  });

  it('keeps texts, and drops the records whose texts were overwritten', () => {
    const { emitter } = emitterWith({ capacity: 64, textCapacity: 256 });
    const reader = emitter.openReader({ from: 'now' });
    const textProbe: RecordType<null> = {
      build: (base, place, other, _c, _reference, { textAt }) => ({
        ...base,
        kind: 'flow.failed',
        code: 'internal_error',
        message: `${textAt(place)}|${textAt(other)}`,
        status: null,
      }),
    };
    const texts = Array.from({ length: 40 }, (_, index) => `${index}:`.padEnd(20 + (index % 7), 'é'));
    for (const text of texts) {
      emitter.record(textProbe, 1, 1, emitter.keepText(text), emitter.keepText(''), 0, null);
      emitter.record(probe, 1, 1, 0, 0, 0, 'between');
    }
    const [gap, ...held] = reader.read();
    expect(gap).toMatchObject({ kind: 'gap' });
    const read = held.flatMap((event) => ('message' in event ? [event.message] : []));
    const kept = read.filter((message) => message.endsWith('|'));
    expect(kept.length).toBeGreaterThan(4);
    expect(kept).toEqual(texts.slice(-kept.length).map((text) => `${text}|`));
    emitter.close();
  });

  it('keeps an empty text as an empty one, whatever was kept before it', () => {
    const { emitter } = emitterWith({ capacity: 64, textCapacity: 256 });
    emitter.keepText('first');
    emitter.keepText('second');
    // So much that the text kept last is forgotten.
    emitter.keepOwnText('x'.repeat(64));
    expect(emitter.keepText('')).toBe(0);
  });

  it('keeps a text that several records in a row tell of once, and loses them together', () => {
    const { emitter } = emitterWith({ capacity: 64, textCapacity: 256 });
    const reader = emitter.openReader({ from: 'now' });
    const message = (place: number, own: number) => `${place}/${own}`;
    const shared: RecordType<null> = {
      build: (base, place, own, _c, _reference, { textAt }) => ({
        ...base,
        kind: 'flow.failed',
        code: 'internal_error',
        message: `${textAt(place)} ${textAt(own)}`,
        status: null,
      }),
    };
    const told: string[] = [];
    for (let index = 0; index < 20; index++) {
      const text = `text ${index} `.padEnd(20, '.');
      const place = emitter.keepText(text);
      for (let time = 0; time < 3; time++) {
        const own = emitter.keepOwnText(`own ${index}.${time}`);
        expect(message(emitter.keepText(text), own)).toBe(message(place, own));
        emitter.record(shared, 1, 1, place, own, 0, null);
        told.push(`${text} own ${index}.${time}`);
      }
    }
    const held = reader.read().flatMap((event) => ('message' in event ? [event.message] : []));
    expect(held.length).toBeGreaterThan(6);
    expect(held).toEqual(told.slice(-held.length));
    emitter.close();
  });

  it('gives what follows from one read one time, and everything else its own', () => {
    const { emitter, clock } = emitterWith();
    const reader = emitter.openReader({ from: 'now' });
    clock.micros += 10;
    emitter.holdTime();
    recordMany(emitter, 1);
    clock.micros += 10;
    recordMany(emitter, 1);
    expect(emitter.now()).toBe(20);
    emitter.releaseTime();
    recordMany(emitter, 1);
    expect(reader.read().map(({ at }) => at)).toEqual([10, 10, 20]);
    emitter.close();
  });

  it('cuts a text that is longer than a quarter of its room', () => {
    const { emitter } = emitterWith({ textCapacity: 64 });
    expect(emitter.keepText('x'.repeat(100)) % 2 ** 21).toBe(16);
    emitter.close();
  });

  it('records one flow in so many, whole, while every reader agrees to it', () => {
    const { emitter } = emitterWith({ capacity: 64 });
    const reader = emitter.openReader({ from: 'now', takesSamples: true });
    reader.sampling = 4;
    emitter.updateSampling();
    const flows = Array.from({ length: 16 }, () => emitter.nextFlowId());
    expect(flows.filter((id) => id > 0)).toHaveLength(4);
    for (const id of flows) {
      expect(emitter.emitterOf(id).isWatched).toBe(id > 0);
      emitter.record(probe, id, 1, 0, 0, 0, '');
    }
    expect(reader.read().map((event) => event.flowId)).toEqual(flows.filter((id) => id > 0));
    // One that wants everything turns it off, until it leaves.
    const all = emitter.openReader({ from: 'now' });
    expect(emitter.sampling).toBe(1);
    expect(emitter.nextFlowId()).toBeGreaterThan(0);
    all.close();
    expect(emitter.sampling).toBe(4);
  });
});
