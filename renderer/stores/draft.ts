// The draft: what the user has on screen, apart from what runs. Pure; documents are immutable and share their parts,
// so an undo stack without limit costs little more than the edits themselves.
import type { WorkspaceDocument } from '../../main/contract/config';
import { applyEdit, type ConfigEdit } from '../../main/contract/configEdit';
import { equalJson } from '../../main/contract/equalJson';
import { withoutLayout } from '../../main/contract/withoutLayout';

interface Step {
  readonly before: WorkspaceDocument;
  /** Edits with the same key that follow each other closely are one step: typing in a field. */
  readonly mergeKey: string | null;
  readonly at: number;
}

export interface Draft {
  /** The revision and document that the draft started from. */
  readonly baseRevision: number;
  readonly base: WorkspaceDocument;
  readonly document: WorkspaceDocument;
  readonly undo: readonly Step[];
  readonly redo: readonly WorkspaceDocument[];
}

/** Longest pause within one typing step, in milliseconds. */
export const typingPauseMs = 2000;

export function startDraft(baseRevision: number, document: WorkspaceDocument): Draft {
  return { baseRevision, base: document, document, undo: [], redo: [] };
}

export function editDraft(
  draft: Draft,
  edits: readonly ConfigEdit[],
  options: { readonly mergeKey?: string | null; readonly at: number },
): Draft {
  const document = edits.reduce(applyEdit, draft.document);
  if (document === draft.document) return draft;
  const mergeKey = options.mergeKey ?? null;
  const last = draft.undo.at(-1);
  const isSameStep =
    last !== undefined &&
    mergeKey !== null &&
    draft.redo.length === 0 &&
    last.mergeKey === mergeKey &&
    options.at - last.at <= typingPauseMs;
  const step: Step = { before: isSameStep ? last.before : draft.document, mergeKey, at: options.at };
  return {
    ...draft,
    document,
    undo: [...(isSameStep ? draft.undo.slice(0, -1) : draft.undo), step],
    redo: [],
  };
}

export function undoDraft(draft: Draft): Draft {
  const last = draft.undo.at(-1);
  if (last === undefined) return draft;
  return {
    ...draft,
    document: last.before,
    undo: draft.undo.slice(0, -1),
    redo: [...draft.redo, draft.document],
  };
}

export function redoDraft(draft: Draft): Draft {
  const next = draft.redo.at(-1);
  if (next === undefined) return draft;
  return {
    ...draft,
    document: next,
    undo: [...draft.undo, { before: draft.document, mergeKey: null, at: 0 }],
    redo: draft.redo.slice(0, -1),
  };
}

/** Something that matters to traffic differs; moved nodes do not count. */
export function hasPendingChanges(draft: Draft): boolean {
  if (draft.document === draft.base) return false;
  return !equalJson(withoutLayout(draft.document), withoutLayout(draft.base));
}

/** Only nodes were moved. */
export function hasOnlyLayoutChanges(draft: Draft): boolean {
  return !hasPendingChanges(draft) && !equalJson(draft.document.layout, draft.base.layout);
}
