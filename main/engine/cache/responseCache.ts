// What one cache filter keeps between requests: its entries, who waits for whom, and counts for people.
import { CacheStore } from './cacheStore';
import { RequestCollapsing } from './requestCollapsing';
import type { StoredResponse } from './storedResponse';

export interface CacheCounts {
  /** Answered from the cache: fresh, stale where allowed, or validated. */
  hits: number;
  /** Asked of an endpoint, and could have been answered from a cache. */
  misses: number;
  /** Not the cache's business: other methods, no-store. */
  bypasses: number;
}

/** URLs remembered as changed lately. */
const maxChanged = 1024;

export class ResponseCache {
  readonly store: CacheStore;
  readonly collapsing = new RequestCollapsing();
  readonly counts: CacheCounts = { hits: 0, misses: 0, bypasses: 0 };
  /** Bytes of bodies that are on their way and may be stored. */
  #arrivingBytes = 0;
  // Changes and purges are counted, not timed: two within one millisecond have an order, and no clock can turn it round.
  #changes = 0;
  /** By URL, the number of its last change. */
  readonly #changedAt = new Map<string, number>();
  /** The number of the last change that may have been of any URL: a purge, or one that is no longer remembered by its URL. */
  #changedAnyAt = 0;

  constructor(
    maxBytes: number,
    readonly maxEntryBytes: number,
  ) {
    this.store = new CacheStore(maxBytes);
  }

  /** False = more is arriving already than the cache could hold. What was taken must be given back. */
  takeArriving(bytes: number): boolean {
    if (this.#arrivingBytes + bytes > this.store.maxBytes) return false;
    this.#arrivingBytes += bytes;
    return true;
  }

  giveArriving(bytes: number): void {
    this.#arrivingBytes -= bytes;
  }

  /** How many there were until now. A request notes it when it goes on, for `isDoubtful`. */
  get changes(): number {
    return this.#changes;
  }

  /** Something changed what the URL means. Returns how many entries went. */
  invalidate(url: string): number {
    this.#changedAt.delete(url);
    if (this.#changedAt.size >= maxChanged) this.#forgetOldest();
    this.#changedAt.set(url, ++this.#changes);
    return this.store.removeWhereKey(url);
  }

  /** Returns how many entries went. */
  purge(isMeant: (stored: StoredResponse) => boolean): number {
    this.#changedAnyAt = ++this.#changes;
    return this.store.removeWhere(isMeant);
  }

  /** What was asked for after so many changes may be from before a later one. */
  isDoubtful(url: string, changes: number): boolean {
    return changes < this.#changedAnyAt || changes < (this.#changedAt.get(url) ?? 0);
  }

  #forgetOldest(): void {
    for (const [url, change] of this.#changedAt) {
      this.#changedAt.delete(url);
      this.#changedAnyAt = Math.max(this.#changedAnyAt, change);
      return;
    }
  }
}
