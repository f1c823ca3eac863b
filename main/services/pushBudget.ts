// How much of the engine's time telling one UI may cost, and of how many flows one is told so that it keeps to that. Pure.

interface Utilization {
  /** Milliseconds, as `performance.eventLoopUtilization()` gives them. */
  readonly idle: number;
  readonly active: number;
}

export interface PushBudget {
  readonly windowFrom: number;
  readonly spentMs: number;
  readonly events: number;
  readonly isBehind: boolean;
  readonly utilization: Utilization;
}

/** Looked at this often, in milliseconds. */
export const windowMs = 200;
/** Above this share of time for the traffic the loop counts as busy: what telling costs, the traffic lacks. */
const busyFrom = 0.6;
/** It does as well when it has hardly a pause left, whatever for. */
const fullFrom = 0.9;
const shareWhenBusy = 0.02;
/** Of time that nobody else wants. With `busyFrom` it leaves the loop pauses, so that a request seldom waits for a batch. */
const shareWhenIdle = 0.25;
/** Fewer events than this a second cost nobody anything, however slow the machine is just now. */
const fewEventsPerSecond = 4000;
/** Twice the flows are told again when this part of the budget was enough. Below a half, or it would go back and forth. */
const easeBelow = 0.45;
export const mostSampling = 1024;

export function newPushBudget(now: number, utilization: Utilization): PushBudget {
  return { windowFrom: now, spentMs: 0, events: 0, isBehind: false, utilization };
}

/** `ms` of CPU time were spent on telling so many `events` just now. The sampling changes at most once a window, by powers of two. */
export function samplingAfter(
  budget: PushBudget,
  spent: {
    readonly ms: number;
    readonly events: number;
    readonly isBehind: boolean;
    readonly now: number;
    readonly sampling: number;
  },
  readUtilization: () => Utilization,
): { readonly budget: PushBudget; readonly sampling: number } {
  const spentMs = budget.spentMs + spent.ms;
  const events = budget.events + spent.events;
  const isBehind = budget.isBehind || spent.isBehind;
  const took = spent.now - budget.windowFrom;
  // A reader that is far behind cannot wait for the end of a window.
  if (took < windowMs && !spent.isBehind)
    return { budget: { ...budget, spentMs, events, isBehind }, sampling: spent.sampling };
  const utilization = readUtilization();
  const active = utilization.active - budget.utilization.active;
  const idle = utilization.idle - budget.utilization.idle;
  const whole = Math.max(1, active + idle);
  const isBusy = (active - spentMs) / whole > busyFrom || active / whole > fullFrom;
  const isLittle = !isBehind && (1000 * events) / Math.max(1, took) < fewEventsPerSecond;
  const share = isLittle ? 0 : spentMs / Math.max(1, took) / (isBusy ? shareWhenBusy : shareWhenIdle);
  return {
    budget: newPushBudget(spent.now, utilization),
    sampling: nextSampling(spent.sampling, share, isBehind),
  };
}

/** `share` = of the budget. */
function nextSampling(sampling: number, share: number, isBehind: boolean): number {
  if (isBehind) return Math.min(mostSampling, sampling * 4);
  if (share > 1) return Math.min(mostSampling, sampling * 2 ** Math.ceil(Math.log2(share)));
  return share < easeBelow ? Math.max(1, sampling / 2) : sampling;
}
