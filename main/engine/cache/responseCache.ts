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
  /** When a URL was changed or purged, in milliseconds since 1970: what was asked for before may be old. */
  readonly #changedAt = new Map<string, number>();
  #purgedAt = 0;

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

  /** Something changed what the URL means. Returns how many entries went. `now` in milliseconds since 1970. */
  invalidate(url: string, now: number): number {
    this.#changedAt.delete(url);
    if (this.#changedAt.size >= maxChanged) {
      const oldest = this.#changedAt.keys().next();
      if (oldest.done !== true) this.#changedAt.delete(oldest.value);
    }
    this.#changedAt.set(url, now);
    return this.store.removeWhereKey(url);
  }

  /** Returns how many entries went. */
  purge(isMeant: (stored: StoredResponse) => boolean, now: number): number {
    this.#purgedAt = now;
    return this.store.removeWhere(isMeant);
  }

  /** What was asked for then may be from before a change. */
  isDoubtful(url: string, requestedAt: number): boolean {
    return requestedAt <= this.#purgedAt || requestedAt <= (this.#changedAt.get(url) ?? 0);
  }
}
