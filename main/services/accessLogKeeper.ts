// The access log that is set in the app: its settings are kept in the data folder and hold for every workspace.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AccessLogSettings, type AccessLogState, accessLogSchema } from '../contract/accessLogApi';
import { AppError } from '../contract/appError';
import type { Engine } from '../engine/engine';
import { writeFileAtomic } from '../platform/atomicFile';
import { startAccessLog } from './accessLog';
import { RotatingFile } from './rotatingFile';

export class AccessLogKeeper {
  readonly #file: string;
  #settings: AccessLogSettings;
  #problem: string | null = null;
  #log: { readonly file: RotatingFile; readonly stop: () => void } | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly engine: Engine,
    dataFolder: string,
    private readonly isFixed: boolean,
  ) {
    this.#file = join(dataFolder, 'access-log.json');
    const path = join(dataFolder, 'access.log');
    this.#settings = { isOn: false, path, format: 'json', maxBytes: 104_857_600, keep: 5 };
  }

  /** Writes from now on, if it is set to. A log that cannot be written keeps nothing from starting. `isFixed` = not ours. */
  static async open(engine: Engine, dataFolder: string, isFixed: boolean): Promise<AccessLogKeeper> {
    const keeper = new AccessLogKeeper(engine, dataFolder, isFixed);
    if (isFixed) return keeper;
    const text = await readFile(keeper.#file, 'utf8').catch(() => null);
    if (text === null) return keeper;
    try {
      keeper.#settings = accessLogSchema.parse(JSON.parse(text));
    } catch {
      keeper.#problem = `${keeper.#file} has no valid settings: make them anew`;
      return keeper;
    }
    await keeper.#start(keeper.#settings).catch((error: unknown) => {
      keeper.#problem = `${keeper.#settings.path} cannot be written: ${sentenceOf(error)}`;
    });
    return keeper;
  }

  state(): AccessLogState {
    return { settings: this.#settings, problem: this.#problem, isFixed: this.isFixed };
  }

  /** Rejects with `disk_failed` or `unavailable`; then what was goes on. */
  set(settings: AccessLogSettings): Promise<AccessLogState> {
    const result = this.#queue.then(() => this.#setNow(settings));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#stop();
  }

  async #setNow(settings: AccessLogSettings): Promise<AccessLogState> {
    if (this.isFixed)
      throw new AppError('unavailable', 'the command line says whether there is an access log');
    await this.#start(settings).catch((cause: unknown) => {
      throw new AppError('disk_failed', `${settings.path} cannot be written: ${sentenceOf(cause)}`, {
        cause,
      });
    });
    try {
      await writeFileAtomic(this.#file, `${JSON.stringify(settings, null, 2)}\n`);
    } catch (cause) {
      await this.#start(this.#settings).catch((error: unknown) => {
        this.#problem = sentenceOf(error);
      });
      throw new AppError('disk_failed', `the settings cannot be kept: ${sentenceOf(cause)}`, { cause });
    }
    this.#settings = settings;
    return this.state();
  }

  /** The new file is open before the old one is left; rejects when it cannot be, and the old one goes on. */
  async #start(settings: AccessLogSettings): Promise<void> {
    const { isOn, path, maxBytes, keep, format } = settings;
    const file = isOn ? await this.#open(path, maxBytes, keep) : null;
    await this.#stop();
    this.#problem = null;
    if (file !== null) this.#log = { file, stop: startAccessLog(this.engine, file, format) };
  }

  #open(path: string, maxBytes: number, keep: number): Promise<RotatingFile> {
    const onProblem = (message: string) => {
      this.#problem = message;
    };
    return RotatingFile.open({ path, maxBytes, keep, onProblem });
  }

  async #stop(): Promise<void> {
    const log = this.#log;
    this.#log = null;
    log?.stop();
    await log?.file.close();
  }
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
};

function sentenceOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}
