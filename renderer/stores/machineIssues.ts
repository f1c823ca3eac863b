// What only the main process can tell about a document: ports, certificates, whether endpoints answer. Asked once typing
// stops, and again while something is wrong that can mend itself.
import type { HopscopeApi } from '../../main/contract/api';
import { AppError } from '../../main/contract/appError';
import type { WorkspaceDocument } from '../../main/contract/config';
import type { ConfigIssue } from '../../main/contract/configIssue';
import { type ServerCheck, stillTrue } from './draftIssues';
import { createNamedTimers } from './namedTimers';

export interface MachineIssues {
  /** Of this document, as far as known; what was said of an older one stays where its subject is untouched. */
  of(document: WorkspaceDocument): readonly ConfigIssue[];
  /** Everything was asked about this very document. */
  isKnown(document: WorkspaceDocument): boolean;
  /** Asks after a short pause; the newest document only. */
  ask(document: WorkspaceDocument): void;
  /** What a refused apply said. */
  learn(document: WorkspaceDocument, issues: readonly ConfigIssue[]): void;
  close(): void;
}

const pauseMs = 350;
const askAgainMs = 4000;

/** Problems that go away without an edit: somebody starts a server or stops one. */
const passingCodes: ReadonlySet<ConfigIssue['code']> = new Set([
  'port_in_use',
  'address_unavailable',
  'endpoint_unreachable',
]);

export function createMachineIssues(api: HopscopeApi, onNews: () => void): MachineIssues {
  const timers = createNamedTimers<'ask'>();
  const nothing: ServerCheck = { document: { schemaVersion: 1 }, issues: [] };
  let checked = nothing;
  let endpoints = nothing;
  let newest: WorkspaceDocument | null = null;

  const tell = () => onNews();
  const check = async (document: WorkspaceDocument) => {
    const [config, reached] = await Promise.all([
      api.call('checkConfig', { document }).catch(ignoreAppError),
      api.call('checkEndpoints', { document }).catch(ignoreAppError),
    ]);
    if (newest !== document) return;
    if (config !== null) checked = { document, issues: config.issues };
    if (reached !== null) endpoints = { document, issues: reached.issues };
    if (config !== null || reached !== null) tell();
    const isPassing = [...checked.issues, ...endpoints.issues].some((issue) => passingCodes.has(issue.code));
    if (isPassing || config === null) arm(document, askAgainMs);
  };
  const arm = (document: WorkspaceDocument, delayMs: number) => {
    timers.restart('ask', delayMs, () => void check(document));
  };

  // A certificate that was missing may be there now.
  const unsubscribe = api.on('certificates.changed', () => {
    if (newest !== null) arm(newest, pauseMs);
  });

  return {
    of: (document) => [...stillTrue(checked, document), ...stillTrue(endpoints, document)],
    isKnown: (document) => checked.document === document,
    ask(document) {
      if (newest === document) return;
      newest = document;
      arm(document, pauseMs);
    },
    learn(document, issues) {
      checked = { document, issues };
    },
    close() {
      unsubscribe();
      timers.close();
    },
  };
}

/** An error that the other side told us about; anything else is a bug of ours and must surface. */
function ignoreAppError(error: unknown): null {
  if (error instanceof AppError) return null;
  throw error;
}
