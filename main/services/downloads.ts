// Files that a UI may fetch once, by a path that nobody can guess: what is in them never passes through a frame or a script.
import { randomBytes } from 'node:crypto';
import { type Download, downloadPath } from '../contract/download';

/** Waiting at once; the oldest goes. */
const mostWaiting = 4;
const keptMs = 60_000;

export class Downloads {
  readonly #waiting = new Map<string, { readonly download: Download; readonly timer: NodeJS.Timeout }>();

  /** The path to fetch it from: within a minute, once. */
  offer(download: Download): string {
    const path = `${downloadPath}${randomBytes(16).toString('hex')}`;
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size < mostWaiting) break;
      this.take(oldest);
    }
    const timer = setTimeout(() => this.#waiting.delete(path), keptMs);
    timer.unref();
    this.#waiting.set(path, { download, timer });
    return path;
  }

  /** null = there is none, it was fetched already, or its minute is over. */
  take(path: string): Download | null {
    const found = this.#waiting.get(path);
    if (found === undefined) return null;
    clearTimeout(found.timer);
    this.#waiting.delete(path);
    return found.download;
  }

  close(): void {
    for (const path of [...this.#waiting.keys()]) this.take(path);
  }
}
