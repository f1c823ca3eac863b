// Applied revisions on disk, one file each, so that a crash loses none and a broken one harms no other. Bounded in count
// and bytes: the oldest go first. Holds what the workspace file held; keys and certificates are in neither.
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../contract/appError';
import type { WorkspaceDocument } from '../contract/config';
import { changeSentence, describeChanges } from '../contract/describeChanges';
import { equalJson } from '../contract/equalJson';
import { withoutLayout } from '../contract/withoutLayout';
import type { HistoryEntry } from '../contract/workspaceApi';
import { isSystemError, sweepTemporaries, writeFileAtomic } from '../platform/atomicFile';
import type { AppliedChange } from './configService';
import { perFileFolder } from './perFileFolder';

export interface RevisionHistoryOptions {
  /** Holds a folder for each workspace file. */
  readonly folder: string;
  /** Most entries of one workspace file; default 200. */
  readonly maxEntries?: number;
  /** Most bytes of one workspace file; default 16 MiB. The newest entry is kept whatever its size. */
  readonly maxBytes?: number;
  readonly now?: () => number;
}

export interface HistoryDocument {
  readonly document: WorkspaceDocument;
  readonly text: string;
}

interface StoredEntry extends Omit<HistoryEntry, 'bytes'>, HistoryDocument {}

/** Sentences of one entry; a list of 200 entries stays small. */
const mostSentences = 6;
const mostSentenceCharacters = 200;
const entryName = /^(\d{1,9})\.json$/;

export class RevisionHistory {
  /** By workspace file; oldest first. */
  readonly #known = new Map<string, Promise<HistoryEntry[]>>();
  readonly #listeners = new Set<(newest: number) => void>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: RevisionHistoryOptions) {}

  /** Called with the number of each new entry. */
  onRecorded(listener: (newest: number) => void): void {
    this.#listeners.add(listener);
  }

  /** Newest first. */
  async list(file: string): Promise<readonly HistoryEntry[]> {
    return [...(await this.#entries(file))].reverse();
  }

  /** Rejects with `not_found` when that entry is not (any more) kept. */
  async read(file: string, number: number): Promise<HistoryDocument> {
    const stored = await this.#readEntry(file, number);
    if (stored === null) throw new AppError('not_found', `revision ${number} is no longer kept`);
    return { document: stored.document, text: stored.text };
  }

  /**
   * Keeps an applied revision; one that says the same as the newest is not kept twice. null = nothing new. Rejects with the
   * system's error when the disk refuses.
   */
  record(change: AppliedChange): Promise<HistoryEntry | null> {
    const result = this.#queue.then(() => this.#record(change));
    this.#queue = result.catch(() => undefined); // the caller gets the error
    return result;
  }

  /** The workspace file got another name; its history goes along. */
  async move(oldFile: string, newFile: string): Promise<void> {
    await this.#queue;
    const target = this.#folderOf(newFile);
    await rm(target, { recursive: true, force: true });
    await rename(this.#folderOf(oldFile), target).catch((error: unknown) => {
      if (!isSystemError(error, 'ENOENT')) throw error;
    });
    this.#known.clear();
  }

  /** Resolves when everything that was recorded is on disk. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  async #record(change: AppliedChange): Promise<HistoryEntry | null> {
    const entries = await this.#entries(change.file);
    const newest = entries.at(-1);
    const last = newest === undefined ? null : await this.#readEntry(change.file, newest.number);
    const before = last?.document ?? change.before;
    if (last !== null && equalJson(withoutLayout(before), withoutLayout(change.document))) return null;
    const sentences = describeChanges(before, change.document).map(changeSentence);
    const stored: StoredEntry = {
      number: (newest?.number ?? 0) + 1,
      at: (this.options.now ?? Date.now)(),
      source: change.source,
      restoredFrom: change.restoredFrom,
      summary: sentences.slice(0, mostSentences).map(cut),
      more: Math.max(0, sentences.length - mostSentences),
      document: change.document,
      text: change.text,
    };
    const text = JSON.stringify(stored);
    const folder = this.#folderOf(change.file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(join(folder, `${stored.number}.json`), text);
    const entry = entryOf(stored, Buffer.byteLength(text));
    entries.push(entry);
    await this.#dropOldest(change.file, entries);
    for (const listener of this.#listeners) listener(entry.number);
    return entry;
  }

  async #dropOldest(file: string, entries: HistoryEntry[]): Promise<void> {
    const { maxEntries = 200, maxBytes = 16 * 1024 * 1024 } = this.options;
    let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    while (entries.length > 1 && (entries.length > maxEntries || bytes > maxBytes)) {
      const oldest = entries.shift()!;
      bytes -= oldest.bytes;
      await rm(join(this.#folderOf(file), `${oldest.number}.json`), { force: true });
    }
  }

  #entries(file: string): Promise<HistoryEntry[]> {
    const known = this.#known.get(file) ?? this.#readAll(file);
    this.#known.set(file, known);
    return known;
  }

  async #readAll(file: string): Promise<HistoryEntry[]> {
    const folder = this.#folderOf(file);
    const names = await readdir(folder).catch((error: unknown) => {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    });
    await sweepTemporaries(folder);
    const numbers = names.flatMap((name) => {
      const match = entryName.exec(name);
      return match === null ? [] : [Number(match[1])];
    });
    const entries: HistoryEntry[] = [];
    for (const number of numbers.sort((a, b) => a - b)) {
      const stored = await this.#readEntry(file, number);
      if (stored !== null) entries.push(entryOf(stored, Buffer.byteLength(JSON.stringify(stored))));
    }
    return entries;
  }

  /** null = gone, or not what we wrote; then the others still count. */
  async #readEntry(file: string, number: number): Promise<StoredEntry | null> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folderOf(file), `${number}.json`), 'utf8'));
      return isStoredEntry(value) && value.number === number ? value : null;
    } catch (error) {
      if (error instanceof SyntaxError || isSystemError(error, 'ENOENT')) return null;
      throw error;
    }
  }

  #folderOf(file: string): string {
    return perFileFolder(this.options.folder, file);
  }
}

function entryOf(stored: StoredEntry, bytes: number): HistoryEntry {
  const { document: _document, text: _text, ...entry } = stored;
  return { ...entry, bytes };
}

function cut(sentence: string): string {
  return sentence.length <= mostSentenceCharacters
    ? sentence
    : `${sentence.slice(0, mostSentenceCharacters - 1)}…`;
}

function isStoredEntry(value: unknown): value is StoredEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Partial<Record<keyof StoredEntry, unknown>>;
  const isDocument =
    typeof entry.document === 'object' && entry.document !== null && 'schemaVersion' in entry.document;
  return (
    isDocument &&
    typeof entry.text === 'string' &&
    typeof entry.number === 'number' &&
    typeof entry.at === 'number' &&
    typeof entry.source === 'string' &&
    Array.isArray(entry.summary)
  );
}
