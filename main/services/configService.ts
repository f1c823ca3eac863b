// The one owner of "what runs now": every change, from a UI, from the file or from the certificate store, goes through the
// queue here, one after the other, and either happens whole (checked, running, on disk) or not at all.
import { randomUUID } from 'node:crypto';
import type { CertificateMaterial } from '../certs/certificateService';
import type { BoundListener, RunningConfig } from '../contract/api';
import { AppError } from '../contract/appError';
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import { emptyWorkspaceDocument, type Workspace, type WorkspaceDocument } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import { equalJson } from '../contract/equalJson';
import { parseWorkspace } from '../contract/validateConfig';
import { withoutLayout } from '../contract/withoutLayout';
import type { ChangeSource, RefusedFile } from '../contract/workspaceApi';
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
  /** Told of each revision that changed more than the canvas, in order. */
  readonly onApplied?: (change: AppliedChange) => void;
}

export interface AppliedChange {
  readonly file: string;
  readonly before: WorkspaceDocument;
  readonly document: WorkspaceDocument;
  readonly text: string;
  readonly source: ChangeSource;
  readonly restoredFrom: number | null;
}

export interface ApplyInput {
  readonly baseRevision: number;
  readonly document: unknown;
  readonly runId?: string | undefined;
  readonly text?: string | undefined;
  readonly restoredFrom?: number | undefined;
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

/** Problems that go away without anybody changing the file. */
const retriedCodes: ReadonlySet<ConfigIssue['code']> = new Set(['port_in_use', 'address_unavailable']);
const retryMs = 2000;

export class ConfigService {
  readonly #runId = randomUUID();
  #file: ConfigFile;
  #revision = 0;
  #source: ChangeSource = 'start';
  #current: Current = { document: emptyWorkspaceDocument(), workspace: null, issues: [] };
  /** The file's text as last read or written; null = no file. */
  #text: string | null = null;
  /** What the file says could not be run; the older revision still does. */
  #refused: RefusedFile | null = null;
  #retry: NodeJS.Timeout | null = null;
  #isClosed = false;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<(running: RunningConfig) => void>();

  constructor(private readonly options: ConfigServiceOptions) {
    this.#file = options.file;
  }

  running(): RunningConfig {
    return {
      revision: this.#revision,
      document: this.#current.document,
      listeners: this.options.engine.listeners(),
      issues: this.#current.issues,
      file: this.#file.path,
      runId: this.#runId,
      source: this.#source,
      refused: this.#refused,
    };
  }

  /** The file's text: of the running revision unless the file was refused. */
  text(): string {
    if (this.#text === null || this.#refused !== null) return this.#format(this.#current.document);
    return this.#text;
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
      const outcome = await this.#load(this.#refused !== null);
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
  apply(input: ApplyInput): Promise<RunningConfig> {
    return this.#serialize(() => this.#apply(input));
  }

  /**
   * Runs another file in place of this one, whose listeners drain. What is no workspace is refused and nothing changes; one
   * whose ports are taken is open, with nothing running, until they are free. Rejects with `invalid_config`, `disk_failed`.
   */
  open(file: ConfigFile): Promise<RunningConfig> {
    return this.#serialize(() => this.#open(file));
  }

  /** The same workspace goes on under another name; `file` must hold its text already. */
  moveTo(file: ConfigFile): Promise<RunningConfig> {
    return this.#serialize(async () => {
      this.#file = file;
      this.#text = await file.read();
      this.#announce();
      return this.running();
    });
  }

  /** Runs the same workspace with what the certificate store holds now. */
  refreshCertificates(): Promise<void> {
    return this.#serialize(async () => {
      // A file that was refused for want of a certificate may be fine now.
      if (this.#refused !== null) await this.#load(true);
      else await this.#refreshCertificates();
    });
  }

  close(): void {
    this.#isClosed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
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
    const text = await this.#file.read();
    if (text === null) {
      throw new AppError('disk_failed', `${this.#file.path} cannot be read: there is no such file`);
    }
    if (text === this.#text && !force) return { kind: 'unchanged' };
    const before = this.#current;
    this.#text = text;
    const { workspace, document, issues } = checkWorkspaceText(text);
    const outcome =
      workspace === null ? null : await this.#run(workspace, document as WorkspaceDocument, issues);
    if (outcome?.ok === true) {
      this.#settle(before.workspace === null ? 'start' : 'file', before.document);
      return { kind: 'applied', revision: this.#revision };
    }
    const found = outcome === null ? issues : withPositions(outcome.issues, parseWorkspaceText(text));
    this.#refuse(workspace === null ? null : (document as WorkspaceDocument), found);
    return { kind: 'rejected', issues: found };
  }

  async #open(file: ConfigFile): Promise<RunningConfig> {
    const text = await file.read();
    if (text === null) throw new AppError('disk_failed', `there is no file ${file.path}`);
    const { workspace, document, issues } = checkWorkspaceText(text);
    if (workspace === null) throw invalid(issues, `${file.path}: `);
    this.#file = file;
    this.#text = text;
    const before = emptyWorkspaceDocument();
    const empty = parseWorkspace(before).workspace!;
    this.#current = { document: before, workspace: null, issues: [] };
    const outcome = await this.#run(workspace, document as WorkspaceDocument, issues);
    if (outcome.ok) this.#settle('start', before);
    else {
      this.#revision++;
      const certificates = this.options.certificates();
      await this.options.engine.apply({ revision: this.#revision, workspace: empty, certificates });
      this.#refuse(document as WorkspaceDocument, withPositions(outcome.issues, parseWorkspaceText(text)));
    }
    return this.running();
  }

  /** A revision runs and the file says the same. */
  #settle(source: ChangeSource, before: WorkspaceDocument, restoredFrom: number | null = null): void {
    this.#refused = null;
    this.#source = source;
    const { document } = this.#current;
    if (!equalJson(withoutLayout(before), withoutLayout(document))) {
      const text = this.#text ?? '';
      this.options.onApplied?.({ file: this.#file.path, before, document, text, source, restoredFrom });
    }
    this.#announce();
  }

  #refuse(document: WorkspaceDocument | null, issues: readonly ConfigIssue[]): void {
    const errors = issues.filter((issue) => issue.severity === 'error');
    const isRetried = errors.length > 0 && errors.every((issue) => retriedCodes.has(issue.code));
    const refused = { document, issues, isRetried };
    if (isRetried) this.#armRetry();
    if (equalJson(refused, this.#refused)) return;
    this.#refused = refused;
    this.#current = { ...this.#current, issues };
    this.#announce();
  }

  /** A port that another program holds becomes free at some time, and nobody tells. */
  #armRetry(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#serialize(async () => {
        if (this.#refused?.isRetried === true && !this.#isClosed) await this.#load(true);
      }).catch(() => this.#armRetry()); // unreadable for now
    }, retryMs);
    this.#retry.unref();
  }

  async #apply({ baseRevision, document, runId, text, restoredFrom }: ApplyInput): Promise<RunningConfig> {
    await this.#noticeForeignEdit();
    if (baseRevision !== this.#revision || (runId ?? this.#runId) !== this.#runId) {
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
      await this.#persist(document, text ?? this.#text);
    } catch (error) {
      await this.#rollBack(before, revisionBefore);
      throw error;
    }
    this.#settle(restoredFrom === undefined ? 'app' : 'restore', before.document, restoredFrom ?? null);
    return this.running();
  }

  /** Somebody saved the file and the watcher has not told yet: their text is read before ours may replace it. */
  async #noticeForeignEdit(): Promise<void> {
    const text = await this.#file.read();
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
    return JSON.stringify(withoutLayout(workspace)) === JSON.stringify(withoutLayout(running));
  }

  async #persist(document: unknown, oldText: string | null): Promise<void> {
    const isUnreadable = this.#refused !== null && this.#refused.document === null;
    if (isUnreadable && this.#text !== null) await this.#file.keepCopy(this.#text);
    const text = oldText === null ? this.#format(document) : updateWorkspaceText(oldText, document);
    await this.#file.write(text);
    this.#text = text;
  }

  #format(document: unknown): string {
    return formatWorkspaceText(document, this.#file.path.endsWith('.json') ? 'json' : 'yaml');
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

function invalid(issues: readonly ConfigIssue[], where = ''): AppError {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const first = errors[0]?.message ?? 'the workspace cannot be run';
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new AppError('invalid_config', `${where}${first}${more}`, { issues });
}
