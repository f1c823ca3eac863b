// What runs (replaced by pushes) and the draft beside it. Every change of the draft goes through `edit`; nothing else
// touches a document. The draft is checked at once by `validate` and, a moment later, by the main process.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi, RunningConfig } from '../../main/contract/api';
import { AppError } from '../../main/contract/appError';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import type { ConfigIssue } from '../../main/contract/configIssue';
import { equalJson } from '../../main/contract/equalJson';
import {
  type Draft,
  editDraft,
  hasOnlyLayoutChanges,
  hasPendingChanges,
  redoDraft,
  startDraft,
  undoDraft,
} from './draft';
import { mergeIssues, type ServerCheck, stillTrue } from './draftIssues';
import type { DraftStorage } from './draftStorage';
import { createNamedTimers } from './namedTimers';
import { rebaseDocument } from './rebaseDocument';

export type ApplyState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'applying' }
  | { readonly kind: 'failed'; readonly message: string; readonly document: WorkspaceDocument };

export interface ConfigState {
  /** null until the first answer from the main process. */
  readonly running: RunningConfig | null;
  readonly loadError: string | null;
  readonly draft: Draft;
  /** The draft differs from what runs in something that matters to traffic. */
  readonly isPending: boolean;
  readonly issues: readonly ConfigIssue[];
  /** Another revision runs meanwhile and the draft has changes: the user must choose. */
  readonly conflict: RunningConfig | null;
  readonly apply: ApplyState;
  /** Said once after a restart or a rebase: what happened to the draft. */
  readonly note: DraftNote | null;
}

export interface DraftNote {
  readonly kind: 'restored' | 'rebased';
  /** When the restored draft was saved, milliseconds since 1970. */
  readonly savedAt: number | null;
  readonly collisions: readonly string[];
}

export interface ConfigStore extends StoreApi<ConfigState> {
  load(): Promise<void>;
  edit(edits: ConfigEdit | readonly ConfigEdit[], mergeKey?: string): void;
  undo(): void;
  redo(): void;
  /** Applies the draft. False = it did not happen; the state says why. */
  applyDraft(): Promise<boolean>;
  discard(): void;
  /** Puts the draft's changes on top of the revision that runs meanwhile. */
  rebase(): void;
  dismissNote(): void;
  close(): void;
}

export interface ConfigStoreOptions {
  readonly storage: DraftStorage;
  /** Instant problems of a document, without asking the main process. */
  readonly validate: (document: WorkspaceDocument) => readonly ConfigIssue[];
  readonly now: () => number;
}

const checkDelayMs = 350;
const layoutDelayMs = 700;
const saveDelayMs = 250;

export function createConfigStore(api: HopscopeApi, options: ConfigStoreOptions): ConfigStore {
  const emptyDocument: WorkspaceDocument = { schemaVersion: 1 };
  const store = createStore<ConfigState>(() => ({
    running: null,
    loadError: null,
    draft: startDraft(0, emptyDocument),
    isPending: false,
    issues: [],
    conflict: null,
    apply: { kind: 'idle' },
    note: null,
  }));
  const timers = createNamedTimers<'save' | 'check' | 'layout'>();
  let serverCheck: ServerCheck = { document: emptyDocument, issues: [] };

  /** The only way to a new draft: derives what depends on it and starts the delayed work. */
  const setDraft = (draft: Draft, rest: Partial<ConfigState> = {}) => {
    const isPending = hasPendingChanges(draft);
    store.setState({ ...rest, draft, isPending, issues: issuesOf(draft.document) });
    timers.restart('save', saveDelayMs, saveOrClear);
    if (draft.document !== serverCheck.document && store.getState().running !== null) {
      timers.restart('check', checkDelayMs, () => void check(draft.document));
    }
    if (hasOnlyLayoutChanges(draft)) timers.restart('layout', layoutDelayMs, () => void applyLayout());
    else timers.cancel('layout');
  };

  const issuesOf = (document: WorkspaceDocument) =>
    mergeIssues(options.validate(document), stillTrue(serverCheck, document));

  const check = async (document: WorkspaceDocument) => {
    const result = await api.call('checkConfig', { document }).catch(ignoreAppError);
    if (result === null || store.getState().draft.document !== document) return;
    serverCheck = { document, issues: result.issues };
    store.setState({ issues: issuesOf(document) });
  };

  const saveOrClear = () => {
    const { running, draft, isPending } = store.getState();
    if (running === null) return;
    if (isPending) {
      options.storage.save(running.file, {
        base: draft.base,
        document: draft.document,
        savedAt: options.now(),
      });
    } else options.storage.clear(running.file);
  };

  const send = (draft: Draft) =>
    api.call('applyConfig', { baseRevision: draft.baseRevision, document: draft.document });

  const applyLayout = async () => {
    const { draft, apply } = store.getState();
    if (!hasOnlyLayoutChanges(draft) || apply.kind === 'applying') return;
    // A move that could not be saved stays on screen and goes with the next apply.
    const running = await send(draft).catch(ignoreAppError);
    if (running !== null) receive(running, draft.document);
  };

  /** `applied` = the document that we sent and that this revision is the answer to. */
  const receive = (running: RunningConfig, applied?: WorkspaceDocument) => {
    const { draft, running: before } = store.getState();
    if (before === null) {
      setDraft(...firstDraft(running));
      return;
    }
    if (applied !== undefined || equalJson(running.document, draft.document)) {
      // Ours: what is on screen stays, with its undo steps; later edits stay a draft on the new ground.
      const isSame = applied === undefined || applied === draft.document;
      const document = isSame ? running.document : draft.document;
      setDraft(
        { ...draft, baseRevision: running.revision, base: running.document, document },
        { running, conflict: null },
      );
      return;
    }
    if (running.revision === before.revision || equalJson(running.document, draft.base)) {
      setDraft({ ...draft, baseRevision: running.revision }, { running });
      return;
    }
    if (!hasPendingChanges(draft)) {
      setDraft(startDraft(running.revision, running.document), { running, conflict: null });
      return;
    }
    store.setState({ running, conflict: running });
  };

  const firstDraft = (running: RunningConfig): [Draft, Partial<ConfigState>] => {
    const fresh = startDraft(running.revision, running.document);
    const saved = options.storage.load(running.file);
    if (saved === null) return [fresh, { running }];
    const { document, collisions } = rebaseDocument(saved.base, saved.document, running.document);
    const restored: Draft = { ...fresh, document };
    if (!hasPendingChanges(restored)) return [fresh, { running }];
    return [restored, { running, note: { kind: 'restored', savedAt: saved.savedAt, collisions } }];
  };

  const unsubscribe = api.on('config.changed', (running) => {
    const { apply, running: before } = store.getState();
    // The answer to our own apply comes through the call; pushes may be overtaken by an answer.
    if (apply.kind === 'applying' || running.revision < (before?.revision ?? 0)) return;
    receive(running);
  });

  return {
    ...store,
    async load() {
      try {
        receive(await api.call('getRunningConfig', undefined));
        store.setState({ loadError: null });
      } catch (error) {
        store.setState({ loadError: messageOf(error) });
      }
    },
    edit(edits, mergeKey) {
      const list: readonly ConfigEdit[] = 'type' in edits ? [edits] : edits;
      const { draft } = store.getState();
      const next = editDraft(draft, list, { mergeKey: mergeKey ?? null, at: options.now() });
      if (next !== draft) setDraft(next);
    },
    undo: () => setDraft(undoDraft(store.getState().draft)),
    redo: () => setDraft(redoDraft(store.getState().draft)),
    async applyDraft() {
      const { draft, apply, running } = store.getState();
      if (apply.kind === 'applying') return false;
      timers.cancel('layout');
      store.setState({ apply: { kind: 'applying' } });
      try {
        const answer = await send(draft);
        store.setState({ apply: { kind: 'idle' }, note: null });
        receive(answer, draft.document);
        return true;
      } catch (error) {
        await onApplyFailed(error, draft.document, running);
        return false;
      }
    },
    discard() {
      const { running, conflict } = store.getState();
      const ground = conflict ?? running;
      if (ground === null) return;
      const { draft } = store.getState();
      // One step back brings the discarded draft again.
      const undo = [...draft.undo, { before: draft.document, mergeKey: null, at: 0 }];
      setDraft(
        { ...startDraft(ground.revision, ground.document), undo },
        { conflict: null, note: null, apply: { kind: 'idle' } },
      );
    },
    rebase() {
      const { conflict, draft } = store.getState();
      if (conflict === null) return;
      const { document, collisions } = rebaseDocument(draft.base, draft.document, conflict.document);
      setDraft(
        { ...startDraft(conflict.revision, conflict.document), document },
        { conflict: null, apply: { kind: 'idle' }, note: { kind: 'rebased', savedAt: null, collisions } },
      );
    },
    dismissNote: () => store.setState({ note: null }),
    close() {
      unsubscribe();
      timers.close();
    },
  };

  async function onApplyFailed(error: unknown, document: WorkspaceDocument, before: RunningConfig | null) {
    const message = messageOf(error);
    if (error instanceof AppError && error.issues.length > 0) {
      serverCheck = { document, issues: error.issues };
    }
    store.setState({
      apply: { kind: 'failed', message, document },
      issues: issuesOf(store.getState().draft.document),
    });
    if (!(error instanceof AppError) || error.code !== 'conflict') return;
    const running = await api.call('getRunningConfig', undefined).catch(ignoreAppError);
    if (running !== null && running.revision !== before?.revision) {
      store.setState({ apply: { kind: 'idle' } });
      receive(running);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error that the other side told us about; anything else is a bug of ours and must surface. */
function ignoreAppError(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
