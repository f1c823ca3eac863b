import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../../../main/engine/filter/tokenBuckets';

const second = 1_000_000;

describe('token buckets', () => {
  it('give what is in, then what flows in, and say how long the next one takes', () => {
    const buckets = new TokenBuckets(3, 2);
    expect([0, 0, 0, 0].map((now) => buckets.take('a', now))).toEqual([0, 0, 0, 0.5]);
    expect(buckets.take('a', second / 4)).toBeCloseTo(0.25);
    expect(buckets.take('a', second / 2)).toBe(0);
  });

  it('never hold more than they may, however long nobody comes', () => {
    const buckets = new TokenBuckets(2, 1);
    buckets.take('a', 0);
    expect(buckets.take('a', 3600 * second)).toBe(0);
    expect(buckets.remaining).toBe(1);
  });

  it('hand out exactly the rate over many small steps', () => {
    const buckets = new TokenBuckets(1, 10);
    let taken = 0;
    for (let step = 0; step < 10_000; step++) if (buckets.take('a', (step * second) / 1000) === 0) taken++;
    expect(taken).toBe(100);
  });

  it('remember a bounded number of keys and forget the one not used longest', () => {
    const buckets = new TokenBuckets(1, 0.001, 3);
    for (const key of ['a', 'b', 'c']) buckets.take(key, 0);
    expect(buckets.take('a', 1)).toBeGreaterThan(0);
    buckets.take('d', 2);
    expect(buckets.size).toBe(3);
    expect(buckets.take('a', 3)).toBeGreaterThan(0);
    expect(buckets.take('b', 4)).toBe(0);
  });
});
