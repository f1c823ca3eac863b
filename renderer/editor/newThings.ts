// New listeners, routes, pools and endpoints with sensible first values, attached to what is selected.
import type {
  ListenerDocument,
  ListenerProtocol,
  PoolDocument,
  RouteDocument,
  WorkspaceDocument,
} from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { freeId, freePort } from '../stores/freeNames';
import { newBackend, routeKindsOf } from './editFromGraph';
import { endpointNode, formatNode, parseNode } from './nodeIds';

export type NewThing =
  | { readonly kind: 'listener'; readonly protocol: ListenerProtocol }
  | { readonly kind: 'route' }
  | { readonly kind: 'pool' }
  | { readonly kind: 'endpoint' };

export interface Addition {
  readonly edits: readonly ConfigEdit[];
  /** The node to select afterwards. */
  readonly node: string;
}

const firstPorts = { http: 8080, https: 8443, tls: 9443, tcp: 5433, forward: 3128 } as const;
const listenerIds = { http: 'web', https: 'secure', tls: 'edge', tcp: 'tcp', forward: 'out' } as const;
const firstEndpointPort = 3000;

/** null = it would have nothing to hang on: an endpoint without any pool. */
export function addThing(
  document: WorkspaceDocument,
  selected: string | null,
  thing: NewThing,
): Addition | null {
  switch (thing.kind) {
    case 'listener':
      return addListener(document, thing.protocol);
    case 'route':
      return addRoute(document, selected);
    case 'pool':
      return addPool(document, selected);
    case 'endpoint':
      return addEndpoint(document, selected);
  }
}

export function newListener(
  document: WorkspaceDocument,
  protocol: ListenerProtocol,
): { readonly listener: ListenerDocument; readonly node: string } {
  const id = freeId(listenerIds[protocol], document.listeners);
  const port = freePort(document, firstPorts[protocol]);
  const tls = protocol === 'https' ? { tls: { certificates: [] } } : {};
  return { listener: { id, port, protocol, ...tls }, node: formatNode({ kind: 'listener', id }) };
}

export function newRoute(
  document: WorkspaceDocument,
  kind: RouteDocument['kind'],
  listeners: string[],
): { readonly route: RouteDocument; readonly node: string } {
  const id = freeId('route', document.routes);
  return { route: { id, kind, listeners }, node: formatNode({ kind: 'route', id }) };
}

export function newPool(document: WorkspaceDocument): { readonly pool: PoolDocument; readonly node: string } {
  const id = freeId('pool', document.pools);
  return {
    pool: { id, endpoints: [{ address: '127.0.0.1', port: firstEndpointPort }] },
    node: formatNode({ kind: 'pool', id }),
  };
}

function addListener(document: WorkspaceDocument, protocol: ListenerProtocol): Addition {
  const { listener, node } = newListener(document, protocol);
  return { edits: [{ type: 'addListener', listener }], node };
}

function addRoute(document: WorkspaceDocument, selected: string | null): Addition {
  const listeners = (document.listeners ?? []).filter(({ protocol }) => routeKindsOf(protocol).length > 0);
  const at = selected === null ? null : parseNode(selected);
  const listener =
    (at?.kind === 'listener' ? listeners.find((item) => item.id === at.id) : undefined) ?? listeners[0];
  const kind = listener === undefined ? 'http' : routeKindsOf(listener.protocol)[0]!;
  const { route, node } = newRoute(document, kind, listener === undefined ? [] : [listener.id]);
  return { edits: [{ type: 'addRoute', route }], node };
}

function addPool(document: WorkspaceDocument, selected: string | null): Addition {
  const { pool, node } = newPool(document);
  const edits: ConfigEdit[] = [{ type: 'addPool', pool }];
  const at = selected === null ? null : parseNode(selected);
  const route = at?.kind === 'route' ? document.routes?.find((item) => item.id === at.id) : undefined;
  if (route !== undefined) {
    const backends = route.backends ?? [];
    edits.push({
      type: 'setBackends',
      route: route.id,
      backends: [...backends, newBackend(backends, pool.id)],
    });
  }
  return { edits, node };
}

function addEndpoint(document: WorkspaceDocument, selected: string | null): Addition | null {
  const node = selected === null ? null : parseNode(selected);
  const wanted = node?.kind === 'pool' ? node.id : node?.kind === 'endpoint' ? node.pool : undefined;
  const pool = document.pools?.find((item) => item.id === wanted) ?? document.pools?.at(0);
  if (pool === undefined) return null;
  const last = pool.endpoints.at(-1);
  const port = last === undefined ? firstEndpointPort : Math.min(last.port + 1, 65535);
  return {
    edits: [
      { type: 'addEndpoint', pool: pool.id, endpoint: { address: last?.address ?? '127.0.0.1', port } },
    ],
    node: endpointNode(pool.id, pool.endpoints.length),
  };
}
