// How long a playing diagram stays on a step. Pure.
import type { Step } from './stepBuilder';

/** `steady` = so many steps a second; `clock` = as it happened, slowed down by a factor. */
export type Pace =
  | { readonly kind: 'steady'; readonly stepsPerSecond: number }
  | { readonly kind: 'clock'; readonly slowedBy: number };

export const paces: readonly { readonly id: string; readonly label: string; readonly pace: Pace }[] = [
  { id: 'half', label: '1 step in 2 s', pace: { kind: 'steady', stepsPerSecond: 0.5 } },
  { id: 'one', label: '1 step/s', pace: { kind: 'steady', stepsPerSecond: 1 } },
  { id: 'two', label: '2 steps/s', pace: { kind: 'steady', stepsPerSecond: 2 } },
  { id: 'five', label: '5 steps/s', pace: { kind: 'steady', stepsPerSecond: 5 } },
  { id: 'clock1', label: 'as it happened', pace: { kind: 'clock', slowedBy: 1 } },
  { id: 'clock10', label: '10 × slower', pace: { kind: 'clock', slowedBy: 10 } },
  { id: 'clock100', label: '100 × slower', pace: { kind: 'clock', slowedBy: 100 } },
  { id: 'clock1000', label: '1000 × slower', pace: { kind: 'clock', slowedBy: 1000 } },
];

/** Nobody waits longer than this for the next step, or can follow faster ones. */
const longestStayMs = 10_000;
const shortestStayMs = 40;

/** Milliseconds from the step at `index` to the next; null = it is the last. */
export function stayMs(steps: readonly Step[], index: number, pace: Pace): number | null {
  const here = steps[index];
  const next = steps[index + 1];
  if (next === undefined) return null;
  const wanted =
    pace.kind === 'steady' || here === undefined
      ? 1000 / (pace.kind === 'steady' ? pace.stepsPerSecond : 1)
      : ((next.at - here.at) / 1000) * pace.slowedBy;
  return Math.min(longestStayMs, Math.max(shortestStayMs, wanted));
}
