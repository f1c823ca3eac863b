import { AppError } from '../contract/appError';
import type { workspaceInputs } from '../contract/workspaceApi';
import type { ApiHandlers } from './apiHandlers';
import type { ConfigService } from './configService';
import type { DraftFiles } from './draftFiles';
import type { EndpointChecks } from './endpointChecks';
import type { RevisionHistory } from './revisionHistory';
import type { WorkspaceBundles } from './workspaceBundles';
import type { WorkspaceFiles } from './workspaceFiles';

export interface WorkspaceParts {
  readonly config: ConfigService;
  readonly history: RevisionHistory;
  readonly drafts: DraftFiles;
  readonly files: WorkspaceFiles;
  readonly bundles: WorkspaceBundles;
  readonly endpoints: EndpointChecks;
}

export interface WorkspaceConnection {
  readonly handlers: ApiHandlers<keyof typeof workspaceInputs>;
  close(): void;
}

/** The calls about the document as a whole, for one UI; its window id and its check end with `close`. */
export function connectWorkspace(parts: WorkspaceParts): WorkspaceConnection {
  const { config, history, drafts, files, bundles } = parts;
  let window: string | null = null;
  let isClosed = false;
  let check = new AbortController();
  const file = () => config.running().file;
  const release = () => {
    if (window !== null) drafts.release(window);
    window = null;
  };
  return {
    handlers: {
      getWorkspaceText: () => ({ revision: config.running().revision, text: config.text() }),
      getHistory: async () => ({ entries: await history.list(file()) }),
      getHistoryDocument: ({ number }) => history.read(file(), number),
      openDraft: async ({ window: wanted }) => {
        if (wanted !== null && wanted === window) release();
        const opened = await drafts.open(file(), wanted);
        if (isClosed) drafts.release(opened.window);
        else window = opened.window;
        return opened;
      },
      saveDraft: async ({ file: of, window: by, draft }) => {
        if (by !== window) throw new AppError('conflict', 'this window has no draft of that id');
        await drafts.save(of, by, draft).catch((cause: unknown) => {
          const reason = cause instanceof Error ? cause.message : String(cause);
          throw new AppError('disk_failed', `the draft cannot be kept on disk: ${reason}`, { cause });
        });
        return null;
      },
      checkEndpoints: async ({ document }) => {
        check.abort();
        check = new AbortController();
        return { issues: await parts.endpoints.check(document, check.signal) };
      },
      listWorkspaces: () => files.list(),
      openWorkspace: ({ path }) => files.open(path),
      createWorkspace: ({ name, text }) => files.create(name, text),
      saveWorkspaceAs: ({ name, path }) =>
        files.saveAs({ ...(name === undefined ? {} : { name }), ...(path === undefined ? {} : { path }) }),
      renameWorkspace: ({ name }) => files.rename(name),
      pickWorkspaceFile: async ({ purpose }) => ({ path: await files.pick(purpose) }),
      exportBundle: async (input) => ({ bundle: await bundles.export(input) }),
      readBundle: ({ bundle, passphrase }) => bundles.read(bundle, passphrase),
      importBundleCertificates: async (input) => ({ imported: await bundles.importCertificates(input) }),
    },
    close: () => {
      isClosed = true;
      check.abort();
      release();
    },
  };
}
