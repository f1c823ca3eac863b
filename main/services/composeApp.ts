// All parts of the app put together, for any host: Electron's main process, the browser host, `serve`, tests.
import { join } from 'node:path';
import { CertificateService } from '../certs/certificateService';
import type { AppInfo } from '../contract/api';
import { AppError } from '../contract/appError';
import { emptyWorkspaceDocument } from '../contract/config';
import type { TakeDownload } from '../contract/download';
import type { FrameChannel } from '../contract/frame';
import type { KeyCipher } from '../contract/keyCipher';
import { formatWorkspaceText } from '../contract/workspaceTextWriter';
import { Engine } from '../engine/engine';
import { SampleServers } from '../lab/sampleServers';
import { openSession, type Session } from '../transport/session';
import { AccessLogKeeper } from './accessLogKeeper';
import { startCertificateHelpers } from './certificateHelpers';
import { ConfigFile } from './configFile';
import { ConfigService, type LoadOutcome } from './configService';
import { Downloads } from './downloads';
import { DraftFiles } from './draftFiles';
import { EndpointChecks } from './endpointChecks';
import { createApi } from './hopscopeApi';
import { OfferedCapture } from './offeredCapture';
import { RevisionHistory } from './revisionHistory';
import { WorkspaceBundles } from './workspaceBundles';
import { lastWorkspaceFile, WorkspaceFiles } from './workspaceFiles';

export interface ComposeAppOptions {
  readonly dataFolder: string;
  readonly host: AppInfo['host'];
  readonly version: string;
  readonly notice: string | null;
  readonly keyCipher: KeyCipher;
  /** Default: workspace.yaml in the data folder, made when there is none. A file that is named must be there. */
  readonly workspaceFile?: string;
  /** Default: certificates in the data folder. */
  readonly storeFolder?: string;
  /** Opens a key store that has one; absent = it stays locked until a UI gives it. */
  readonly keyPassphrase?: string | undefined;
  readonly copyText?: (text: string) => Promise<void> | void;
  /** The host's file dialog; absent = the UI shows a list. */
  readonly pickFile?: (purpose: 'open' | 'saveAs') => Promise<string | null>;
  /** The access log is the command line's business; absent = it is set in the app, and kept in the data folder. */
  readonly hasOwnAccessLog?: boolean;
  /** Called before the first listener opens, e.g. to watch from the first event on. */
  readonly onEngine?: (engine: Engine) => void;
  /** What happened to a changed file, or why it cannot be watched. */
  readonly onFileChange?: (
    outcome: LoadOutcome | { readonly kind: 'failed'; readonly message: string },
  ) => void;
}

export interface App {
  /** Opens a session for a UI on this channel. */
  connect(channel: FrameChannel): void;
  /** What a UI was told that it can fetch. */
  readonly takeDownload: TakeDownload;
  /** Shows a capture file in every UI, now and when it opens. Rejects with `disk_failed` or `invalid_input`. */
  offerCapture(path: string): Promise<void>;
  readonly config: ConfigService;
  readonly engine: Engine;
  readonly certificates: CertificateService;
  /** How the first load of the workspace went. */
  readonly started: LoadOutcome;
  /** Stops accepting, lets what is in flight finish for at most `drainMs` (default 2 s), then cuts it. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const defaultDrainMs = 2000;

/**
 * Opens the workspace and runs it. A workspace that cannot be run still opens: nothing runs, the file stays untouched, the
 * issues say why. Rejects with `disk_failed` when the workspace or the store cannot be read at all.
 */
export async function composeApp(options: ComposeAppOptions): Promise<App> {
  const storeFolder = options.storeFolder ?? join(options.dataFolder, 'certificates');
  const certificates = await CertificateService.open(storeFolder, options.keyCipher);
  await unlock(certificates, options.keyPassphrase);
  const file = new ConfigFile(options.workspaceFile ?? (await lastWorkspaceFile(options.dataFolder)));
  if (options.workspaceFile === undefined && (await file.read()) === null) {
    await file.write(formatWorkspaceText(emptyWorkspaceDocument()));
  }
  const engine = new Engine();
  options.onEngine?.(engine);
  const accessLog = await AccessLogKeeper.open(engine, options.dataFolder, options.hasOwnAccessLog === true);
  const report = options.onFileChange ?? (() => undefined);
  const history = new RevisionHistory({ folder: join(options.dataFolder, 'history') });
  const config = new ConfigService({
    file,
    engine,
    certificates: () => certificates.materials(),
    onApplied: (change) => {
      history.record(change).catch((error: unknown) => {
        report({ kind: 'failed', message: `the history cannot be kept: ${messageOf(error)}` });
      });
    },
  });
  const started = await config.load().catch(async (error: unknown) => {
    config.close();
    await engine.close({ drainMs: 0 });
    await accessLog.close();
    throw error;
  });
  const samples = new SampleServers();
  const helpers = startCertificateHelpers(certificates, engine, config);
  const watched = new WatchedFile(config, report);
  watched.follow(file);
  const downloads = new Downloads();
  const offeredCapture = new OfferedCapture();
  const drafts = new DraftFiles(join(options.dataFolder, 'drafts'));
  const openApi = createApi({
    info: appInfo(options),
    engine,
    config,
    certificates,
    samples,
    accessLog,
    ...helpers.parts,
    history,
    drafts,
    downloads,
    offeredCapture,
    endpoints: new EndpointChecks(),
    bundles: new WorkspaceBundles(certificates),
    files: new WorkspaceFiles({
      dataFolder: options.dataFolder,
      config,
      history,
      drafts,
      canSwitch: options.workspaceFile === undefined,
      onFile: (next) => watched.follow(next),
      ...(options.pickFile === undefined ? {} : { pickFile: options.pickFile }),
    }),
    ...(options.copyText === undefined ? {} : { copyText: options.copyText }),
  });
  certificates.onChange(() => {
    config
      .refreshCertificates()
      .catch((error: unknown) => report({ kind: 'failed', message: messageOf(error) }));
  });

  const sessions = new Set<Session>();
  return {
    config,
    engine,
    certificates,
    started,
    takeDownload: (path) => downloads.take(path),
    offerCapture: (path) => offeredCapture.offer(path),
    connect: (channel) => {
      const session = openSession(channel, openApi, () => sessions.delete(session));
      sessions.add(session);
    },
    close: async ({ drainMs = defaultDrainMs } = {}) => {
      watched.close();
      config.close();
      for (const session of [...sessions]) session.close();
      helpers.close();
      downloads.close();
      await engine.close({ drainMs });
      engine.emitter.close();
      await accessLog.close();
      await samples.stop();
      certificates.close();
      await history.settled();
      await drafts.settled();
    },
  };
}

/** Throws `unauthorized` for another passphrase than that of the store. */
async function unlock(certificates: CertificateService, passphrase: string | undefined): Promise<void> {
  if (passphrase === undefined || !certificates.info().keyStore.isLocked) return;
  await certificates.unlock(passphrase);
}

/** The open workspace file, reloaded when somebody else changes it. */
class WatchedFile {
  #file: ConfigFile | null = null;

  constructor(
    private readonly config: ConfigService,
    private readonly report: NonNullable<ComposeAppOptions['onFileChange']>,
  ) {}

  follow(file: ConfigFile): void {
    this.#file?.close();
    this.#file = file;
    const fail = (message: string) => this.report({ kind: 'failed', message });
    file.watch(() => {
      this.config.load().then(this.report, (error: unknown) => fail(messageOf(error)));
    }, fail);
  }

  close(): void {
    this.#file?.close();
  }
}

function appInfo({ version, host, notice, dataFolder }: ComposeAppOptions): AppInfo {
  return { version, host, platform: process.platform, notice, dataFolder, isViewer: false };
}

function messageOf(error: unknown): string {
  return error instanceof AppError || error instanceof Error ? error.message : String(error);
}
