import { describe, expect, it } from 'vitest';
import { parseByteRange } from '../../../../main/engine/cache/byteRange';
import { isNotModified, rangeWanted } from '../../../../main/engine/cache/conditions';
import { listHasTag } from '../../../../main/engine/cache/entityTag';
import { selectingKey, selectingNames } from '../../../../main/engine/cache/selectingFields';
import { factsOf } from '../../../../main/engine/cache/storedResponse';

const now = Date.UTC(2026, 10, 25);
const date = (seconds: number) => new Date(now + seconds * 1000).toUTCString();
const none = { ifNoneMatch: undefined, ifModifiedSince: undefined, ifRange: undefined, range: undefined };
const facts = (headers: [string, string][]) =>
  factsOf({ status: 200, reason: 'OK', headers, requestedAt: now, receivedAt: now });

describe('listHasTag', () => {
  const rows: readonly [list: string, tag: string, holds: boolean][] = [
    ['"a"', '"a"', true],
    ['W/"a"', '"a"', true],
    ['"a"', 'W/"a"', true],
    ['"x", "a" ,"y"', '"a"', true],
    ['*', '"a"', true],
    ['"b"', '"a"', false],
    ['"a", b', '"b"', false],
    ['"a,b"', '"a"', false],
    ['', '"a"', false],
  ];
  it.each(rows)('%s names %s: %s', (list, tag, holds) => {
    expect(listHasTag(list, tag)).toBe(holds);
  });
});

describe('isNotModified', () => {
  const both = facts([
    ['ETag', '"a"'],
    ['Last-Modified', date(-100)],
    ['Date', date(0)],
  ]);
  it('lets If-None-Match decide alone', () => {
    const ifModifiedSince = date(0);
    expect(isNotModified({ ...none, ifNoneMatch: '"b"', ifModifiedSince }, both, now)).toBe(false);
    expect(isNotModified({ ...none, ifNoneMatch: '"a"', ifModifiedSince: date(-500) }, both, now)).toBe(true);
  });
  it('compares If-Modified-Since with Last-Modified, or with Date when there is none', () => {
    expect(isNotModified({ ...none, ifModifiedSince: date(-100) }, both, now)).toBe(true);
    expect(isNotModified({ ...none, ifModifiedSince: date(-101) }, both, now)).toBe(false);
    expect(isNotModified({ ...none, ifModifiedSince: date(0) }, facts([['Date', date(0)]]), now)).toBe(true);
    expect(isNotModified({ ...none, ifModifiedSince: 'yesterday' }, both, now)).toBe(false);
  });
});

describe('parseByteRange', () => {
  const rows: readonly [value: string, expected: ReturnType<typeof parseByteRange>][] = [
    ['bytes=0-1', { first: 0, last: 1 }],
    ['bytes=1-', { first: 1, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-30', { first: 0, last: 9 }],
    ['bytes=5-99999999999999999999', { first: 5, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', 'ignored'],
    ['bytes=0-1,3-4', 'ignored'],
    ['bytes=-', 'ignored'],
    ['lines=0-1', 'ignored'],
  ];
  it.each(rows)('%s of 10 bytes', (value, expected) => {
    expect(parseByteRange(value, 10)).toEqual(expected);
  });
});

describe('rangeWanted', () => {
  const strong = facts([
    ['ETag', '"a"'],
    ['Last-Modified', date(-100)],
    ['Date', date(0)],
  ]);
  const ask = (ifRange: string) => rangeWanted({ ...none, range: 'bytes=0-1', ifRange }, strong, 10);
  it('gives the part only of what the client has already', () => {
    expect(ask('"a"')).toEqual({ first: 0, last: 1 });
    expect(ask(date(-100))).toEqual({ first: 0, last: 1 });
    expect(ask('W/"a"')).toBe('whole');
    expect(ask('"b"')).toBe('whole');
    expect(ask(date(-99))).toBe('whole');
  });
  it('does not trust a Last-Modified of the same second', () => {
    const young = facts([
      ['Last-Modified', date(0)],
      ['Date', date(0)],
    ]);
    expect(rangeWanted({ ...none, range: 'bytes=0-1', ifRange: date(0) }, young, 10)).toBe('whole');
  });
});

describe('selecting fields', () => {
  const key = (vary: string, headers: Record<string, string>) => {
    const names = selectingNames(vary);
    return typeof names === 'string' ? names : selectingKey(names, (name) => headers[name]);
  };
  const same: readonly [vary: string, one: Record<string, string>, other: Record<string, string>][] = [
    ['Foo', { foo: '1, 2' }, { foo: '1,2' }],
    ['Foo', { foo: ' 1, 2 ' }, { foo: '1,2' }],
    ['Foo, Bar', { foo: '1' }, { foo: '1' }],
    ['accept-language', { 'accept-language': 'en, de' }, { 'accept-language': 'dE ,  en' }],
    ['accept-encoding', { 'accept-encoding': 'gzip;q=1.0, br' }, { 'accept-encoding': 'br,gzip' }],
  ];
  it.each(same)('%s: %o is as %o', (vary, one, other) => {
    expect(key(vary, one)).toBe(key(vary, other));
  });
  const different: readonly [vary: string, one: Record<string, string>, other: Record<string, string>][] = [
    ['Foo', { foo: '1' }, { foo: '2' }],
    ['Foo', { foo: '1' }, {}],
    ['Foo', { foo: '' }, {}],
    ['Foo', { foo: 'a' }, { foo: 'A' }],
    ['Foo, Bar', { foo: '1' }, { bar: '1' }],
    ['accept-encoding', { 'accept-encoding': 'gzip;q=0' }, { 'accept-encoding': 'gzip' }],
  ];
  it.each(different)('%s: %o is not as %o', (vary, one, other) => {
    expect(key(vary, one)).not.toBe(key(vary, other));
  });
  it.each(['*', '*, *', ', *', 'Foo, *'])('Vary: %s matches nothing', (vary) => {
    expect(selectingNames(vary)).toBe('*');
  });
});
