import { createHash } from 'node:crypto';
import type { Filter } from '../../contract/config';
import type { FilteredRequest, FilterKind } from './filterKind';
import { refusalAnswer } from './refusalAnswer';
import { TokenBuckets } from './tokenBuckets';

/** Longer header values are remembered by their digest, so that a key has a bounded size. */
const longestKey = 64;

/** A token bucket for each key: `requests` per `perSeconds` flow in, `burst` (or `requests`) fit in. */
export const rateLimit: FilterKind<Extract<Filter, { type: 'rateLimit' }>> = {
  start: (config) => {
    const capacity = config.burst === 0 ? config.requests : config.burst;
    const buckets = new TokenBuckets(capacity, config.requests / config.perSeconds);
    const headerName = config.key.startsWith('header:') ? config.key.slice(7).toLowerCase() : null;
    return (request) => {
      const key = headerName === null ? plainKey(config.key, request) : headerKey(request.header(headerName));
      const waitSeconds = buckets.take(key, request.now());
      const retryAfter = Math.max(1, Math.ceil(waitSeconds));
      request.explain(() => {
        // The value of a header may be a secret: only its name is told.
        const whom = config.key === 'clientAddress' ? request.clientAddress : config.key.replace(':', ' ');
        if (waitSeconds === 0) return `${buckets.remaining} of ${capacity} tokens are left for ${whom}`;
        return `no token is left for ${whom}, answered 429; the next comes within ${retryAfter} s`;
      });
      if (waitSeconds === 0) return null;
      const message = 'too many requests; try again later';
      return refusalAnswer(429, 'rate_limited', message, [['retry-after', String(retryAfter)]]);
    };
  },
};

function plainKey(key: string, request: FilteredRequest): string {
  return key === 'clientAddress' ? request.clientAddress : '';
}

/** Requests without the header share one bucket. */
function headerKey(value: string | undefined): string {
  if (value === undefined) return '';
  return value.length <= longestKey ? `=${value}` : createHash('sha256').update(value).digest('base64');
}
