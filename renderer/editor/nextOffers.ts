// What can come next to a node: behind it or in front of it, new or already there. The menus of a line that was dropped on
// the empty canvas, of the key A and of the "+" all show these.
import type { ListenerProtocol, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { newBackend, offerConnection, routeKindsOf } from './editFromGraph';
import { editableFilters } from './filterTexts';
import { addThing, type NewThing, newListener, newPool, newRoute } from './newThings';
import { formatNode, parseNode } from './nodeIds';

export type Direction = 'behind' | 'before';

export interface NextOffer {
  readonly kind: 'listener' | 'route' | 'pool' | 'endpoint' | 'filter';
  readonly label: string;
  readonly hint: string;
  readonly isNew: boolean;
  readonly edits: readonly ConfigEdit[];
  /** The node to select afterwards. */
  readonly node: string;
}

/** More than that are found with the search. */
const mostExisting = 8;

export const listenerWords: Readonly<
  Record<ListenerProtocol, { readonly label: string; readonly hint: string }>
> = {
  http: { label: 'HTTP listener', hint: 'plain HTTP' },
  https: { label: 'HTTPS listener', hint: 'decrypts with a certificate' },
  tls: { label: 'TLS listener', hint: 'routes by server name, sealed' },
  tcp: { label: 'TCP listener', hint: 'relays bytes' },
  forward: { label: 'Forward listener', hint: 'clients say where to' },
};

export const routeWords: Readonly<
  Record<RouteDocument['kind'], { readonly label: string; readonly hint: string }>
> = {
  http: { label: 'HTTP route', hint: 'by host, path, headers' },
  tls: { label: 'TLS route', hint: 'by server name, sealed' },
  tcp: { label: 'TCP route', hint: 'every connection' },
};

export function nextOffers(
  document: WorkspaceDocument,
  id: string,
  direction: Direction = 'behind',
): NextOffer[] {
  const node = parseNode(id);
  if (node === null) return [];
  switch (node.kind) {
    case 'client':
      return direction === 'before'
        ? []
        : (Object.keys(listenerWords) as ListenerProtocol[]).map(listenerOffer);
    case 'listener':
      return direction === 'before' ? [] : behindListener(document, node.id);
    case 'route':
      return direction === 'before' ? beforeRoute(document, node.id) : behindRoute(document, node.id);
    case 'pool':
      return direction === 'before' ? beforePool(document, node.id) : [endpointOffer(document, node.id)];
    case 'endpoint':
      return [endpointOffer(document, node.pool)];
  }

  function listenerOffer(protocol: ListenerProtocol): NextOffer {
    return added(document, null, { kind: 'listener', protocol }, 'listener', listenerWords[protocol]);
  }
}

function added(
  document: WorkspaceDocument,
  at: string | null,
  thing: NewThing,
  kind: NextOffer['kind'],
  words: { readonly label: string; readonly hint: string },
): NextOffer {
  const addition = addThing(document, at, thing) ?? { edits: [], node: '' };
  return { kind, isNew: true, ...words, ...addition };
}

function behindListener(document: WorkspaceDocument, id: string): NextOffer[] {
  const listener = document.listeners?.find((item) => item.id === id);
  if (listener === undefined) return [];
  const source = formatNode({ kind: 'listener', id });
  const fresh = routeKindsOf(listener.protocol).map((kind): NextOffer => {
    const { route, node } = newRoute(document, kind, [id]);
    return { kind: 'route', isNew: true, ...routeWords[kind], edits: [{ type: 'addRoute', route }], node };
  });
  const known = (document.routes ?? []).map(({ id: route }) => formatNode({ kind: 'route', id: route }));
  return [...fresh, ...existing(document, 'route', source, known)];
}

function behindRoute(document: WorkspaceDocument, id: string): NextOffer[] {
  const route = document.routes?.find((item) => item.id === id);
  if (route === undefined) return [];
  const source = formatNode({ kind: 'route', id });
  const backends = route.backends ?? [];
  const { pool, node } = newPool(document);
  const fresh: NextOffer = {
    kind: 'pool',
    isNew: true,
    label: 'Pool',
    hint: backends.length === 0 ? 'the servers that answer' : 'another backend: canary, split',
    edits: [
      { type: 'addPool', pool },
      { type: 'setBackends', route: id, backends: [...backends, newBackend(backends, pool.id)] },
    ],
    node,
  };
  const known = (document.pools ?? []).map((item) => formatNode({ kind: 'pool', id: item.id }));
  const filters =
    route.kind !== 'http'
      ? []
      : editableFilters.map(
          ({ first, label, hint }): NextOffer => ({
            kind: 'filter',
            isNew: true,
            label,
            hint,
            edits: [{ type: 'updateRoute', id, patch: { filters: [...(route.filters ?? []), first] } }],
            node: source,
          }),
        );
  return [fresh, ...existing(document, 'pool', source, known), ...filters];
}

function beforeRoute(document: WorkspaceDocument, id: string): NextOffer[] {
  const route = document.routes?.find((item) => item.id === id);
  if (route === undefined) return [];
  const target = formatNode({ kind: 'route', id });
  const fresh = (Object.keys(listenerWords) as ListenerProtocol[])
    .filter((protocol) => routeKindsOf(protocol).includes(route.kind))
    .map((protocol): NextOffer => {
      const { listener, node } = newListener(document, protocol);
      return {
        kind: 'listener',
        isNew: true,
        ...listenerWords[protocol],
        edits: [
          { type: 'addListener', listener },
          { type: 'updateRoute', id, patch: { listeners: [...route.listeners, listener.id] } },
        ],
        node,
      };
    });
  const known = (document.listeners ?? []).map((item) => formatNode({ kind: 'listener', id: item.id }));
  return [...fresh, ...existing(document, 'listener', target, known, 'before')];
}

function beforePool(document: WorkspaceDocument, id: string): NextOffer[] {
  const target = formatNode({ kind: 'pool', id });
  const listener = document.listeners?.[0];
  const kinds = listener === undefined ? (['http'] as const) : routeKindsOf(listener.protocol);
  const fresh = kinds.map((kind): NextOffer => {
    const { route, node } = newRoute(document, kind, listener === undefined ? [] : [listener.id]);
    const edits: ConfigEdit[] = [{ type: 'addRoute', route: { ...route, backends: [{ pool: id }] } }];
    return { kind: 'route', isNew: true, ...routeWords[kind], edits, node };
  });
  const known = (document.routes ?? []).map((item) => formatNode({ kind: 'route', id: item.id }));
  return [...fresh, ...existing(document, 'route', target, known, 'before')];
}

/** Nodes that are there and not connected with `from` yet. */
function existing(
  document: WorkspaceDocument,
  kind: 'listener' | 'route' | 'pool',
  from: string,
  candidates: readonly string[],
  direction: Direction = 'behind',
): NextOffer[] {
  const offers: NextOffer[] = [];
  for (const candidate of candidates) {
    const offer =
      direction === 'behind'
        ? offerConnection(document, from, candidate)
        : offerConnection(document, candidate, from);
    if (offer.kind === 'refused') continue;
    const label = candidate.slice(candidate.indexOf(':') + 1);
    offers.push({
      kind,
      isNew: false,
      label,
      hint: `connect this ${kind}`,
      edits: [offer.edit],
      node: candidate,
    });
    if (offers.length === mostExisting) break;
  }
  return offers;
}

function endpointOffer(document: WorkspaceDocument, pool: string): NextOffer {
  return added(document, formatNode({ kind: 'pool', id: pool }), { kind: 'endpoint' }, 'endpoint', {
    label: 'Endpoint',
    hint: `one more server of ${pool}`,
  });
}
