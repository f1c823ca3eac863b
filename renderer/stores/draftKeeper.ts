// Where drafts are kept: by the main process on disk, for any browser; and in this browser, for the time that the main
// process cannot be reached. Each window keeps its own; the newer of both copies counts.
import type { HopscopeApi } from '../../main/contract/api';
import { AppError } from '../../main/contract/appError';
import { type SavedDraft, savedDraftSchema } from '../../main/contract/workspaceApi';

export interface DraftKeeper {
  /** Claims this window's id, again after each reconnect, and brings the draft of this window or one that was left behind. */
  open(file: string): Promise<SavedDraft | null>;
  /** Keeps the newest draft of the file; null = forget it. */
  save(file: string, draft: SavedDraft | null): void;
}

interface LocalRecord {
  readonly window: string | null;
  readonly draft: SavedDraft;
}

const windowKey = 'hopscope.window';
const draftKey = (file: string) => `hopscope.draft:${file}`;

/** `session` lives as long as the tab, `local` is shared by all tabs of the browser. */
export function createDraftKeeper(api: HopscopeApi, session: Storage, local: Storage): DraftKeeper {
  /** Files of which nothing is kept, so that it is not said again and again. */
  const forgotten = new Set<string>();
  let window = session.getItem(windowKey);
  return {
    async open(file) {
      const opened = await api.call('openDraft', { window });
      window = opened.window;
      session.setItem(windowKey, window);
      const record = readRecord(local, file);
      const isOurs =
        record !== null &&
        (record.window === null || record.window === window || !opened.others.includes(record.window));
      if (!isOurs || record.draft.savedAt <= (opened.draft?.savedAt ?? 0)) return opened.draft;
      return record.draft;
    },
    save(file, draft) {
      if (draft === null && forgotten.has(file)) return;
      if (draft === null) forgotten.add(file);
      else forgotten.delete(file);
      if (draft === null) local.removeItem(draftKey(file));
      else writeRecord(local, file, { window, draft });
      if (window === null) return;
      api.call('saveDraft', { file, window, draft }).catch((error: unknown) => {
        // Not reachable or no room on its disk: the browser's copy stands, and the next change tries again.
        if (!(error instanceof AppError)) throw error;
      });
    },
  };
}

/** A record that cannot be read counts as none. */
function readRecord(local: Storage, file: string): LocalRecord | null {
  try {
    const value = JSON.parse(local.getItem(draftKey(file)) ?? 'null') as Partial<LocalRecord> | null;
    const draft = savedDraftSchema.safeParse(value?.draft);
    if (!draft.success) return null;
    return { window: typeof value?.window === 'string' ? value.window : null, draft: draft.data };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function writeRecord(local: Storage, file: string, record: LocalRecord): void {
  try {
    local.setItem(draftKey(file), JSON.stringify(record));
  } catch (error) {
    // The browser's store is full: the copy of the main process is the one that counts.
    if (!(error instanceof DOMException)) throw error;
  }
}
