// This file alone decides which route an HTTP request gets. Precedence is Gateway API's: the most specific host name
// (exact, then longest wildcard, then none), then exact path, longest prefix, regex, no path; then a method, most
// headers, most query parameters; then document order. A route with several `matches` competes with the entry that
// matched. A host name whose routes all miss on something else lets the less specific ones try.
import {
  maskedValue,
  type PredicateTrace,
  type RouteDecisionTrace,
  type RouteTrace,
  secretHeaderNames,
} from '../../contract/flowEvent';
import type { CompiledHttpRoute } from '../compiledConfig';
import type { ValueTest } from './compiledMatch';
import { HostnameIndex } from './hostnameIndex';
import { entriesOf, PathTable, type RouteEntry } from './pathTable';
import { cookieValue, queryValue } from './requestFields';
import type { RequestView } from './requestView';
import { boundedRoutes, hostnamePredicate, predicateTrace } from './routeTrace';

export class HttpRouteTable {
  readonly #hosts: HostnameIndex<PathTable>;

  private constructor(
    /** In document order. */
    readonly routes: readonly CompiledHttpRoute[],
    hosts: HostnameIndex<PathTable>,
  ) {
    this.#hosts = hosts;
  }

  /** `routes` in document order. Costs about their number × log; matching does not depend on it. */
  static compile(routes: readonly CompiledHttpRoute[]): HttpRouteTable {
    const hosts = new HostnameIndex<PathTable>();
    const tables = new Set<PathTable>();
    for (const route of routes) {
      const hostnames = route.config.hostnames.length === 0 ? [null] : route.config.hostnames;
      const entries = entriesOf(route);
      for (const hostname of hostnames) {
        const table = hosts.at(hostname, () => new PathTable());
        tables.add(table);
        for (const entry of entries) table.add(entry);
      }
    }
    for (const table of tables) table.sort();
    return new HttpRouteTable(routes, hosts);
  }

  match(view: RequestView): CompiledHttpRoute | null {
    return this.matchEntry(view)?.route ?? null;
  }

  /** The same, with the entry of `matches` that won. */
  matchEntry(view: RequestView): RouteEntry | null {
    if (this.routes.length === 0) return null;
    return this.#hosts.search(view.hostname, view, matchPath);
  }
}

/**
 * The decision in full, for people: every route, and the predicate on which each missed. The winner comes from the
 * table that the data path asks, so the two cannot disagree; only the words are made here.
 */
export function explainHttp(
  table: HttpRouteTable,
  listener: string,
  view: RequestView,
  maskSecrets: boolean,
): RouteDecisionTrace {
  const winner = table.matchEntry(view);
  const shown = boundedRoutes(table.routes, winner?.route ?? null);
  const routes = shown.map((route) => traceHttpRoute(route, view, winner, maskSecrets));
  return { listener, routes, omittedRoutes: table.routes.length - routes.length };
}

function matchPath(table: PathTable, view: RequestView): RouteEntry | null {
  return table.match(view);
}

function traceHttpRoute(
  route: CompiledHttpRoute,
  view: RequestView,
  winner: RouteEntry | null,
  maskSecrets: boolean,
): RouteTrace {
  const host = hostnamePredicate('hostname', route.config.hostnames, view.hostname);
  if (host !== null && !host.holds) {
    return { route: route.id, outcome: 'missed', matchIndex: null, predicates: [host] };
  }
  const traced = entriesOf(route).map((entry) => ({
    matchIndex: entry.matchIndex,
    predicates: [...(host === null ? [] : [host]), ...matchPredicates(entry, view, maskSecrets)],
  }));
  if (winner?.route === route) {
    const won = traced.find((entry) => entry.matchIndex === winner.matchIndex)!;
    return { route: route.id, outcome: 'won', ...won };
  }
  const holding = traced.find((entry) => entry.predicates.every((predicate) => predicate.holds));
  if (holding !== undefined) return { route: route.id, outcome: 'outranked', ...holding };
  return { route: route.id, outcome: 'missed', ...nearest(traced) };
}

/** Of entries that all missed, the one that held longest: the most helpful to read. */
function nearest<Entry extends { readonly predicates: readonly PredicateTrace[] }>(
  entries: readonly Entry[],
): Entry {
  const held = (entry: Entry) => entry.predicates.findIndex((predicate) => !predicate.holds);
  return entries.reduce((best, entry) => (held(entry) > held(best) ? entry : best));
}

function matchPredicates(entry: RouteEntry, view: RequestView, maskSecrets: boolean): PredicateTrace[] {
  const { match } = entry;
  const predicates: PredicateTrace[] = [];
  if (match.path !== undefined) {
    const expected = `${match.path.type} ${match.path.value}`;
    predicates.push(predicateTrace('path', expected, view.path, match.pathHolds(view.path)));
  }
  if (match.method !== null) {
    predicates.push(predicateTrace('method', match.method, view.method, match.method === view.method));
  }
  for (const test of match.headers) {
    const isSecret = maskSecrets && secretHeaderNames.has(test.name);
    predicates.push(valuePredicate('header', test, view.header(test.name), isSecret));
  }
  for (const test of match.query) {
    predicates.push(valuePredicate('query', test, queryValue(view.query, test.name), false));
  }
  for (const test of match.cookies) {
    predicates.push(
      valuePredicate('cookie', test, cookieValue(view.header('cookie'), test.name), maskSecrets),
    );
  }
  return predicates;
}

function valuePredicate(
  name: 'header' | 'query' | 'cookie',
  test: ValueTest,
  actual: string | undefined,
  isSecret: boolean,
): PredicateTrace {
  const shownActual = actual !== undefined && isSecret ? maskedValue : (actual ?? null);
  return predicateTrace(name, expectedValue(test, isSecret), shownActual, test.holds(actual));
}

function expectedValue({ config }: ValueTest, isSecret: boolean): string {
  if (config.type === 'present') return `${config.name} is present`;
  const value = isSecret ? maskedValue : (config.value ?? '');
  return config.type === 'regex' ? `${config.name} matches ${value}` : `${config.name} = ${value}`;
}
