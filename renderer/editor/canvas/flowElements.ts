// The graph in React Flow's words. Sizes are fixed, so nothing waits to be measured.
import type { Edge, Node } from '@xyflow/react';
import { equalJson } from '../../../main/contract/equalJson';
import type { Graph, GraphEdge, GraphNode } from '../graphFromConfig';
import { nodeWidths } from '../graphLayout';
import type { GraphMark } from '../graphMarks';
import { type Figure, type LabelLine, labelLines, lineWords, markFigures } from '../lineLabel';
import { formatNode, parseFold, parseNode } from '../nodeIds';
import type { TrafficMark, TrafficMarks } from '../trafficMarks';
import type { RequestWay, RouteVerdict } from '../wayOfRequest';

export interface CardData extends Record<string, unknown> {
  readonly node: GraphNode;
  /** What the tested request or the focus means here; null = nothing is tested. */
  readonly light: NodeLight | null;
  readonly traffic: TrafficMark | null;
  /** While a line is drawn: whether it may end here. */
  readonly offer: 'possible' | 'refused' | null;
  /** Nothing else is selected. */
  readonly isOnly: boolean;
}

export interface MarkData extends Record<string, unknown> {
  readonly mark: GraphMark;
  /** A node is being dragged into it. */
  readonly isDropPlace: boolean;
}

export interface NodeLight {
  readonly isLit: boolean;
  readonly verdict: RouteVerdict | null;
}

export type CardNode = Node<CardData, 'card'>;
export type MarkNode = Node<MarkData, 'frame' | 'note'>;
export type FlowNode = CardNode | MarkNode;

export interface LineData extends Record<string, unknown> {
  /** Beside the line. */
  readonly lines: readonly LabelLine[];
  /** For who asks. */
  readonly figures: readonly Figure[];
}

export type LineEdge = Edge<LineData, 'line'>;

export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export interface View {
  readonly selection: ReadonlySet<string>;
  /** Where nodes stand that are being dragged. */
  readonly drag: Places;
  readonly way: RequestWay | null;
  /** What the focus mode leaves lit; null = it is off. */
  readonly focus: ReadonlySet<string> | null;
  readonly traffic: TrafficMarks;
  /** While a line is drawn: where it may end. */
  readonly targets: ReadonlySet<string> | null;
  /** The line or group that the dragged node would become part of. */
  readonly dropId: string | null;
}

/** Nodes that say and stand the same keep their object, so that React Flow skips them. */
export function toFlowNodes(graph: Graph, view: View, before: readonly FlowNode[]): FlowNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const verdicts = new Map(view.way?.verdicts.map((verdict) => [`route:${verdict.route}`, verdict]));
  const shifts = poolShifts(graph, view.drag);
  const cards = graph.nodes.map((node) => toCard(node, view, verdicts, placeOf(node, view.drag, shifts)));
  const marks = graph.marks.map((mark) => toMark(mark, view));
  return [...marks, ...cards].map((node) => {
    const previous = old.get(node.id);
    return previous !== undefined && equalJson(previous, node) ? previous : node;
  });
}

function placeOf(node: GraphNode, drag: Places, shifts: Places): { x: number; y: number } {
  const dragged = drag.get(node.id);
  if (dragged !== undefined) return { ...dragged };
  const shift = shifts.get(node.id);
  return shift === undefined ? { x: node.x, y: node.y } : { x: node.x + shift.x, y: node.y + shift.y };
}

/** Endpoints move with their pool, and with a group what is in it, while it is dragged. */
function poolShifts(graph: Graph, drag: Places): Places {
  const shifts = new Map<string, { x: number; y: number }>();
  if (drag.size === 0) return shifts;
  for (const mark of graph.marks) {
    const at = drag.get(mark.id);
    if (mark.kind !== 'group' || at === undefined) continue;
    for (const member of mark.members) shifts.set(member, { x: at.x - mark.x, y: at.y - mark.y });
  }
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  for (const node of graph.nodes) {
    if (node.kind !== 'endpoint') continue;
    const ref = parseNode(node.id);
    const id = ref?.kind === 'endpoint' ? ref.pool : (parseFold(node.id) ?? '');
    const pool = byId.get(formatNode({ kind: 'pool', id }));
    const at = pool === undefined ? undefined : drag.get(pool.id);
    if (pool !== undefined && at !== undefined) shifts.set(node.id, { x: at.x - pool.x, y: at.y - pool.y });
  }
  return shifts;
}

function toCard(
  node: GraphNode,
  view: View,
  verdicts: ReadonlyMap<string, RouteVerdict>,
  position: { x: number; y: number },
): CardNode {
  const size = { width: nodeWidths[node.kind], height: node.height };
  const verdict = verdicts.get(node.id) ?? null;
  return {
    id: node.id,
    type: 'card',
    position,
    ...size,
    measured: size,
    selected: view.selection.has(node.id),
    draggable: node.kind !== 'endpoint' && node.kind !== 'client',
    ariaLabel: nodeLabel(node, verdict ?? undefined),
    data: {
      node,
      traffic: view.traffic.get(node.id) ?? null,
      light: lightOf(node.id, view, verdict),
      offer: view.targets === null ? null : view.targets.has(node.id) ? 'possible' : 'refused',
      isOnly: view.selection.size === 1 && view.selection.has(node.id),
    },
  };
}

function lightOf(id: string, { way, focus }: View, verdict: RouteVerdict | null): NodeLight | null {
  if (way !== null) {
    const isLit = way.lit.has(id) || (parseFold(id) !== null && way.lit.has(`pool:${parseFold(id)}`));
    return { isLit, verdict };
  }
  return focus === null ? null : { isLit: focus.has(id), verdict: null };
}

function toMark(mark: GraphMark, view: View): MarkNode {
  const size = { width: mark.width, height: mark.height };
  const words =
    mark.kind === 'group' ? `Group ${mark.text}, ${mark.members.length} nodes` : `Note: ${mark.text}`;
  return {
    id: mark.id,
    type: mark.kind === 'group' ? 'frame' : 'note',
    position: { ...(view.drag.get(mark.id) ?? { x: mark.x, y: mark.y }) },
    ...size,
    measured: size,
    selected: view.selection.has(mark.id),
    connectable: false,
    zIndex: mark.kind === 'group' ? -1 : 1,
    ariaLabel: words,
    data: { mark, isDropPlace: view.dropId === mark.id },
  };
}

/** The whole face in words, for screen readers. */
export function nodeLabel(node: GraphNode, verdict?: RouteVerdict): string {
  const parts = [`${node.face.kindLabel} ${node.face.title}`, ...node.face.lines];
  for (const chip of node.face.chips ?? []) parts.push(chip.summary);
  if (node.face.state !== null) parts.push(node.face.state.text);
  if (node.change !== 'none')
    parts.push(node.change === 'added' ? 'new in the draft' : 'changed in the draft');
  if (verdict !== undefined) parts.push(verdict.text);
  for (const issue of node.issues) parts.push(`${issue.severity}: ${issue.message}`);
  return parts.join(', ');
}

/** Lines that say the same keep their object, so that React Flow skips them. */
export function toFlowEdges(graph: Graph, view: View, before: readonly LineEdge[]): LineEdge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  return graph.edges.map((edge) => {
    const next = toLine(edge, view);
    const previous = old.get(edge.id);
    return previous !== undefined && equalJson(previous, next) ? previous : next;
  });
}

function toLine(edge: GraphEdge, view: View): LineEdge {
  const { id, source, target, label, canDelete } = edge;
  const mark = view.traffic.get(id);
  const words = lineWords(label, mark);
  // Clients lead to each listener, a pool to each endpoint, by one line: what comes along it stands at its end.
  const isSaidByNode = source.startsWith('client') || source.startsWith('pool:');
  return {
    id,
    type: 'line',
    source,
    target,
    selected: view.selection.has(id),
    selectable: canDelete,
    focusable: canDelete,
    reconnectable: canDelete,
    className: edgeClass(edge, view),
    ariaLabel: `${source} → ${target}`.replaceAll(':', ' ') + (words === null ? '' : `, ${words}`),
    data: {
      lines: labelLines(label, mark, isSaidByNode),
      figures: mark === undefined ? [] : markFigures(mark),
    },
  };
}

function edgeClass({ id, source, target }: GraphEdge, { way, focus, traffic, dropId }: View): string {
  if (dropId === id) return 'edge-drop';
  const pool = parseFold(target);
  if (way !== null) {
    const isLit = way.lit.has(id) || (pool !== null && way.lit.has(source));
    return isLit ? 'edge-lit' : 'edge-dim';
  }
  if (focus !== null) return focus.has(source) && focus.has(target) ? '' : 'edge-dim';
  const mark = traffic.get(id);
  if (mark === undefined || mark.rate === '0/s') return '';
  return mark.errors === null ? 'edge-busy' : 'edge-errors';
}
