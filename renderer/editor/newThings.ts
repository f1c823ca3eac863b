// New listeners, routes, pools and endpoints with sensible first values, attached to what is selected.
import type { ListenerProtocol, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { freeId, freePort } from '../stores/freeNames';
import { routeKindsOf } from './editFromGraph';
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

function addListener(document: WorkspaceDocument, protocol: ListenerProtocol): Addition {
  const id = freeId(listenerIds[protocol], document.listeners);
  const port = freePort(document, firstPorts[protocol]);
  const tls = protocol === 'https' ? { tls: { certificates: [] } } : {};
  return {
    edits: [{ type: 'addListener', listener: { id, port, protocol, ...tls } }],
    node: formatNode({ kind: 'listener', id }),
  };
}

function addRoute(document: WorkspaceDocument, selected: string | null): Addition {
  const routed = (document.listeners ?? []).filter(({ protocol }) => routeKindsOf(protocol).length > 0);
  const node = selected === null ? null : parseNode(selected);
  const listener =
    (node?.kind === 'listener' ? routed.find((item) => item.id === node.id) : undefined) ?? routed[0];
  const kind = listener === undefined ? 'http' : routeKindsOf(listener.protocol)[0]!;
  const id = freeId('route', document.routes);
  const route: RouteDocument = { id, kind, listeners: listener === undefined ? [] : [listener.id] };
  return { edits: [{ type: 'addRoute', route }], node: formatNode({ kind: 'route', id }) };
}

function addPool(document: WorkspaceDocument, selected: string | null): Addition {
  const id = freeId('pool', document.pools);
  const pool = { id, endpoints: [{ address: '127.0.0.1', port: firstEndpointPort }] };
  const edits: ConfigEdit[] = [{ type: 'addPool', pool }];
  const node = selected === null ? null : parseNode(selected);
  const route = node?.kind === 'route' ? document.routes?.find((item) => item.id === node.id) : undefined;
  if (route !== undefined) {
    edits.push({ type: 'setBackends', route: route.id, backends: [...(route.backends ?? []), { pool: id }] });
  }
  return { edits, node: formatNode({ kind: 'pool', id }) };
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

/** What comes next behind the selected node, for its "+" button; null = nothing does. */
export function nextThing(selected: string): { readonly thing: NewThing; readonly label: string } | null {
  switch (parseNode(selected)?.kind) {
    case 'client':
      return { thing: { kind: 'listener', protocol: 'http' }, label: 'Add a listener' };
    case 'listener':
      return { thing: { kind: 'route' }, label: 'Add a route' };
    case 'route':
      return { thing: { kind: 'pool' }, label: 'Add a pool' };
    case 'pool':
      return { thing: { kind: 'endpoint' }, label: 'Add an endpoint' };
    default:
      return null;
  }
}
