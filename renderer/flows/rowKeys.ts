// Which element of the document shows which row. Where rows move, their elements move with them; where most of them are
// new, elements are used again in place, because making and removing some hundred of them a time costs frames. Pure.

export interface RowKey {
  readonly id: number;
  readonly key: number;
}

/** Keys for `ids`, each id once, after the rows were `before`. */
export function rowKeys(before: readonly RowKey[], ids: readonly number[]): readonly RowKey[] {
  const known = new Map(before.map(({ id, key }) => [id, key]));
  const kept = ids.filter((id) => known.has(id)).length;
  let next = before.reduce((most, { key }) => Math.max(most, key), -1) + 1;
  if (kept * 2 < ids.length) return ids.map((id, index) => ({ id, key: before[index]?.key ?? next++ }));
  return ids.map((id) => ({ id, key: known.get(id) ?? next++ }));
}
