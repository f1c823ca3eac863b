// The table against a reference that does what the design says in the slowest and plainest way.
import { describe, expect, it } from 'vitest';
import type { HttpMatch, HttpRouteDocument } from '../../../../main/contract/config';
import { explainHttp, HttpRouteTable } from '../../../../main/engine/routing/httpRouteTable';
import type { RequestView } from '../../../../main/engine/routing/requestView';
import { compileRoutes, request } from './routeFixtures';

interface Candidate {
  readonly route: string;
  readonly rank: readonly number[];
}

function referenceWinner(routes: readonly HttpRouteDocument[], view: RequestView): string | null {
  const candidates: Candidate[] = [];
  routes.forEach((route, order) => {
    const hostnames = route.hostnames === undefined || route.hostnames.length === 0 ? ['*'] : route.hostnames;
    const matches = route.matches === undefined || route.matches.length === 0 ? [{}] : route.matches;
    for (const hostname of hostnames) {
      if (!hostHolds(hostname, view.hostname)) continue;
      for (const match of matches as HttpMatch[]) {
        if (!matchHolds(match, view)) continue;
        candidates.push({ route: route.id, rank: [...hostRank(hostname), ...matchRank(match), -order] });
      }
    }
  });
  candidates.sort((a, b) => compareRanks(b.rank, a.rank));
  return candidates[0]?.route ?? null;
}

function hostHolds(pattern: string, hostname: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.')
    ? hostname.endsWith(pattern.slice(1)) && hostname.length >= pattern.length
    : pattern === hostname;
}

function hostRank(pattern: string): number[] {
  if (pattern === '*') return [0, 0];
  return pattern.startsWith('*.') ? [1, pattern.length] : [2, 0];
}

function matchHolds(match: HttpMatch, view: RequestView): boolean {
  const { path, method, headers = [], query = [], cookies = [] } = match;
  if (path?.type === 'exact' && path.value !== view.path) return false;
  if (path?.type === 'regex' && !new RegExp(`^(?:${path.value})$`).test(view.path)) return false;
  if (path?.type === 'prefix') {
    const wanted = path.value.split('/').filter((part, index, all) => index < all.length - 1 || part !== '');
    if (!wanted.every((part, index) => view.path.split('/')[index] === part)) return false;
  }
  if (method !== undefined && method !== view.method) return false;
  const parameters = new URLSearchParams(view.query);
  const jar = new Map(
    (view.header('cookie') ?? '').split('; ').map((pair) => pair.split('=') as [string, string]),
  );
  return (
    headers.every((test) => valueHolds(test, view.header(test.name))) &&
    query.every((test) => valueHolds(test, parameters.get(test.name) ?? undefined)) &&
    cookies.every((test) => valueHolds(test, jar.get(test.name)))
  );
}

function valueHolds(test: HttpMatch['headers'][number], actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return (
    test.type === 'present' ||
    (test.type === 'regex' ? new RegExp(`^(?:${test.value})$`).test(actual) : test.value === actual)
  );
}

function matchRank({ path, method, headers = [], query = [], cookies = [] }: HttpMatch): number[] {
  const pathRank = path === undefined ? 0 : { regex: 1, prefix: 2, exact: 3 }[path.type];
  const prefixLength = path?.type === 'prefix' ? path.value.replace(/\/+$/, '').length : 0;
  return [
    pathRank,
    prefixLength,
    method === undefined ? 0 : 1,
    headers.length + cookies.length,
    query.length,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return a[index]! - b[index]!;
  return 0;
}

// ---------------------------------------------------------------- random routes and requests

/** mulberry32: small, seeded, good enough to shuffle tests. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hosts = ['a.test', 'b.a.test', 'c.b.a.test', 'test', 'x.test', 'aa.test'];
const patterns = ['a.test', 'b.a.test', '*.a.test', '*.b.a.test', '*.test', 'x.test'];
const paths = ['/', '/a', '/a/', '/a/b', '/a/b/c', '/ab', '/b', '/a//b', '*'];
const prefixes = ['/', '/a', '/a/', '/a/b', '/b', '/a//b'];
const regexes = ['/a.*', '/(a|b)', '.*', '/a/[a-c]+/?.*', '/\\w{1,2}'];
const values = ['1', '2', 'one two'];

function randomRoutes(random: () => number): HttpRouteDocument[] {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const some = <Item>(items: readonly Item[], max: number): Item[] =>
    Array.from({ length: Math.floor(random() * (max + 1)) }, () => pick(items));
  const namedTests = (names: readonly string[]) =>
    some(names, 1).map((name) => {
      const type = pick(['exact', 'regex', 'present'] as const);
      return type === 'present'
        ? { name, type }
        : { name, type, value: type === 'regex' ? '[12]' : pick(values) };
    });
  const randomPath = () => {
    const type = pick(['exact', 'prefix', 'regex'] as const);
    const value = {
      exact: () => pick(paths.slice(0, -1)),
      prefix: () => pick(prefixes),
      regex: () => pick(regexes),
    };
    return { type, value: value[type]() };
  };
  return Array.from({ length: 1 + Math.floor(random() * 12) }, (_, index) => ({
    id: `r${index}`,
    kind: 'http' as const,
    listeners: ['web'],
    hostnames: [...new Set(some(patterns, 2))],
    matches: Array.from({ length: Math.floor(random() * 3) }, () => ({
      ...(random() < 0.75 ? { path: randomPath() } : {}),
      ...(random() < 0.3 ? { method: pick(['GET', 'POST']) } : {}),
      headers: namedTests(['x-a', 'x-b']),
      query: random() < 0.4 ? namedTests(['q', 'w']) : [],
      cookies: random() < 0.3 ? namedTests(['c']) : [],
    })),
  }));
}

function randomRequest(random: () => number): RequestView {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)]!;
  const headers: Record<string, string> = {};
  for (const name of ['x-a', 'x-b']) if (random() < 0.5) headers[name] = pick(values);
  if (random() < 0.5) headers.cookie = `z=9; c=${pick(['1', '2'])}`;
  const query = random() < 0.5 ? `q=${encodeURIComponent(pick(values)).replaceAll('%20', '+')}&w=1` : '';
  return request({
    method: pick(['GET', 'POST', 'PUT']),
    hostname: pick(hosts),
    path: pick(paths),
    query,
    headers,
  });
}

describe('route precedence', () => {
  it.each([1, 2, 3, 4])('is that of the design for thousands of random route sets (seed %d)', (seed) => {
    const random = seededRandom(seed);
    let won = 0;
    for (let round = 0; round < 1500; round++) {
      const routes = randomRoutes(random);
      const table = HttpRouteTable.compile(compileRoutes(routes));
      for (let times = 0; times < 6; times++) {
        const view = randomRequest(random);
        const expected = referenceWinner(routes, view);
        const winner = table.match(view)?.id ?? null;
        const trace = explainHttp(table, 'web', view, true);
        const explained = trace.routes.find(({ outcome }) => outcome === 'won');
        if (winner !== expected || (explained?.route ?? null) !== expected) {
          throw new Error(JSON.stringify({ routes, view, expected, winner, explained }, null, 1));
        }
        expect(explained?.predicates.every(({ holds }) => holds) ?? true).toBe(true);
        for (const { outcome, predicates } of trace.routes) {
          expect(predicates.every(({ holds }) => holds)).toBe(outcome !== 'missed');
        }
        if (winner !== null) won++;
      }
    }
    expect(won).toBeGreaterThan(3000);
  });
});
