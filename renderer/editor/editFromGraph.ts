// Gestures on the canvas as edits of the document: drawing a line, deleting a line or a node.
import type { ListenerProtocol, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { type NodeRef, parseEdge, parseNode } from './nodeIds';

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

/** The edit that a line drawn between two nodes means; null = these two cannot be connected (or already are). */
export function connectionEdit(
  document: WorkspaceDocument,
  source: string,
  target: string,
): ConfigEdit | null {
  const from = parseNode(source);
  const to = parseNode(target);
  if (from?.kind === 'listener' && to?.kind === 'route') {
    const listener = document.listeners?.find((item) => item.id === from.id);
    const route = document.routes?.find((item) => item.id === to.id);
    if (listener === undefined || route === undefined || route.listeners.includes(from.id)) return null;
    if (!routeKindsOf(listener.protocol).includes(route.kind)) return null;
    return { type: 'updateRoute', id: to.id, patch: { listeners: [...route.listeners, from.id] } };
  }
  if (from?.kind === 'route' && to?.kind === 'pool') {
    const route = document.routes?.find((item) => item.id === from.id);
    const backends = route?.backends ?? [];
    if (route === undefined || backends.some((backend) => backend.pool === to.id)) return null;
    return { type: 'setBackends', route: from.id, backends: [...backends, { pool: to.id }] };
  }
  return null;
}

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
