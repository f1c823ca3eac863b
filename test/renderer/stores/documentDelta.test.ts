import { describe, expect, it } from 'vitest';
import { applyDelta, deltaBetween, shareParts } from '../../../renderer/stores/documentDelta';

const base = { a: 1, list: [{ id: 'x', n: 1 }, { id: 'y' }], deep: { gone: true, kept: { v: 1 } } };

describe('documentDelta', () => {
  const cases: readonly (readonly [string, unknown, number])[] = [
    ['nothing', structuredClone(base), 0],
    ['one value', { ...base, a: 2 }, 1],
    ['a field in a list', { ...base, list: [{ id: 'x', n: 2 }, { id: 'y' }] }, 1],
    ['a longer list', { ...base, list: [...base.list, { id: 'z' }] }, 1],
    ['a field that goes away', { ...base, deep: { kept: { v: 1 } } }, 1],
    ['a new field, and a value of another kind', { ...base, b: [], a: { c: null } }, 2],
  ];
  it.each(cases)('comes there and back over %s', (_name, other, changes) => {
    const there = deltaBetween(base, other);
    expect(there).toHaveLength(changes);
    const kept = JSON.parse(JSON.stringify(there)) as typeof there;
    expect(applyDelta(base, kept)).toEqual(other);
    expect(applyDelta(other, deltaBetween(other, base))).toEqual(base);
  });

  it('never throws on a document that it was not made for', () => {
    const delta = deltaBetween(base, { ...base, list: [{ id: 'x', n: 2 }, { id: 'y' }] });
    expect(applyDelta({ list: [] }, delta)).toEqual({ list: [] });
  });

  it('keeps the very objects that say the same', () => {
    const other = structuredClone({ ...base, a: 2 });
    const shared = shareParts(base, other);
    expect(shared).toEqual(other);
    expect(shared.list).toBe(base.list);
  });
});
