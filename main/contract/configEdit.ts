// What a person may do to a workspace in one gesture, as data: the draft, undo and tests all run these through `applyEdit`.
import { assertNever } from './assertNever';
import type {
  HttpRouteDocument,
  ListenerDocument,
  PoolDocument,
  RouteDocument,
  WorkspaceDocument,
} from './config';
import { applyLayoutEdit, forgetNode, type LayoutEdit, layoutNode, renameNode } from './layoutEdit';

export type BackendDocument = NonNullable<HttpRouteDocument['backends']>[number];
type CaptureDocument = NonNullable<WorkspaceDocument['capture']>;
export type EndpointDocument = PoolDocument['endpoints'][number];

/** Fields to change; a field that is present with the value `undefined` is removed from the document. */
export type Patch<T> = T extends unknown ? { readonly [Key in keyof T]?: T[Key] | undefined } : never;

export type ConfigEdit =
  | { readonly type: 'addListener'; readonly listener: ListenerDocument }
  | { readonly type: 'updateListener'; readonly id: string; readonly patch: Patch<ListenerDocument> }
  | { readonly type: 'removeListener'; readonly id: string }
  | { readonly type: 'renameListener'; readonly id: string; readonly newId: string }
  | { readonly type: 'addRoute'; readonly route: RouteDocument }
  | { readonly type: 'updateRoute'; readonly id: string; readonly patch: Patch<RouteDocument> }
  | { readonly type: 'removeRoute'; readonly id: string }
  | { readonly type: 'renameRoute'; readonly id: string; readonly newId: string }
  /** Document order is the last tie-breaker between routes. `to` is the index afterwards. */
  | { readonly type: 'moveRoute'; readonly id: string; readonly to: number }
  | { readonly type: 'setBackends'; readonly route: string; readonly backends: readonly BackendDocument[] }
  | { readonly type: 'addPool'; readonly pool: PoolDocument }
  | { readonly type: 'updatePool'; readonly id: string; readonly patch: Patch<PoolDocument> }
  | { readonly type: 'removePool'; readonly id: string }
  | { readonly type: 'renamePool'; readonly id: string; readonly newId: string }
  | { readonly type: 'addEndpoint'; readonly pool: string; readonly endpoint: EndpointDocument }
  | {
      readonly type: 'updateEndpoint';
      readonly pool: string;
      readonly index: number;
      readonly patch: Patch<EndpointDocument>;
    }
  | { readonly type: 'removeEndpoint'; readonly pool: string; readonly index: number }
  | { readonly type: 'updateCapture'; readonly patch: Patch<CaptureDocument> }
  | LayoutEdit
  | { readonly type: 'replaceDocument'; readonly document: WorkspaceDocument };

/**
 * The document after one edit; what did not change is shared with the old one. An edit that names something that is not
 * there, or renames to an id that is taken, returns the very same document.
 */
export function applyEdit(document: WorkspaceDocument, edit: ConfigEdit): WorkspaceDocument {
  switch (edit.type) {
    case 'addListener':
      return { ...document, listeners: [...(document.listeners ?? []), edit.listener] };
    case 'updateListener':
      return changed(document, 'listeners', updateById(document.listeners, edit.id, edit.patch));
    case 'removeListener':
      return removeListener(document, edit.id);
    case 'renameListener':
      return renameListener(document, edit.id, edit.newId);
    case 'addRoute':
      return { ...document, routes: [...(document.routes ?? []), edit.route] };
    case 'updateRoute':
      return changed(document, 'routes', updateById(document.routes, edit.id, edit.patch));
    case 'removeRoute':
      return forgetNode(
        changed(document, 'routes', removeById(document.routes, edit.id)),
        document,
        'route',
        edit.id,
      );
    case 'renameRoute':
      if (isTaken(document.routes, edit.id, edit.newId)) return document;
      return renameNode(
        changed(document, 'routes', updateById(document.routes, edit.id, { id: edit.newId })),
        document,
        layoutNode('route', edit.id),
        layoutNode('route', edit.newId),
      );
    case 'moveRoute':
      return changed(document, 'routes', moveById(document.routes, edit.id, edit.to));
    case 'setBackends':
      return changed(
        document,
        'routes',
        updateById(document.routes, edit.route, { backends: [...edit.backends] }),
      );
    case 'addPool':
      return { ...document, pools: [...(document.pools ?? []), edit.pool] };
    case 'updatePool':
      return changed(document, 'pools', updateById(document.pools, edit.id, edit.patch));
    case 'removePool':
      return removePool(document, edit.id);
    case 'renamePool':
      return renamePool(document, edit.id, edit.newId);
    case 'addEndpoint':
      return editEndpoints(document, edit.pool, (endpoints) => [...endpoints, edit.endpoint]);
    case 'updateEndpoint':
      return editEndpoints(document, edit.pool, (endpoints) => {
        const old = endpoints[edit.index];
        return old === undefined ? endpoints : endpoints.with(edit.index, patched(old, edit.patch));
      });
    case 'removeEndpoint':
      return editEndpoints(document, edit.pool, (endpoints) =>
        edit.index in endpoints ? endpoints.toSpliced(edit.index, 1) : endpoints,
      );
    case 'updateCapture': {
      const capture = patched(document.capture ?? {}, edit.patch);
      const { capture: _old, ...rest } = document;
      return Object.keys(capture).length === 0 ? rest : { ...rest, capture };
    }
    case 'setPosition':
    case 'clearPositions':
    case 'setGroups':
    case 'setNotes':
      return applyLayoutEdit(document, edit);
    case 'replaceDocument':
      return edit.document;
    default:
      return assertNever(edit, 'edit');
  }
}

// ---------------------------------------------------------------- lists of things with an id

type ListName = 'listeners' | 'routes' | 'pools';
type Identified = { readonly id: string };

function changed<Name extends ListName>(
  document: WorkspaceDocument,
  name: Name,
  list: WorkspaceDocument[Name],
): WorkspaceDocument {
  return list === document[name] ? document : { ...document, [name]: list };
}

/** The first of that id is meant; a document with duplicate ids is invalid but must stay editable. */
function updateById<Item extends Identified>(
  list: Item[] | undefined,
  id: string,
  patch: object,
): Item[] | undefined {
  const index = list?.findIndex((item) => item.id === id) ?? -1;
  if (list === undefined || index < 0) return list;
  return list.with(index, patched(list[index]!, patch));
}

function removeById<Item extends Identified>(list: Item[] | undefined, id: string): Item[] | undefined {
  const index = list?.findIndex((item) => item.id === id) ?? -1;
  return list === undefined || index < 0 ? list : list.toSpliced(index, 1);
}

function moveById<Item extends Identified>(
  list: Item[] | undefined,
  id: string,
  to: number,
): Item[] | undefined {
  const from = list?.findIndex((item) => item.id === id) ?? -1;
  if (list === undefined || from < 0 || from === to || !(to in list)) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, list[from]!);
}

function isTaken(list: readonly Identified[] | undefined, id: string, newId: string): boolean {
  return !(list ?? []).some((item) => item.id === id) || (list ?? []).some((item) => item.id === newId);
}

function patched<Item extends object>(item: Item, patch: object): Item {
  const result = { ...item } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result as Item;
}

/** Maps every item; the same list when no item changed. */
function mapShared<Item>(
  list: Item[] | undefined,
  change: (item: Item) => Item | undefined,
): Item[] | undefined {
  if (list === undefined) return undefined;
  let isChanged = false;
  const result: Item[] = [];
  for (const item of list) {
    const next = change(item);
    if (next !== item) isChanged = true;
    if (next !== undefined) result.push(next);
  }
  return isChanged ? result : list;
}

// ---------------------------------------------------------------- references

function removeListener(document: WorkspaceDocument, id: string): WorkspaceDocument {
  const listeners = removeById(document.listeners, id);
  if (listeners === document.listeners) return document;
  const routes = mapShared(document.routes, (route) => {
    const kept = mapShared(route.listeners, (name) => (name === id ? undefined : name))!;
    return kept === route.listeners ? route : { ...route, listeners: kept };
  });
  return forgetNode(
    changed(changed(document, 'listeners', listeners), 'routes', routes),
    document,
    'listener',
    id,
  );
}

function renameListener(document: WorkspaceDocument, id: string, newId: string): WorkspaceDocument {
  if (isTaken(document.listeners, id, newId)) return document;
  const listeners = updateById(document.listeners, id, { id: newId });
  const routes = mapShared(document.routes, (route) => {
    const renamed = mapShared(route.listeners, (name) => (name === id ? newId : name))!;
    return renamed === route.listeners ? route : { ...route, listeners: renamed };
  });
  return renameNode(
    changed(changed(document, 'listeners', listeners), 'routes', routes),
    document,
    layoutNode('listener', id),
    layoutNode('listener', newId),
  );
}

function removePool(document: WorkspaceDocument, id: string): WorkspaceDocument {
  const pools = removeById(document.pools, id);
  if (pools === document.pools) return document;
  const routes = mapPoolReferences(document.routes, (pool) => (pool === id ? undefined : pool));
  return forgetNode(changed(changed(document, 'pools', pools), 'routes', routes), document, 'pool', id);
}

function renamePool(document: WorkspaceDocument, id: string, newId: string): WorkspaceDocument {
  if (isTaken(document.pools, id, newId)) return document;
  const pools = updateById(document.pools, id, { id: newId });
  const routes = mapPoolReferences(document.routes, (pool) => (pool === id ? newId : pool));
  return renameNode(
    changed(changed(document, 'pools', pools), 'routes', routes),
    document,
    layoutNode('pool', id),
    layoutNode('pool', newId),
  );
}

/** Backends and mirror filters name pools; `undefined` takes the backend or the filter away. */
function mapPoolReferences(
  routes: RouteDocument[] | undefined,
  change: (pool: string) => string | undefined,
): RouteDocument[] | undefined {
  const follow = <Item extends { pool: string }>(item: Item): Item | undefined => {
    const pool = change(item.pool);
    if (pool === undefined) return undefined;
    return pool === item.pool ? item : { ...item, pool };
  };
  return mapShared(routes, (route) => {
    const backends = mapShared(route.backends, follow);
    const withBackends = backends === route.backends ? route : patched(route, { backends });
    if (withBackends.kind !== 'http') return withBackends;
    const filters = mapShared(withBackends.filters, (filter) =>
      filter.type === 'mirror' ? follow(filter) : filter,
    );
    return filters === withBackends.filters ? withBackends : patched(withBackends, { filters });
  });
}

function editEndpoints(
  document: WorkspaceDocument,
  poolId: string,
  change: (endpoints: EndpointDocument[]) => EndpointDocument[],
): WorkspaceDocument {
  const pool = document.pools?.find((item) => item.id === poolId);
  if (pool === undefined) return document;
  const endpoints = change(pool.endpoints);
  if (endpoints === pool.endpoints) return document;
  return changed(document, 'pools', updateById(document.pools, poolId, { endpoints }));
}
