// How long things took, in buckets whose width grows with the value: eight to each doubling, so a quantile is off by 6 %
// at most, whatever the range. Counting costs a few integer operations and allocates nothing.

/** Bits of a value behind its leading one that choose the bucket. */
const stepBits = 3;
const steps = 1 << stepBits;
/** Longer durations (35 minutes) count as this long. */
const maxMicroseconds = 2 ** 31 - 1;
const bucketCount = (31 - stepBits + 1) * steps;

export class DurationHistogram {
  readonly counts = new Float64Array(bucketCount);
  sumMicroseconds = 0;

  add(microseconds: number): void {
    const value = microseconds >= maxMicroseconds ? maxMicroseconds : microseconds | 0;
    this.counts[bucketOf(value)]!++;
    this.sumMicroseconds += microseconds;
  }

  /** How many took less than 2^`power` microseconds: exact, a bucket begins there. 3 ≤ power ≤ 30. */
  countBelow(power: number): number {
    const end = (power - stepBits + 1) * steps;
    let total = 0;
    for (let index = 0; index < end; index++) total += this.counts[index]!;
    return total;
  }
}

/**
 * The value below which the share `quantile` (0…1) of what `now` counted beyond `before` lies, in microseconds; null = it
 * counted nothing. `before` = an earlier copy of the counts, null = from the beginning.
 */
export function quantileOf(now: Float64Array, before: Float64Array | null, quantile: number): number | null {
  let total = 0;
  for (let index = 0; index < now.length; index++) total += now[index]! - (before?.[index] ?? 0);
  if (total <= 0) return null;
  let left = Math.max(1, Math.ceil(total * quantile));
  for (let index = 0; index < now.length; index++) {
    left -= now[index]! - (before?.[index] ?? 0);
    if (left <= 0) return (lowerBound(index) + lowerBound(index + 1)) / 2;
  }
  return maxMicroseconds;
}

/** The first `steps` buckets hold one value each; then each doubling has as many. */
function bucketOf(value: number): number {
  if (value < steps) return value < 0 ? 0 : value;
  const exponent = 31 - Math.clz32(value);
  return ((exponent - stepBits + 1) << stepBits) + ((value >> (exponent - stepBits)) & (steps - 1));
}

function lowerBound(bucket: number): number {
  if (bucket < steps) return bucket;
  const exponent = (bucket >> stepBits) + stepBits - 1;
  return (steps + (bucket & (steps - 1))) * 2 ** (exponent - stepBits);
}
