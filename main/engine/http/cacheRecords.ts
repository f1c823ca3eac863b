// The events of the cache. Callers check `emitter.isWatched` first.
import type { CacheLookup } from '../../contract/flowEvent';
import type { RecordType } from '../flowEmitter';
import type { Exchange } from './exchange';

type Lookup = Pick<CacheLookup, 'result' | 'reason' | 'ageSeconds' | 'key'>;

export function recordCacheLookup(exchange: Exchange, lookup: Lookup): void {
  const { emitter, flowId, host } = exchange;
  const weight = lookup.reason.length + lookup.key.length;
  emitter.record(cacheLookup, flowId, host.connectionId, indexIn(exchange), 0, 0, lookup, weight);
}

/** The commonest of lookups, without an object or words of its own until somebody reads. */
export function recordCacheHit(
  exchange: Exchange,
  key: string,
  ageSeconds: number,
  secondsLeft: number,
): void {
  const { emitter, flowId, host } = exchange;
  const index = indexIn(exchange);
  emitter.record(cacheHit, flowId, host.connectionId, ageSeconds, secondsLeft, index, key, key.length);
}

export function recordCacheStored(exchange: Exchange, bytes: number, freshSeconds: number): void {
  const { emitter, flowId, host } = exchange;
  emitter.record(cacheStored, flowId, host.connectionId, bytes, freshSeconds, indexIn(exchange), null);
}

export function recordCacheNotStored(exchange: Exchange, reason: string): void {
  const { emitter, flowId, host } = exchange;
  emitter.record(cacheNotStored, flowId, host.connectionId, indexIn(exchange), 0, 0, reason, reason.length);
}

export function recordCacheInvalidated(exchange: Exchange, entries: number, reason: string): void {
  const { emitter, flowId, host } = exchange;
  const index = indexIn(exchange);
  emitter.record(cacheInvalidated, flowId, host.connectionId, entries, index, 0, reason, reason.length);
}

const cacheLookup: RecordType<Lookup> = {
  build: (base, index, _b, _c, lookup) => ({ ...base, kind: 'cache.lookup', ...lookup, index }),
};

const cacheHit: RecordType<string> = {
  build: (base, ageSeconds, left, index, key) => ({
    ...base,
    kind: 'cache.lookup',
    result: 'hit',
    reason: `fresh for ${left} s more`,
    ageSeconds,
    key,
    index,
  }),
};

const cacheStored: RecordType<null> = {
  build: (base, bytes, freshSeconds, index) => ({
    ...base,
    kind: 'cache.stored',
    bytes,
    freshSeconds,
    index,
  }),
};

const cacheNotStored: RecordType<string> = {
  build: (base, index, _b, _c, reason) => ({ ...base, kind: 'cache.notStored', reason, index }),
};

const cacheInvalidated: RecordType<string> = {
  build: (base, entries, index, _c, reason) => ({
    ...base,
    kind: 'cache.invalidated',
    entries,
    reason,
    index,
  }),
};

/** Where in its route the cache stands. */
function indexIn({ route }: Exchange): number {
  return route?.cache?.position ?? 0;
}
