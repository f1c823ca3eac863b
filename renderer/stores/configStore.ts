// What runs (replaced by pushes) and the draft beside it. Every change of the draft goes through here; nothing else
// touches a document. The draft is checked at once by `validate` and, a moment later, by the main process.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi, RunningConfig } from '../../main/contract/api';
import { AppError } from '../../main/contract/appError';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import type { ConfigIssue } from '../../main/contract/configIssue';
import { equalJson } from '../../main/contract/equalJson';
import type { SavedDraft } from '../../main/contract/workspaceApi';
import {
  currentText,
  type Draft,
  editDraft,
  editDraftText,
  hasOnlyQuietChanges,
  hasPendingChanges,
  isBroken,
  moveGround,
  redoDraft,
  startDraft,
  undoDraft,
  withContent,
} from './draft';
import { mergeIssues } from './draftIssues';
import type { DraftKeeper } from './draftKeeper';
import { firstDraft } from './firstDraft';
import { documentBefore, followRunning, type OutsideChange, outsideAfter } from './foreignChange';
import { createMachineIssues } from './machineIssues';
import { createNamedTimers } from './namedTimers';
import { rebaseDocument, type Side } from './rebaseDocument';
import { toSavedDraft } from './savedDraft';

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
  /** The main process has said what it thinks of this very draft. */
  readonly isChecked: boolean;
  /** Another revision runs meanwhile and the draft has changes: the user must choose. */
  readonly conflict: RunningConfig | null;
  readonly apply: ApplyState;
  /** The file was changed by somebody else and runs; nothing was drafted. It is told until it was looked at. */
  readonly outside: OutsideChange | null;
  /** Said once after a restart or a rebase: what happened to the draft. */
  readonly note: DraftNote | null;
  /** The history entry that the draft was restored from, as long as nothing else was edited. */
  readonly restoredFrom: { readonly number: number; readonly document: WorkspaceDocument } | null;
}

export interface DraftNote {
  /** `refused`: the file could not be run, and is here as a draft. */
  readonly kind: 'restored' | 'rebased' | 'refused';
  /** When the restored draft was saved, milliseconds since 1970. */
  readonly savedAt: number | null;
  readonly collisions: readonly string[];
}

/** What a text was read as: a document, or why it is none. */
export type ReadText = { readonly document: WorkspaceDocument } | { readonly issues: readonly ConfigIssue[] };

export interface ConfigStore extends StoreApi<ConfigState> {
  load(): Promise<void>;
  edit(edits: ConfigEdit | readonly ConfigEdit[], mergeKey?: string): void;
  /** The text was typed in. `texts.before` is what stood there, `texts.saved` what the file says of the running revision. */
  editText(
    value: string,
    read: ReadText,
    texts: { readonly before: string; readonly saved: string },
    mergeKey?: string,
  ): void;
  /** Puts another document, e.g. of the history, into the draft as one step. */
  replace(document: WorkspaceDocument, restoredFrom?: number): void;
  undo(): void;
  redo(): void;
  /** Applies the draft. False = it did not happen; the state says why. */
  applyDraft(): Promise<boolean>;
  /** Takes what runs now; one step back brings the draft again. */
  discard(): void;
  /** Puts the draft's changes on top of the revision that runs meanwhile; `choices` by collision, default mine. */
  rebase(choices?: ReadonlyMap<string, Side>): void;
  /** Keeps the draft whole, knowing that it takes back what was changed meanwhile. */
  keepMine(): void;
  dismissNote(): void;
  /** What ran before the file was changed outside, as a draft; what was drafted since stays on top. */
  goBack(): void;
  dismissOutside(): void;
  /** Has the newest draft kept now, e.g. before the page goes away. */
  flush(): void;
  close(): void;
}

export interface ConfigStoreOptions {
  readonly keeper: DraftKeeper;
  /** Instant problems of a document, without asking the main process. */
  readonly validate: (document: WorkspaceDocument) => readonly ConfigIssue[];
  readonly now: () => number;
}

const quietDelayMs = 700;
const saveDelayMs = 250;

export function createConfigStore(api: HopscopeApi, options: ConfigStoreOptions): ConfigStore {
  const emptyDocument: WorkspaceDocument = { schemaVersion: 1 };
  const store = createStore<ConfigState>(() => ({
    running: null,
    loadError: null,
    draft: startDraft(0, emptyDocument),
    isPending: false,
    issues: [],
    isChecked: false,
    conflict: null,
    apply: { kind: 'idle' },
    outside: null,
    note: null,
    restoredFrom: null,
  }));
  const timers = createNamedTimers<'save' | 'quiet'>();
  const machine = createMachineIssues(api, () => store.setState(judgement(store.getState().draft)));

  /** The only way to a new draft: derives what depends on it and starts the delayed work. */
  const setDraft = (draft: Draft, rest: Partial<ConfigState> = {}) => {
    store.setState({ ...rest, draft, isPending: hasPendingChanges(draft), ...judgement(draft) });
    timers.restart('save', saveDelayMs, keep);
    if (store.getState().running !== null) machine.ask(draft.document);
    if (hasOnlyQuietChanges(draft)) timers.restart('quiet', quietDelayMs, () => void applyQuietly());
    else timers.cancel('quiet');
  };

  const judgement = ({ document, text }: Draft) => ({
    issues: [...(text?.issues ?? []), ...mergeIssues(options.validate(document), machine.of(document))],
    isChecked: machine.isKnown(document),
  });

  const keep = () => {
    timers.cancel('save');
    const { running, draft } = store.getState();
    if (running !== null) options.keeper.save(running.file, toSavedDraft(draft, options.now()));
  };

  const send = (draft: Draft) => {
    const { running, restoredFrom } = store.getState();
    const isRestored = restoredFrom !== null && equalJson(restoredFrom.document, draft.document);
    return api.call('applyConfig', {
      baseRevision: draft.baseRevision,
      document: draft.document,
      ...(running === null ? {} : { runId: running.runId }),
      ...(draft.text === null ? {} : { text: draft.text.value }),
      ...(isRestored ? { restoredFrom: restoredFrom.number } : {}),
    });
  };

  const applyQuietly = async () => {
    const { draft, apply } = store.getState();
    if (!hasOnlyQuietChanges(draft) || apply.kind === 'applying') return;
    // What could not be saved stays on screen and goes with the next apply.
    const running = await send(draft).catch(ignoreAppError);
    if (running !== null) receive(running, draft);
  };

  /** `applied` = the draft that we sent and that this revision is the answer to. */
  const receive = (running: RunningConfig, applied?: Draft, saved: SavedDraft | null = null) => {
    const { draft, running: before } = store.getState();
    if (before === null || before.file !== running.file) {
      setDraft(...firstDraft(running, saved));
      return;
    }
    if (applied !== undefined || equalJson(running.document, draft.document)) {
      // Ours: what is on screen stays, with its undo steps; later edits stay a draft on the new ground.
      const isSame = applied === undefined || applied.document === draft.document;
      const savedText = applied === undefined ? null : currentText(applied);
      const ground = moveGround(draft, running.revision, running.document, savedText);
      const next = isSame ? withDocument(ground, running.document) : ground;
      const note = hasPendingChanges(next) ? store.getState().note : null;
      setDraft(next, { running, conflict: null, note });
      return;
    }
    const isSameRun = running.runId === before.runId && running.revision === before.revision;
    if (isSameRun || equalJson(running.document, draft.base)) {
      setDraft(moveGround(draft, running.revision, draft.base, draft.savedText), { running });
      return;
    }
    if (!hasPendingChanges(draft)) {
      const outside = outsideAfter(store.getState().outside, draft, running);
      setDraft(followRunning(draft, running, options.now()), { running, conflict: null, outside });
      return;
    }
    store.setState({ running, conflict: running });
  };

  /** The open file is another one: what was drafted for the old one is kept, and what is known of the new one brought. */
  const openDrafted = async (running: RunningConfig, savesOld: boolean) => {
    if (savesOld) keep();
    const saved = await options.keeper.open(running.file).catch(ignoreAppError);
    receive(running, undefined, saved);
  };

  const unsubscribe = api.on('config.changed', (running) => {
    const { apply, running: before } = store.getState();
    if (before !== null && before.file !== running.file) {
      void openDrafted(running, true);
      return;
    }
    // The answer to our own apply comes through the call; pushes may be overtaken by an answer.
    const isOld = before?.runId === running.runId && running.revision < before.revision;
    if (before === null || apply.kind === 'applying' || isOld) return;
    receive(running);
  });

  return {
    ...store,
    async load() {
      try {
        const running = await api.call('getRunningConfig', undefined);
        const { running: before } = store.getState();
        await openDrafted(running, before !== null && before.file !== running.file);
        store.setState({ loadError: null });
        // After a lost connection the main process may have missed the newest edits.
        if (before !== null) keep();
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
    editText(value, read, { before, saved }, mergeKey) {
      const { draft } = store.getState();
      const at = options.now();
      const next = editDraftText(draft, value, read, { mergeKey: mergeKey ?? null, at, before, saved });
      if (next !== draft) setDraft(next);
    },
    replace(document, restoredFrom) {
      const { draft } = store.getState();
      if (equalJson(document, draft.document)) return;
      const source = restoredFrom === undefined ? null : { number: restoredFrom, document };
      setDraft(editDraft(draft, [{ type: 'replaceDocument', document }], { at: options.now() }), {
        restoredFrom: source,
      });
    },
    undo: () => setDraft(undoDraft(store.getState().draft)),
    redo: () => setDraft(redoDraft(store.getState().draft)),
    async applyDraft() {
      const { draft, apply, running } = store.getState();
      if (apply.kind === 'applying') return false;
      timers.cancel('quiet');
      if (isBroken(draft)) {
        const message = `The YAML text cannot be read: ${draft.text?.issues[0]?.message}`;
        store.setState({ apply: { kind: 'failed', message, document: draft.document } });
        return false;
      }
      store.setState({ apply: { kind: 'applying' } });
      try {
        const answer = await send(draft);
        store.setState({ apply: { kind: 'idle' }, note: null, outside: null });
        receive(answer, draft);
        return true;
      } catch (error) {
        await onApplyFailed(error, draft.document, running);
        return false;
      }
    },
    discard() {
      const { running, conflict, draft } = store.getState();
      const ground = conflict ?? running;
      if (ground === null) return;
      const discarded = withContent(draft, { document: ground.document, text: null }, { at: options.now() });
      setDraft(moveGround(discarded, ground.revision, ground.document), settled);
    },
    rebase(choices) {
      const { conflict, draft } = store.getState();
      if (conflict === null) return;
      const { document, collisions } = rebaseDocument(draft.base, draft.document, conflict.document, choices);
      const merged = withContent(draft, { document, text: null }, { at: options.now() });
      const kept = choices === undefined ? collisions.map((collision) => collision.subject) : [];
      const next = moveGround(merged, conflict.revision, conflict.document);
      const note: DraftNote = { kind: 'rebased', savedAt: null, collisions: kept };
      setDraft(next, { ...settled, note: hasPendingChanges(next) ? note : null });
    },
    keepMine() {
      const { conflict, draft } = store.getState();
      if (conflict !== null) setDraft(moveGround(draft, conflict.revision, conflict.document), settled);
    },
    dismissNote: () => store.setState({ note: null }),
    goBack() {
      const { outside, draft } = store.getState();
      if (outside === null) return;
      const content = { document: documentBefore(outside, draft), text: null };
      setDraft(withContent(draft, content, { at: options.now() }), { outside: null });
    },
    dismissOutside: () => store.setState({ outside: null }),
    flush: keep,
    close() {
      unsubscribe();
      timers.close();
      machine.close();
    },
  };

  async function onApplyFailed(error: unknown, document: WorkspaceDocument, before: RunningConfig | null) {
    if (error instanceof AppError && error.issues.length > 0) machine.learn(document, error.issues);
    store.setState({
      apply: { kind: 'failed', message: messageOf(error), document },
      ...judgement(store.getState().draft),
    });
    if (!(error instanceof AppError) || error.code !== 'conflict') return;
    const running = await api.call('getRunningConfig', undefined).catch(ignoreAppError);
    if (running === null) return;
    if (running.revision === before?.revision && running.runId === before.runId) return;
    store.setState({ apply: { kind: 'idle' } });
    receive(running);
  }
}

/** The choice was made: nothing more to say about it. */
const settled: Partial<ConfigState> = { conflict: null, note: null, apply: { kind: 'idle' } };

/** The very same content as an object that the main process sent, so that "unchanged" is one comparison. */
function withDocument(draft: Draft, document: WorkspaceDocument): Draft {
  const { text } = draft;
  return { ...draft, document, text: text === null ? null : { ...text, of: document } };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error that the other side told us about; anything else is a bug of ours and must surface. */
function ignoreAppError(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
