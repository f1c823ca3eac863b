// What a dragged node would become part of where it is let go: a line that it fits in beside, or a group. Pure.
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { dropEdit } from './editFromGraph';
import type { Graph, GraphNode } from './graphFromConfig';
import { nodeWidths } from './graphLayout';
import { parseMark } from './nodeIds';

export interface DropPlace {
  /** Canvas id of the line or the group. */
  readonly id: string;
  readonly kind: 'line' | 'group';
  readonly edit: ConfigEdit;
  /** What was done, after it was done. */
  readonly words: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** `at`: the dragged node's upper left corner. null = it is only moved. */
export function dropPlace(
  document: WorkspaceDocument,
  graph: Graph,
  id: string,
  at: Point,
): DropPlace | null {
  const node = graph.nodes.find((item) => item.id === id);
  return node === undefined
    ? null
    : (onLine(document, graph, node, at) ?? inGroup(document, graph, node, at));
}

/** The line whose middle lies under the node, the nearest to the node's own middle; only where the node can be connected. */
function onLine(document: WorkspaceDocument, graph: Graph, node: GraphNode, at: Point): DropPlace | null {
  const byId = new Map(graph.nodes.map((item) => [item.id, item]));
  const middle = middleOf(node, at);
  const reach = { x: nodeWidths[node.kind] / 2, y: node.height / 2 };
  let best: { readonly place: DropPlace; readonly distance: number } | null = null;
  for (const edge of graph.edges) {
    const source = byId.get(edge.source);
    const target = byId.get(edge.target);
    if (source === undefined || target === undefined || source === node || target === node) continue;
    const x = (source.x + nodeWidths[source.kind] + target.x) / 2;
    const y = (middleOf(source, source).y + middleOf(target, target).y) / 2;
    const away = { x: Math.abs(x - middle.x), y: Math.abs(y - middle.y) };
    const distance = Math.hypot(away.x, away.y);
    if (away.x > reach.x || away.y > reach.y || (best !== null && best.distance <= distance)) continue;
    const edit = dropEdit(document, node.id, edge.id);
    if (edit === null) continue;
    const words = 'Connected to the line that it was dropped on.';
    best = { place: { id: edge.id, kind: 'line', edit, words }, distance };
  }
  return best?.place ?? null;
}

function inGroup(document: WorkspaceDocument, graph: Graph, node: GraphNode, at: Point): DropPlace | null {
  const { x, y } = middleOf(node, at);
  const frame = graph.marks.find(
    (mark) =>
      mark.kind === 'group' &&
      !mark.members.includes(node.id) &&
      x >= mark.x &&
      x <= mark.x + mark.width &&
      y >= mark.y &&
      y <= mark.y + mark.height,
  );
  const group = frame === undefined ? null : parseMark(frame.id);
  if (frame === undefined || group === null) return null;
  const edit = joinGroup(document, [node.id], group.id);
  return { id: frame.id, kind: 'group', edit, words: `Now in the group ${frame.text}.` };
}

/** Into a group and out of any other; `group` null = out of all. */
export function joinGroup(
  document: WorkspaceDocument,
  nodes: readonly string[],
  group: string | null,
): ConfigEdit {
  const groups = (document.layout?.groups ?? []).map((item) => {
    const others = item.members.filter((member) => !nodes.includes(member));
    const members = item.id === group ? [...others, ...nodes] : others;
    return { ...item, members };
  });
  return { type: 'setGroups', groups: groups.filter(({ members }) => members.length > 0) };
}

function middleOf(node: GraphNode, at: Point): Point {
  return { x: at.x + nodeWidths[node.kind] / 2, y: at.y + node.height / 2 };
}
