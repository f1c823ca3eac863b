import { describe, expect, it } from 'vitest';
import type { RawHeaders } from '../../../../main/contract/flowEvent';
import { requestDirectives } from '../../../../main/engine/cache/cacheControl';
import { fieldValue } from '../../../../main/engine/cache/responseFields';
import { selectingNames } from '../../../../main/engine/cache/selectingFields';
import { whyNotStored } from '../../../../main/engine/cache/storability';
import { factsOf } from '../../../../main/engine/cache/storedResponse';

const now = Date.UTC(2026, 10, 25);
const lastWeek: readonly [string, string] = ['Last-Modified', new Date(now - 6e8).toUTCString()];

function judge(
  headers: RawHeaders,
  { status = 200, method = 'GET', asked = '', hasAuthorization = false } = {},
): string | null {
  const facts = factsOf({ status, reason: '', headers, requestedAt: now, receivedAt: now });
  return whyNotStored(
    { method, directives: requestDirectives(asked), hasAuthorization },
    { status, headers, ...facts, vary: selectingNames(fieldValue(headers, 'vary')) },
  );
}
const control = (value: string, ...more: RawHeaders): RawHeaders => [['Cache-Control', value], ...more];

describe('whyNotStored', () => {
  const stored: readonly [name: string, headers: RawHeaders, options?: Parameters<typeof judge>[1]][] = [
    ['explicit freshness', control('max-age=60')],
    ['heuristic freshness', [lastWeek]],
    ['only a validator, of a status that may be kept', [['ETag', '"a"']]],
    ['no-cache with a validator', control('no-cache', ['ETag', '"a"'])],
    ['any status with explicit freshness', control('max-age=60'), { status: 599 }],
    ['a cookie with explicit freshness', control('max-age=60', ['Set-Cookie', 'a=b'])],
    ['private with field names', control('max-age=60, private="a"')],
    ['no-store beside must-understand', control('max-age=60, no-store, must-understand')],
    ['Authorization and public', control('max-age=60, public'), { hasAuthorization: true }],
    ['Authorization and s-maxage', control('s-maxage=60'), { hasAuthorization: true }],
    ['Authorization and must-revalidate', control('max-age=60, must-revalidate'), { hasAuthorization: true }],
  ];
  it.each(stored)('stores: %s', (_name, headers, options) => {
    expect(judge(headers, options)).toBeNull();
  });

  const refused: readonly [name: string, headers: RawHeaders, options?: Parameters<typeof judge>[1]][] = [
    ['nothing said', []],
    ['no-store', control('max-age=60, no-store')],
    ['private', control('max-age=60, private')],
    ['Vary: *', control('max-age=60', ['Vary', 'foo, *'])],
    ['a partial response', control('max-age=60'), { status: 206 }],
    ['a 304', control('max-age=60'), { status: 304 }],
    ['a POST', control('max-age=60'), { method: 'POST' }],
    ['the client says no-store', control('max-age=60'), { asked: 'no-store' }],
    ['Authorization', control('max-age=60'), { hasAuthorization: true }],
    ['must-understand of an unknown status', control('max-age=60, must-understand'), { status: 599 }],
    ['heuristic freshness of a 403', [lastWeek], { status: 403 }],
    ['a cookie with heuristic freshness', [lastWeek, ['Set-Cookie', 'a=b']]],
    ['stale at once without a validator', control('max-age=0')],
    ['no-cache without a validator', control('no-cache, max-age=60')],
  ];
  it.each(refused)('does not store: %s', (_name, headers, options) => {
    expect(judge(headers, options)).toEqual(expect.any(String));
  });
});
