// What one cache filter keeps between requests: its entries, who waits for whom, and counts for people.
import { CacheStore } from './cacheStore';
import { RequestCollapsing } from './requestCollapsing';

export interface CacheCounts {
  /** Answered from the cache: fresh, stale where allowed, or validated. */
  hits: number;
  /** Asked of an endpoint, and could have been answered from a cache. */
  misses: number;
  /** Not the cache's business: other methods, no-store. */
  bypasses: number;
  stored: number;
}

export class ResponseCache {
  readonly store: CacheStore;
  readonly collapsing = new RequestCollapsing();
  readonly counts: CacheCounts = { hits: 0, misses: 0, bypasses: 0, stored: 0 };

  constructor(
    maxBytes: number,
    readonly maxEntryBytes: number,
  ) {
    this.store = new CacheStore(maxBytes);
  }
}
