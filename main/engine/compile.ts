// Workspace → the frozen tables that the data path reads. Pure; cannot fail on a workspace without errors.
import { parseAddressRange } from '../contract/addressRange';
import {
  type Backend,
  forwardSchema,
  type Listener,
  type Pool,
  type Route,
  type Workspace,
} from '../contract/config';
import { type DestinationPattern, parseDestinationPattern } from '../contract/destinationPattern';
import type {
  CompiledBackends,
  CompiledConfig,
  CompiledEndpoint,
  CompiledHttpRoute,
  CompiledListener,
  CompiledPool,
  CompiledTcpRoute,
  CompiledTls,
  CompiledTlsRoute,
} from './compiledConfig';
import { compileFilters } from './filter/compileFilters';
import { type KeptFilters, keptFilters, nothingKept } from './filter/keptFilters';
import { HttpRouteTable } from './routing/httpRouteTable';
import { TlsRouteTable } from './routing/tlsRouteTable';
import { formatAddress } from './socketAddress';
import { backendsOf } from './upstream/pickBackend';
import type { UpstreamTls } from './upstream/upstreamTls';

export interface CompileInput {
  readonly revision: number;
  readonly workspace: Workspace;
  /** Certificates ready to be served, by listener id. */
  readonly tls: ReadonlyMap<string, CompiledTls>;
  /** What encrypts towards endpoints, by pool id. */
  readonly poolTls?: ReadonlyMap<string, UpstreamTls>;
  /** The configuration that this one replaces: what its filters keep goes on where route and filter stay as they are. */
  readonly earlier?: CompiledConfig;
}

type CompiledRoute =
  | { readonly kind: 'http'; readonly route: CompiledHttpRoute }
  | { readonly kind: 'tls'; readonly route: CompiledTlsRoute }
  | { readonly kind: 'tcp'; readonly route: CompiledTcpRoute };

export function compileWorkspace(input: CompileInput): CompiledConfig {
  const { revision, workspace, tls, poolTls, earlier } = input;
  const kept = earlier === undefined ? nothingKept : keptFilters(earlier);
  const pools = new Map(
    workspace.pools.map((pool) => [pool.id, compilePool(pool, poolTls?.get(pool.id) ?? null)]),
  );
  const byListener = new Map<string, CompiledRoute[]>(workspace.listeners.map(({ id }) => [id, []]));
  workspace.routes.forEach((config, order) => {
    const route = compileRoute(config, order, pools, kept);
    for (const id of new Set(config.listeners)) byListener.get(id)?.push(route);
  });
  const listeners = new Map(
    workspace.listeners.map((config) => {
      const routes = byListener.get(config.id)!;
      return [config.id, compileListener(config, routes, tls.get(config.id) ?? null)];
    }),
  );
  return Object.freeze({ revision, listeners, pools, capture: Object.freeze(workspace.capture) });
}

function compileListener(
  config: Listener,
  routes: readonly CompiledRoute[],
  tls: CompiledTls | null,
): CompiledListener {
  return Object.freeze({
    config,
    httpRoutes: HttpRouteTable.compile(routes.flatMap((each) => (each.kind === 'http' ? [each.route] : []))),
    tlsRoutes: TlsRouteTable.compile(routes.flatMap((each) => (each.kind === 'tls' ? [each.route] : []))),
    tcpRoute: routes.flatMap((each) => (each.kind === 'tcp' ? [each.route] : []))[0] ?? null,
    trustedProxies: config.trustedProxies.flatMap((text) => parseAddressRange(text) ?? []),
    forwardAllow: config.protocol === 'forward' ? allowed(config) : [],
    tls,
  });
}

function allowed({ forward }: Listener): DestinationPattern[] {
  const { allow } = forward ?? forwardSchema.parse({});
  return allow.flatMap((text) => {
    const pattern = parseDestinationPattern(text);
    return typeof pattern === 'string' ? [] : [pattern];
  });
}

function compileRoute(
  config: Route,
  order: number,
  pools: ReadonlyMap<string, CompiledPool>,
  kept: KeptFilters,
): CompiledRoute {
  const { id } = config;
  const backends = compileBackends(id, config.backends, pools);
  switch (config.kind) {
    case 'http': {
      const compiled = compileFilters(config.filters, (position) => kept(config, position));
      const route = Object.freeze({ id, order, config, ...compiled, backends });
      return { kind: 'http', route };
    }
    case 'tls':
      return { kind: 'tls', route: Object.freeze({ id, order, config, backends }) };
    case 'tcp':
      return { kind: 'tcp', route: Object.freeze({ id, order, config, backends }) };
  }
}

function compileBackends(
  route: string,
  backends: readonly Backend[],
  pools: ReadonlyMap<string, CompiledPool>,
): CompiledBackends {
  return backendsOf(
    route,
    backends.flatMap(({ pool: id, weight }) => {
      const pool = pools.get(id);
      return pool === undefined ? [] : [{ pool, weight }];
    }),
  );
}

function compilePool(config: Pool, tls: UpstreamTls | null): CompiledPool {
  const endpoints = config.endpoints.map(({ address, port, weight }): CompiledEndpoint => {
    const authority = formatAddress(address, port);
    return Object.freeze({ key: authority, authority, address, name: address, port, weight });
  });
  const needsTransport = tls !== null || config.sendProxyProtocol !== 'off';
  return Object.freeze({ id: config.id, config, tls, needsTransport, endpoints });
}
