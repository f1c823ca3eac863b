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
/** Above this share of active time the loop counts as busy: what telling costs, the traffic lacks. */
const busyFrom = 0.6;
const shareWhenBusy = 0.02;
const shareWhenIdle = 0.1;
/** Fewer events than this a second cost nobody anything, however slow the machine is just now. */
const fewEventsPerSecond = 4000;
/** More flows are told again once this part of the budget would do. */
const easeBelow = 0.3;
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
  const isBusy = active / Math.max(1, active + idle) > busyFrom;
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
