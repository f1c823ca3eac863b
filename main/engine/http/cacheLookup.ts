// The cache filter on the way to the endpoint: answer from what is stored, wait for somebody who asks the same, or go on.
import { requestDirectives } from '../cache/cacheControl';
import { type ClientConditions, conditionNames } from '../cache/conditions';
import type { ResponseCache } from '../cache/responseCache';
import { judgeReuse } from '../cache/reuse';
import { selectingKey } from '../cache/selectingFields';
import type { StoredResponse } from '../cache/storedResponse';
import type { CachePlace } from '../compiledConfig';
import type { FilterResult, FilterWait } from '../filter/filterKind';
import { refusalAnswer } from '../filter/refusalAnswer';
import { answerFromStored, answerPlainHit, canAnswerPlainly } from './cacheAnswer';
import { recordCacheHit, recordCacheLookup } from './cacheRecords';
import { refreshStored } from './cacheRefresh';
import { type CacheStatus, cacheHit, ttlOf, wholeAge } from './cacheStatus';
import { type CacheQuestion, CacheUse } from './cacheUse';
import type { Exchange } from './exchange';

/** How long a client waits for the answer to somebody else's request, in milliseconds. */
const longestWaitMs = 5000;

const notCached = refusalAnswer(504, 'not_cached', 'the cache has no answer, and the client wants no other', [
  ['cache-status', 'hopscope; detail=only-if-cached'],
]);

/** Methods that change nothing (RFC 9110 9.2.1); every other one makes what is stored doubtful. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** How waiting for another request ended; null = nobody was waited for. */
export type WaitOutcome = 'stored' | 'notStored' | 'gone' | 'late';

export interface LookupTurn {
  waited: WaitOutcome | null;
}

const collapsedHit: CacheStatus = { ...cacheHit, fwd: 'miss', isCollapsed: true };
const staleHit: CacheStatus = { ...cacheHit, detail: 'stale' };

export function lookUp(exchange: Exchange, cache: ResponseCache, turn: LookupTurn): FilterResult {
  const { head } = exchange;
  const place = exchange.route!.cache!;
  if (turn.waited === null && isPlain(exchange) && hit(exchange, cache, place)) return 'answered';
  const conditions = conditionsOf(exchange);
  const directives = requestDirectives(head.header('cache-control'));
  const question: CacheQuestion = { cache, place, key: keyOf(exchange), directives, conditions };
  const bypass = whyBypassed(exchange, question);
  if (bypass !== null) return goPast(exchange, question, bypass);
  const stored = cache.store.find(question.key, (name) => seenHeader(exchange, place, name));
  const now = exchange.context.clock.wallTime();
  if (stored !== null) {
    const reuse = judgeReuse(stored, directives, now);
    if (reuse.kind !== 'validate') {
      const isStale = reuse.kind === 'stale';
      const status = isStale ? staleHit : turn.waited === 'stored' ? collapsedHit : cacheHit;
      if (exchange.emitter.isWatched) recordUse(exchange, question, stored, now, reuse, turn);
      cache.counts.hits++;
      if (isStale && reuse.refreshes && head.method === 'GET') refreshStored(exchange, question, stored);
      answerFromStored(exchange, question, stored, status);
      return 'answered';
    }
    return ask(exchange, question, stored, reuse.fwd, reuse.reason, turn);
  }
  const hasOthers = cache.store.variants(question.key).length > 0;
  const reason = hasOthers
    ? 'only variants for other request fields are stored'
    : 'nothing is stored for this URL';
  return ask(exchange, question, null, hasOthers ? 'vary-miss' : 'miss', reason, turn);
}

/** A GET that says nothing about caching, parts or conditions. */
function isPlain({ head, isRequestComplete }: Exchange): boolean {
  if (head.method !== 'GET' || head.hasBody || !isRequestComplete || head.upgrade !== '') return false;
  const { fields, raw } = head;
  for (let index = 0; index < fields.count; index++) {
    const length = fields.nameLength(index);
    if (length < 20 && lengths[length] === 1 && telling.has(fields.name(raw, index).toLowerCase()))
      return false;
  }
  return true;
}

/** Request fields that a lookup has to read; nearly every other field is ruled out by the length of its name. */
const telling: ReadonlySet<string> = new Set(['cache-control', ...conditionNames]);
const lengths = new Uint8Array(20);
for (const name of telling) lengths[name.length] = 1;

/** Answers from a fresh entry, if there is one; the way that nearly all hits go. */
function hit(exchange: Exchange, cache: ResponseCache, place: CachePlace): boolean {
  const key = keyOf(exchange);
  const stored = cache.store.find(key, (name) => seenHeader(exchange, place, name));
  if (stored === null || stored.facts.directives.noCache) return false;
  const ageSeconds = wholeAge(stored, exchange.context.clock.wallTime());
  const left = ttlOf(stored, ageSeconds);
  // The last second of freshness is left to the exact rules.
  if (left <= 1) return false;
  const { emitter } = exchange;
  if (!canAnswerPlainly(exchange)) return false;
  if (emitter.isWatched) recordCacheHit(exchange, stored.key, ageSeconds, left);
  cache.counts.hits++;
  cache.store.touch(stored);
  answerPlainHit(exchange, place, stored, ageSeconds);
  return true;
}

/** The request must go on, unless somebody asks the same already. */
function ask(
  exchange: Exchange,
  question: CacheQuestion,
  stored: StoredResponse | null,
  fwd: string,
  reason: string,
  turn: LookupTurn,
): FilterResult {
  const { cache, directives, key } = question;
  const now = exchange.context.clock.wallTime();
  const ageSeconds = stored === null ? null : wholeAge(stored, now);
  if (directives.onlyIfCached) {
    cache.counts.misses++;
    record(exchange, {
      result: 'miss',
      reason: `${reason}, and the client says only-if-cached`,
      ageSeconds,
      key,
    });
    return notCached;
  }
  const sharedKey = canShare(exchange, question) ? sharedKeyOf(exchange, question) : null;
  if (sharedKey !== null && (turn.waited === null || turn.waited === 'gone')) {
    if (cache.collapsing.mayFollow(sharedKey, now)) {
      const words = 'somebody asks the same already; this request waits for that answer';
      record(exchange, { result: 'collapsed', reason: words, ageSeconds: null, key });
      return waitFor(cache, sharedKey, turn);
    }
  }
  cache.counts.misses++;
  record(exchange, { result: stored === null ? 'miss' : 'expired', reason, ageSeconds, key });
  const use = new CacheUse(exchange, question, stored, fwd, true);
  if (sharedKey !== null && cache.collapsing.lead(sharedKey)) use.leadsKey = sharedKey;
  exchange.cacheUse = use;
  return null;
}

function waitFor(cache: ResponseCache, key: string, turn: LookupTurn): FilterWait {
  return {
    begin: (done) => {
      const finish = (outcome: WaitOutcome) => {
        clearTimeout(timer);
        turn.waited = outcome;
        done('again');
      };
      const timer = setTimeout(() => {
        cache.collapsing.leave(key, finish);
        finish('late');
      }, longestWaitMs);
      cache.collapsing.follow(key, finish);
      return () => {
        clearTimeout(timer);
        cache.collapsing.leave(key, finish);
      };
    },
  };
}

/** The cache has no part in it, except that a change makes what it has doubtful. */
function goPast(exchange: Exchange, question: CacheQuestion, reason: string): null {
  const { method } = exchange.head;
  question.cache.counts.bypasses++;
  record(exchange, { result: 'bypass', reason, ageSeconds: null, key: question.key });
  const isCacheable = method === 'GET' || method === 'HEAD';
  exchange.cacheUse = new CacheUse(exchange, question, null, isCacheable ? 'bypass' : 'method', false);
  return null;
}

export function isUnsafe(method: string): boolean {
  return !safeMethods.has(method);
}

function whyBypassed(exchange: Exchange, { directives }: CacheQuestion): string | null {
  const { head } = exchange;
  if (head.method !== 'GET' && head.method !== 'HEAD') return `the method is ${head.method}`;
  if (head.hasBody || !exchange.isRequestComplete) return 'the request has a body';
  if (head.upgrade !== '') return 'the request changes the protocol';
  if (directives.noStore) return 'the client says no-store';
  // Only the origin can say whether these hold (RFC 9111 4.3.2).
  if (head.header('if-match') !== undefined || head.header('if-unmodified-since') !== undefined) {
    return 'the request has If-Match or If-Unmodified-Since';
  }
  return null;
}

/** The same answer would do for others: nothing in the request asks for less or for something of its own. */
function canShare(exchange: Exchange, { conditions, directives, place }: CacheQuestion): boolean {
  const { range, ifNoneMatch, ifModifiedSince } = conditions;
  const isWhole = range === undefined && ifNoneMatch === undefined && ifModifiedSince === undefined;
  if (!isWhole || exchange.head.method !== 'GET' || directives.noCache) return false;
  return seenHeader(exchange, place, 'authorization') === undefined;
}

/** Requests that ask for different variants, as far as is known, do not wait for each other. */
function sharedKeyOf(exchange: Exchange, { cache, key, place }: CacheQuestion): string {
  const known = cache.store.variants(key)[0];
  if (known === undefined || known.varyNames.length === 0) return key;
  return `${key}\n${selectingKey(known.varyNames, (name) => seenHeader(exchange, place, name))}`;
}

function conditionsOf({ head }: Exchange): ClientConditions {
  return {
    ifNoneMatch: head.header('if-none-match'),
    ifModifiedSince: head.header('if-modified-since'),
    ifRange: head.header('if-range'),
    range: head.header('range'),
  };
}

/**
 * The URL as the client asked for it. Scheme and host belong to it: endpoints are told both, so their answers may differ
 * by them, and nobody must be able to plant an answer for others. What filters make of the URL follows from it.
 */
export function keyOf({ head, host }: Exchange): string {
  const scheme = host.isTls ? 'https' : 'http';
  const name = head.host.toLowerCase();
  const usualPort = host.isTls ? ':443' : ':80';
  return `${scheme}://${name.endsWith(usualPort) ? name.slice(0, -usualPort.length) : name}${head.target}`;
}

/** A field of the request as the cache sees it. */
export function seenHeader({ head }: Exchange, place: CachePlace, name: string): string | undefined {
  return place.hidesAuthorization && name === 'authorization' ? undefined : head.header(name);
}

function recordUse(
  exchange: Exchange,
  { key }: CacheQuestion,
  stored: StoredResponse,
  now: number,
  reuse: { readonly kind: 'fresh' } | { readonly kind: 'stale'; readonly reason: string },
  turn: LookupTurn,
): void {
  const ageSeconds = wholeAge(stored, now);
  if (reuse.kind === 'stale') record(exchange, { result: 'stale', reason: reuse.reason, ageSeconds, key });
  else {
    const left = ttlOf(stored, ageSeconds);
    const from = turn.waited === 'stored' ? 'stored just now by the request that was waited for, ' : '';
    record(exchange, { result: 'hit', reason: `${from}fresh for ${left} s more`, ageSeconds, key });
  }
}

function record(exchange: Exchange, lookup: Parameters<typeof recordCacheLookup>[1]): void {
  if (exchange.emitter.isWatched) recordCacheLookup(exchange, lookup);
}
