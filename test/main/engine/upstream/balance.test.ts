import { describe, expect, it } from 'vitest';
import {
  pickByHash,
  pickLeastRequest,
  pickPowerOfTwo,
  pickRandom,
  pickRoundRobin,
} from '../../../../main/engine/upstream/balance';

function endpoints(weights: readonly number[], active: readonly number[] = []) {
  return weights.map((weight, index) => ({
    key: 'abcdefgh'[index]!,
    weight,
    activeRequests: active[index] ?? 0,
  }));
}

function rounds(weights: readonly number[], count: number, excluded?: ReadonlySet<string>): string {
  const [pool, credits] = [endpoints(weights), new Float64Array(weights.length)];
  const picks = Array.from({ length: count }, () => pickRoundRobin(pool, credits, excluded));
  return picks.map((index) => pool[index]?.key ?? '-').join('');
}

describe('round robin', () => {
  it.each([
    ['equal weights', [1, 1, 1], 'abcabc'],
    ['5:1:1, smoothly as nginx does', [5, 1, 1], 'aabacaa'],
    ['weight 0', [1, 0, 1], 'acac'],
    ['only weights of 0', [0, 0], '--'],
    ['nobody', [], '-'],
  ] as const)('with %s', (_title, weights, expected) => {
    expect(rounds(weights, expected.length)).toBe(expected);
  });

  it('leaves out the excluded and comes back to them in balance', () => {
    expect(rounds([1, 1, 1], 4, new Set(['b']))).toBe('acac');
  });

  it('gives each exactly its share', () => {
    const picks = rounds([7, 2, 1, 10], 2000);
    expect(['a', 'b', 'c', 'd'].map((key) => picks.split(key).length - 1)).toEqual([700, 200, 100, 1000]);
  });
});

describe('least request', () => {
  it.each([
    ['the idle one', [1, 1, 1], [3, 0, 2], 0, 1],
    ['by weight', [4, 1], [3, 1], 0, 0],
    ['in turn among equals', [1, 1, 1], [], 2, 2],
    ['never weight 0', [0, 1], [0, 9], 0, 1],
  ] as const)('takes %s', (_title, weights, active, start, expected) => {
    expect(pickLeastRequest(endpoints(weights, active), start)).toBe(expected);
  });
});

describe('random policies', () => {
  it.each([
    [0, 0],
    [0.24, 0],
    [0.26, 2],
    [0.999999, 2],
  ])('by weight: %d gives %d', (random, expected) => {
    expect(pickRandom(endpoints([1, 0, 3]), random)).toBe(expected);
    expect(pickRandom(endpoints([0, 0]), random)).toBe(-1);
  });

  it('takes the less busy of two different ones', () => {
    const values = [0, 0];
    expect(pickPowerOfTwo(endpoints([1, 1], [5, 1]), () => values.shift()!)).toBe(1);
    expect(pickPowerOfTwo(endpoints([1]), () => 0)).toBe(0);
    expect(pickPowerOfTwo(endpoints([]), () => 0)).toBe(-1);
  });
});

describe('hash', () => {
  const keys = Array.from({ length: 3000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

  it('spreads by weight', () => {
    const counts = [0, 0, 0];
    for (const key of keys) counts[pickByHash(endpoints([1, 1, 2]), key)]!++;
    expect(counts.map((count) => Math.round((count / keys.length) * 20) / 20)).toEqual([0.25, 0.25, 0.5]);
  });

  it('moves a tenth of the keys when one of ten endpoints goes, and no other', () => {
    const ten = Array.from({ length: 10 }, (_, index) => ({
      key: `10.0.0.${index}:80`,
      weight: 1,
      activeRequests: 0,
    }));
    const many = Array.from({ length: 20_000 }, (_, index) => `key-${index}`);
    const shares = ten.map((gone) => {
      const without = new Set([gone.key]);
      const moved = many.filter((key) => pickByHash(ten, key) !== pickByHash(ten, key, without));
      return moved.length / many.length;
    });
    console.log(
      `moved when one of ten goes: ${shares.map((share) => (share * 100).toFixed(1)).join(', ')} %`,
    );
    expect(Math.max(...shares)).toBeLessThan(0.11);
    expect(Math.min(...shares)).toBeGreaterThan(0.09);
  });

  it('moves only the keys of the endpoint that goes', () => {
    const pool = endpoints([1, 1, 1, 1]);
    for (const key of keys) {
      const before = pickByHash(pool, key);
      const after = pickByHash(pool, key, new Set(['c']));
      expect(after === before || before === 2).toBe(true);
      expect(after).not.toBe(2);
    }
  });
});
