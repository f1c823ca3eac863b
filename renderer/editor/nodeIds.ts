// Canvas ids. Listeners, routes and pools have the names that the document's layout uses; endpoints belong to their pool.
import { type NodeKind as LayoutKind, layoutNode } from '../../main/contract/layoutEdit';

export type CanvasKind = 'client' | LayoutKind | 'endpoint';

export type NodeRef =
  | { readonly kind: 'client' }
  | { readonly kind: LayoutKind; readonly id: string }
  | { readonly kind: 'endpoint'; readonly pool: string; readonly index: number };

export const clientNode = 'client';

export function endpointNode(pool: string, index: number): string {
  return `endpoint:${pool}:${index}`;
}

/** The one node that stands for the many endpoints of a pool. */
export function foldNode(pool: string): string {
  return `endpoints:${pool}`;
}

/** The pool whose endpoints the node stands for; null = it is another node. */
export function parseFold(text: string): string | null {
  return text.startsWith('endpoints:') ? text.slice('endpoints:'.length) : null;
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

/** A frame around nodes, or a sticky note: on the canvas only, no part of the configuration. */
export interface MarkRef {
  readonly kind: 'group' | 'note';
  readonly id: string;
}

export function formatMark({ kind, id }: MarkRef): string {
  return `${kind}:${id}`;
}

/** null = neither a group nor a note. */
export function parseMark(text: string): MarkRef | null {
  const [kind, id, ...rest] = text.split(':');
  if (id === undefined || rest.length > 0) return null;
  return kind === 'group' || kind === 'note' ? { kind, id } : null;
}

/** "route shop", "endpoint 2 of shop": a node in a sentence. */
export function nodeWords(node: NodeRef): string {
  if (node.kind === 'client') return 'clients';
  return node.kind === 'endpoint' ? `endpoint ${node.index + 1} of ${node.pool}` : `${node.kind} ${node.id}`;
}
