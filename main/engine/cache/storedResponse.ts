// One response as the cache keeps it: what of it may be stored (RFC 9111 3.1), and how a 304 updates it (3.2).
import type { RawHeaders } from '../../contract/flowEvent';
import { type ResponseDirectives, responseDirectives } from './cacheControl';
import { dateOf, type Freshness, freshnessOf, initialAgeOf } from './freshness';
import { parseHttpDate } from './httpDate';
import { fieldValue, hasField } from './responseFields';
import { selectingNames } from './selectingFields';

/** Times in milliseconds since 1970. */
export interface ReceivedResponse {
  readonly status: number;
  readonly reason: string;
  /** As the endpoint sent them, hop-by-hop fields included. */
  readonly headers: RawHeaders;
  /** When the request went out. */
  readonly requestedAt: number;
  /** When the head came. */
  readonly receivedAt: number;
}

/** Everything that follows from the fields of a response; worked out once. */
export interface ResponseFacts {
  readonly directives: ResponseDirectives;
  readonly freshness: Freshness;
  readonly initialAgeSeconds: number;
  readonly receivedAt: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Milliseconds since 1970; null = it has none that is a date. */
  readonly lastModifiedAt: number | null;
  readonly dateAt: number;
}

export function factsOf(response: ReceivedResponse): ResponseFacts {
  const { status, headers, requestedAt, receivedAt } = response;
  const directives = responseDirectives(
    fieldValue(headers, 'cache-control'),
    fieldValue(headers, 'cdn-cache-control'),
    fieldValue(headers, 'surrogate-control'),
  );
  const lastModified = fieldValue(headers, 'last-modified') ?? null;
  return {
    directives,
    freshness: freshnessOf(status, headers, directives, receivedAt),
    initialAgeSeconds: initialAgeOf(headers, requestedAt, receivedAt),
    receivedAt,
    etag: fieldValue(headers, 'etag') ?? null,
    lastModified,
    lastModifiedAt: lastModified === null ? null : parseHttpDate(lastModified, receivedAt),
    dateAt: dateOf(headers, receivedAt),
  };
}

/** Of this connection only, or of the proxy that made them (RFC 9111 3.1). Age is worked out anew. */
const neverStored: ReadonlySet<string> = new Set([
  'age',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The fields that are kept. */
export function storedFields(headers: RawHeaders, directives: ResponseDirectives): RawHeaders {
  const left = new Set([...directives.privateFields, ...directives.noCacheFields]);
  for (const name of (fieldValue(headers, 'connection') ?? '').split(','))
    left.add(name.trim().toLowerCase());
  return headers.filter(([name]) => {
    const key = name.toLowerCase();
    return !neverStored.has(key) && !left.has(key) && key !== 'content-length';
  });
}

/** What describes the stored bytes: a 304 does not change it (RFC 9111 3.2). */
const boundToContent: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
  'etag',
]);

/** The stored fields with those of a 304 (or of a response to HEAD) in place of their namesakes. */
export function updatedFields(stored: RawHeaders, newer: RawHeaders): RawHeaders {
  const { directives } = factsOf({ status: 304, reason: '', headers: newer, requestedAt: 0, receivedAt: 0 });
  const fresh = storedFields(newer, directives).filter(([name]) => !boundToContent.has(name.toLowerCase()));
  const replaced = new Set(fresh.map(([name]) => name.toLowerCase()));
  return [...stored.filter(([name]) => !replaced.has(name.toLowerCase())), ...fresh];
}

/** Up to this size a body is kept as text behind its prepared head too, so that both leave in one write. */
export const maxPreparedBytes = 8192;
/** About what an entry weighs beyond its bytes. */
const entryOverheadBytes = 512;

export class StoredResponse {
  headers: RawHeaders;
  facts: ResponseFacts;
  /** Bytes that count against the limit of the cache. */
  bytes: number;
  hits = 0;
  /** ETag as the endpoint sent it: the stored one may be that of what a filter made of the response. */
  endpointTag: string | null;
  /** A request to renew it is on its way behind the back of clients. */
  isRefreshing = false;
  /** What the sender of answers keeps with it, so that a hit costs little. */
  prepared: unknown = null;
  /** Its neighbours by last use. */
  newer: StoredResponse | null = null;
  older: StoredResponse | null = null;

  constructor(
    /** The URL that was asked for. */
    readonly key: string,
    readonly varyNames: readonly string[],
    readonly varyKey: string,
    response: ReceivedResponse,
    facts: ResponseFacts,
    /** Decoded from its framing, in the content coding in which it came. */
    readonly body: Buffer,
  ) {
    this.status = response.status;
    this.reason = response.reason;
    this.facts = facts;
    this.endpointTag = facts.etag;
    this.headers = dated(storedFields(response.headers, facts.directives), response.receivedAt);
    this.bytes = this.#weigh();
  }

  readonly status: number;
  readonly reason: string;

  /** A 304 said that it is still right, and what is new about it. */
  freshen(response: ReceivedResponse): void {
    this.headers = updatedFields(this.headers, dated(response.headers, response.receivedAt));
    // Age is that of the validating response, as its Date is (RFC 9111 4.3.4).
    const age = response.headers.filter(([name]) => name.toLowerCase() === 'age');
    this.facts = factsOf({ ...response, status: this.status, headers: [...this.headers, ...age] });
    this.bytes = this.#weigh();
    this.prepared = null;
  }

  ageSeconds(now: number): number {
    return this.facts.initialAgeSeconds + Math.max(0, now - this.facts.receivedAt) / 1000;
  }

  /** Seconds that it stays fresh; 0 or less = stale for so long. */
  secondsLeft(now: number): number {
    return this.facts.freshness.lifetimeSeconds - this.ageSeconds(now);
  }

  #weigh(): number {
    let headBytes = 0;
    for (const [name, value] of this.headers) headBytes += name.length + value.length + 4;
    // Hits prepare the head, and a small body behind it, once more.
    const preparedBytes = headBytes + (this.body.length <= maxPreparedBytes ? this.body.length : 0);
    const { body, key, varyKey } = this;
    return body.length + headBytes + preparedBytes + key.length + varyKey.length + entryOverheadBytes;
  }
}

/** What comes without Date gets the time at which it came (RFC 9110 6.6.1). */
function dated(headers: RawHeaders, receivedAt: number): RawHeaders {
  if (hasField(headers, 'date')) return headers;
  return [...headers, ['Date', new Date(receivedAt).toUTCString()]];
}

/** null = `Vary: *`. */
export function varyNamesOf(headers: RawHeaders): readonly string[] | null {
  const names = selectingNames(fieldValue(headers, 'vary'));
  return typeof names === 'string' ? null : names;
}
