// The graph in React Flow's words. Sizes are fixed, so nothing waits to be measured.
import type { Edge, Node } from '@xyflow/react';
import { createElement } from 'react';
import type { Graph, GraphEdge, GraphNode } from '../graphFromConfig';
import { nodeHeights, nodeWidths } from '../graphLayout';
import type { TrafficMark, TrafficMarks } from '../trafficMarks';
import type { RequestWay, RouteVerdict } from '../wayOfRequest';
import { EdgeLabel } from './EdgeLabel';

export interface CardData extends Record<string, unknown> {
  readonly node: GraphNode;
  /** What the tested request means here; null = nothing is tested. */
  readonly light: NodeLight | null;
  readonly traffic: TrafficMark | null;
}

export interface NodeLight {
  readonly isLit: boolean;
  readonly verdict: RouteVerdict | null;
}

export type FlowNode = Node<CardData, 'card'>;

export interface DragState {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

export function toFlowNodes(
  graph: Graph,
  selected: string | null,
  drag: DragState | null,
  way: RequestWay | null,
  traffic: TrafficMarks,
): FlowNode[] {
  const verdicts = new Map(way?.verdicts.map((verdict) => [`route:${verdict.route}`, verdict]));
  return graph.nodes.map((node) => {
    const { x, y } = drag?.id === node.id ? drag : node;
    const size = { width: nodeWidths[node.kind], height: nodeHeights[node.kind] };
    return {
      id: node.id,
      type: 'card',
      position: { x, y },
      ...size,
      measured: size,
      selected: node.id === selected,
      draggable: node.kind !== 'endpoint',
      ariaLabel: nodeLabel(node, verdicts.get(node.id)),
      data: {
        node,
        traffic: traffic.get(node.id) ?? null,
        light: way === null ? null : { isLit: way.lit.has(node.id), verdict: verdicts.get(node.id) ?? null },
      },
    };
  });
}

/** The whole face in words, for screen readers. */
export function nodeLabel(node: GraphNode, verdict?: RouteVerdict): string {
  const parts = [`${node.face.kindLabel} ${node.face.title}`, ...node.face.lines];
  if (node.face.state !== null) parts.push(node.face.state.text);
  if (node.change !== 'none')
    parts.push(node.change === 'added' ? 'new in the draft' : 'changed in the draft');
  if (verdict !== undefined) parts.push(verdict.text);
  for (const issue of node.issues) parts.push(`${issue.severity}: ${issue.message}`);
  return parts.join(', ');
}

export function toFlowEdges(
  graph: Graph,
  selected: string | null,
  way: RequestWay | null,
  traffic: TrafficMarks,
): Edge[] {
  return graph.edges.map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    selected: edge.id === selected,
    selectable: edge.canDelete,
    focusable: edge.canDelete,
    className: edgeClass(edge.id, way, traffic.get(edge.id)),
    ...edgeText(edge, traffic.get(edge.id)),
  }));
}

/** Behind a pool the endpoint itself says its rate. */
function edgeText({ label, source }: GraphEdge, mark: TrafficMark | undefined): Partial<Edge> {
  const rate = source.startsWith('pool:') ? null : (mark?.rate ?? null);
  const words = [label, rate, mark?.errors ?? null].filter((part) => part !== null).join(', ');
  if (label !== null && rate !== null) {
    return { label: createElement(EdgeLabel, { share: label, rate }), ariaLabel: words };
  }
  const text = label ?? rate;
  return text === null ? {} : { label: text, ariaLabel: words };
}

function edgeClass(id: string, way: RequestWay | null, mark: TrafficMark | undefined): string {
  if (way !== null) return way.lit.has(id) ? 'edge-lit' : 'edge-dim';
  if (mark === undefined) return '';
  return mark.errors === null ? 'edge-busy' : 'edge-errors';
}
