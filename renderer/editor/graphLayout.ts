// Where nodes stand: columns from client to endpoint by dagre; a node that was placed by hand stays where it was put.
// Endpoints always stand behind their pool, so moving a pool takes them along.
import dagre from '@dagrejs/dagre';
import type { CanvasKind } from './nodeIds';

export const nodeWidths: Readonly<Record<CanvasKind, number>> = {
  client: 126,
  listener: 156,
  route: 188,
  pool: 180,
  endpoint: 156,
};
export const nodeHeights: Readonly<Record<CanvasKind, number>> = {
  client: 70,
  listener: 92,
  route: 92,
  pool: 92,
  endpoint: 70,
};

const columns: readonly CanvasKind[] = ['client', 'listener', 'route', 'pool', 'endpoint'];
const columnGap = 48;
const rowGap = 26;

export interface LayoutNode {
  readonly id: string;
  readonly kind: CanvasKind;
}

export interface PlacedNode extends LayoutNode {
  readonly x: number;
  readonly y: number;
}

type Positions = Readonly<Record<string, { readonly x: number; readonly y: number }>>;
type Edge = { readonly source: string; readonly target: string };

const rootNode = 'root';

export function graphLayout(
  nodes: readonly LayoutNode[],
  edges: readonly Edge[],
  positions: Positions,
): PlacedNode[] {
  const automatic = dagreLayout(nodes, edges);
  const placed: PlacedNode[] = [];
  for (const node of nodes) {
    const position = node.kind === 'endpoint' ? undefined : positions[node.id];
    if (position !== undefined) placed.push({ ...node, ...position });
  }
  const poolOf = new Map(edges.map((edge) => [edge.target, edge.source]));
  const autoById = new Map(automatic.map((node) => [node.id, node]));
  for (const node of automatic) {
    if (placed.some((other) => other.id === node.id)) continue;
    const pool = node.kind === 'endpoint' ? poolOf.get(node.id) : undefined;
    const follows = placed.find((other) => other.id === pool);
    const autoPool = autoById.get(pool ?? '');
    const wanted =
      follows === undefined || autoPool === undefined
        ? node
        : { ...node, x: node.x + follows.x - autoPool.x, y: node.y + follows.y - autoPool.y };
    placed.push(withoutOverlap(wanted, placed));
  }
  return placed;
}

/** Pushed down until it covers no node that already stands. */
function withoutOverlap(node: PlacedNode, placed: readonly PlacedNode[]): PlacedNode {
  const height = nodeHeights[node.kind];
  let y = node.y;
  for (const other of [...placed].sort((a, b) => a.y - b.y)) {
    const isBeside = other.x >= node.x + nodeWidths[node.kind] || node.x >= other.x + nodeWidths[other.kind];
    const isAbove = other.y + nodeHeights[other.kind] <= y;
    if (!isBeside && !isAbove && other.y < y + height) y = other.y + nodeHeights[other.kind] + rowGap;
  }
  return { ...node, y };
}

/** Every node gets its column by a minimum distance from an invisible root, so loose nodes stand in theirs too. */
function dagreLayout(nodes: readonly LayoutNode[], edges: readonly Edge[]): PlacedNode[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: rowGap, ranksep: columnGap });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(rootNode, { width: 1, height: 1 });
  for (const { id, kind } of nodes) graph.setNode(id, { width: nodeWidths[kind], height: nodeHeights[kind] });
  const entered = new Set(edges.map((edge) => edge.target));
  for (const { id, kind } of nodes) {
    if (!entered.has(id)) graph.setEdge(rootNode, id, { minlen: columns.indexOf(kind) + 1 });
  }
  for (const { source, target } of edges) graph.setEdge(source, target);
  // Document order instead of fewest crossings: adding a thing must not reshuffle what stands.
  dagre.layout(graph, { disableOptimalOrderHeuristic: true });
  return nodes.map((node) => {
    const { y } = graph.node(node.id) as { readonly y: number };
    return {
      ...node,
      x: columnX(node.kind),
      y: Math.round(y - nodeHeights[node.kind] / 2),
    };
  });
}

function columnX(kind: CanvasKind): number {
  const before = columns.slice(0, columns.indexOf(kind));
  return before.reduce((x, column) => x + nodeWidths[column] + columnGap, 0);
}
