// The draft that a window begins with: what runs, what was left unapplied on top of it, or the file that could not be run.
import type { RunningConfig } from '../../main/contract/api';
import { emptyWorkspaceDocument } from '../../main/contract/config';
import { equalJson } from '../../main/contract/equalJson';
import type { SavedDraft } from '../../main/contract/workspaceApi';
import type { ConfigState, DraftNote } from './configStore';
import { type Draft, hasPendingChanges, startDraft } from './draft';
import { rebaseDocument } from './rebaseDocument';
import { withSavedSteps } from './savedDraft';

export function firstDraft(running: RunningConfig, saved: SavedDraft | null): [Draft, Partial<ConfigState>] {
  const clean = {
    running,
    conflict: null,
    outside: null,
    note: null,
    apply: { kind: 'idle' },
    restoredFrom: null,
  } as const;
  const fresh = refusedDraft(running) ?? startDraft(running.revision, running.document);
  const isRefused = fresh.document !== running.document;
  const refusedNote: DraftNote = { kind: 'refused', savedAt: null, collisions: [] };
  if (saved === null) return [fresh, isRefused ? { ...clean, note: refusedNote } : clean];
  const { document, collisions } = rebaseDocument(saved.base, saved.document, fresh.document);
  const isSameGround = equalJson(saved.base, running.document) || equalJson(saved.document, running.document);
  const content = { document: isSameGround ? saved.document : document, text: null };
  const restored: Draft = { ...fresh, ...content };
  const draft = isSameGround ? withSavedSteps(restored, saved) : restored;
  if (!hasPendingChanges(draft)) {
    const kept = { ...draft, document: running.document };
    return [isRefused ? fresh : kept, isRefused ? { ...clean, note: refusedNote } : clean];
  }
  const note: DraftNote = {
    kind: 'restored',
    savedAt: saved.savedAt,
    collisions: isSameGround ? [] : collisions.map((collision) => collision.subject),
  };
  return [draft, { ...clean, note }];
}

/** Nothing runs because the file could not: its content is there to be mended. */
function refusedDraft({ revision, document, refused }: RunningConfig): Draft | null {
  if (refused?.document === null || refused === null) return null;
  const isNothingRunning = equalJson({ ...emptyWorkspaceDocument(), ...document }, emptyWorkspaceDocument());
  return isNothingRunning ? { ...startDraft(revision, document), document: refused.document } : null;
}
