// `hopscope serve FILE`: runs a workspace without a window. stdout carries JSON lines only.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { keyFileCipher } from '../certs/keyFileCipher';
import type { ConfigIssue } from '../contract/configIssue';
import type { Engine } from '../engine/engine';
import { dataFolder } from '../platform/dataFolder';
import { type App, type ComposeAppOptions, composeApp } from '../services/composeApp';
import { type EventLog, flushed, startEventLog } from '../services/eventLog';
import { startMetricsServer } from '../services/metricsServer';
import {
  type AccessLog,
  type AccessLogSettings,
  accessLogHelp,
  accessLogOptions,
  openAccessLog,
  readAccessLogOptions,
} from './accessLogOptions';
import { offerNewLinks, openBrowserUi, openBrowserUiAsBefore } from './browserUi';
import {
  type CommandIo,
  type ExitCode,
  isUnreadable,
  oneLine,
  onlyFile,
  parseCommand,
  parsePort,
  printIssues,
  sayListenError,
  UsageError,
  withOptionalPort,
} from './commandLine';
import { keyPassphrase } from './openStore';
import { listenForStop } from './stopSignals';

const help = `Usage: hopscope serve FILE [options]

  Runs the workspace. Prints one JSON line when ready:
    {"event":"ready","listeners":[{"id":"web","address":"127.0.0.1","port":8080,"protocol":"http"}]}
  A changed FILE or SIGHUP is checked, then applied ({"event":"applied","revision":2}) or refused with the old one still
  running ({"event":"rejected","issues":[...]}). SIGTERM or SIGINT lets what is in flight finish (10 s at most), then
  exits with 0; a second one exits at once.

  --events PATH     write every flow event as a line of JSON to PATH; "-" = stdout
  --ui [PORT]       open the browser UI on loopback; its one-time link goes to stderr
  --metrics PORT    OpenMetrics at http://127.0.0.1:PORT/metrics
${accessLogHelp}  --store DIR       folder of the certificate store (default: "certificates" in the app's data folder)
  -h, --help        this text

  HOPSCOPE_PASSPHRASE opens a certificate store that is protected by a passphrase.

  Exit code: 0 stopped, 1 the workspace or a port cannot be used, 2 FILE cannot be read.
`;

const options = {
  events: { type: 'string' },
  ui: { type: 'string' },
  metrics: { type: 'string' },
  ...accessLogOptions,
  store: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type FileOutcome = Parameters<NonNullable<ComposeAppOptions['onFileChange']>>[0];

const drainMs = 10_000;

export async function runServe(args: string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseCommand(withOptionalPort(args, '--ui'), options);
  if (values.help) {
    io.stdout.write(help);
    return 0;
  }
  const file = onlyFile(positionals);
  if (values.events === '') throw new UsageError('--events needs a PATH or "-"');
  const ports = {
    ui: values.ui === undefined ? null : parsePort(values.ui, '--ui'),
    metrics: values.metrics === undefined ? null : parsePort(values.metrics, '--metrics'),
  };
  const accessLog = readAccessLogOptions(values);
  const signals = listenForStop();
  const serving = new Serving(file, io);
  const onHangUp = () => serving.askForReload();
  process.on('SIGHUP', onHangUp);
  try {
    const opened = await serving.open(values.store, values.events, accessLog, ports.ui !== null);
    if (opened !== 0) return opened;
    await serving.ready(ports);
    await signals.stopped;
    await serving.drain();
    return 0;
  } finally {
    await serving.close();
    signals.close();
    process.off('SIGHUP', onHangUp);
  }
}

class Serving {
  #app: App | null = null;
  #eventLog: EventLog | null = null;
  #eventFile: Writable | null = null;
  #accessLog: AccessLog | null = null;
  #lastRevision = 0;
  #isReady = false;
  #isReloadAsked = false;
  readonly #closers: (() => Promise<void> | void)[] = [];

  constructor(
    private readonly file: string,
    private readonly io: CommandIo,
  ) {}

  /** 0 = it runs. */
  async open(
    store: string | undefined,
    events: string | undefined,
    accessLogSettings: AccessLogSettings | null,
    hasUi: boolean,
  ): Promise<ExitCode> {
    const folder = dataFolder();
    const storeFolder = resolve(store ?? join(folder, 'certificates'));
    const eventStream = await this.#openEvents(events);
    const complain = (message: string) => this.#complain(message);
    const accessLog =
      accessLogSettings === null ? null : await openAccessLog(accessLogSettings, this.io, complain);
    try {
      this.#app = await composeApp({
        dataFolder: folder,
        host: 'browser',
        version: this.io.version,
        notice: null,
        keyCipher: keyFileCipher(storeFolder),
        keyPassphrase: keyPassphrase(),
        workspaceFile: resolve(this.file),
        storeFolder,
        hasOwnAccessLog: accessLogSettings !== null || !hasUi,
        onEngine: (engine) => {
          this.#logEvents(engine, eventStream);
          this.#accessLog = accessLog?.start(engine) ?? null;
        },
        onFileChange: (outcome) => this.#report(outcome),
      });
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      this.io.stderr.write(`${oneLine(error)} (unreadable_file)\n`);
      return 2;
    }
    printIssues(this.#app.config.running().issues, this.file, this.io);
    return this.#app.started.kind === 'rejected' ? 1 : 0;
  }

  async ready(ports: { readonly ui: number | null; readonly metrics: number | null }): Promise<void> {
    const app = this.#app!;
    const metrics = ports.metrics === null ? null : await this.#openMetrics(app, ports.metrics);
    const ui = ports.ui === null ? null : await this.#openUi(app, ports.ui);
    const { revision, listeners } = app.config.running();
    this.#lastRevision = revision;
    this.#print({
      event: 'ready',
      listeners,
      ...(metrics === null ? {} : { metrics }),
      ...(ui === null ? {} : { ui }),
    });
    this.#closers.push(
      app.config.onChange((running) => {
        if (running.revision !== this.#lastRevision) this.#printApplied(running.revision);
      }),
    );
    this.#isReady = true;
    if (this.#isReloadAsked) await this.#reload(app);
  }

  /** A signal that comes before the first load is done counts after it. */
  askForReload(): void {
    this.#accessLog?.reopen();
    if (this.#isReady && this.#app !== null) void this.#reload(this.#app);
    else this.#isReloadAsked = true;
  }

  /** Stops accepting, lets what is in flight finish, writes the last events. */
  async drain(): Promise<void> {
    await this.#app?.engine.close({ drainMs });
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
    await this.#eventLog?.close();
    await this.#app?.close({ drainMs: 0 });
    await this.#accessLog?.close();
    const eventFile = this.#eventFile;
    if (eventFile === null || eventFile.destroyed) return;
    await flushed(eventFile);
    eventFile.end();
  }

  /** The person asked, so there is an answer even when nothing is new. */
  async #reload(app: App): Promise<void> {
    const before = this.#lastRevision;
    try {
      await app.certificates.refresh();
      const outcome = await app.config.reload();
      if (outcome.kind === 'applied' && outcome.revision === before) this.#printApplied(before);
      else this.#report(outcome);
    } catch (error) {
      this.#report({ kind: 'failed', message: oneLine(error) });
    }
  }

  /** Where events go; null = nowhere. Throws one sentence when the file cannot be made. */
  async #openEvents(path: string | undefined): Promise<Writable | null> {
    if (path === undefined) return null;
    if (path === '-') return this.io.stdout as Writable;
    const file = createWriteStream(path, { mode: 0o600 });
    try {
      await once(file, 'open');
    } catch (cause) {
      throw new Error(`--events: ${oneLine(cause)}`, { cause });
    }
    this.#eventFile = file;
    return file;
  }

  #logEvents(engine: Engine, stream: Writable | null): void {
    if (stream === null) return;
    this.#eventLog = startEventLog(engine.emitter, stream, (message) => this.#complain(message));
  }

  async #openMetrics(app: App, port: number): Promise<string> {
    try {
      const server = await startMetricsServer(app.engine.metrics, port);
      this.#closers.push(() => server.close());
      return `http://127.0.0.1:${server.port}/metrics`;
    } catch (cause) {
      throw new Error(sayListenError('metrics', port, cause), { cause });
    }
  }

  async #openUi(app: App, port: number): Promise<string> {
    // 0 = any: the one of the last start if it is free, so that an open page finds it again.
    const server =
      port === 0
        ? await openBrowserUiAsBefore(app, dataFolder(), this.io)
        : await openBrowserUi(app, port, dataFolder(), this.io);
    const print = (link: string) => this.io.stderr.write(`Hopscope's user interface: ${link}\n`);
    this.#closers.push(() => server.close(), offerNewLinks(server, this.io, print));
    const link = server.newLink();
    print(link);
    return link;
  }

  #report(outcome: FileOutcome): void {
    if (outcome.kind === 'rejected') this.#printRejected(outcome.issues);
    if (outcome.kind === 'failed') this.#complain(outcome.message);
  }

  #printApplied(revision: number): void {
    this.#lastRevision = revision;
    this.#print({ event: 'applied', revision });
  }

  #printRejected(issues: readonly ConfigIssue[]): void {
    this.#print({ event: 'rejected', issues });
    printIssues(issues, this.file, this.io);
  }

  #complain(message: string): void {
    this.io.stderr.write(`hopscope serve: ${message}\n`);
  }

  #print(line: object): void {
    this.io.stdout.write(`${JSON.stringify(line)}\n`);
  }
}
