// The events of the cache. Callers check `emitter.isWatched` first.
import type { CacheLookup } from '../../contract/flowEvent';
import type { RecordType } from '../flowEmitter';
import type { Exchange } from './exchange';

type Lookup = Pick<CacheLookup, 'result' | 'reason' | 'ageSeconds' | 'key'>;

export function recordCacheLookup({ emitter, flowId, host }: Exchange, lookup: Lookup): void {
  const weight = lookup.reason.length + lookup.key.length;
  emitter.record(cacheLookup, flowId, host.connectionId, 0, 0, 0, lookup, weight);
}

/** The commonest of lookups, without an object or words of its own until somebody reads. */
export function recordCacheHit(
  { emitter, flowId, host }: Exchange,
  key: string,
  ageSeconds: number,
  secondsLeft: number,
): void {
  emitter.record(cacheHit, flowId, host.connectionId, ageSeconds, secondsLeft, 0, key, key.length);
}

export function recordCacheStored(exchange: Exchange, bytes: number, freshSeconds: number): void {
  const { emitter, flowId, host } = exchange;
  emitter.record(cacheStored, flowId, host.connectionId, bytes, freshSeconds, 0, null);
}

export function recordCacheNotStored(exchange: Exchange, reason: string): void {
  const { emitter, flowId, host } = exchange;
  emitter.record(cacheNotStored, flowId, host.connectionId, 0, 0, 0, reason, reason.length);
}

export function recordCacheInvalidated(exchange: Exchange, entries: number, reason: string): void {
  const { emitter, flowId, host } = exchange;
  emitter.record(cacheInvalidated, flowId, host.connectionId, entries, 0, 0, reason, reason.length);
}

const cacheLookup: RecordType<Lookup> = {
  build: (base, _a, _b, _c, lookup) => ({ ...base, kind: 'cache.lookup', ...lookup }),
};

const cacheHit: RecordType<string> = {
  build: (base, ageSeconds, left, _c, key) => ({
    ...base,
    kind: 'cache.lookup',
    result: 'hit',
    reason: `fresh for ${left} s more`,
    ageSeconds,
    key,
  }),
};

const cacheStored: RecordType<null> = {
  build: (base, bytes, freshSeconds) => ({ ...base, kind: 'cache.stored', bytes, freshSeconds }),
};

const cacheNotStored: RecordType<string> = {
  build: (base, _a, _b, _c, reason) => ({ ...base, kind: 'cache.notStored', reason }),
};

const cacheInvalidated: RecordType<string> = {
  build: (base, entries, _b, _c, reason) => ({ ...base, kind: 'cache.invalidated', entries, reason }),
};
