// Drafts that were not applied yet, on disk: one file for each window of each workspace file, written whole, so that a
// crash of the browser or of the app loses at most what was typed in the last moment.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type OpenedDraft,
  type SavedDraft,
  savedDraftSchema,
  windowIdSchema,
} from '../contract/workspaceApi';
import { isSystemError, writeFileAtomic } from '../platform/atomicFile';
import { perFileFolder } from './perFileFolder';

/** Drafts of windows that are gone, for each workspace file; the oldest go first. */
const mostDrafts = 8;
/** How long a reloaded page waits for its former connection to be noticed as closed. */
const longestClaimWaitMs = 1000;

interface Found {
  readonly window: string;
  readonly draft: SavedDraft;
}

export class DraftFiles {
  /** Window ids that an open connection has, and who waits for one to be let go. */
  readonly #claims = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly folder: string) {}

  /**
   * Claims an id for a window until `release`, and brings its draft: its own, else the newest that no open window has,
   * which is its own from then on.
   */
  async open(file: string, wanted: string | null): Promise<OpenedDraft> {
    const window = await this.#claim(wanted);
    return this.#serialize(async () => {
      const others = [...this.#claims].filter((id) => id !== window);
      const drafts = await this.#readAll(file);
      const found =
        drafts.find((each) => each.window === window) ??
        drafts.filter((each) => !others.includes(each.window)).sort(newestFirst)[0];
      if (found !== undefined && found.window !== window) {
        await rename(this.#path(file, found.window), this.#path(file, window));
      }
      return { window, draft: found?.draft ?? null, others };
    });
  }

  release(window: string): void {
    this.#claims.delete(window);
    for (const wake of [...this.#waiting]) wake();
  }

  /** null = there is nothing to keep. Rejects with the system's error when the disk refuses. */
  save(file: string, window: string, draft: SavedDraft | null): Promise<void> {
    return this.#serialize(async () => {
      const path = this.#path(file, window);
      if (draft === null) {
        await rm(path, { force: true });
        return;
      }
      await mkdir(this.#folderOf(file), { recursive: true, mode: 0o700 });
      await writeFileAtomic(path, JSON.stringify(draft));
      await this.#dropOldest(file);
    });
  }

  /** The workspace file got another name; its drafts go along. */
  move(oldFile: string, newFile: string): Promise<void> {
    return this.#serialize(async () => {
      const target = this.#folderOf(newFile);
      await rm(target, { recursive: true, force: true });
      await rename(this.#folderOf(oldFile), target).catch((error: unknown) => {
        if (!isSystemError(error, 'ENOENT')) throw error;
      });
    });
  }

  /** Resolves when everything that was saved is on disk. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** A reload claims its id again, maybe before its old connection is known to be gone; a copied tab gets another. */
  async #claim(wanted: string | null): Promise<string> {
    if (wanted !== null && this.#claims.has(wanted)) await this.#untilFree(wanted);
    const window = wanted === null || this.#claims.has(wanted) ? randomUUID() : wanted;
    this.#claims.add(window);
    return window;
  }

  #untilFree(window: string): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (!this.#claims.has(window)) done();
      };
      const timer = setTimeout(done, longestClaimWaitMs);
      this.#waiting.add(look);
    });
  }

  async #dropOldest(file: string): Promise<void> {
    const drafts = (await this.#readAll(file)).sort(newestFirst);
    for (const { window } of drafts.slice(mostDrafts)) {
      if (!this.#claims.has(window)) await rm(this.#path(file, window), { force: true });
    }
  }

  /** What cannot be read as a draft counts as none. */
  async #readAll(file: string): Promise<Found[]> {
    const names = await readdir(this.#folderOf(file)).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    });
    const found: Found[] = [];
    for (const name of names) {
      const window = name.replace(/\.json$/, '');
      if (window === name || !windowIdSchema.safeParse(window).success) continue;
      const draft = parseDraft(await readFile(this.#path(file, window), 'utf8').catch(() => ''));
      if (draft !== null) found.push({ window, draft });
    }
    return found;
  }

  #folderOf(file: string): string {
    return perFileFolder(this.folder, file);
  }

  #path(file: string, window: string): string {
    return join(this.#folderOf(file), `${window}.json`);
  }

  #serialize<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined); // the caller gets the error; the queue goes on
    return result;
  }
}

function newestFirst(a: Found, b: Found): number {
  return b.draft.savedAt - a.draft.savedAt;
}

function parseDraft(text: string): SavedDraft | null {
  try {
    const parsed = savedDraftSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
