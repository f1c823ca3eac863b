import { describe, expect, it } from 'vitest';
import { mostSampling, newPushBudget, samplingAfter, windowMs } from '../../../main/services/pushBudget';

/** One whole window in which so much was spent, by a loop that was active for this share of it. */
function afterWindow(
  sampling: number,
  spentMs: number,
  active: number,
  isBehind = false,
  events = 2000,
): number {
  const budget = newPushBudget(0, { idle: 0, active: 0 });
  const spent = { ms: spentMs, events, isBehind, now: windowMs, sampling };
  return samplingAfter(budget, spent, () => ({ idle: windowMs * (1 - active), active: windowMs * active }))
    .sampling;
}

describe('samplingAfter', () => {
  it('tells everything while there is time for it', () => {
    expect(afterWindow(1, 45, 0.4)).toBe(1);
  });

  it('does not take its own work for that of the traffic', () => {
    expect(afterWindow(1, 60, 0.7)).toBe(2);
    expect(afterWindow(1, 60, 0.95)).toBe(16);
  });

  it('tells all of little traffic, however slow the machine is', () => {
    expect(afterWindow(1, 190, 0.99, false, 100)).toBe(1);
  });

  it('tells less of a busy engine than of an idle one', () => {
    expect(afterWindow(1, 20, 0.99)).toBe(8);
    expect(afterWindow(1, 170, 0.89)).toBe(4);
  });

  it('tells more again when that would do, in steps', () => {
    expect(afterWindow(8, 0.5, 0.99)).toBe(4);
    expect(afterWindow(2, 20, 0.1)).toBe(1);
    expect(afterWindow(2, 25, 0.1)).toBe(2);
    expect(afterWindow(1, 0, 0.1)).toBe(1);
  });

  it('jumps when the reader is far behind, up to a bound', () => {
    expect(afterWindow(4, 0, 0.1, true)).toBe(16);
    expect(afterWindow(mostSampling, 0, 0.1, true)).toBe(mostSampling);
  });

  it('waits for the end of the window', () => {
    const budget = newPushBudget(0, { idle: 0, active: 0 });
    const spent = { ms: 50, events: 9, isBehind: false, now: windowMs / 2, sampling: 1 };
    const { sampling, budget: after } = samplingAfter(budget, spent, () => ({ idle: 0, active: 1 }));
    expect(sampling).toBe(1);
    expect(after.spentMs).toBe(50);
  });
});
