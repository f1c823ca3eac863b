// The event log to one UI: a snapshot, then batches. A UI that does not keep up gets a `gap`, never a growing queue, and
// where telling everything would slow the traffic down it is told of one flow in so many, each of them whole.
import { performance } from 'node:perf_hooks';
import type { FlowSnapshot } from '../contract/api';
import type { FlowEvent } from '../contract/flowEvent';
import type { FlowEmitter } from '../engine/flowEmitter';
import type { FlowReader } from '../engine/flowReader';
import { newPushBudget, type PushBudget, samplingAfter, windowMs } from './pushBudget';

export interface FlowPushTarget {
  /** `sampling`: of so many flows one is recorded. `unrecordedFlows`: so many were not, since the engine's start. */
  push(events: readonly FlowEvent[], sampling: number, unrecordedFlows: number): void;
  bufferedBytes(): number;
}

/** Newest events in a snapshot. */
export const snapshotEvents = 5000;
const maxBatchEvents = 2000;
const partEvents = 100;
/** Of base64. */
const maxCapturedBytes = 1024 * 1024;
const maxSnapshotBytes = 8 * 1024 * 1024;
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
  let isUrgent = false;
  let budget: PushBudget = newPushBudget(performance.now(), performance.eventLoopUtilization());
  const arm = () => armIn(batchDelayMs, true);
  // A look at the budget can wait; news that come meanwhile cannot.
  const armIn = (ms: number, isForNews: boolean) => {
    if (timer !== null && (isUrgent || !isForNews)) return;
    if (timer !== null) clearTimeout(timer);
    isUrgent = isForNews;
    timer = setTimeout(pump, ms);
  };
  const reader = emitter.openReader({ from: 'oldest', onWake: arm, takesSamples: true });
  reader.skipTo(snapshotEvents);
  // What went before the snapshot is no loss: the snapshot is defined as the newest.
  const events = withoutOldBytes(reader.read(snapshotEvents + 1).filter((event) => event.kind !== 'gap'));
  const snapshot = { seq: events.at(-1)?.seq ?? emitter.newestSeq, events };

  function pump(): void {
    timer = null;
    const before = process.cpuUsage();
    let told = 0;
    const isBehind = reader.pending > maxLag;
    if (isBehind) reader.skipTo(keptAfterJump);
    const isLineFull = target.bufferedBytes() > maxBufferedBytes;
    if (reader.pending > 0 && !isLineFull) {
      const batch = readBatch(reader);
      told = batch.length;
      if (told > 0) target.push(batch, emitter.sampling, emitter.unrecordedFlows);
    }
    // CPU time: on a busy machine the clock runs on while others have the core.
    const { user, system } = process.cpuUsage(before);
    spend((user + system) / 1000, told, isBehind || isLineFull);
    // While it takes a sample it comes back without being woken, to notice that it can take more again.
    if (reader.pending > 0) arm();
    else if (reader.sampling !== 1) armIn(windowMs, false);
  }

  function spend(ms: number, events: number, isBehind: boolean): void {
    const before = reader.sampling ?? 1;
    const result = samplingAfter(
      budget,
      { ms, events, isBehind, now: performance.now(), sampling: before },
      () => performance.eventLoopUtilization(),
    );
    budget = result.budget;
    if (result.sampling === before) return;
    reader.sampling = result.sampling;
    emitter.updateSampling();
    // So that the UI hears of it although nothing more may come.
    if (result.sampling < before) target.push([], emitter.sampling, emitter.unrecordedFlows);
  }

  return {
    snapshot,
    close: () => {
      if (timer !== null) clearTimeout(timer);
      reader.close();
    },
  };
}

/** Up to 2,000 events, or fewer where captured bytes make them heavy. */
function readBatch(reader: FlowReader): FlowEvent[] {
  const batch: FlowEvent[] = [];
  let capturedBytes = 0;
  while (batch.length < maxBatchEvents && capturedBytes < maxCapturedBytes) {
    const part = reader.read(Math.min(partEvents, maxBatchEvents - batch.length));
    if (part.length === 0) break;
    for (const event of part) {
      batch.push(event);
      if (event.kind === 'body.captured') capturedBytes += event.data.length;
    }
  }
  return batch;
}

/** A snapshot is one frame: of captured bytes only the newest are in it. */
function withoutOldBytes(events: readonly FlowEvent[]): FlowEvent[] {
  let room = maxSnapshotBytes;
  return events
    .toReversed()
    .filter((event) => {
      if (event.kind !== 'body.captured') return true;
      room -= event.data.length;
      return room >= 0;
    })
    .reverse();
}
