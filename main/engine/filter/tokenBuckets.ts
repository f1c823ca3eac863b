// Token buckets by key. The number of keys is bounded: the one that was not asked for longest is forgotten, which gives
// it a full bucket again; with so many keys under way that is the lesser harm.

/** Keys remembered at once, by one filter. */
export const maxBuckets = 10_000;

interface Bucket {
  tokens: number;
  /** Microseconds; when `tokens` was right. */
  at: number;
}

export class TokenBuckets {
  /** Whole tokens left in the bucket that was asked last. */
  remaining = 0;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly capacity: number,
    private readonly tokensPerSecond: number,
    private readonly limit = maxBuckets,
  ) {}

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes one token: 0 = there was one; else in how many seconds there will be. `now` in microseconds, monotonic. */
  take(key: string, now: number): number {
    const bucket = this.#touch(key, now);
    const elapsedSeconds = Math.max(0, now - bucket.at) / 1_000_000;
    bucket.tokens = Math.min(this.capacity, bucket.tokens + elapsedSeconds * this.tokensPerSecond);
    bucket.at = now;
    // A hair under one is one: the sum of many small refills is not exact.
    const hasToken = bucket.tokens >= 1 - 1e-9;
    if (hasToken) bucket.tokens = Math.max(0, bucket.tokens - 1);
    this.remaining = Math.floor(bucket.tokens);
    return hasToken ? 0 : (1 - bucket.tokens) / this.tokensPerSecond;
  }

  #touch(key: string, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      // With one key (or the same one again and again) the order cannot be wrong.
      if (this.#buckets.size > 1) {
        this.#buckets.delete(key);
        this.#buckets.set(key, known);
      }
      return known;
    }
    if (this.#buckets.size >= this.limit) {
      const oldest = this.#buckets.keys().next();
      if (oldest.done !== true) this.#buckets.delete(oldest.value);
    }
    const bucket: Bucket = { tokens: this.capacity, at: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
