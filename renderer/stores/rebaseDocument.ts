// Three-way merge of workspace documents, for a draft whose ground was changed elsewhere. Things are matched by id and
// merged field by field. Where both sides changed the same field the draft's value stays unless the user chooses theirs.
import type { WorkspaceDocument } from '../../main/contract/config';
import { equalJson } from '../../main/contract/equalJson';

export type Side = 'mine' | 'theirs';

/** A field that both sides changed, or a thing that one side changed and the other removed. */
export interface Collision {
  /** "Pool shop: endpoints"; names the collision. */
  readonly subject: string;
  /** The values; undefined = not set, or removed. */
  readonly mine: unknown;
  readonly theirs: unknown;
}

export interface Rebased {
  readonly document: WorkspaceDocument;
  readonly collisions: readonly Collision[];
}

type Item = { readonly id: string };
type Fields = Record<string, unknown>;

interface Merge {
  readonly collisions: Collision[];
  readonly choices: ReadonlyMap<string, Side>;
}

export function rebaseDocument(
  base: WorkspaceDocument,
  mine: WorkspaceDocument,
  theirs: WorkspaceDocument,
  choices: ReadonlyMap<string, Side> = new Map(),
): Rebased {
  const merge: Merge = { collisions: [], choices };
  const list = <T extends Item>(
    word: string,
    get: (document: WorkspaceDocument) => readonly T[] | undefined,
  ): T[] => rebaseList(word, get(base) ?? [], get(mine) ?? [], get(theirs) ?? [], merge);
  const listeners = list('Listener', (document) => document.listeners);
  const routes = list('Route', (document) => document.routes);
  const pools = list('Pool', (document) => document.pools);
  const rest = rebaseFields('Workspace', strip(base), strip(mine), strip(theirs), merge);
  const lists = Object.entries({ listeners, routes, pools }).filter(
    // A list that nobody wrote is left out, so that a merge that changes nothing says the same.
    ([name, items]) => items.length > 0 || theirs[name as 'listeners' | 'routes' | 'pools'] !== undefined,
  );
  const document = { ...(rest as unknown as WorkspaceDocument), ...Object.fromEntries(lists) };
  return { document, collisions: merge.collisions };
}

/** Whether the user takes theirs. Every collision is told here, once. */
function takesTheirs(merge: Merge, collision: Collision): boolean {
  merge.collisions.push(collision);
  return merge.choices.get(collision.subject) === 'theirs';
}

function strip(document: WorkspaceDocument): Fields {
  const { listeners: _l, routes: _r, pools: _p, ...rest } = document;
  return rest;
}

function rebaseList<T extends Item>(
  word: string,
  base: readonly T[],
  mine: readonly T[],
  theirs: readonly T[],
  merge: Merge,
): T[] {
  const inBase = new Map(base.map((item) => [item.id, item]));
  const inTheirs = new Map(theirs.map((item) => [item.id, item]));
  const inMine = new Set(mine.map((item) => item.id));
  const merged: T[] = [];
  for (const item of mine) {
    const old = inBase.get(item.id);
    const other = inTheirs.get(item.id);
    if (other === undefined) {
      if (isKept(word, old, item, merge)) merged.push(item);
      continue;
    }
    merged.push(
      rebaseFields(
        `${word} ${item.id}`,
        (old ?? {}) as Fields,
        item as unknown as Fields,
        other as unknown as Fields,
        merge,
      ) as unknown as T,
    );
  }
  for (const other of theirs) {
    if (inMine.has(other.id)) continue;
    const old = inBase.get(other.id);
    if (old === undefined) merged.push(other);
    else if (!equalJson(old, other)) {
      const subject = `${word} ${other.id}: changed there, removed here`;
      if (takesTheirs(merge, { subject, mine: undefined, theirs: other })) merged.push(other);
    }
  }
  return inOrder(merged, base, mine, theirs);
}

/** They removed it: gone unless it is new here or was changed here. */
function isKept<T extends Item>(word: string, old: T | undefined, item: T, merge: Merge): boolean {
  if (old === undefined) return true;
  if (equalJson(old, item)) return false;
  const subject = `${word} ${item.id}: removed there, changed here`;
  return !takesTheirs(merge, { subject, mine: item, theirs: undefined });
}

/** Mine stand first and in my order, unless only the other side put things into another order. */
function inOrder<T extends Item>(
  merged: readonly T[],
  base: readonly T[],
  mine: readonly T[],
  theirs: readonly T[],
): T[] {
  const ids = (list: readonly T[], within: readonly T[]) => {
    const known = new Set(within.map((item) => item.id));
    return list.map((item) => item.id).filter((id) => known.has(id));
  };
  const isMoved = (list: readonly T[]) => !equalJson(ids(list, base), ids(base, list));
  if (isMoved(mine) || !isMoved(theirs)) return [...merged];
  const place = new Map(theirs.map((item, index) => [item.id, index]));
  return [...merged].sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity) || 0);
}

function rebaseFields(subject: string, base: Fields, mine: Fields, theirs: Fields, merge: Merge): Fields {
  const result: Fields = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const isMineTouched = !equalJson(base[key], mine[key]);
    const isTheirsTouched = !equalJson(base[key], theirs[key]);
    const isCollision =
      isMineTouched && isTheirsTouched && key !== 'layout' && !equalJson(mine[key], theirs[key]);
    const collision = { subject: `${subject}: ${key}`, mine: mine[key], theirs: theirs[key] };
    const isTheirs = isCollision ? takesTheirs(merge, collision) : !isMineTouched;
    const value = isTheirs ? theirs[key] : mine[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}
