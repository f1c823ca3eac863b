// The canvas as a function of the draft: nodes, lines between them, and what each says. React Flow only shows it.
import type { BoundListener, EndpointHealthInfo } from '../../main/contract/api';
import type { PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigIssue } from '../../main/contract/configIssue';
import type { SampleServer } from '../../main/contract/sampleApi';
import { graphLayout, nodeHeight, type PlacedNode } from './graphLayout';
import { type GraphMark, graphMarks } from './graphMarks';
import { issuesByNode } from './issuesByNode';
import {
  clientFace,
  endpointFace,
  endpointKey,
  foldedFace,
  listenerFace,
  type NodeFace,
  poolFace,
  routeFace,
} from './nodeFaces';
import { type CanvasKind, clientNode, edgeId, endpointNode, foldNode, formatNode } from './nodeIds';
import { sampleOf } from './samples/sampleEdits';

export interface GraphNode {
  readonly id: string;
  readonly kind: CanvasKind;
  readonly face: NodeFace;
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly issues: readonly ConfigIssue[];
  readonly change: 'none' | 'added' | 'changed';
}

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** "90 %": the share of a backend where there are several. */
  readonly label: string | null;
  readonly canDelete: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly marks: readonly GraphMark[];
}

export interface GraphInput {
  readonly document: WorkspaceDocument;
  /** What runs, to mark what is new or changed. */
  readonly base: WorkspaceDocument;
  readonly bound: readonly BoundListener[];
  readonly issues: readonly ConfigIssue[];
  /** Of what runs. */
  readonly health?: readonly EndpointHealthInfo[];
  /** Endpoints that lead to them say so. */
  readonly samples?: readonly SampleServer[];
  /** Pools whose endpoints are drawn one by one though they are many. */
  readonly openPools?: ReadonlySet<string>;
}

/** Pools with more endpoints are drawn with one node for all of them. */
export const mostSingleEndpoints = 8;

type Drawn = Omit<GraphNode, 'x' | 'y'>;

export function graphFromConfig(input: GraphInput): Graph {
  const nodes = drawNodes(input);
  const edges = drawEdges(input);
  const places = graphLayout(
    nodes.map(({ id, kind, height }) => ({ id, kind, height })),
    edges,
    input.document.layout?.positions ?? {},
  );
  const placeOf = new Map<string, PlacedNode>(places.map((place) => [place.id, place]));
  const placed = nodes.map((node) => {
    const place = placeOf.get(node.id);
    return { ...node, x: place?.x ?? 0, y: place?.y ?? 0 };
  });
  return { nodes: placed, edges, marks: graphMarks(input.document.layout, placed) };
}

function drawNodes(input: GraphInput): Drawn[] {
  const { document, base, bound, issues, health = [], samples = [] } = input;
  const found = issuesByNode(document, issues);
  const draw = (id: string, kind: CanvasKind, face: NodeFace, change: GraphNode['change']): Drawn => ({
    id,
    kind,
    face,
    issues: found.get(id) ?? [],
    change,
    height: nodeHeight(kind, face.chips !== undefined && face.chips.length > 0),
  });
  const healthOf = healthByEndpoint(health);
  const nodes: Drawn[] = [];
  if ((document.listeners ?? []).length > 0) nodes.push(draw(clientNode, 'client', clientFace(), 'none'));
  for (const listener of document.listeners ?? []) {
    const face = listenerFace(
      listener,
      bound.find((item) => item.id === listener.id),
    );
    const id = formatNode({ kind: 'listener', id: listener.id });
    nodes.push(draw(id, 'listener', face, changeOf(base.listeners, listener)));
  }
  for (const route of document.routes ?? []) {
    const id = formatNode({ kind: 'route', id: route.id });
    nodes.push(draw(id, 'route', routeFace(route), changeOf(base.routes, route)));
  }
  for (const pool of document.pools ?? []) {
    const id = formatNode({ kind: 'pool', id: pool.id });
    nodes.push(draw(id, 'pool', poolFace(pool), changeOf(base.pools, pool)));
    const before = base.pools?.find((item) => item.id === pool.id)?.endpoints;
    if (isFolded(pool, input.openPools)) {
      const known = pool.endpoints.map((endpoint) => healthOf.get(`${pool.id} ${endpointKey(endpoint)}`));
      const change = changeAt(before, pool.endpoints);
      const fold = draw(foldNode(pool.id), 'endpoint', foldedFace(pool.endpoints, known), change);
      const inside = pool.endpoints.flatMap((_, index) => found.get(endpointNode(pool.id, index)) ?? []);
      nodes.push({ ...fold, issues: inside });
      continue;
    }
    pool.endpoints.forEach((endpoint, index) => {
      const change = changeAt(before?.[index], endpoint);
      const face = endpointFace(
        endpoint,
        healthOf.get(`${pool.id} ${endpointKey(endpoint)}`),
        sampleOf(samples, endpoint),
      );
      nodes.push(draw(endpointNode(pool.id, index), 'endpoint', face, change));
    });
  }
  // A document with duplicate ids is invalid but must be drawable: the first of each id stands for all.
  return [...new Map(nodes.toReversed().map((node) => [node.id, node])).values()].reverse();
}

const fromBestToWorst: readonly EndpointHealthInfo['health'][] = [
  'healthy',
  'unknown',
  'ejected',
  'unhealthy',
];

/** An endpoint given by name is as well as the worst of its addresses ("name:port@address"). */
function healthByEndpoint(
  health: readonly EndpointHealthInfo[],
): ReadonlyMap<string, EndpointHealthInfo['health']> {
  const worst = new Map<string, EndpointHealthInfo['health']>();
  for (const { pool, endpoint, health: word } of health) {
    const key = `${pool} ${endpoint.split('@', 1)[0]}`;
    const known = worst.get(key);
    if (known === undefined || fromBestToWorst.indexOf(word) > fromBestToWorst.indexOf(known))
      worst.set(key, word);
  }
  return worst;
}

function drawEdges({ document, openPools }: GraphInput): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const add = (source: string, target: string, canDelete: boolean, label: string | null = null) => {
    const id = edgeId(source, target);
    edges.set(id, { id, source, target, canDelete, label });
  };
  const listeners = new Set((document.listeners ?? []).map((listener) => listener.id));
  const pools = new Set((document.pools ?? []).map((pool) => pool.id));
  for (const id of listeners) add(clientNode, formatNode({ kind: 'listener', id }), false);
  for (const route of document.routes ?? []) {
    const node = formatNode({ kind: 'route', id: route.id });
    for (const id of route.listeners) {
      if (listeners.has(id)) add(formatNode({ kind: 'listener', id }), node, true);
    }
    for (const { pool, share } of backendShares(route.backends ?? [])) {
      if (pools.has(pool)) add(node, formatNode({ kind: 'pool', id: pool }), true, share);
    }
  }
  for (const pool of document.pools ?? []) {
    const node = formatNode({ kind: 'pool', id: pool.id });
    if (isFolded(pool, openPools)) {
      add(node, foldNode(pool.id), false);
      continue;
    }
    pool.endpoints.forEach((_, index) => {
      add(node, endpointNode(pool.id, index), false);
    });
  }
  return [...edges.values()];
}

function isFolded(pool: PoolDocument, openPools: ReadonlySet<string> | undefined): boolean {
  return pool.endpoints.length > mostSingleEndpoints && openPools?.has(pool.id) !== true;
}

/** "90 %" for each backend where there are several; null where one gets everything. */
export function backendShares(
  backends: readonly { readonly pool: string; readonly weight?: number | undefined }[],
): { readonly pool: string; readonly share: string | null }[] {
  const total = backends.reduce((sum, backend) => sum + (backend.weight ?? 1), 0);
  return backends.map(({ pool, weight }) => {
    if (backends.length < 2) return { pool, share: null };
    const percent = total === 0 ? 0 : ((weight ?? 1) / total) * 100;
    return { pool, share: `${Math.round(percent * 10) / 10} %` };
  });
}

function changeOf<T extends { readonly id: string }>(
  base: readonly T[] | undefined,
  item: T,
): GraphNode['change'] {
  return changeAt(
    base?.find((candidate) => candidate.id === item.id),
    item,
  );
}

/** Parts that did not change are shared, but a document that came over the line is a copy: compare the text. */
function changeAt(before: unknown, now: unknown): GraphNode['change'] {
  if (before === undefined) return 'added';
  return before === now || JSON.stringify(before) === JSON.stringify(now) ? 'none' : 'changed';
}
