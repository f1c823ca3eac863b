import { PartialHead } from './partialHead';
import { needMore, type Refusal, refused } from './refusal';
import type { RequestHead } from './requestHead';

export const headTooLarge: Refusal = {
  status: 431,
  code: 'header_too_large',
  message: 'the request head is larger than this listener allows',
};

/** Gets a request head out of the reads in which it comes. */
export class HeadReader {
  /** Set when `read` returned `refused`. */
  refusal: Refusal = headTooLarge;
  #partial: PartialHead | null = null;

  constructor(private readonly head: RequestHead) {}

  /** Takes start…end; returns where the head ends, `needMore` or `refused`. */
  read(buffer: Buffer, start: number, end: number, maxBytes: number): number {
    const partial = this.#partial;
    if (partial === null) {
      const after = this.#judge(this.head.parse(buffer, start, end), start, end, maxBytes);
      if (after === needMore) this.#partial = new PartialHead(buffer, start, end);
      return after;
    }
    partial.append(buffer, start, end);
    if (!partial.isWorthParsing() && partial.length <= maxBytes) return needMore;
    const { bytes, length } = partial;
    const after = this.#judge(this.head.parse(bytes, 0, length), 0, length, maxBytes);
    if (after === needMore) return needMore;
    this.#partial = null;
    return after < 0 ? after : end - (length - after);
  }

  forget(): void {
    this.#partial = null;
    this.head.forget();
  }

  #judge(after: number, start: number, end: number, maxBytes: number): number {
    if (after === refused) this.refusal = this.head.refusal;
    else if ((after === needMore ? end : after) - start > maxBytes) {
      this.refusal = headTooLarge;
      return refused;
    }
    return after;
  }
}
