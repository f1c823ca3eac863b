import { describe, expect, it } from 'vitest';
import { type RowKey, rowKeys } from '../../../renderer/flows/rowKeys';

/** The keys after the list showed these rows one after the other. */
function keysAfter(...lists: readonly (readonly number[])[]): readonly number[] {
  return lists.reduce<readonly RowKey[]>(rowKeys, []).map(({ key }) => key);
}

describe('rowKeys', () => {
  it('keeps the element of a row that moves', () => {
    expect(keysAfter([3, 2, 1], [4, 3, 2])).toEqual([3, 0, 1]);
  });

  it('uses elements again in place where most rows are new', () => {
    expect(keysAfter([3, 2, 1], [9, 8, 7])).toEqual([0, 1, 2]);
    expect(keysAfter([3, 2, 1], [9, 8, 3])).toEqual([0, 1, 2]);
  });

  it('adds elements where there are more rows, and never gives two rows one key', () => {
    expect(keysAfter([1], [9, 8, 7])).toEqual([0, 1, 2]);
    let keys: readonly RowKey[] = [];
    for (let turn = 0; turn < 300; turn++) {
      const from = (turn * 7919) % 50;
      keys = rowKeys(
        keys,
        Array.from({ length: 5 + (turn % 11) }, (_, index) => from + index),
      );
      expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
    }
  });

  it('does not count up for ever while rows rush by', () => {
    const lists = Array.from({ length: 100 }, (_, turn) => [turn * 3, turn * 3 + 1, turn * 3 + 2]);
    expect(keysAfter(...lists)).toEqual([0, 1, 2]);
  });
});
