// How long a response is fresh and how old it is. RFC 9111 4.2.
import type { RawHeaders } from '../../contract/flowEvent';
import type { ResponseDirectives } from './cacheControl';
import { maxDeltaSeconds } from './cacheControl';
import { parseHttpDate } from './httpDate';
import { fieldValue } from './responseFields';

export interface Freshness {
  /** Seconds; may be negative when Expires lies before Date. */
  readonly lifetimeSeconds: number;
  readonly source: 's-maxage' | 'max-age' | 'Expires' | 'heuristic' | 'none';
}

/** May be kept by heuristics when they say nothing (RFC 9110 15.1). 206 is not here: partial responses are not kept. */
const heuristicStatuses: ReadonlySet<number> = new Set([
  200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501,
]);
export function isHeuristicStatus(status: number): boolean {
  return heuristicStatuses.has(status);
}

/** Of the time since the last change (RFC 9111 4.2.2 names it as typical). */
const heuristicShare = 0.1;
const longestHeuristicSeconds = 86_400;

/** `receivedAt` in milliseconds since 1970. */
export function freshnessOf(
  status: number,
  headers: RawHeaders,
  directives: ResponseDirectives,
  receivedAt: number,
): Freshness {
  if (directives.sMaxage !== null) return { lifetimeSeconds: directives.sMaxage, source: 's-maxage' };
  if (directives.maxAge !== null) return { lifetimeSeconds: directives.maxAge, source: 'max-age' };
  const date = dateOf(headers, receivedAt);
  const expires = directives.isTargeted ? undefined : fieldValue(headers, 'expires');
  if (expires !== undefined) {
    // What is no date, such as "0", lies in the past (RFC 9111 5.3).
    const at = parseHttpDate(expires, receivedAt);
    const lifetimeSeconds = at === null ? 0 : Math.min(Math.floor((at - date) / 1000), maxDeltaSeconds);
    return { lifetimeSeconds, source: 'Expires' };
  }
  if (!heuristicStatuses.has(status) && !directives.isPublic) return { lifetimeSeconds: 0, source: 'none' };
  const changedAt = parseHttpDate(fieldValue(headers, 'last-modified') ?? '', receivedAt);
  if (changedAt === null) return { lifetimeSeconds: 0, source: 'none' };
  const share = Math.floor(((date - changedAt) / 1000) * heuristicShare);
  return { lifetimeSeconds: Math.min(Math.max(0, share), longestHeuristicSeconds), source: 'heuristic' };
}

/** When it was made; without a readable Date, when it came (RFC 9110 6.6.1). */
export function dateOf(headers: RawHeaders, receivedAt: number): number {
  return parseHttpDate(fieldValue(headers, 'date') ?? '', receivedAt) ?? receivedAt;
}

/**
 * Seconds of age when it came (RFC 9111 4.2.3, corrected_initial_age). An Age that is not one plain number says that
 * something on the way is wrong: Infinity, so that the response is stale. That is stricter than RFC 9111 5.1, which
 * would use the first of several numbers and ignore what is none; a stale answer is only asked for again.
 */
export function initialAgeOf(headers: RawHeaders, requestedAt: number, receivedAt: number): number {
  // Date has whole seconds: what came in the second in which it was made is not a second old.
  const apparent = Math.max(
    0,
    Math.floor(receivedAt / 1000) - Math.floor(dateOf(headers, receivedAt) / 1000),
  );
  const age = fieldValue(headers, 'age');
  if (age === undefined) return apparent;
  if (!/^\d+$/.test(age)) return Number.POSITIVE_INFINITY;
  const delay = Math.max(0, (receivedAt - requestedAt) / 1000);
  return Math.max(apparent, Math.min(Number(age), maxDeltaSeconds) + delay);
}
