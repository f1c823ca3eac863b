import type { WorkspaceDocument } from '../../main/contract/config';

/** What is kept of a draft so that a restart does not lose it. */
export interface SavedDraft {
  readonly base: WorkspaceDocument;
  readonly document: WorkspaceDocument;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export interface DraftStorage {
  load(file: string): SavedDraft | null;
  save(file: string, draft: SavedDraft): void;
  clear(file: string): void;
}

const keyOf = (file: string) => `hopscope.draft:${file}`;

/** Drafts in localStorage, one for each workspace file. A draft that cannot be read counts as none. */
export function createDraftStorage(storage: Storage): DraftStorage {
  return {
    load(file) {
      const text = storage.getItem(keyOf(file));
      if (text === null) return null;
      try {
        const saved: unknown = JSON.parse(text);
        return isSavedDraft(saved) ? saved : null;
      } catch {
        // Not our JSON: nothing to restore, and it must not be in the way of a new draft.
        storage.removeItem(keyOf(file));
        return null;
      }
    },
    save: (file, draft) => storage.setItem(keyOf(file), JSON.stringify(draft)),
    clear: (file) => storage.removeItem(keyOf(file)),
  };
}

function isSavedDraft(value: unknown): value is SavedDraft {
  if (typeof value !== 'object' || value === null) return false;
  const { base, document, savedAt } = value as Partial<Record<keyof SavedDraft, unknown>>;
  const isDocument = (part: unknown) => typeof part === 'object' && part !== null && 'schemaVersion' in part;
  return isDocument(base) && isDocument(document) && typeof savedAt === 'number';
}
