// The cache on the way back: what the endpoint answers is judged when its head is there, and stored when it is whole.
import { fieldValue } from '../cache/responseFields';
import { selectingKey } from '../cache/selectingFields';
import { whyNotStored } from '../cache/storability';
import {
  factsOf,
  type ReceivedResponse,
  type ResponseFacts,
  StoredResponse,
  varyNamesOf,
} from '../cache/storedResponse';
import type { BodyStage } from './bodyStage';
import { answerFromStored } from './cacheAnswer';
import { isUnsafe, seenHeader } from './cacheLookup';
import { recordCacheInvalidated, recordCacheLookup, recordCacheStored } from './cacheRecords';
import { CacheStage } from './cacheStage';
import { cacheHit, forwardedLine, ttlOf, wholeAge } from './cacheStatus';
import type { CacheUse } from './cacheUse';
import { noteEndpointDone } from './completeResponse';
import type { Exchange } from './exchange';
import { BodyKind } from './messageBody';
import { rawHeadersOf } from './parseRawHead';
import type { ShapedResponse } from './responseShape';

/** Statuses for which a stale response may stand in (RFC 5861 4). */
const errorStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** The endpoint's final head is there. True = the client was answered from the cache. */
export function takeEndpointHead(exchange: Exchange, use: CacheUse): boolean {
  const { status } = exchange.host.responseHead;
  const { method } = exchange.head;
  if (isUnsafe(method)) {
    if (status >= 200 && status < 400) invalidate(exchange, use);
    return false;
  }
  if (use.stored === null) return false;
  if (use.isValidating && status === 304) {
    confirm(exchange, use, use.stored);
    return true;
  }
  if (errorStatuses.has(status)) {
    exchange.endpoint?.onServerError();
    return use.answersFailure(`the endpoint answered ${status}`, `origin-${status}`);
  }
  return false;
}

/** Where the body goes on its way out, and what Cache-Status says. `response` is as filters behind the cache made it. */
export function offerToCache(
  exchange: Exchange,
  response: ShapedResponse,
  next: BodyStage,
): { readonly stage: BodyStage; readonly line: string } {
  const use = exchange.cacheUse;
  if (use === null) return { stage: next, line: '' };
  const notKept = { stage: next, line: forwardedLine(use.fwd, false, 0) };
  if (!use.offers) return notKept;
  const received = receivedOf(exchange, use, response);
  const facts = factsOf(received);
  if (exchange.head.method === 'HEAD') {
    learnFromHead(use, received, response.length);
    return notKept;
  }
  const reason = whyNotKept(exchange, use, response, facts);
  if (reason !== null) {
    // A newer answer that must not be kept: what was stored before is out of date all the more.
    if (use.stored !== null && !errorStatuses.has(response.status))
      use.question.cache.store.remove(use.stored);
    use.notStored(reason);
    return notKept;
  }
  const stage = new CacheStage(
    use.question.cache,
    (body) => store(exchange, use, received, facts, body),
    (why) => use.notStored(why),
    next,
  );
  const ttl = Math.floor(facts.freshness.lifetimeSeconds - Math.min(facts.initialAgeSeconds, 2_147_483_648));
  return { stage, line: forwardedLine(use.fwd, true, ttl) };
}

function whyNotKept(
  exchange: Exchange,
  { question }: CacheUse,
  response: ShapedResponse,
  facts: ResponseFacts,
): string | null {
  const { place, cache, directives } = question;
  const request = {
    method: exchange.head.method,
    directives,
    hasAuthorization: seenHeader(exchange, place, 'authorization') !== undefined,
  };
  const vary = varyNamesOf(response.headers) ?? '*';
  const reason = whyNotStored(request, { ...response, ...facts, vary });
  if (reason !== null) return reason;
  if (exchange.host.responseBody.kind === BodyKind.untilClose && exchange.upstream?.streamId === 0) {
    return 'the end of the body is only told by the end of the connection';
  }
  if (response.length > cache.maxEntryBytes) {
    return `${response.length} bytes are more than the ${cache.maxEntryBytes} of one entry`;
  }
  return null;
}

function store(
  exchange: Exchange,
  use: CacheUse,
  received: ReceivedResponse,
  facts: ResponseFacts,
  body: Buffer,
): void {
  const { cache, key, place } = use.question;
  if (exchange.host.responseBody.trailers !== '') {
    use.notStored('it has trailers');
    return;
  }
  if (cache.isDoubtful(key, use.changes)) {
    use.notStored('it was asked for before the URL was changed or the cache was emptied');
    return;
  }
  const names = varyNamesOf(received.headers) ?? [];
  const varyKey = selectingKey(names, (name) => seenHeader(exchange, place, name));
  const stored = new StoredResponse(key, names, varyKey, received, facts, body);
  stored.endpointTag = exchange.host.responseHead.fields.find(exchange.host.responseHead.raw, 'etag') ?? null;
  if (!cache.store.put(stored)) {
    use.notStored(`${stored.bytes} bytes are more than the whole cache may have`);
    return;
  }
  if (exchange.emitter.isWatched) {
    const now = exchange.context.clock.wallTime();
    recordCacheStored(exchange, stored.bytes, ttlOf(stored, wholeAge(stored, now)));
  }
  use.settle('stored');
}

/** 304 for our own question: what is stored is still right. */
function confirm(exchange: Exchange, use: CacheUse, stored: StoredResponse): void {
  const { question } = use;
  const { responseHead } = exchange.host;
  noteEndpointDone(exchange, 304);
  const headers = rawHeadersOf(responseHead.raw, false);
  question.cache.store.freshen(stored, {
    status: stored.status,
    reason: stored.reason,
    headers,
    requestedAt: use.requestedAt,
    receivedAt: exchange.context.clock.wallTime(),
  });
  const now = exchange.context.clock.wallTime();
  question.cache.counts.hits++;
  if (exchange.emitter.isWatched) {
    const ageSeconds = wholeAge(stored, now);
    const left = Math.max(0, ttlOf(stored, ageSeconds));
    const reason = `the endpoint says that it is still right, fresh for ${left} s more`;
    recordCacheLookup(exchange, { result: 'revalidated', reason, ageSeconds, key: question.key });
  }
  use.settle('stored');
  answerFromStored(exchange, question, stored, { ...cacheHit, fwd: use.fwd, fwdStatus: 304 });
}

/** A response to HEAD is news of what is stored (RFC 9111 4.3.5). */
function learnFromHead(use: CacheUse, received: ReceivedResponse, length: number): void {
  const { stored } = use;
  if (stored === null || received.status !== 200 || stored.status !== 200) return;
  const { store } = use.question.cache;
  const etag = fieldValue(received.headers, 'etag') ?? null;
  const lastModified = fieldValue(received.headers, 'last-modified') ?? null;
  const isSame =
    (length === -1 || length === stored.body.length) &&
    (etag === null || etag === stored.facts.etag) &&
    (lastModified === null || lastModified === stored.facts.lastModified);
  if (isSame) store.freshen(stored, received);
  else store.remove(stored);
}

/** RFC 9111 4.4: the URL itself, and what Location and Content-Location name on the same host. */
function invalidate(exchange: Exchange, use: CacheUse): void {
  const { cache, key } = use.question;
  const urls = new Set([key]);
  for (const [name, value] of rawHeadersOf(exchange.host.responseHead.raw, false)) {
    const lower = name.toLowerCase();
    if (lower !== 'location' && lower !== 'content-location') continue;
    const url = sameOriginUrl(value, key);
    if (url !== null) urls.add(url);
  }
  let removed = 0;
  for (const url of urls) removed += cache.invalidate(url);
  if (removed > 0 && exchange.emitter.isWatched) {
    recordCacheInvalidated(exchange, removed, `${exchange.head.method} succeeded`);
  }
}

function sameOriginUrl(reference: string, base: string): string | null {
  try {
    const url = new URL(reference, base);
    return url.origin === new URL(base).origin ? `${url.origin}${url.pathname}${url.search}` : null;
  } catch {
    // What is no URL names nothing.
    return null;
  }
}

function receivedOf(exchange: Exchange, use: CacheUse, response: ShapedResponse): ReceivedResponse {
  const { status, reason, headers } = response;
  return {
    status,
    reason,
    headers,
    requestedAt: use.requestedAt,
    receivedAt: exchange.context.clock.wallTime(),
  };
}
