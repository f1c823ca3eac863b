// Two diagrams on one time axis: both clocks begin at the same point of their flow. Pure.
import type { ShownFlow } from '../../stores/flowState';
import { type Step, stepAt } from '../stepBuilder';

export interface LockstepSide {
  readonly flow: ShownFlow['flow'];
  readonly steps: readonly Step[];
  /** Where its clock begins; absent = when the flow was opened. */
  readonly startedAt?: number;
}

/** The steps of both in order of time, `at` in microseconds on the common clock. */
export function lockstepOf(sides: readonly LockstepSide[]): Step[] {
  const byKey = new Map<number, Step>();
  for (const { flow, steps, startedAt = flow.openedAt } of sides) {
    for (const step of steps) {
      if (!byKey.has(step.key)) byKey.set(step.key, { ...step, at: step.at - startedAt });
    }
  }
  return [...byKey.values()].sort((a, b) => a.at - b.at);
}

/** Where this side stands at a moment of the common axis: its last step that had begun, or its first. */
export function placeAt({ flow, steps, startedAt = flow.openedAt }: LockstepSide, moment: Step): number {
  const own = steps.findIndex((step) => step.key === moment.key);
  return own === -1 ? Math.max(0, stepAt(steps, startedAt + moment.at)) : own;
}
