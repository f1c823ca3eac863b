import { describe, expect, it } from 'vitest';
import type { HttpRouteDocument } from '../../../../main/contract/config';
import { maskedValue } from '../../../../main/contract/flowEvent';
import { explainHttp, HttpRouteTable } from '../../../../main/engine/routing/httpRouteTable';
import { compileRoutes, type RequestParts, request } from './routeFixtures';

function route(id: string, parts: Partial<HttpRouteDocument> = {}): HttpRouteDocument {
  return { id, kind: 'http', listeners: ['web'], ...parts };
}

function tableOf(...routes: HttpRouteDocument[]): HttpRouteTable {
  return HttpRouteTable.compile(compileRoutes(routes));
}

describe('HttpRouteTable', () => {
  const hostTable = tableOf(
    route('any'),
    route('wide', { hostnames: ['*.test'] }),
    route('wild', { hostnames: ['*.a.test'] }),
    route('exact', { hostnames: ['b.a.test'] }),
    route('six', { hostnames: ['[::1]'] }),
  );
  it.each([
    ['b.a.test', 'exact'],
    ['b.a.test.', 'exact'],
    ['c.a.test', 'wild'],
    ['d.c.a.test', 'wild'],
    ['a.test', 'wide'],
    ['test', 'any'],
    ['a.test.evil', 'any'],
    ['[::1]', 'six'],
    ['::1', 'six'],
    ['', 'any'],
    [`${'a.'.repeat(5000)}a.test`, 'wild'],
  ])('gives host %s the most specific route', (hostname, expected) => {
    expect(hostTable.match(request({ hostname }))?.id).toBe(expected);
  });

  const path = (type: 'exact' | 'prefix' | 'regex', value: string) => ({
    matches: [{ path: { type, value } }],
  });
  const pathTable = tableOf(
    route('none'),
    route('regex', path('regex', '/a/\\d+')),
    route('root', { hostnames: ['a.test'], ...path('prefix', '/api') }),
    route('deep', path('prefix', '/api/v1/')),
    route('exact', path('exact', '/api/v1/users')),
  );
  it.each([
    ['/api/v1/users', 'exact'],
    ['/api/v1/users/', 'deep'],
    ['/api/v1', 'deep'],
    ['/api/v10', 'none'],
    ['/API/v1', 'none'],
    ['/a/42', 'regex'],
    ['/a/42/x', 'none'],
    ['*', 'none'],
  ])('gives path %s the most specific route', (value, expected) => {
    expect(pathTable.match(request({ hostname: 'x.test', path: value }))?.id).toBe(expected);
  });

  it('lets a less specific host try when the more specific one misses', () => {
    const table = tableOf(route('host', { hostnames: ['a.test'], ...path('prefix', '/x') }), route('any'));
    expect(table.match(request({ path: '/y' }))?.id).toBe('any');
  });

  const cases: readonly (readonly [string, HttpRouteDocument['matches'], RequestParts, boolean])[] = [
    [
      'a header in any case',
      [{ headers: [{ name: 'X-Canary', value: '1' }] }],
      { headers: { 'x-canary': '1' } },
      true,
    ],
    [
      'another value',
      [{ headers: [{ name: 'x-canary', value: '1' }] }],
      { headers: { 'x-canary': '11' } },
      false,
    ],
    ['a header that is there', [{ headers: [{ name: 'x', type: 'present' }] }], { headers: { x: '' } }, true],
    [
      'a header pattern for the whole value',
      [{ headers: [{ name: 'x', type: 'regex', value: 'a+' }] }],
      { headers: { x: 'aab' } },
      false,
    ],
    ['a decoded parameter', [{ query: [{ name: 'a b', value: 'c&d' }] }], { query: 'x&a+b=c%26d' }, true],
    ['the first of two parameters', [{ query: [{ name: 'a', value: '2' }] }], { query: 'a=1&a=2' }, false],
    ['a parameter without value', [{ query: [{ name: 'a', value: '' }] }], { query: 'a' }, true],
    ['a broken escape', [{ query: [{ name: 'a', value: '%zz' }] }], { query: 'a=%zz' }, true],
    [
      'a cookie',
      [{ cookies: [{ name: 'beta', value: 'yes' }] }],
      { headers: { cookie: 'a=b; beta="yes"' } },
      true,
    ],
    [
      'a cookie whose name only ends so',
      [{ cookies: [{ name: 'beta', value: 'yes' }] }],
      { headers: { cookie: 'alphabeta=yes' } },
      false,
    ],
  ];
  it.each(cases)('judges %s', (_title, matches, parts, expected) => {
    expect(tableOf(route('r', { matches: matches! })).match(request(parts)) !== null).toBe(expected);
  });

  it('does not let a long path or a hostile one hold the engine', () => {
    const table = tableOf(route('regex', path('regex', '/(a+)+b')), route('deep', path('prefix', '/a/a/a')));
    const started = performance.now();
    expect(table.match(request({ path: `/${'a'.repeat(16_000)}` }))).toBeNull();
    expect(table.match(request({ path: '/'.repeat(16_000) }))).toBeNull();
    expect(table.match(request({ path: `${'/a'.repeat(8000)}` }))?.id).toBe('deep');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('costs with 10,000 routes about what it costs with 10', () => {
    const many = (count: number) =>
      tableOf(
        ...Array.from({ length: count }, (_, index) =>
          route(`r${index}`, {
            hostnames: [`h${index % (count / 2)}.test`],
            ...path('prefix', `/p${index}/x`),
          }),
        ),
      );
    const cost = (table: HttpRouteTable, count: number): number => {
      const views = Array.from({ length: 64 }, (_, index) => {
        const at = Math.floor((index / 64) * count);
        return request({ hostname: `h${at % (count / 2)}.test`, path: `/p${at}/x/y` });
      });
      for (const view of views) expect(table.match(view)).not.toBeNull();
      const rounds = Array.from({ length: 15 }, () => {
        const started = performance.now();
        for (let turn = 0; turn < 200; turn++) for (const view of views) table.match(view);
        return performance.now() - started;
      });
      return Math.min(...rounds);
    };
    const [few, plenty] = [many(10), many(10_000)];
    expect(cost(plenty, 10_000)).toBeLessThan(cost(few, 10) * 5);
  });
});

describe('explainHttp', () => {
  const table = tableOf(
    route('canary', { matches: [{ headers: [{ name: 'x-canary', value: '1' }] }] }),
    route('secret', {
      matches: [
        {
          headers: [{ name: 'authorization', value: 'Bearer abc' }],
          cookies: [{ name: 'sid', type: 'present' }],
        },
      ],
    }),
    route('other', { hostnames: ['b.test'] }),
    route('several', { matches: [{ method: 'POST' }, { path: { type: 'prefix', value: '/a' } }] }),
    route('all'),
  );

  it('says of every route on which predicate it missed', () => {
    const view = request({
      path: '/a/b',
      headers: { 'x-canary': '2', authorization: 'Bearer xyz', cookie: 'sid=42' },
    });
    expect(explainHttp(table, 'web', view, true)).toEqual({
      listener: 'web',
      omittedRoutes: 0,
      routes: [
        {
          route: 'canary',
          outcome: 'missed',
          matchIndex: 0,
          predicates: [{ predicate: 'header', expected: 'x-canary = 1', actual: '2', holds: false }],
        },
        {
          route: 'secret',
          outcome: 'missed',
          matchIndex: 0,
          predicates: [
            {
              predicate: 'header',
              expected: `authorization = ${maskedValue}`,
              actual: maskedValue,
              holds: false,
            },
            { predicate: 'cookie', expected: 'sid is present', actual: maskedValue, holds: true },
          ],
        },
        {
          route: 'other',
          outcome: 'missed',
          matchIndex: null,
          predicates: [{ predicate: 'hostname', expected: 'b.test', actual: 'a.test', holds: false }],
        },
        {
          route: 'several',
          outcome: 'won',
          matchIndex: 1,
          predicates: [{ predicate: 'path', expected: 'prefix /a', actual: '/a/b', holds: true }],
        },
        { route: 'all', outcome: 'outranked', matchIndex: null, predicates: [] },
      ],
    });
    expect(JSON.stringify(explainHttp(table, 'web', view, false))).toContain('Bearer xyz');
  });

  it('is bounded and always shows the winner', () => {
    const routes = Array.from({ length: 500 }, (_, index) =>
      route(`r${index}`, { hostnames: [`h${index}.test`] }),
    );
    const trace = explainHttp(
      tableOf(...routes),
      'web',
      request({ hostname: 'h400.test', path: `/${'x'.repeat(9000)}` }),
      true,
    );
    expect(trace.routes).toHaveLength(64);
    expect(trace.omittedRoutes).toBe(436);
    expect(trace.routes.at(-1)).toMatchObject({ route: 'r400', outcome: 'won' });
    expect(JSON.stringify(trace).length).toBeLessThan(64 * 1000);
  });
});
