// Whether a stored response may be the answer now. RFC 9111 4, 4.2.4 and 5.2.1; RFC 5861.
import type { RequestDirectives } from './cacheControl';
import type { StoredResponse } from './storedResponse';

export type Reuse =
  | { readonly kind: 'fresh' }
  /** `refreshes`: it must be asked for again behind the client's back. */
  | { readonly kind: 'stale'; readonly reason: string; readonly refreshes: boolean }
  /** `fwd` as in RFC 9211 2.2. */
  | { readonly kind: 'validate'; readonly reason: string; readonly fwd: 'stale' | 'request' };

const fresh: Reuse = { kind: 'fresh' };

/** `now` in milliseconds since 1970. */
export function judgeReuse(stored: StoredResponse, request: RequestDirectives, now: number): Reuse {
  const { directives } = stored.facts;
  if (directives.noCache) return validate('it says no-cache', 'stale');
  if (request.noCache) return validate('the client says no-cache', 'request');
  const left = stored.secondsLeft(now);
  if (request.minFresh !== null && left < request.minFresh) {
    return validate(`the client wants it fresh for ${request.minFresh} s more`, 'request');
  }
  if (request.maxAge !== null && stored.ageSeconds(now) > request.maxAge && request.maxStale === null) {
    return validate(`the client wants none older than ${request.maxAge} s`, 'request');
  }
  if (left > 0) return fresh;
  const staleFor = -left;
  const words = Number.isFinite(staleFor)
    ? `stale for ${Math.ceil(staleFor)} s`
    : 'of an age that cannot be read';
  if (mustValidateStale(stored)) return validate(`${words}, and it must be validated then`, 'stale');
  if (request.maxStale !== null && staleFor <= request.maxStale) {
    return { kind: 'stale', reason: `${words}, which the client accepts`, refreshes: false };
  }
  if (staleFor < directives.staleWhileRevalidate) {
    const reason = `${words}, allowed for ${directives.staleWhileRevalidate} s while it is asked for again`;
    return { kind: 'stale', reason, refreshes: true };
  }
  return validate(words, 'stale');
}

/** In place of an error of the endpoint (RFC 5861 4). Only where the response or the client allows it by stale-if-error. */
export function mayAnswerErrors(stored: StoredResponse, request: RequestDirectives, now: number): boolean {
  const { directives } = stored.facts;
  if (directives.noCache || mustValidateStale(stored)) return false;
  const allowed = Math.max(directives.staleIfError ?? -1, request.staleIfError ?? -1);
  return allowed >= 0 && -stored.secondsLeft(now) <= allowed;
}

/** s-maxage means proxy-revalidate too (RFC 9111 5.2.2.10). */
function mustValidateStale(stored: StoredResponse): boolean {
  const { mustRevalidate, proxyRevalidate, sMaxage } = stored.facts.directives;
  return mustRevalidate || proxyRevalidate || sMaxage !== null;
}

function validate(reason: string, fwd: 'stale' | 'request'): Reuse {
  return { kind: 'validate', reason, fwd };
}
