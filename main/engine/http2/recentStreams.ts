/** The streams that ended last, so that late frames on them can be told from wrong ones. Bounded; the oldest go first. */
export class RecentStreams {
  readonly #ids = new Int32Array(size);
  readonly #areOurResets = new Uint8Array(size);
  #next = 0;

  add(id: number, isOurReset: boolean): void {
    this.#ids[this.#next] = id;
    this.#areOurResets[this.#next] = isOurReset ? 1 : 0;
    this.#next = (this.#next + 1) % size;
  }

  has(id: number): boolean {
    return this.#ids.includes(id);
  }

  /** We reset it: what the peer sent before it knew is to be ignored (RFC 9113 5.1). */
  wasResetByUs(id: number): boolean {
    const at = this.#ids.indexOf(id);
    return at !== -1 && this.#areOurResets[at] === 1;
  }
}

const size = 256;
