import { describe, expect, it } from 'vitest';
import { requestDirectives, responseDirectives } from '../../../../main/engine/cache/cacheControl';

describe('Cache-Control of responses', () => {
  const seconds: readonly [value: string, maxAge: number | null, sMaxage: number | null][] = [
    ['', null, null],
    ['max-age=60', 60, null],
    ['MaX-aGe=60', 60, null],
    ['max-age=003600', 3600, null],
    ['max-age="60"', 60, null],
    ["max-age='60'", 0, null],
    ['max-age=-60', 0, null],
    ['max-age=60.5', 0, null],
    ['max-age=a60', 0, null],
    ['max-age', 0, null],
    ['max-age=60, max-age=1', 60, null],
    ['max-age=99999999999', 2_147_483_648, null],
    ['foobar, max-age=60', 60, null],
    ['foobar="a, max-age=1", max-age=60', 60, null],
    ['max-age=1, extension="max-age=3600"', 1, null],
    ['extension="\\", max-age=3600", max-age=2', 2, null],
    ['max-age=1, s-maxage=3600', 1, 3600],
    [', ,max-age=5,', 5, null],
    ['max-age =60', 0, null],
  ];
  it.each(seconds)('%s', (value, maxAge, sMaxage) => {
    expect(responseDirectives(value)).toMatchObject({ maxAge, sMaxage });
  });

  it('tells no-cache and private with field names from those without', () => {
    expect(responseDirectives('no-cache="A, b", private="Set-Cookie"')).toMatchObject({
      noCache: false,
      noCacheFields: ['a', 'b'],
      isPrivate: false,
      privateFields: ['set-cookie'],
    });
    expect(responseDirectives('no-cache="a", no-cache, private')).toMatchObject({
      noCache: true,
      isPrivate: true,
    });
  });

  const targeted: readonly [targeted: string, maxAge: number | null, isTargeted: boolean][] = [
    ['max-age=600', 600, true],
    ['foobar, max-age=600;x=1', 600, true],
    ['max-age=1, max-age=600', 600, true],
    ['max-age="600"', null, true],
    ['max-age =600', 60, false],
    ['max-age=600, &&&&', 60, false],
    ['max-age=600,', 60, false],
    ['MaX-aGe=600', 60, false],
    ['', 60, false],
  ];
  it.each(targeted)('CDN-Cache-Control: %s beside max-age=60', (value, maxAge, isTargeted) => {
    expect(responseDirectives('max-age=60', value)).toMatchObject({ maxAge, isTargeted });
  });
});

describe('Surrogate-Control', () => {
  const rows: readonly [value: string, maxAge: number | null, isTargeted: boolean][] = [
    ['max-age=600', 600, true],
    ['MaX-aGe=600', 600, true],
    ['foobar, max-age=600', 600, true],
    ['max-age=600;hopscope', 600, true],
    ['max-age=600;other', 60, false],
    ['max-age =600', 60, false],
    ['content="ESI/1.0"', 60, false],
  ];
  it.each(rows)('%s beside max-age=60', (value, maxAge, isTargeted) => {
    expect(responseDirectives('max-age=60', undefined, value)).toMatchObject({ maxAge, isTargeted });
  });

  it('gives way to CDN-Cache-Control, and may say no-store and how long stale is fine', () => {
    expect(responseDirectives('', 'max-age=1', 'max-age=2')).toMatchObject({ maxAge: 1 });
    expect(responseDirectives('max-age=60', undefined, 'no-store')).toMatchObject({ noStore: true });
    expect(responseDirectives('', undefined, 'max-age=5+30')).toMatchObject({ staleWhileRevalidate: 30 });
  });
});

describe('Cache-Control of requests', () => {
  it('reads what a client may ask', () => {
    expect(requestDirectives('max-age=0, max-stale, min-fresh=5, only-if-cached, no-store')).toEqual({
      maxAge: 0,
      maxStale: Number.POSITIVE_INFINITY,
      minFresh: 5,
      noCache: false,
      noStore: true,
      onlyIfCached: true,
      staleIfError: null,
    });
    expect(requestDirectives('max-stale=10, no-cache')).toMatchObject({ maxStale: 10, noCache: true });
  });
});
