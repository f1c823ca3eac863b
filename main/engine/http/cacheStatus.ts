// Cache-Status (RFC 9211): what the cache did with a request, in one line for the client.
import type { StoredResponse } from '../cache/storedResponse';

export interface CacheStatus {
  /** Why it went on to the endpoint (RFC 9211 2.2); null = it did not. */
  readonly fwd: string | null;
  /** Status that the endpoint answered, where the client is told another one; 0 = the same. */
  readonly fwdStatus: number;
  /** Somebody else's request got it. */
  readonly isCollapsed: boolean;
  /** For developers: a token; '' = nothing to add. */
  readonly detail: string;
}

export const cacheHit: CacheStatus = { fwd: null, fwdStatus: 0, isCollapsed: false, detail: '' };

/** Of an answer from the cache; `ttl` in whole seconds, negative = stale. */
export function hitLine({ fwd, fwdStatus, isCollapsed, detail }: CacheStatus, ttl: number): string {
  const forwarded = fwd === null ? 'hit' : `fwd=${fwd}`;
  const status = fwdStatus === 0 ? '' : `; fwd-status=${fwdStatus}`;
  const collapsed = isCollapsed ? '; collapsed' : '';
  const more = detail === '' ? '' : `; detail=${detail}`;
  return `Cache-Status: hopscope; ${forwarded}${status}; ttl=${ttl}${collapsed}${more}\r\n`;
}

/** Of an answer of the endpoint. */
export function forwardedLine(fwd: string, isStored: boolean, ttl: number): string {
  return `Cache-Status: hopscope; fwd=${fwd}${isStored ? `; stored; ttl=${ttl}` : ''}\r\n`;
}

/** Whole seconds that it stays fresh, at a whole age. */
export function ttlOf(stored: StoredResponse, ageSeconds: number): number {
  return Math.floor(stored.facts.freshness.lifetimeSeconds - ageSeconds);
}

/** An age that is not known is one that no number can say. */
export function wholeAge(stored: StoredResponse, now: number): number {
  return Math.min(Math.floor(stored.ageSeconds(now)), 2_147_483_648);
}
