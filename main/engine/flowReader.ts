import type { FlowEvent } from '../contract/flowEvent';
import type { FlowEmitter } from './flowEmitter';

/** Reads the log in order at its own pace. What was overwritten before it was read comes as one `gap`. */
export class FlowReader {
  /** It takes one of so many flows; null = all, always. After a change call `FlowEmitter.updateSampling`. */
  sampling: number | null = null;
  #next: number;
  #lost = 0;
  #isClosed = false;

  constructor(
    private readonly emitter: FlowEmitter,
    next: number,
    /** Called at most once per wake-up interval after something was recorded. */
    readonly onWake: (() => void) | null,
    private readonly onClosed: (reader: FlowReader) => void,
  ) {
    this.#next = next;
  }

  /** Up to `max` events; empty = nothing new. */
  read(max = 10_000): FlowEvent[] {
    const events: FlowEvent[] = [];
    if (this.#isClosed) return events;
    const oldest = this.emitter.oldestSeq;
    if (this.#next < oldest) {
      this.#lost += oldest - this.#next;
      this.#next = oldest;
    }
    const newest = this.emitter.newestSeq;
    if (this.#lost > 0 && this.#next <= newest) {
      const { at, wallTime } = this.emitter.buildEvent(this.#next);
      const lost = this.#lost;
      events.push({ kind: 'gap', seq: this.#next - 1, at, wallTime, flowId: 0, connectionId: 0, lost });
      this.#lost = 0;
    }
    while (this.#next <= newest && events.length < max) events.push(this.emitter.buildEvent(this.#next++));
    return events;
  }

  /** Recorded and not yet read. */
  get pending(): number {
    return this.emitter.newestSeq - this.#next + 1;
  }

  /** Jumps so that at most `keep` events are pending; the next read starts with a `gap`. Returns how many were skipped. */
  skipTo(keep: number): number {
    const target = this.emitter.newestSeq - keep + 1;
    const skipped = Math.max(0, target - this.#next);
    this.#lost += skipped;
    this.#next += skipped;
    return skipped;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onClosed(this);
  }
}
