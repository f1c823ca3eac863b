// A draft as it is kept, and back. Steps of undo and redo are kept as deltas, as many of the newest as fit.
import type { WorkspaceDocument } from '../../main/contract/config';
import type { SavedDraft } from '../../main/contract/workspaceApi';
import { applyDelta, type Delta, deltaBetween } from './documentDelta';
import { currentText, type Draft, hasPendingChanges } from './draft';

/** Characters of JSON for all steps together. */
const mostStepCharacters = 256 * 1024;
const mostSteps = 400;

/** null = there is nothing to keep: no change and no step back or forward. */
export function toSavedDraft(draft: Draft, now: number): SavedDraft | null {
  if (!hasPendingChanges(draft) && draft.undo.length === 0 && draft.redo.length === 0) return null;
  const { base, document } = draft;
  return {
    base,
    document,
    text: currentText(draft),
    savedAt: now,
    undo: chain(document, draft.undo.map((step) => step.before.document).reverse()),
    redo: chain(document, draft.redo.map((step) => step.document).reverse()),
  };
}

/** The kept steps as they were, on a draft of the same document. */
export function withSavedSteps(draft: Draft, saved: SavedDraft): Draft {
  const content = (document: WorkspaceDocument) => ({ document, text: null });
  return {
    ...draft,
    undo: stepsOf(saved.document, saved.undo).map((document) => ({
      before: content(document),
      mergeKey: null,
      at: 0,
    })),
    redo: stepsOf(saved.document, saved.redo).map(content),
  };
}

/** The documents that the deltas lead to, the last step of the way first. */
function stepsOf(document: WorkspaceDocument, deltas: readonly Delta[]): WorkspaceDocument[] {
  const documents: WorkspaceDocument[] = [];
  let current = document;
  for (const delta of deltas) {
    current = applyDelta(current, delta);
    documents.unshift(current);
  }
  return documents;
}

function chain(start: WorkspaceDocument, documents: readonly WorkspaceDocument[]): SavedDraft['undo'] {
  const deltas: SavedDraft['undo'] = [];
  let characters = 0;
  let current = start;
  for (const document of documents.slice(0, mostSteps)) {
    const delta = deltaBetween(current, document).map((change) => ({ ...change, path: [...change.path] }));
    characters += JSON.stringify(delta).length;
    if (characters > mostStepCharacters) break;
    deltas.push(delta);
    current = document;
  }
  return deltas;
}
