// Gestures on the canvas as edits of the document: drawing a line, moving its end, dropping a node on it.
import type { ListenerProtocol, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { BackendDocument, ConfigEdit } from '../../main/contract/configEdit';
import { type NodeRef, nodeWords, parseEdge, parseNode } from './nodeIds';

/** Which kinds of route a listener can carry. */
export function routeKindsOf(protocol: ListenerProtocol): readonly RouteDocument['kind'][] {
  switch (protocol) {
    case 'http':
      return ['http'];
    case 'forward':
      return [];
    case 'https':
      return ['http', 'tls'];
    case 'tls':
      return ['tls'];
    case 'tcp':
      return ['tcp'];
  }
}

/** What a line between two nodes would do, or in one sentence why it cannot be. */
export type ConnectionOffer =
  | { readonly kind: 'possible'; readonly edit: ConfigEdit }
  | { readonly kind: 'refused'; readonly reason: string };

export function offerConnection(
  document: WorkspaceDocument,
  source: string,
  target: string,
): ConnectionOffer {
  const from = parseNode(source);
  const to = parseNode(target);
  if (from === null || to === null) return refused('These two cannot be connected.');
  if (from.kind === 'listener' && to.kind === 'route') return offerListener(document, from.id, to.id);
  if (from.kind === 'route' && to.kind === 'pool') return offerPool(document, from.id, to.id);
  return refused(orderReason(from, to));
}

function offerListener(document: WorkspaceDocument, from: string, to: string): ConnectionOffer {
  const listener = document.listeners?.find((item) => item.id === from);
  const route = document.routes?.find((item) => item.id === to);
  if (listener === undefined || route === undefined) return refused('That is not there any more.');
  if (route.listeners.includes(from)) return refused(`Route ${to} takes from listener ${from} already.`);
  if (!routeKindsOf(listener.protocol).includes(route.kind)) {
    return refused(
      `Listener ${from} speaks ${listener.protocol}; it cannot carry the ${route.kind} route ${to}.`,
    );
  }
  const patch = { listeners: [...route.listeners, from] };
  return { kind: 'possible', edit: { type: 'updateRoute', id: to, patch } };
}

function offerPool(document: WorkspaceDocument, from: string, to: string): ConnectionOffer {
  const route = document.routes?.find((item) => item.id === from);
  const backends = route?.backends ?? [];
  const isThere = document.pools?.some((pool) => pool.id === to) ?? false;
  if (route === undefined || !isThere) return refused('That is not there any more.');
  if (backends.some((backend) => backend.pool === to))
    return refused(`Route ${from} sends to pool ${to} already.`);
  return {
    kind: 'possible',
    edit: { type: 'setBackends', route: from, backends: [...backends, newBackend(backends, to)] },
  };
}

/** Beside weights that add up to 100 or so, a new backend of weight 1 would look like a mistake: it gets an equal share. */
export function newBackend(backends: readonly BackendDocument[], pool: string): BackendDocument {
  const total = backends.reduce((sum, { weight }) => sum + (weight ?? 1), 0);
  const equal = backends.length === 0 ? 1 : Math.max(1, Math.round(total / backends.length));
  return equal === 1 ? { pool } : { pool, weight: equal };
}

function orderReason(from: NodeRef, to: NodeRef): string {
  if (from.kind === to.kind) return `A ${from.kind} does not lead to another ${to.kind}.`;
  switch (from.kind) {
    case 'client':
      return 'Clients reach every listener; nothing has to be drawn.';
    case 'listener':
      return `A listener leads to routes, not to ${nodeWords(to)}.`;
    case 'route':
      return `A route leads to pools, not to ${nodeWords(to)}.`;
    case 'pool':
      return to.kind === 'endpoint'
        ? 'An endpoint belongs to its own pool; add the same address to this one.'
        : `A pool leads to its endpoints, not to ${nodeWords(to)}.`;
    case 'endpoint':
      return 'Nothing comes behind an endpoint.';
  }
}

function refused(reason: string): ConnectionOffer {
  return { kind: 'refused', reason };
}

/** One end of a line was dragged to another node; a backend keeps its weight and, within its route, its place. */
export function offerReconnection(
  document: WorkspaceDocument,
  edge: string,
  source: string,
  target: string,
):
  | { readonly kind: 'possible'; readonly edits: readonly ConfigEdit[] }
  | { kind: 'refused'; reason: string } {
  const removal = removalEdit(document, edge);
  const old = parseEdge(edge);
  if (removal === null || old === null) return { kind: 'refused', reason: 'This line belongs to its ends.' };
  const offer = offerConnection(document, source, target);
  if (offer.kind === 'refused') return offer;
  const from = parseNode(source);
  const to = parseNode(target);
  if (
    old.source.kind === 'route' &&
    old.target.kind === 'pool' &&
    from?.kind === 'route' &&
    to?.kind === 'pool'
  ) {
    const oldPool = old.target.id;
    const backendsOf = (id: string) => document.routes?.find((route) => route.id === id)?.backends ?? [];
    const moved = backendsOf(old.source.id).find((backend) => backend.pool === oldPool);
    const backend = { ...moved, pool: to.id };
    if (from.id === old.source.id) {
      const backends = backendsOf(from.id).map((item) => (item.pool === oldPool ? backend : item));
      return { kind: 'possible', edits: [{ type: 'setBackends', route: from.id, backends }] };
    }
    const backends = [...backendsOf(from.id), backend];
    return { kind: 'possible', edits: [removal, { type: 'setBackends', route: from.id, backends }] };
  }
  if (
    old.target.kind === 'route' &&
    to?.kind === 'route' &&
    to.id === old.target.id &&
    from?.kind === 'listener'
  ) {
    const route = document.routes?.find((item) => item.id === to.id);
    const oldListener = old.source.kind === 'listener' ? old.source.id : '';
    const listeners = (route?.listeners ?? []).map((id) => (id === oldListener ? from.id : id));
    return { kind: 'possible', edits: [{ type: 'updateRoute', id: to.id, patch: { listeners } }] };
  }
  return { kind: 'possible', edits: [removal, offer.edit] };
}

/**
 * A node dropped onto a line goes in beside what the line leads to: a pool becomes another backend of the route, a route
 * takes from the line's listener. null = it has no place there.
 */
export function dropEdit(document: WorkspaceDocument, node: string, edge: string): ConfigEdit | null {
  const line = parseEdge(edge);
  if (line === null || edge.split('>').includes(node)) return null;
  const offer = offerConnection(document, edge.split('>')[0]!, node);
  return offer.kind === 'possible' ? offer.edit : null;
}

/** The edit that takes one line or node away; null = it cannot be taken away. */
export function removalEdit(document: WorkspaceDocument, id: string): ConfigEdit | null {
  const edge = parseEdge(id);
  if (edge !== null) return edgeRemoval(document, edge.source, edge.target);
  const node = parseNode(id);
  switch (node?.kind) {
    case 'listener':
      return { type: 'removeListener', id: node.id };
    case 'route':
      return { type: 'removeRoute', id: node.id };
    case 'pool':
      return { type: 'removePool', id: node.id };
    case 'endpoint':
      return { type: 'removeEndpoint', pool: node.pool, index: node.index };
    default:
      return null;
  }
}

function edgeRemoval(document: WorkspaceDocument, source: NodeRef, target: NodeRef): ConfigEdit | null {
  if (source.kind === 'listener' && target.kind === 'route') {
    const route = document.routes?.find((item) => item.id === target.id);
    if (route === undefined) return null;
    const listeners = route.listeners.filter((id) => id !== source.id);
    return { type: 'updateRoute', id: target.id, patch: { listeners } };
  }
  if (source.kind === 'route' && target.kind === 'pool') {
    const route = document.routes?.find((item) => item.id === source.id);
    const backends = (route?.backends ?? []).filter((backend) => backend.pool !== target.id);
    return { type: 'setBackends', route: source.id, backends };
  }
  return null;
}
