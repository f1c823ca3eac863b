// The event log to one UI: a snapshot, then batches. A UI that does not keep up gets a `gap`, never a growing queue.
import type { FlowSnapshot } from '../contract/api';
import type { FlowEvent } from '../contract/flowEvent';
import type { FlowEmitter } from '../engine/flowEmitter';

export interface FlowPushTarget {
  /** `sampling`: of so many flows one is recorded. */
  push(events: readonly FlowEvent[], sampling: number): void;
  bufferedBytes(): number;
}

/** Newest events in a snapshot. */
export const snapshotEvents = 5000;
const maxBatchEvents = 2000;
/** Together with the emitter's own wake-up delay (25 ms) an event reaches the line within 50 ms. */
const batchDelayMs = 20;
/** While the line holds more than this, events wait in the ring. */
const maxBufferedBytes = 4 * 1024 * 1024;
/** A UI that is this far behind jumps to what is new. */
const maxLag = 20_000;
const keptAfterJump = 1000;

export interface FlowPush {
  readonly snapshot: FlowSnapshot;
  close(): void;
}

export function startFlowPush(emitter: FlowEmitter, target: FlowPushTarget): FlowPush {
  let timer: NodeJS.Timeout | null = null;
  const arm = () => {
    timer ??= setTimeout(pump, batchDelayMs);
  };
  const reader = emitter.openReader({ from: 'oldest', onWake: arm });
  reader.skipTo(snapshotEvents);
  // What went before the snapshot is no loss: the snapshot is defined as the newest.
  const events = reader.read(snapshotEvents + 1).filter((event) => event.kind !== 'gap');
  const snapshot = { seq: events.at(-1)?.seq ?? emitter.newestSeq, events };

  function pump(): void {
    timer = null;
    if (reader.pending > maxLag) reader.skipTo(keptAfterJump);
    if (reader.pending <= 0) return;
    if (target.bufferedBytes() <= maxBufferedBytes) {
      const batch = reader.read(maxBatchEvents);
      if (batch.length > 0) target.push(batch, 1);
    }
    if (reader.pending > 0) arm();
  }

  return {
    snapshot,
    close: () => {
      if (timer !== null) clearTimeout(timer);
      reader.close();
    },
  };
}
