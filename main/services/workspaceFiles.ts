// Which workspace file is open, which others there are, and going from one to another. Own workspaces live in the app's
// folder; files elsewhere are known once they were opened. What is remembered of that is a convenience: when it cannot be
// read, nothing but the list is lost.
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { RunningConfig } from '../contract/api';
import { AppError } from '../contract/appError';
import { emptyWorkspaceDocument } from '../contract/config';
import type { WorkspaceFileInfo, WorkspaceList } from '../contract/workspaceApi';
import { formatWorkspaceText } from '../contract/workspaceTextWriter';
import { isSystemError, writeFileAtomic } from '../platform/atomicFile';
import { ConfigFile } from './configFile';
import type { ConfigService } from './configService';
import type { DraftFiles } from './draftFiles';
import type { RevisionHistory } from './revisionHistory';

export interface WorkspaceFilesOptions {
  readonly dataFolder: string;
  readonly config: ConfigService;
  readonly history: RevisionHistory;
  readonly drafts: DraftFiles;
  /** false = the file was named on the command line and stays the one that is open. */
  readonly canSwitch: boolean;
  /** The open file is another one now: it is to be watched in place of the old one. */
  readonly onFile: (file: ConfigFile) => void;
  /** The host's own file dialog; absent = there is none. */
  readonly pickFile?: (purpose: 'open' | 'saveAs') => Promise<string | null>;
}

interface Remembered {
  /** Open when the app ended. */
  readonly open: string | null;
  /** Newest first. */
  readonly recent: readonly string[];
}

const rememberedFile = 'workspaces.json';
const mostRecent = 20;
const extensions = new Set(['.yaml', '.yml', '.json']);

/** The file that the app opens when none is named: the last one, else the app's own first workspace. */
export async function lastWorkspaceFile(dataFolder: string): Promise<string> {
  const { open } = await readRemembered(dataFolder);
  const isThere = open !== null && (await infoOf(open)) !== null;
  return isThere ? open : join(dataFolder, 'workspace.yaml');
}

export class WorkspaceFiles {
  constructor(private readonly options: WorkspaceFilesOptions) {}

  async list(): Promise<WorkspaceList> {
    const { dataFolder, config, canSwitch, pickFile } = this.options;
    const folder = this.#ownFolder();
    const open = config.running().file;
    const own = [join(dataFolder, 'workspace.yaml'), ...(await workspaceFilesIn(folder))];
    const { recent } = await readRemembered(dataFolder);
    const elsewhere = [open, ...recent].filter((path) => !own.includes(path));
    const files: WorkspaceFileInfo[] = [];
    for (const path of new Set([...own, ...elsewhere])) {
      const info = await infoOf(path);
      if (info === null) continue;
      const place = own.includes(path) ? 'own' : 'elsewhere';
      files.push({ path, name: nameOf(path), ...info, place, isOpen: path === open });
    }
    files.sort((a, b) => b.modifiedAt - a.modifiedAt);
    return { files, folder, canPick: pickFile !== undefined, canSwitch };
  }

  /** Rejects with `not_found`, `invalid_input` or `invalid_config`; then the old one is still open. */
  async open(path: string): Promise<RunningConfig> {
    this.#demandSwitch();
    const file = checkedPath(path);
    if ((await infoOf(file)) === null) throw new AppError('not_found', `there is no file ${file}`);
    return this.#switchTo(file);
  }

  /** Rejects with `already_exists` when there is one of that name. */
  async create(name: string, text?: string): Promise<RunningConfig> {
    this.#demandSwitch();
    const path = join(this.#ownFolder(), `${name}.yaml`);
    await writeNew(path, text ?? formatWorkspaceText(emptyWorkspaceDocument()));
    try {
      return await this.#switchTo(path);
    } catch (error) {
      // What cannot be opened is not left behind under that name.
      await rm(path, { force: true });
      throw error;
    }
  }

  /** The text as it stands, under another name; listeners go on without noticing. Rejects with `already_exists`. */
  async saveAs(target: { readonly name?: string; readonly path?: string }): Promise<RunningConfig> {
    this.#demandSwitch();
    const { config } = this.options;
    const path =
      target.path === undefined
        ? join(this.#ownFolder(), `${demandName(target.name)}.yaml`)
        : checkedPath(target.path);
    const isPicked = target.path !== undefined; // the dialog asked before it replaces
    if (isPicked) await new ConfigFile(path).write(config.text());
    else await writeNew(path, config.text());
    return this.#moveTo(path);
  }

  /** Another name in the same folder; history and drafts go along. */
  async rename(name: string): Promise<RunningConfig> {
    this.#demandSwitch();
    const old = this.options.config.running().file;
    const path = join(dirname(old), `${name}${extname(old)}`);
    if (path === old) return this.options.config.running();
    if ((await infoOf(path)) !== null)
      throw new AppError('already_exists', `there is already a file ${path}`);
    try {
      await rename(old, path);
    } catch (cause) {
      throw new AppError('disk_failed', `${old} cannot be renamed: ${reasonOf(cause)}`, { cause });
    }
    await this.options.history.move(old, path);
    await this.options.drafts.move(old, path);
    await this.#forget(old);
    return this.#moveTo(path);
  }

  async pick(purpose: 'open' | 'saveAs'): Promise<string | null> {
    const { pickFile } = this.options;
    if (pickFile === undefined) {
      throw new AppError('unavailable', 'this host has no file dialog; choose a file from the list');
    }
    return pickFile(purpose);
  }

  async #switchTo(path: string): Promise<RunningConfig> {
    const file = new ConfigFile(path);
    const running = await this.options.config.open(file);
    this.options.onFile(file);
    await this.#remember(path);
    return running;
  }

  async #moveTo(path: string): Promise<RunningConfig> {
    const file = new ConfigFile(path);
    const running = await this.options.config.moveTo(file);
    this.options.onFile(file);
    await this.#remember(path);
    return running;
  }

  async #remember(path: string): Promise<void> {
    const { recent } = await readRemembered(this.options.dataFolder);
    await this.#write({
      open: path,
      recent: [path, ...recent.filter((known) => known !== path)].slice(0, mostRecent),
    });
  }

  async #forget(path: string): Promise<void> {
    const { open, recent } = await readRemembered(this.options.dataFolder);
    await this.#write({ open, recent: recent.filter((known) => known !== path) });
  }

  #write(remembered: Remembered): Promise<void> {
    const file = join(this.options.dataFolder, rememberedFile);
    return writeFileAtomic(file, `${JSON.stringify(remembered, null, 2)}\n`);
  }

  #ownFolder(): string {
    return join(this.options.dataFolder, 'workspaces');
  }

  #demandSwitch(): void {
    if (this.options.canSwitch) return;
    throw new AppError(
      'unavailable',
      'this Hopscope was started for one file; start "hopscope ui" to go from one workspace to another',
    );
  }
}

function demandName(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new AppError('invalid_input', 'give the workspace a name or a path');
}

function checkedPath(path: string): string {
  if (!isAbsolute(path)) throw new AppError('invalid_input', `"${path}" is not a full path`);
  const file = resolve(path);
  if (extensions.has(extname(file).toLowerCase())) return file;
  throw new AppError('invalid_input', `${file} is no workspace: its name must end in .yaml, .yml or .json`);
}

async function writeNew(path: string, text: string): Promise<void> {
  if ((await infoOf(path)) !== null) {
    throw new AppError(
      'already_exists',
      `there is already a workspace "${nameOf(path)}"; choose another name`,
    );
  }
  await new ConfigFile(path).write(text);
}

async function workspaceFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => !name.startsWith('.') && extensions.has(extname(name).toLowerCase()))
    .map((name) => join(folder, name));
}

async function infoOf(path: string): Promise<{ readonly modifiedAt: number; readonly bytes: number } | null> {
  // What cannot be looked at (any more) is left out of the list.
  const stats = await stat(path).catch(() => null);
  return stats?.isFile() === true ? { modifiedAt: stats.mtimeMs, bytes: stats.size } : null;
}

async function readRemembered(dataFolder: string): Promise<Remembered> {
  const text = await readFile(join(dataFolder, rememberedFile), 'utf8').catch(() => '{}');
  try {
    const value = JSON.parse(text) as { open?: unknown; recent?: unknown };
    const recent = Array.isArray(value.recent) ? value.recent.filter((path) => typeof path === 'string') : [];
    return {
      open: typeof value.open === 'string' ? value.open : null,
      recent: recent.slice(0, mostRecent),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { open: null, recent: [] };
    throw error;
  }
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
