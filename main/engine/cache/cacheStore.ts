// The entries of one cache: by key, then by the request fields that chose them; bounded by bytes, the one that was
// used longest ago goes first.
import { selectingKey } from './selectingFields';
import type { ReceivedResponse, StoredResponse } from './storedResponse';

/** Responses to one URL that differ by Vary; more push the oldest of them out. */
const maxVariants = 64;
/** Of the fields of an entry, which updates may make grow. */
const maxHeadBytes = 131_072;

export class CacheStore {
  bytes = 0;
  entries = 0;
  evictions = 0;
  readonly #byKey = new Map<string, StoredResponse[]>();
  #newest: StoredResponse | null = null;
  #oldest: StoredResponse | null = null;

  constructor(readonly maxBytes: number) {}

  /** The newest one that the request's fields choose. `header` gives a field of the request by lower-case name. */
  find(key: string, header: (name: string) => string | undefined): StoredResponse | null {
    const variants = this.#byKey.get(key);
    if (variants === undefined) return null;
    for (const stored of variants) {
      if (stored.varyNames.length === 0 || selectingKey(stored.varyNames, header) === stored.varyKey)
        return stored;
    }
    return null;
  }

  /** Of this key, newest first. */
  variants(key: string): readonly StoredResponse[] {
    return this.#byKey.get(key) ?? [];
  }

  /** It was used just now. */
  touch(stored: StoredResponse): void {
    stored.hits++;
    if (this.#newest === stored) return;
    this.#unlink(stored);
    this.#link(stored);
  }

  /** Takes it in place of what it replaces. False = it is larger than the whole cache. */
  put(stored: StoredResponse): boolean {
    if (stored.bytes > this.maxBytes) return false;
    const same = this.variants(stored.key).filter(
      ({ varyKey, varyNames }) => varyKey === stored.varyKey && varyNames.join() === stored.varyNames.join(),
    );
    for (const earlier of same) this.remove(earlier);
    const variants = this.#byKey.get(stored.key) ?? [];
    if (variants.length >= maxVariants) this.remove(variants[variants.length - 1]!);
    variants.unshift(stored);
    this.#byKey.set(stored.key, variants);
    this.#link(stored);
    this.bytes += stored.bytes;
    this.entries++;
    this.#evict();
    return true;
  }

  /** Takes over what a 304 said of it. It goes when its fields have grown beyond what one head may be. */
  freshen(stored: StoredResponse, response: ReceivedResponse): void {
    const isHere = this.variants(stored.key).includes(stored);
    const before = stored.bytes;
    stored.freshen(response);
    if (!isHere) return;
    this.bytes += stored.bytes - before;
    if (stored.bytes - stored.body.length > maxHeadBytes) this.remove(stored);
    this.#evict();
  }

  remove(stored: StoredResponse): void {
    const variants = this.#byKey.get(stored.key);
    const index = variants?.indexOf(stored) ?? -1;
    if (variants === undefined || index === -1) return;
    variants.splice(index, 1);
    if (variants.length === 0) this.#byKey.delete(stored.key);
    this.#unlink(stored);
    this.bytes -= stored.bytes;
    this.entries--;
  }

  /** All variants of a key. How many were removed. */
  removeWhereKey(key: string): number {
    const variants = [...this.variants(key)];
    for (const stored of variants) this.remove(stored);
    return variants.length;
  }

  /** How many were removed. */
  removeWhere(isMeant: (stored: StoredResponse) => boolean): number {
    let removed = 0;
    for (const stored of this.all()) {
      if (!isMeant(stored)) continue;
      this.remove(stored);
      removed++;
    }
    return removed;
  }

  /** The last used first. What it has given out may be removed. */
  *all(): Generator<StoredResponse> {
    let stored = this.#newest;
    while (stored !== null) {
      const next: StoredResponse | null = stored.older;
      yield stored;
      stored = next;
    }
  }

  #evict(): void {
    while (this.bytes > this.maxBytes && this.#oldest !== null) {
      this.evictions++;
      this.remove(this.#oldest);
    }
  }

  #link(stored: StoredResponse): void {
    stored.newer = null;
    stored.older = this.#newest;
    if (this.#newest !== null) this.#newest.newer = stored;
    this.#newest = stored;
    this.#oldest ??= stored;
  }

  #unlink(stored: StoredResponse): void {
    if (stored.newer === null) this.#newest = stored.older;
    else stored.newer.older = stored.older;
    if (stored.older === null) this.#oldest = stored.newer;
    else stored.older.newer = stored.newer;
    stored.newer = null;
    stored.older = null;
  }
}
