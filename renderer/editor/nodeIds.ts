// Canvas ids. Listeners, routes and pools have the names that the document's layout uses; endpoints belong to their pool.
import { type NodeKind as LayoutKind, layoutNode } from '../../main/contract/configEdit';

export type CanvasKind = 'client' | LayoutKind | 'endpoint';

export type NodeRef =
  | { readonly kind: 'client' }
  | { readonly kind: LayoutKind; readonly id: string }
  | { readonly kind: 'endpoint'; readonly pool: string; readonly index: number };

export const clientNode = 'client';

export function endpointNode(pool: string, index: number): string {
  return `endpoint:${pool}:${index}`;
}

export function formatNode(node: NodeRef): string {
  if (node.kind === 'client') return clientNode;
  if (node.kind === 'endpoint') return endpointNode(node.pool, node.index);
  return layoutNode(node.kind, node.id);
}

/** null = not the id of a node (an edge, or nothing of ours). */
export function parseNode(text: string): NodeRef | null {
  if (text === clientNode) return { kind: 'client' };
  const [kind, id, index, ...rest] = text.split(':');
  if (id === undefined || rest.length > 0) return null;
  if (kind === 'endpoint' && index !== undefined && /^\d+$/.test(index)) {
    return { kind: 'endpoint', pool: id, index: Number(index) };
  }
  if (index !== undefined) return null;
  return kind === 'listener' || kind === 'route' || kind === 'pool' ? { kind, id } : null;
}

/** The id of the line between two nodes. */
export function edgeId(source: string, target: string): string {
  return `${source}>${target}`;
}

export function parseEdge(text: string): { readonly source: NodeRef; readonly target: NodeRef } | null {
  const [from, to, ...rest] = text.split('>');
  if (from === undefined || to === undefined || rest.length > 0) return null;
  const source = parseNode(from);
  const target = parseNode(to);
  return source === null || target === null ? null : { source, target };
}
