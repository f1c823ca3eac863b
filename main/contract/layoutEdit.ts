// Edits of what only the canvas reads: positions, groups and notes. They never reach the engine.
import type { LayoutDocument, WorkspaceDocument } from './config';

export type GroupDocument = NonNullable<LayoutDocument['groups']>[number];
export type NoteDocument = NonNullable<LayoutDocument['notes']>[number];

export type LayoutEdit =
  | { readonly type: 'setPosition'; readonly node: string; readonly x: number; readonly y: number }
  /** All nodes go back to where the automatic layout puts them. */
  | { readonly type: 'clearPositions' }
  | { readonly type: 'setGroups'; readonly groups: readonly GroupDocument[] }
  | { readonly type: 'setNotes'; readonly notes: readonly NoteDocument[] };

export type NodeKind = 'listener' | 'route' | 'pool';

/** The name of a node in `layout.positions` and in `layout.groups[].members`: "listener:web". */
export function layoutNode(kind: NodeKind, id: string): string {
  return `${kind}:${id}`;
}

export function applyLayoutEdit(document: WorkspaceDocument, edit: LayoutEdit): WorkspaceDocument {
  switch (edit.type) {
    case 'setPosition':
      return setPosition(document, edit.node, edit.x, edit.y);
    case 'clearPositions':
      return document.layout?.positions === undefined ? document : withPart(document, 'positions', undefined);
    case 'setGroups': {
      const groups = edit.groups.filter((group) => group.members.length > 0);
      return withPart(document, 'groups', groups.length === 0 ? undefined : groups);
    }
    case 'setNotes':
      return withPart(document, 'notes', edit.notes.length === 0 ? undefined : [...edit.notes]);
  }
}

/** An empty layout is left out of the document. */
function withPart<Key extends keyof LayoutDocument>(
  document: WorkspaceDocument,
  key: Key,
  value: LayoutDocument[Key] | undefined,
): WorkspaceDocument {
  const { [key]: _old, ...rest } = document.layout ?? {};
  const layout = value === undefined ? rest : { ...rest, [key]: value };
  if (Object.keys(layout).length > 0) return { ...document, layout };
  const { layout: _layout, ...others } = document;
  return others;
}

function setPosition(document: WorkspaceDocument, node: string, x: number, y: number): WorkspaceDocument {
  const old = document.layout?.positions?.[node];
  if (old !== undefined && old.x === x && old.y === y) return document;
  return withPart(document, 'positions', { ...document.layout?.positions, [node]: { x, y } });
}

export function forgetNode(
  next: WorkspaceDocument,
  before: WorkspaceDocument,
  kind: NodeKind,
  id: string,
): WorkspaceDocument {
  return renameNode(next, before, layoutNode(kind, id), null);
}

/** `newNode` null = the node is gone. Does nothing when `next` is the unchanged document. */
export function renameNode(
  next: WorkspaceDocument,
  before: WorkspaceDocument,
  node: string,
  newNode: string | null,
): WorkspaceDocument {
  const layout = next.layout;
  if (next === before || layout === undefined) return next;
  let result = next;
  if (layout.positions !== undefined && node in layout.positions) {
    const { [node]: position, ...others } = layout.positions;
    const positions =
      newNode === null || position === undefined ? others : { ...others, [newNode]: position };
    result = withPart(result, 'positions', positions);
  }
  if (layout.groups?.some((group) => group.members.includes(node)) !== true) return result;
  const groups = layout.groups.map((group) => ({
    ...group,
    members: group.members.flatMap((name) => (name !== node ? [name] : newNode === null ? [] : [newNode])),
  }));
  return applyLayoutEdit(result, { type: 'setGroups', groups });
}
