/** Offsets of the first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** `ignored` = the whole representation is the answer. */
export type RangeResult = ByteRange | 'ignored' | 'unsatisfiable';

const single = /^bytes=[\t ]*(\d*)-(\d*)[\t ]*$/i;

/**
 * One range of a representation of `length` bytes (RFC 9110 14.1.2). Several ranges, other units and what is no range
 * are ignored, as RFC 9110 14.2 allows.
 */
export function parseByteRange(value: string, length: number): RangeResult {
  const match = single.exec(value);
  if (match === null) return 'ignored';
  const [, firstText, lastText] = match;
  if (firstText === '' && lastText === '') return 'ignored';
  if (firstText === '') {
    const suffix = Number(lastText);
    if (suffix === 0 || length === 0) return 'unsatisfiable';
    return { first: Math.max(0, length - suffix), last: length - 1 };
  }
  const first = Number(firstText);
  const last = lastText === '' ? Number.POSITIVE_INFINITY : Number(lastText);
  if (last < first) return 'ignored';
  if (first >= length) return 'unsatisfiable';
  return { first, last: Math.min(last, length - 1) };
}
