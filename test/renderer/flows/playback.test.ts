import { describe, expect, it } from 'vitest';
import { stayMs } from '../../../renderer/flows/playback';
import { type Step, stepAt, stepOf, stepOfKey } from '../../../renderer/flows/stepBuilder';

const step = (key: number, at: number, seqs = [key]): Step => ({
  key,
  kind: 'arrow',
  from: 0,
  to: 1,
  line: 'solid',
  lines: ['x'],
  seqs,
  at,
  isInferred: false,
  fold: null,
});
const steps = [step(1, 0), step(2, 5000, [2, 3]), step(3.5, 5000, []), step(4, 60_005_000)];

describe('stayMs', () => {
  it('is steady, or as it happened by a factor, within what people can follow', () => {
    expect(stayMs(steps, 0, { kind: 'steady', stepsPerSecond: 2 })).toBe(500);
    expect(stayMs(steps, 0, { kind: 'clock', slowedBy: 100 })).toBe(500);
    expect(stayMs(steps, 1, { kind: 'clock', slowedBy: 1 })).toBe(40);
    expect(stayMs(steps, 2, { kind: 'clock', slowedBy: 1 })).toBe(10_000);
  });

  it('ends at the last step', () => {
    expect(stayMs(steps, 3, { kind: 'steady', stepsPerSecond: 1 })).toBeNull();
  });
});

describe('finding a step', () => {
  it('goes by event, by key, and by time', () => {
    expect([stepOf(steps, 3), stepOf(steps, 9)]).toEqual([1, -1]);
    expect([stepOfKey(steps, 3.5), stepOfKey(steps, 3)]).toEqual([2, 1]);
    expect([stepAt(steps, -1), stepAt(steps, 0), stepAt(steps, 5000), stepAt(steps, 6000)]).toEqual([
      -1, 0, 2, 2,
    ]);
  });
});
