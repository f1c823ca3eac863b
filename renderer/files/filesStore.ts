// What the File menu does: other workspaces, import and export.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi, RunningConfig } from '../../main/contract/api';
import type { WorkspaceList } from '../../main/contract/workspaceApi';
import type { ConfigStore } from '../stores/configStore';
import { currentText } from '../stores/draft';
import type { UiStore } from '../stores/uiStore';

export type FileDialog = 'new' | 'open' | 'saveAs' | 'rename' | 'import' | 'bundle' | 'accessLog';

export interface FilesState {
  readonly dialog: FileDialog | null;
  /** null = not asked yet. */
  readonly list: WorkspaceList | null;
  readonly isBusy: boolean;
  /** Why the last thing did not happen. */
  readonly error: string | null;
}

export interface FilesStore extends StoreApi<FilesState> {
  show(dialog: FileDialog | null): void;
  refresh(): Promise<void>;
  open(path: string): Promise<void>;
  /** The host's own file dialog. */
  pick(purpose: 'open' | 'saveAs'): Promise<void>;
  create(name: string, text?: string): Promise<boolean>;
  saveAs(name: string): Promise<boolean>;
  rename(name: string): Promise<boolean>;
  /** The YAML of what is on screen, unapplied changes included. */
  text(): Promise<string>;
}

export function createFilesStore(
  api: HopscopeApi,
  config: ConfigStore,
  ui: Pick<UiStore, 'toast'>,
): FilesStore {
  const store = createStore<FilesState>(() => ({ dialog: null, list: null, isBusy: false, error: null }));
  /** Runs one change of the open file; says where one is now. */
  const change = async (work: () => Promise<RunningConfig>, verb: string): Promise<boolean> => {
    const { isPending, running: before } = config.getState();
    store.setState({ isBusy: true, error: null });
    // What was not applied stays with its workspace and is there when it is opened again.
    config.flush();
    try {
      const running = await work();
      store.setState({ isBusy: false, dialog: null });
      const kept = isPending && verb === 'Opened' ? ` Your changes to ${nameOf(before?.file)} are kept.` : '';
      ui.toast('ok', `${verb} ${nameOf(running.file)}.${kept}`);
      return true;
    } catch (error) {
      store.setState({ isBusy: false, error: messageOf(error) });
      return false;
    }
  };
  return {
    ...store,
    show: (dialog) => store.setState({ dialog, error: null }),
    async refresh() {
      try {
        store.setState({ list: await api.call('listWorkspaces', undefined) });
      } catch (error) {
        store.setState({ error: messageOf(error) });
      }
    },
    async open(path) {
      await change(() => api.call('openWorkspace', { path }), 'Opened');
    },
    async pick(purpose) {
      try {
        const { path } = await api.call('pickWorkspaceFile', { purpose });
        if (path === null) return;
        if (purpose === 'open') await change(() => api.call('openWorkspace', { path }), 'Opened');
        else await change(() => api.call('saveWorkspaceAs', { path }), 'Saved as');
      } catch (error) {
        store.setState({ error: messageOf(error) });
      }
    },
    create: (name, text) =>
      change(() => api.call('createWorkspace', { name, ...(text === undefined ? {} : { text }) }), 'Opened'),
    saveAs: (name) => change(() => api.call('saveWorkspaceAs', { name }), 'Saved as'),
    rename: (name) => change(() => api.call('renameWorkspace', { name }), 'Renamed to'),
    async text() {
      const [{ text }, { updateWorkspaceText }] = await Promise.all([
        api.call('getWorkspaceText', undefined),
        import('../../main/contract/workspaceTextWriter'),
      ]);
      const { draft } = config.getState();
      return currentText(draft) ?? updateWorkspaceText(draft.text?.good ?? text, draft.document);
    },
  };
}

/** "shop" of "/home/ann/shop.yaml". */
export function nameOf(path: string | undefined): string {
  return (path?.split(/[\\/]/).at(-1) ?? '').replace(/\.(ya?ml|json)$/i, '');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
