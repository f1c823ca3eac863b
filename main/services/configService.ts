// The one owner of "what runs now": every change, from a UI, from the file or from the certificate store, goes through the
// queue here, one after the other, and either happens whole (checked, running, on disk) or not at all.
import type { CertificateMaterial } from '../certs/certificateService';
import type { BoundListener, RunningConfig } from '../contract/api';
import { AppError } from '../contract/appError';
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import { emptyWorkspaceDocument, type Workspace, type WorkspaceDocument } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import { parseWorkspace } from '../contract/validateConfig';
import { parseWorkspaceText, withPositions } from '../contract/workspaceText';
import { formatWorkspaceText, updateWorkspaceText } from '../contract/workspaceTextWriter';
import type { ConfigFile } from './configFile';
import { checkCertificates, checkCodings, checkPorts } from './machineChecks';

type Materials = ReadonlyMap<string, CertificateMaterial>;

/** What is needed of the engine. */
export interface ApplyingEngine {
  apply(input: {
    readonly revision: number;
    readonly workspace: Workspace;
    readonly certificates: Materials;
  }): Promise<
    | { readonly ok: true; readonly listeners: readonly BoundListener[] }
    | { readonly ok: false; readonly issues: readonly ConfigIssue[] }
  >;
  listeners(): readonly BoundListener[];
}

export interface ConfigServiceOptions {
  readonly file: ConfigFile;
  readonly engine: ApplyingEngine;
  readonly certificates: () => Materials;
}

export type LoadOutcome =
  | { readonly kind: 'applied'; readonly revision: number }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'rejected'; readonly issues: readonly ConfigIssue[] };

interface Current {
  readonly document: WorkspaceDocument;
  /** null = nothing runs yet. */
  readonly workspace: Workspace | null;
  readonly issues: readonly ConfigIssue[];
}

export class ConfigService {
  #revision = 0;
  #current: Current = { document: emptyWorkspaceDocument(), workspace: null, issues: [] };
  /** The file's text as last read or written; null = no file. */
  #text: string | null = null;
  /** What the file says could not be run; the older revision still does. */
  #isFileRejected = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(running: RunningConfig) => void>();

  constructor(private readonly options: ConfigServiceOptions) {}

  running(): RunningConfig {
    return {
      revision: this.#revision,
      document: this.#current.document,
      listeners: this.options.engine.listeners(),
      issues: this.#current.issues,
      file: this.options.file.path,
    };
  }

  onChange(listener: (running: RunningConfig) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Runs what the file says, if that is news; refused = what ran before goes on, the file stays as it is. Rejects only when
   * the file cannot be read.
   */
  load(): Promise<LoadOutcome> {
    return this.#serialize(() => this.#load(false));
  }

  /** Like `load`, and where the file is no news, says again how it stands and takes what the certificate store holds now. */
  reload(): Promise<LoadOutcome> {
    return this.#serialize(async () => {
      const outcome = await this.#load(this.#isFileRejected);
      if (outcome.kind !== 'unchanged') return outcome;
      await this.#refreshCertificates();
      return { kind: 'applied', revision: this.#revision };
    });
  }

  /** Everything that `apply` would say about the document, and whether its ports can be bound. */
  async check(document: unknown): Promise<readonly ConfigIssue[]> {
    const { workspace, issues } = parseWorkspace(document);
    if (workspace === null) return issues;
    const certificateIssues = checkCertificates(workspace, this.options.certificates());
    return [
      ...issues,
      ...certificateIssues,
      ...checkCodings(workspace),
      ...(await checkPorts(workspace, this.options.engine.listeners())),
    ];
  }

  /** Rejects with `conflict`, `invalid_config` (with issues) or `disk_failed`; then everything is as it was. */
  apply(input: { readonly baseRevision: number; readonly document: unknown }): Promise<RunningConfig> {
    return this.#serialize(() => this.#apply(input.baseRevision, input.document));
  }

  /** Runs the same workspace with what the certificate store holds now. */
  refreshCertificates(): Promise<void> {
    return this.#serialize(async () => {
      // A file that was refused for want of a certificate may be fine now.
      if (this.#isFileRejected) await this.#load(true);
      else await this.#refreshCertificates();
    });
  }

  async #refreshCertificates(): Promise<void> {
    const { workspace, document } = this.#current;
    if (workspace === null) return;
    const certificates = this.options.certificates();
    const result = await this.options.engine.apply({ revision: this.#revision, workspace, certificates });
    const own = [...parseWorkspace(document).issues, ...checkCertificates(workspace, certificates)];
    this.#current = { ...this.#current, issues: result.ok ? own : [...own, ...result.issues] };
    this.#announce();
  }

  async #load(force: boolean): Promise<LoadOutcome> {
    const text = await this.options.file.read();
    if (text === null) {
      throw new AppError('disk_failed', `${this.options.file.path} cannot be read: there is no such file`);
    }
    if (text === this.#text && !force) return { kind: 'unchanged' };
    this.#text = text;
    const { workspace, document, issues } = checkWorkspaceText(text);
    const outcome =
      workspace === null ? null : await this.#run(workspace, document as WorkspaceDocument, issues);
    if (outcome?.ok === true) {
      this.#isFileRejected = false;
      this.#announce();
      return { kind: 'applied', revision: this.#revision };
    }
    const found = outcome === null ? issues : withPositions(outcome.issues, parseWorkspaceText(text));
    this.#isFileRejected = true;
    this.#current = { ...this.#current, issues: found };
    this.#announce();
    return { kind: 'rejected', issues: found };
  }

  async #apply(baseRevision: number, document: unknown): Promise<RunningConfig> {
    await this.#noticeForeignEdit();
    if (baseRevision !== this.#revision) {
      throw new AppError(
        'conflict',
        `the workspace changed meanwhile (revision ${this.#revision} runs, this edit started from ${baseRevision}); look at the new one and apply again`,
      );
    }
    const { workspace, issues } = parseWorkspace(document);
    if (workspace === null) throw invalid(issues);
    const before = this.#current;
    const revisionBefore = this.#revision;
    const outcome = await this.#run(workspace, document as WorkspaceDocument, issues);
    if (!outcome.ok) throw invalid(outcome.issues);
    try {
      await this.#persist(document);
    } catch (error) {
      await this.#rollBack(before, revisionBefore);
      throw error;
    }
    this.#announce();
    return this.running();
  }

  /** Somebody saved the file and the watcher has not told yet: their text is read before ours may replace it. */
  async #noticeForeignEdit(): Promise<void> {
    const text = await this.options.file.read();
    if (text !== null && text !== this.#text) await this.#load(false);
  }

  /** Checks certificates and lets the engine swap; on success the revision counts on. */
  async #run(
    workspace: Workspace,
    document: WorkspaceDocument,
    issues: readonly ConfigIssue[],
  ): Promise<{ readonly ok: boolean; readonly issues: readonly ConfigIssue[] }> {
    const certificates = this.options.certificates();
    const all = [...issues, ...checkCertificates(workspace, certificates), ...checkCodings(workspace)];
    if (all.some((issue) => issue.severity === 'error')) return { ok: false, issues: all };
    const revision = this.#revision + 1;
    if (!this.#isOnlyLayout(workspace)) {
      const result = await this.options.engine.apply({ revision, workspace, certificates });
      if (!result.ok) return { ok: false, issues: [...result.issues, ...all] };
    }
    this.#revision = revision;
    this.#current = { document, workspace, issues: all };
    return { ok: true, issues: all };
  }

  /** Moving a node on the canvas must not touch traffic. */
  #isOnlyLayout(workspace: Workspace): boolean {
    const running = this.#current.workspace;
    if (running === null) return false;
    const withoutLayout = ({ layout: _layout, ...rest }: Workspace) => JSON.stringify(rest);
    return withoutLayout(workspace) === withoutLayout(running);
  }

  async #persist(document: unknown): Promise<void> {
    const { file } = this.options;
    if (this.#isFileRejected && this.#text !== null) await file.keepCopy(this.#text);
    const text =
      this.#text === null
        ? formatWorkspaceText(document, file.path.endsWith('.json') ? 'json' : 'yaml')
        : updateWorkspaceText(this.#text, document);
    await file.write(text);
    this.#text = text;
    this.#isFileRejected = false;
  }

  async #rollBack(before: Current, revision: number): Promise<void> {
    const workspace = before.workspace ?? parseWorkspace(emptyWorkspaceDocument()).workspace;
    this.#current = before;
    this.#revision = revision;
    if (workspace === null) return;
    const result = await this.options.engine.apply({
      revision,
      workspace,
      certificates: this.options.certificates(),
    });
    if (result.ok) return;
    this.#current = { ...before, issues: [...before.issues, ...result.issues] };
    this.#announce();
  }

  #announce(): void {
    const running = this.running();
    for (const listener of this.#listeners) listener(running);
  }

  #serialize<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined); // the caller gets the error; the queue goes on
    return result;
  }
}

function invalid(issues: readonly ConfigIssue[]): AppError {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const first = errors[0]?.message ?? 'the workspace cannot be run';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError('invalid_config', `${first}${more}`, { issues });
}
