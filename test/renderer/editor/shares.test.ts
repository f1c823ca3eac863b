import { describe, expect, it } from 'vitest';
import { percentsOf, withShare } from '../../../renderer/editor/shares';

describe('percentsOf', () => {
  it.each([
    [
      [1, 1, 1],
      [34, 33, 33],
    ],
    [
      [9, 1],
      [90, 10],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 999],
      [0, 100],
    ],
    [[7], [100]],
  ])('%j makes %j', (weights, expected) => {
    expect(percentsOf(weights)).toEqual(expected);
  });
});

describe('withShare', () => {
  const backends = (...weights: (number | undefined)[]) =>
    weights.map((weight, index) => ({ pool: `p${index}`, ...(weight === undefined ? {} : { weight }) }));
  it.each([
    ['takes from the other', [90, 10], 1, 25, [75, 25]],
    ['takes from the others as they stand', [60, 30, 10], 2, 40, [40, 20, 40]],
    ['knows that no weight means 1', [undefined, undefined], 0, 80, [80, 20]],
    ['gives the rest equally to those who had nothing', [100, 0, 0], 0, 50, [50, 25, 25]],
    ['can give everything', [50, 50], 0, 100, [100, 0]],
    ['stays between 0 and 100', [50, 50], 0, 170, [100, 0]],
  ])('%s', (_name, weights, index, percent, expected) => {
    expect(withShare(backends(...weights), index, percent).map(({ weight }) => weight)).toEqual(expected);
  });
  it('always makes 100, whatever is moved', () => {
    let list = backends(3, 1, 7, 0, 2);
    for (let step = 0; step < 500; step++) {
      list = withShare(list, (step * 7) % 5, (step * 37) % 101).map((item) => ({
        ...item,
        weight: item.weight ?? 1,
      }));
      expect(list.reduce((sum, { weight }) => sum + (weight ?? 0), 0)).toBe(100);
    }
  });
});
