import { describe, expect, it } from 'vitest';
import { DurationHistogram, quantileOf } from '../../../main/engine/durationHistogram';

describe('DurationHistogram', () => {
  it('gives quantiles to within 7 %, from microseconds to minutes', () => {
    for (const scale of [1, 40, 1000, 77_777, 5_000_000]) {
      const histogram = new DurationHistogram();
      for (let value = 1; value <= 1000; value++) histogram.add(value * scale);
      for (const quantile of [0.5, 0.95, 0.99]) {
        const exact = Math.min(quantile * 1000 * scale, 2 ** 31);
        const told = quantileOf(histogram.counts, null, quantile)!;
        expect(Math.abs(told - exact) / exact).toBeLessThan(0.07);
      }
    }
  });

  it('counts exactly below each power of two', () => {
    const histogram = new DurationHistogram();
    for (const value of [0, 1, 7, 8, 255, 256, 257, 1023, 1024, 2 ** 31, 2 ** 40]) histogram.add(value);
    expect([3, 8, 10, 11, 30].map((power) => histogram.countBelow(power))).toEqual([3, 5, 8, 9, 9]);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(11);
  });

  it('tells of what came since an earlier copy only', () => {
    const histogram = new DurationHistogram();
    for (let round = 0; round < 100; round++) histogram.add(1_000_000);
    const before = histogram.counts.slice();
    expect(quantileOf(histogram.counts, before, 0.5)).toBeNull();
    histogram.add(1000);
    expect(quantileOf(histogram.counts, before, 0.99)).toBeLessThan(1100);
  });
});
