// Where nodes stand: columns from client to endpoint by dagre; a node that was placed by hand stays where it was put.
// Endpoints always stand behind their pool, so moving a pool takes them along.
import dagre from '@dagrejs/dagre';
import type { CanvasKind } from './nodeIds';

export const nodeWidths: Readonly<Record<CanvasKind, number>> = {
  client: 126,
  listener: 160,
  route: 220,
  pool: 184,
  endpoint: 164,
};
const nodeHeights: Readonly<Record<CanvasKind, number>> = {
  client: 70,
  listener: 92,
  route: 92,
  pool: 92,
  endpoint: 70,
};
/** A route's row of filter chips. */
const chipsHeight = 25;

export function nodeHeight(kind: CanvasKind, hasChips = false): number {
  return nodeHeights[kind] + (hasChips ? chipsHeight : 0);
}

const columns: readonly CanvasKind[] = ['client', 'listener', 'route', 'pool', 'endpoint'];
/** Room for what is said beside a line: eight characters. */
const columnGap = 64;
const rowGap = 26;

export interface LayoutNode {
  readonly id: string;
  readonly kind: CanvasKind;
  readonly height: number;
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
): readonly PlacedNode[] {
  const automatic = automaticLayout(nodes, edges);
  const isByHand = (node: LayoutNode) => node.kind !== 'endpoint' && positions[node.id] !== undefined;
  const placed = nodes.filter(isByHand).map((node) => ({ ...node, ...positions[node.id]! }));
  // Dagre's own places never overlap.
  if (placed.length === 0) return automatic;
  const placedById = new Map(placed.map((node) => [node.id, node]));
  const poolOf = new Map(edges.map((edge) => [edge.target, edge.source]));
  const autoById = new Map(automatic.map((node) => [node.id, node]));
  for (const node of automatic) {
    if (placedById.has(node.id)) continue;
    const pool = node.kind === 'endpoint' ? poolOf.get(node.id) : undefined;
    const follows = placedById.get(pool ?? '');
    const autoPool = autoById.get(pool ?? '');
    const wanted =
      follows === undefined || autoPool === undefined
        ? node
        : { ...node, x: node.x + follows.x - autoPool.x, y: node.y + follows.y - autoPool.y };
    const found = withoutOverlap(wanted, placed);
    placed.push(found);
    placedById.set(found.id, found);
  }
  return placed;
}

/** Pushed down until it covers no node that already stands. */
function withoutOverlap(node: PlacedNode, placed: readonly PlacedNode[]): PlacedNode {
  const right = node.x + nodeWidths[node.kind];
  const beside = placed.filter((other) => other.x < right && node.x < other.x + nodeWidths[other.kind]);
  let y = node.y;
  for (const other of beside.sort((a, b) => a.y - b.y)) {
    const isAbove = other.y + other.height <= y;
    if (!isAbove && other.y < y + node.height) y = other.y + other.height + rowGap;
  }
  return { ...node, y };
}

let lastLayout: { readonly key: string; readonly nodes: readonly PlacedNode[] } = { key: '', nodes: [] };

/** Dagre is slow beside typing, and typing rarely changes what is connected with what: the last answer is kept. */
function automaticLayout(nodes: readonly LayoutNode[], edges: readonly Edge[]): readonly PlacedNode[] {
  const key = `${nodes.map(({ id, height }) => `${id} ${height}`).join()};${edges.map(({ source, target }) => `${source}>${target}`).join()}`;
  if (lastLayout.key !== key) lastLayout = { key, nodes: dagreLayout(nodes, edges) };
  return lastLayout.nodes;
}

/** Every node gets its column by a minimum distance from an invisible root, so loose nodes stand in theirs too. */
function dagreLayout(nodes: readonly LayoutNode[], edges: readonly Edge[]): PlacedNode[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: rowGap, ranksep: columnGap });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(rootNode, { width: 1, height: 1 });
  for (const { id, kind, height } of nodes) graph.setNode(id, { width: nodeWidths[kind], height });
  const entered = new Set(edges.map((edge) => edge.target));
  for (const { id, kind } of nodes) {
    if (!entered.has(id)) graph.setEdge(rootNode, id, { minlen: columns.indexOf(kind) + 1 });
  }
  for (const { source, target } of edges) graph.setEdge(source, target);
  // Document order instead of fewest crossings: adding a thing must not reshuffle what stands.
  dagre.layout(graph, { disableOptimalOrderHeuristic: true });
  return nodes.map((node) => {
    const { y } = graph.node(node.id) as { readonly y: number };
    return { ...node, x: columnX(node.kind), y: Math.round(y - node.height / 2) };
  });
}

function columnX(kind: CanvasKind): number {
  const before = columns.slice(0, columns.indexOf(kind));
  return before.reduce((x, column) => x + nodeWidths[column] + columnGap, 0);
}
