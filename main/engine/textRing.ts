// Texts of records as raw bytes in a ring, so that keeping a message head makes nothing that a garbage collector has to
// carry along. Many short texts are copied faster as one, so the newest wait in a queue.

/** A place is offset × 2²¹ + length, so that it fits a number of a record. */
const placeShift = 2 ** 21;
/** Longer texts are cut; no message head that the engine accepts is longer. */
const maxTextBytes = 2 ** 20;
const maxQueuedBytes = 32_768;

export class TextRing {
  readonly #maxTextBytes: number;
  readonly #maxQueuedBytes: number;
  #bytes = Buffer.alloc(0);
  /** Bytes ever kept, gaps at the end of the ring included. */
  #end = 0;
  /** The end of what was kept, not yet in the ring. */
  #queued = '';
  // The text that was kept last: several events of a message in a row tell of the same one.
  #lastText = '';
  #lastPlace = 0;
  #lastStart = 0;

  /** `capacity` in bytes, a power of two; the memory is taken at the first text. */
  constructor(private readonly capacity: number) {
    this.#maxTextBytes = Math.min(maxTextBytes, capacity >> 2);
    this.#maxQueuedBytes = Math.min(maxQueuedBytes, capacity >> 3);
  }

  /** Keeps a latin1 text and returns its place. The text that was kept last keeps its place. */
  keep(text: string): number {
    if (text === '') return 0;
    if (text === this.#lastText) return this.#lastPlace;
    this.#lastPlace = this.#append(text);
    this.#lastText = text;
    this.#lastStart = this.#end - (this.#lastPlace % placeShift);
    return this.#lastPlace;
  }

  /** The same for what only one record tells, so that the text before it is still known as the last. */
  keepOwn(text: string): number {
    const place = this.#append(text);
    // Nothing may point back further than this, or a text could be told that is no longer there.
    if (this.#end - this.#lastStart > this.#maxTextBytes) {
      this.#lastText = '';
      this.#lastStart = this.#end - (place % placeShift);
    }
    return place;
  }

  /** What is kept from now on lies behind this, and so does the text that was kept last. Never goes back. */
  get start(): number {
    return this.#lastStart;
  }

  /** What lies before this is gone. */
  get overwritten(): number {
    return this.#end - this.capacity;
  }

  at(place: number): string {
    if (this.#queued !== '') this.#writeQueued();
    const length = place % placeShift;
    const offset = (place - length) / placeShift;
    return this.#bytes.toString('latin1', offset, offset + length);
  }

  #append(text: string): number {
    if (this.#bytes.length === 0) this.#bytes = Buffer.allocUnsafeSlow(this.capacity);
    const length = Math.min(text.length, this.#maxTextBytes);
    let offset = this.#end & (this.capacity - 1);
    if (offset + length > this.capacity) {
      this.#writeQueued();
      this.#end += this.capacity - offset;
      offset = 0;
    } else if (offset === 0) this.#writeQueued();
    this.#queued += length === text.length ? text : text.slice(0, length);
    this.#end += length;
    if (this.#queued.length > this.#maxQueuedBytes) this.#writeQueued();
    return offset * placeShift + length;
  }

  #writeQueued(): void {
    const { length } = this.#queued;
    this.#bytes.write(this.#queued, (this.#end - length) & (this.capacity - 1), length, 'latin1');
    this.#queued = '';
  }
}
