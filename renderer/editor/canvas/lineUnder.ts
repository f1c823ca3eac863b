import type { Edge, ReactFlowInstance } from '@xyflow/react';
import type { FlowNode } from './flowElements';

/** The line whose middle lies under a node at a place; null = none does. */
export function lineUnder(
  flow: Pick<ReactFlowInstance<FlowNode, Edge>, 'getEdges' | 'getNode'>,
  id: string,
  at: { readonly x: number; readonly y: number },
): string | null {
  const node = flow.getNode(id);
  if (node === undefined) return null;
  const right = at.x + (node.width ?? 0);
  const bottom = at.y + (node.height ?? 0);
  for (const edge of flow.getEdges()) {
    if (edge.source === id || edge.target === id) continue;
    const source = flow.getNode(edge.source);
    const target = flow.getNode(edge.target);
    if (source === undefined || target === undefined) continue;
    const x = (source.position.x + (source.width ?? 0) + target.position.x) / 2;
    const y =
      (source.position.y + (source.height ?? 0) / 2 + target.position.y + (target.height ?? 0) / 2) / 2;
    if (x >= at.x && x <= right && y >= at.y && y <= bottom) return edge.id;
  }
  return null;
}
