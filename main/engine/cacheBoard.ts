// The caches of the running configuration, for people: how they stand, and how to empty them.
import type { CacheInfo } from '../contract/api';
import type { ResponseCache } from './cache/responseCache';
import type { StoredResponse } from './cache/storedResponse';
import type { CompiledConfig } from './compiledConfig';

export interface CacheSelection {
  /** Id; absent = of every route. */
  readonly route?: string | undefined;
  /** As the client asked for it, with scheme and host; a `*` at its end = all that begin so. Absent = everything. */
  readonly url?: string | undefined;
}

/** Entries told of one cache. */
const maxTold = 100;

interface PlacedCache {
  readonly route: string;
  readonly filter: number;
  readonly cache: ResponseCache;
}

/** `now` in milliseconds since 1970. */
export function describeCaches(config: CompiledConfig, now: number): CacheInfo[] {
  return cachesOf(config).map(({ route, filter, cache }) => {
    const { store, counts } = cache;
    const latest = [...firstOf(store.all(), maxTold)].map((stored) => describeEntry(stored, now));
    return {
      route,
      filter,
      entries: store.entries,
      bytes: store.bytes,
      maxBytes: store.maxBytes,
      hits: counts.hits,
      misses: counts.misses,
      bypasses: counts.bypasses,
      evictions: store.evictions,
      latest,
    };
  });
}

/** Returns how many entries went. */
export function purgeCaches(config: CompiledConfig, { route, url }: CacheSelection): number {
  const isMeant = urlTest(url);
  return cachesOf(config)
    .filter((placed) => route === undefined || placed.route === route)
    .reduce((removed, { cache }) => removed + cache.purge(isMeant), 0);
}

function urlTest(url: string | undefined): (stored: StoredResponse) => boolean {
  if (url === undefined) return () => true;
  if (!url.endsWith('*')) return (stored) => stored.key === url;
  const beginning = url.slice(0, -1);
  return (stored) => stored.key.startsWith(beginning);
}

function describeEntry(stored: StoredResponse, now: number): CacheInfo['latest'][number] {
  const { key, status, bytes, hits, varyNames } = stored;
  const ageSeconds = Math.min(Math.floor(stored.ageSeconds(now)), Number.MAX_SAFE_INTEGER);
  const freshSeconds = Math.max(Math.floor(stored.secondsLeft(now)), -Number.MAX_SAFE_INTEGER);
  return { url: key, status, bytes, hits, ageSeconds, freshSeconds, vary: varyNames };
}

/** A route on several listeners has one cache. */
function cachesOf(config: CompiledConfig): PlacedCache[] {
  const found = new Map<ResponseCache, PlacedCache>();
  for (const listener of config.listeners.values()) {
    for (const { id, filters } of listener.httpRoutes.routes) {
      for (const { index, run } of filters) {
        if (run?.cache !== undefined) found.set(run.cache, { route: id, filter: index, cache: run.cache });
      }
    }
  }
  return [...found.values()];
}

function* firstOf<Item>(items: Iterable<Item>, count: number): Generator<Item> {
  let left = count;
  for (const item of items) {
    if (left-- === 0) return;
    yield item;
  }
}
