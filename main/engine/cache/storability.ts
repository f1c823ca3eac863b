// Whether a response may be kept by a shared cache. RFC 9111 3 and 3.5; every refusal has its reason in words.
import type { RawHeaders } from '../../contract/flowEvent';
import type { RequestDirectives, ResponseDirectives } from './cacheControl';
import { type Freshness, isHeuristicStatus } from './freshness';
import { hasField } from './responseFields';
import { everything, type SelectingNames } from './selectingFields';

export interface StorableRequest {
  readonly method: string;
  readonly directives: RequestDirectives;
  /** The cache sees credentials; those that a filter before it used up do not count. */
  readonly hasAuthorization: boolean;
}

export interface StorableResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly directives: ResponseDirectives;
  readonly freshness: Freshness;
  readonly vary: SelectingNames;
}

/** Statuses whose meaning for caching is known here: what must-understand asks for (RFC 9111 5.2.2.3). */
const understood: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408,
  409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 451, 500, 501, 502, 503, 504, 505,
]);

/** null = it may be stored; else why not. */
export function whyNotStored(request: StorableRequest, response: StorableResponse): string | null {
  const { status, directives, vary } = response;
  if (request.method !== 'GET') return `responses to ${request.method} are not stored`;
  if (request.directives.noStore) return 'the client says no-store';
  if (status < 200 || status === 304) return `a ${status} is nothing to store`;
  if (status === 206) return 'partial responses are not stored';
  const isUnderstood = understood.has(status);
  if (directives.mustUnderstand && !isUnderstood) return `must-understand, and ${status} is not understood`;
  // must-understand is for caches that know it: they ignore no-store beside it (RFC 9111 5.2.2.3).
  if (directives.noStore && !directives.mustUnderstand) return 'no-store';
  if (directives.isPrivate) return 'private, and this cache is shared';
  if (vary === everything) return 'Vary: *';
  if (request.hasAuthorization && !allowsAuthorized(directives)) {
    return 'the request has Authorization, and the response does not allow it to be shared';
  }
  return whyUseless(response);
}

/** RFC 9111 3.5. */
function allowsAuthorized(directives: ResponseDirectives): boolean {
  return directives.isPublic || directives.mustRevalidate || directives.sMaxage !== null;
}

/** What could never be answered with again takes no room. */
function whyUseless({ status, headers, directives, freshness }: StorableResponse): string | null {
  const { lifetimeSeconds, source } = freshness;
  const hasValidator = hasField(headers, 'etag') || hasField(headers, 'last-modified');
  const isStorable = directives.noCache || directives.isPublic || isHeuristicStatus(status);
  if (source === 'none' && !(hasValidator && isStorable)) return 'it does not say how long it is fresh';
  if ((source === 'heuristic' || source === 'none') && hasField(headers, 'set-cookie')) {
    return 'it sets a cookie and does not say how long it is fresh';
  }
  if (lifetimeSeconds <= 0 && !hasValidator) return 'it is stale at once and has no validator';
  if (directives.noCache && !hasValidator) return 'no-cache, and it has no validator';
  return null;
}
