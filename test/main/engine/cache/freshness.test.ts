import { describe, expect, it } from 'vitest';
import type { RawHeaders } from '../../../../main/contract/flowEvent';
import { responseDirectives } from '../../../../main/engine/cache/cacheControl';
import { freshnessOf, initialAgeOf } from '../../../../main/engine/cache/freshness';
import { parseHttpDate } from '../../../../main/engine/cache/httpDate';
import { fieldValue } from '../../../../main/engine/cache/responseFields';

const now = Date.UTC(2026, 10, 25, 12, 0, 0);
const date = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

describe('parseHttpDate', () => {
  const rows: readonly [text: string, iso: string | null][] = [
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Thursday, 18-Aug-50 02:01:18 GMT', '2050-08-18T02:01:18.000Z'],
    ['Thursday, 18-Aug-77 02:01:18 GMT', '1977-08-18T02:01:18.000Z'],
    ['Thu, 18 Aug 2050 02:01:18 UTC', null],
    ['Thu 18 Aug 2050 02:01:18 GMT', null],
    ['Thu, 31 Feb 2050 02:01:18 GMT', null],
    ['0', null],
    ['', null],
  ];
  it.each(rows)('%s', (text, iso) => {
    const time = parseHttpDate(text, now);
    expect(time === null ? null : new Date(time).toISOString()).toBe(iso);
  });
});

describe('freshnessOf', () => {
  const rows: readonly [
    name: string,
    status: number,
    headers: RawHeaders,
    lifetime: number,
    source: string,
  ][] = [
    ['s-maxage goes before max-age', 200, [['Cache-Control', 'max-age=1, s-maxage=9']], 9, 's-maxage'],
    [
      'max-age goes before Expires',
      200,
      [
        ['Cache-Control', 'max-age=9'],
        ['Expires', date(-5)],
      ],
      9,
      'max-age',
    ],
    [
      'Expires counts from Date',
      200,
      [
        ['Date', date(-10)],
        ['Expires', date(20)],
      ],
      30,
      'Expires',
    ],
    [
      'Expires before Date',
      200,
      [
        ['Date', date(400)],
        ['Expires', date(300)],
      ],
      -100,
      'Expires',
    ],
    [
      'Expires that is no date',
      200,
      [
        ['Date', date(0)],
        ['Expires', '0'],
      ],
      0,
      'Expires',
    ],
    [
      'two Expires',
      200,
      [
        ['Expires', date(50)],
        ['Expires', date(60)],
      ],
      0,
      'Expires',
    ],
    [
      'an unreadable Date',
      200,
      [
        ['Date', 'foo'],
        ['Expires', date(10)],
      ],
      10,
      'Expires',
    ],
    [
      'a tenth since the last change',
      200,
      [
        ['Last-Modified', date(-1000)],
        ['Date', date(0)],
      ],
      100,
      'heuristic',
    ],
    [
      'a day at most',
      404,
      [
        ['Last-Modified', date(-1e8)],
        ['Date', date(0)],
      ],
      86_400,
      'heuristic',
    ],
    ['no heuristics for a 302', 302, [['Last-Modified', date(-1000)]], 0, 'none'],
    [
      '… but with public',
      302,
      [
        ['Last-Modified', date(-1000)],
        ['Cache-Control', 'public'],
      ],
      100,
      'heuristic',
    ],
    ['nothing said', 200, [], 0, 'none'],
  ];
  it.each(rows)('%s', (_name, status, headers, lifetimeSeconds, source) => {
    const directives = responseDirectives(fieldValue(headers, 'cache-control'));
    expect(freshnessOf(status, headers, directives, now)).toEqual({ lifetimeSeconds, source });
  });

  it('ignores Expires beside CDN-Cache-Control', () => {
    const directives = responseDirectives(undefined, 'public');
    expect(freshnessOf(200, [['Expires', date(60)]], directives, now).source).toBe('none');
  });
});

describe('initialAgeOf', () => {
  const rows: readonly [name: string, headers: RawHeaders, age: number][] = [
    ['nothing said', [], 0],
    ['Date in the past', [['Date', date(-30)]], 30],
    ['Date in the future', [['Date', date(30)]], 0],
    ['Age and the time that the answer took', [['Age', '20']], 22],
    [
      'the larger of the two',
      [
        ['Age', '20'],
        ['Date', date(-300)],
      ],
      300,
    ],
    ['Age that is no number', [['Age', 'abc']], Number.POSITIVE_INFINITY],
    ['Age below zero', [['Age', '-1']], Number.POSITIVE_INFINITY],
    [
      'several Ages',
      [
        ['Age', '0'],
        ['Age', '0'],
      ],
      Number.POSITIVE_INFINITY,
    ],
  ];
  it.each(rows)('%s', (_name, headers, age) => {
    expect(initialAgeOf(headers, now - 2000, now)).toBe(age);
  });
});
