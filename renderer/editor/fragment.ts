// A part of a workspace to copy, paste or duplicate. As text it is a workspace document itself, so that it can go through a
// text editor, another window or a file.
import { type WorkspaceDocument, workspaceSchema } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import { formatPath } from '../../main/contract/configIssue';
import { issuesFromZod } from '../../main/contract/schemaIssues';
import { parseWorkspaceText } from '../../main/contract/workspaceText';
import { formatWorkspaceText } from '../../main/contract/workspaceTextWriter';
import { freeId, freePort } from '../stores/freeNames';
import { formatMark, formatNode, parseMark, parseNode } from './nodeIds';

export type Fragment = WorkspaceDocument;

/** What of the document is selected; null = nothing that can be copied. An endpoint comes as its pool with itself only. */
export function fragmentOf(document: WorkspaceDocument, ids: readonly string[]): Fragment | null {
  const nodes = ids.flatMap((id) => parseNode(id) ?? []);
  const has = (kind: 'listener' | 'route' | 'pool', id: string) =>
    nodes.some((node) => node.kind === kind && node.id === id);
  const marks = new Set(ids.filter((id) => parseMark(id) !== null));
  const chosen = new Set(ids);
  const pools = (document.pools ?? []).flatMap((pool) => {
    if (has('pool', pool.id)) return [pool];
    const indexes = nodes.flatMap((node) =>
      node.kind === 'endpoint' && node.pool === pool.id ? [node.index] : [],
    );
    const endpoints = indexes.flatMap((index) => pool.endpoints[index] ?? []);
    return endpoints.length === 0 ? [] : [{ id: pool.id, endpoints }];
  });
  const positions = Object.fromEntries(
    Object.entries(document.layout?.positions ?? {}).filter(([id]) => chosen.has(id)),
  );
  const notes = (document.layout?.notes ?? []).filter(({ id }) =>
    marks.has(formatMark({ kind: 'note', id })),
  );
  const groups = (document.layout?.groups ?? []).filter(({ id }) =>
    marks.has(formatMark({ kind: 'group', id })),
  );
  const layout = {
    ...(Object.keys(positions).length > 0 ? { positions } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(notes.length > 0 ? { notes } : {}),
  };
  const fragment: Fragment = {
    schemaVersion: 1,
    listeners: (document.listeners ?? []).filter(({ id }) => has('listener', id)),
    routes: (document.routes ?? []).filter(({ id }) => has('route', id)),
    pools,
    ...(Object.keys(layout).length > 0 ? { layout } : {}),
  };
  return isEmpty(fragment) ? null : fragment;
}

function isEmpty({ listeners = [], routes = [], pools = [], layout }: Fragment): boolean {
  const marks = (layout?.notes?.length ?? 0) + (layout?.groups?.length ?? 0);
  return listeners.length + routes.length + pools.length + marks === 0;
}

export function fragmentText(fragment: Fragment): string {
  const { listeners = [], routes = [], pools = [], ...rest } = fragment;
  return formatWorkspaceText({
    ...rest,
    ...(listeners.length > 0 ? { listeners } : {}),
    ...(routes.length > 0 ? { routes } : {}),
    ...(pools.length > 0 ? { pools } : {}),
  });
}

/** A fragment from pasted text, or in one sentence why it is none. */
export function readFragment(
  text: string,
):
  | { readonly kind: 'read'; readonly fragment: Fragment }
  | { readonly kind: 'refused'; readonly reason: string } {
  const parsed = parseWorkspaceText(text);
  const fault = parsed.issues[0];
  const isObject = typeof parsed.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value);
  if (fault !== undefined || !isObject) {
    return refused(
      fault === undefined
        ? 'what is on the clipboard is no part of a workspace (YAML with listeners, routes or pools)'
        : fault.message,
    );
  }
  const value = { schemaVersion: 1, ...(parsed.value as object) };
  const checked = workspaceSchema.safeParse(value);
  if (!checked.success) {
    const issue = issuesFromZod(checked.error, workspaceSchema, value)[0];
    return refused(
      issue === undefined ? 'it is no workspace' : `${formatPath(issue.path)}: ${issue.message}`,
    );
  }
  const fragment = value as Fragment;
  return isEmpty(fragment) ? refused('it holds no listeners, routes or pools') : { kind: 'read', fragment };
}

function refused(reason: string): { readonly kind: 'refused'; readonly reason: string } {
  return { kind: 'refused', reason: `Not pasted: ${reason}.` };
}

export interface Insertion {
  readonly edits: readonly ConfigEdit[];
  /** The canvas ids of what came. */
  readonly nodes: readonly string[];
}

/** How far a copy stands from what it is a copy of. */
const offset = 36;

/**
 * Puts a fragment into a document: taken ids and ports get free ones, references inside the fragment follow, references
 * to the outside stay where they lead somewhere.
 */
export function insertFragment(document: WorkspaceDocument, fragment: Fragment): Insertion {
  const { listeners = [], routes = [], pools = [] } = fragment;
  const listenerIds = freshIds(listeners, document.listeners);
  const routeIds = freshIds(routes, document.routes);
  const poolIds = freshIds(pools, document.pools);
  const edits: ConfigEdit[] = [];
  let ports = document;
  for (const listener of listeners) {
    const port = listener.port === 0 ? 0 : freePort(ports, listener.port);
    const copy = { ...listener, id: listenerIds.get(listener.id)!, port };
    ports = { ...ports, listeners: [...(ports.listeners ?? []), copy] };
    edits.push({ type: 'addListener', listener: copy });
  }
  for (const pool of pools) edits.push({ type: 'addPool', pool: { ...pool, id: poolIds.get(pool.id)! } });
  const hasListener = (id: string) => document.listeners?.some((item) => item.id === id) ?? false;
  const hasPool = (id: string) => document.pools?.some((item) => item.id === id) ?? false;
  for (const route of routes) {
    const taken = route.listeners.flatMap((id) => listenerIds.get(id) ?? (hasListener(id) ? [id] : []));
    const backends = (route.backends ?? []).flatMap((backend) => {
      const pool = poolIds.get(backend.pool) ?? (hasPool(backend.pool) ? backend.pool : null);
      return pool === null ? [] : [{ ...backend, pool }];
    });
    const copy = { ...route, id: routeIds.get(route.id)!, listeners: taken };
    if (route.backends !== undefined) copy.backends = backends;
    if (copy.kind === 'http' && copy.filters !== undefined) {
      copy.filters = copy.filters.map((filter) =>
        filter.type === 'mirror' ? { ...filter, pool: poolIds.get(filter.pool) ?? filter.pool } : filter,
      );
    }
    edits.push({ type: 'addRoute', route: copy });
  }
  const renamed = new Map<string, string>();
  for (const [kind, ids] of [
    ['listener', listenerIds],
    ['route', routeIds],
    ['pool', poolIds],
  ] as const) {
    for (const [old, id] of ids) renamed.set(formatNode({ kind, id: old }), formatNode({ kind, id }));
  }
  const marks = layoutEdits(document, fragment, renamed);
  return { edits: [...edits, ...marks.edits], nodes: [...renamed.values(), ...marks.nodes] };
}

function freshIds(
  items: readonly { readonly id: string }[],
  taken: readonly { readonly id: string }[] | undefined,
): ReadonlyMap<string, string> {
  const all = [...(taken ?? [])];
  const fresh = new Map<string, string>();
  for (const { id } of items) {
    const free = freeId(id, all);
    all.push({ id: free });
    fresh.set(id, free);
  }
  return fresh;
}

function layoutEdits(
  document: WorkspaceDocument,
  { layout }: Fragment,
  renamed: ReadonlyMap<string, string>,
): Insertion {
  const edits: ConfigEdit[] = [];
  const nodes: string[] = [];
  for (const [node, { x, y }] of Object.entries(layout?.positions ?? {})) {
    const id = renamed.get(node);
    if (id !== undefined) edits.push({ type: 'setPosition', node: id, x: x + offset, y: y + offset });
  }
  if (layout?.groups !== undefined) {
    const ids = freshIds(layout.groups, document.layout?.groups);
    const groups = layout.groups.map((group) => ({
      ...group,
      id: ids.get(group.id)!,
      members: group.members.flatMap((member) => renamed.get(member) ?? []),
    }));
    edits.push({ type: 'setGroups', groups: [...(document.layout?.groups ?? []), ...groups] });
    nodes.push(
      ...groups
        .filter(({ members }) => members.length > 0)
        .map(({ id }) => formatMark({ kind: 'group', id })),
    );
  }
  if (layout?.notes !== undefined) {
    const ids = freshIds(layout.notes, document.layout?.notes);
    const notes = layout.notes.map((note) => ({
      ...note,
      id: ids.get(note.id)!,
      x: note.x + offset,
      y: note.y + offset,
    }));
    edits.push({ type: 'setNotes', notes: [...(document.layout?.notes ?? []), ...notes] });
    nodes.push(...notes.map(({ id }) => formatMark({ kind: 'note', id })));
  }
  return { edits, nodes };
}

/** Copies beside the originals. Selected endpoints whose pool is not selected are doubled inside their pool. */
export function duplicate(document: WorkspaceDocument, ids: readonly string[]): Insertion {
  const isInside = (id: string) => {
    const node = parseNode(id);
    return node?.kind === 'endpoint' && !ids.includes(formatNode({ kind: 'pool', id: node.pool }));
  };
  const edits: ConfigEdit[] = [];
  const nodes: string[] = [];
  const added = new Map<string, number>();
  for (const id of ids.filter(isInside)) {
    const node = parseNode(id);
    if (node?.kind !== 'endpoint') continue;
    const pool = document.pools?.find((item) => item.id === node.pool);
    const endpoint = pool?.endpoints[node.index];
    if (pool === undefined || endpoint === undefined) continue;
    const count = added.get(pool.id) ?? 0;
    added.set(pool.id, count + 1);
    edits.push({ type: 'addEndpoint', pool: pool.id, endpoint: { ...endpoint } });
    nodes.push(formatNode({ kind: 'endpoint', pool: pool.id, index: pool.endpoints.length + count }));
  }
  const fragment = fragmentOf(
    document,
    ids.filter((id) => !isInside(id) && parseNode(id)?.kind !== 'endpoint'),
  );
  if (fragment === null) return { edits, nodes };
  const insertion = insertFragment(document, fragment);
  return { edits: [...edits, ...insertion.edits], nodes: [...nodes, ...insertion.nodes] };
}
