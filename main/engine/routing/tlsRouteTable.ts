// Which tls route a ClientHello gets: the most specific name (exact, then longest wildcard, then routes without
// names, which also take hellos without SNI), then document order.
import type { RouteDecisionTrace, RouteTrace } from '../../contract/flowEvent';
import type { CompiledTlsRoute } from '../compiledConfig';
import { HostnameIndex } from './hostnameIndex';
import { boundedRoutes, hostnamePredicate } from './routeTrace';

export class TlsRouteTable {
  readonly #names: HostnameIndex<CompiledTlsRoute>;

  private constructor(
    /** In document order. */
    readonly routes: readonly CompiledTlsRoute[],
    names: HostnameIndex<CompiledTlsRoute>,
  ) {
    this.#names = names;
  }

  /** `routes` in document order: the first that claims a name keeps it. */
  static compile(routes: readonly CompiledTlsRoute[]): TlsRouteTable {
    const names = new HostnameIndex<CompiledTlsRoute>();
    for (const route of routes) {
      const hostnames = route.config.hostnames.length === 0 ? [null] : route.config.hostnames;
      for (const hostname of hostnames) names.at(hostname, () => route);
    }
    return new TlsRouteTable(routes, names);
  }

  /** `serverName` null = the hello has none. */
  match(serverName: string | null): CompiledTlsRoute | null {
    if (this.routes.length === 0) return null;
    return this.#names.search(serverName ?? '', null, identity);
  }
}

/** The decision in full, for people; the winner comes from the same table. */
export function explainTls(
  table: TlsRouteTable,
  listener: string,
  serverName: string | null,
): RouteDecisionTrace {
  const winner = table.match(serverName);
  const shown = boundedRoutes(table.routes, winner);
  const routes = shown.map((route) => traceTlsRoute(route, serverName, winner));
  return { listener, routes, omittedRoutes: table.routes.length - routes.length };
}

function identity(route: CompiledTlsRoute): CompiledTlsRoute {
  return route;
}

function traceTlsRoute(
  route: CompiledTlsRoute,
  serverName: string | null,
  winner: CompiledTlsRoute | null,
): RouteTrace {
  const name = hostnamePredicate('serverName', route.config.hostnames, serverName);
  const holds = name === null || name.holds;
  const outcome = route === winner ? 'won' : holds ? 'outranked' : 'missed';
  return { route: route.id, outcome, matchIndex: null, predicates: name === null ? [] : [name] };
}
