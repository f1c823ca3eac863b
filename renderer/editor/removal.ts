// Taking things away: the edits, and what else would lose something by it.
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { removalEdit } from './editFromGraph';
import { parseEdge, parseMark, parseNode } from './nodeIds';

/** The edits that take all of `ids` away, in an order in which each still means what it meant. */
export function removalEdits(document: WorkspaceDocument, ids: readonly string[]): ConfigEdit[] {
  const pools = new Set(ids.flatMap((id) => poolOf(id)));
  const edits: ConfigEdit[] = [];
  // Lines of one route would overwrite each other's edit: each is made of the document as the ones before left it.
  const edges = ids.filter((id) => parseEdge(id) !== null);
  edits.push(...edgeRemovals(document, edges));
  const endpoints = ids
    .map((id) => parseNode(id))
    .filter((node) => node?.kind === 'endpoint')
    .filter((node) => !pools.has(node.pool))
    .sort((a, b) => b.index - a.index);
  for (const { pool, index } of endpoints) edits.push({ type: 'removeEndpoint', pool, index });
  for (const id of ids) {
    const node = parseNode(id);
    if (node === null || node.kind === 'endpoint') continue;
    const edit = removalEdit(document, id);
    if (edit !== null) edits.push(edit);
  }
  return [...edits, ...markRemovals(document, ids)];
}

function poolOf(id: string): string[] {
  const node = parseNode(id);
  return node?.kind === 'pool' ? [node.id] : [];
}

function edgeRemovals(document: WorkspaceDocument, edges: readonly string[]): ConfigEdit[] {
  const edits: ConfigEdit[] = [];
  for (const route of document.routes ?? []) {
    const cut = edges.map((id) => parseEdge(id)!);
    const listeners = new Set(
      cut.flatMap(({ source, target }) =>
        source.kind === 'listener' && target.kind === 'route' && target.id === route.id ? [source.id] : [],
      ),
    );
    const pools = new Set(
      cut.flatMap(({ source, target }) =>
        source.kind === 'route' && source.id === route.id && target.kind === 'pool' ? [target.id] : [],
      ),
    );
    if (listeners.size > 0) {
      const kept = route.listeners.filter((id) => !listeners.has(id));
      edits.push({ type: 'updateRoute', id: route.id, patch: { listeners: kept } });
    }
    if (pools.size > 0) {
      const backends = (route.backends ?? []).filter((backend) => !pools.has(backend.pool));
      edits.push({ type: 'setBackends', route: route.id, backends });
    }
  }
  return edits;
}

function markRemovals(document: WorkspaceDocument, ids: readonly string[]): ConfigEdit[] {
  const isKept = (kind: 'note' | 'group') => (item: { readonly id: string }) =>
    !ids.some((id) => {
      const mark = parseMark(id);
      return mark?.kind === kind && mark.id === item.id;
    });
  const { notes = [], groups = [] } = document.layout ?? {};
  const keptNotes = notes.filter(isKept('note'));
  const keptGroups = groups.filter(isKept('group'));
  const edits: ConfigEdit[] = [];
  if (keptNotes.length < notes.length) edits.push({ type: 'setNotes', notes: keptNotes });
  if (keptGroups.length < groups.length) edits.push({ type: 'setGroups', groups: keptGroups });
  return edits;
}

/** One sentence for each thing that stays and loses something when `ids` go: "Route shop loses its last backend." */
export function losses(document: WorkspaceDocument, ids: readonly string[]): string[] {
  const gone = new Set(ids);
  const said: string[] = [];
  for (const route of document.routes ?? []) {
    if (gone.has(`route:${route.id}`)) continue;
    const listeners = route.listeners.filter((id) => gone.has(`listener:${id}`));
    if (listeners.length > 0) {
      const isLast = listeners.length === route.listeners.length;
      said.push(
        `Route ${route.id} ${isLast ? 'is left without a listener' : `loses listener ${listeners.join(', ')}`}.`,
      );
    }
    const backends = route.backends ?? [];
    const lost = backends.filter((backend) => gone.has(`pool:${backend.pool}`));
    if (lost.length > 0) said.push(`Route ${route.id} ${backendLoss(backends, lost)}.`);
    const mirrors = route.kind !== 'http' ? [] : (route.filters ?? []);
    if (mirrors.some((filter) => filter.type === 'mirror' && gone.has(`pool:${filter.pool}`))) {
      said.push(`Route ${route.id} loses its mirror filter.`);
    }
  }
  return said;
}

type Backend = { readonly pool: string; readonly weight?: number | undefined };

function backendLoss(backends: readonly Backend[], lost: readonly Backend[]): string {
  if (lost.length === backends.length) return 'is left without a backend';
  const weightOf = (list: readonly Backend[]) => list.reduce((sum, item) => sum + (item.weight ?? 1), 0);
  const share = Math.round((weightOf(lost) / Math.max(1, weightOf(backends))) * 100);
  return `sends ${share} % of its traffic there; the rest goes to the other backends`;
}
