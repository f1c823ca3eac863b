// Three-way merge of workspace documents, for a draft whose ground was changed elsewhere. Things are matched by id and
// merged field by field. Where both sides changed the same field the draft's value stays in the draft and is named.
import type { WorkspaceDocument } from '../../main/contract/config';
import { equalJson } from '../../main/contract/equalJson';

export interface Rebased {
  readonly document: WorkspaceDocument;
  /** In words, one line for each field that both sides changed: "Pool shop: endpoints". */
  readonly collisions: readonly string[];
}

type Item = { readonly id: string };
type Fields = Record<string, unknown>;

export function rebaseDocument(
  base: WorkspaceDocument,
  mine: WorkspaceDocument,
  theirs: WorkspaceDocument,
): Rebased {
  const collisions: string[] = [];
  const list = <T extends Item>(
    word: string,
    get: (document: WorkspaceDocument) => readonly T[] | undefined,
  ): T[] => rebaseList(word, get(base) ?? [], get(mine) ?? [], get(theirs) ?? [], collisions);
  const listeners = list('Listener', (document) => document.listeners);
  const routes = list('Route', (document) => document.routes);
  const pools = list('Pool', (document) => document.pools);
  const {
    listeners: _l,
    routes: _r,
    pools: _p,
    ...rest
  } = rebaseFields('Workspace', strip(base), strip(mine), strip(theirs), collisions);
  return { document: { ...(rest as unknown as WorkspaceDocument), listeners, routes, pools }, collisions };
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
  collisions: string[],
): T[] {
  const inBase = new Map(base.map((item) => [item.id, item]));
  const inTheirs = new Map(theirs.map((item) => [item.id, item]));
  const inMine = new Set(mine.map((item) => item.id));
  const merged: T[] = [];
  for (const item of mine) {
    const old = inBase.get(item.id);
    const other = inTheirs.get(item.id);
    if (other === undefined) {
      // They removed it: gone unless it is new here or was changed here.
      const isTouched = old === undefined || !equalJson(old, item);
      if (old !== undefined && isTouched) collisions.push(`${word} ${item.id}: removed there, changed here`);
      if (isTouched) merged.push(item);
      continue;
    }
    merged.push(
      rebaseFields(
        `${word} ${item.id}`,
        (old ?? {}) as Fields,
        item as unknown as Fields,
        other as unknown as Fields,
        collisions,
      ) as unknown as T,
    );
  }
  for (const other of theirs) {
    if (inMine.has(other.id)) continue;
    const old = inBase.get(other.id);
    if (old === undefined) merged.push(other);
    else if (!equalJson(old, other)) collisions.push(`${word} ${other.id}: changed there, removed here`);
  }
  return merged;
}

function rebaseFields(
  subject: string,
  base: Fields,
  mine: Fields,
  theirs: Fields,
  collisions: string[],
): Fields {
  const result: Fields = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const isMineTouched = !equalJson(base[key], mine[key]);
    const isTheirsTouched = !equalJson(base[key], theirs[key]);
    if (isMineTouched && isTheirsTouched && key !== 'layout' && !equalJson(mine[key], theirs[key])) {
      collisions.push(`${subject}: ${key}`);
    }
    const value = isMineTouched ? mine[key] : theirs[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}
