// When to draw: at most every max(250 ms, 1.5 × what the last drawing cost), one in flight, the newest wins. Pictures of
// one flow after the other come slower still: nobody reads four a second. Pure.

export const shortestPauseMs = 250;
export const subjectPauseMs = 700;
export const costFactor = 1.5;
/** Mermaid keeps a little of every drawing; a fresh frame now and then gives it back. */
export const drawsPerFrame = 500;
/** A frame that does not answer for this long is replaced. */
export const answerTimeoutMs = 10_000;

export interface DrawSchedule {
  readonly inFlight: number | null;
  readonly lastStartedAt: number;
  readonly lastCostMs: number;
  readonly drawsInFrame: number;
}

export const newSchedule: DrawSchedule = {
  inFlight: null,
  lastStartedAt: Number.NEGATIVE_INFINITY,
  lastCostMs: 0,
  drawsInFrame: 0,
};

/** Milliseconds to wait before the next drawing may start; null = wait for the answer of the one in flight. */
/** `isOther` = it shows something else than the last one. */
export function waitBeforeDraw(schedule: DrawSchedule, now: number, isOther = false): number | null {
  if (schedule.inFlight !== null) return null;
  const pause = Math.max(isOther ? subjectPauseMs : shortestPauseMs, costFactor * schedule.lastCostMs);
  return Math.max(0, schedule.lastStartedAt + pause - now);
}

export function drawStarted(schedule: DrawSchedule, id: number, now: number): DrawSchedule {
  return { ...schedule, inFlight: id, lastStartedAt: now, drawsInFrame: schedule.drawsInFrame + 1 };
}

export function drawAnswered(schedule: DrawSchedule, id: number, costMs: number): DrawSchedule {
  return schedule.inFlight === id ? { ...schedule, inFlight: null, lastCostMs: costMs } : schedule;
}

export function isFrameWornOut(schedule: DrawSchedule): boolean {
  return schedule.inFlight === null && schedule.drawsInFrame >= drawsPerFrame;
}
