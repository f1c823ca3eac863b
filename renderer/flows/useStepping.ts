import { type KeyboardEvent, useState } from 'react';
import type { FlowEvent } from '../../main/contract/flowEvent';
import type { FlowStore, ShownFlow } from '../stores/flowStore';

export interface Stepping {
  /** The event that the user stands on; null = live. */
  readonly seq: number | null;
  readonly index: number;
  go(seq: number): void;
  stepBy(events: number): void;
  /** Back to the newest. */
  leave(): void;
  onKey(key: string): boolean;
  onKeyDown(event: KeyboardEvent): void;
}

/** Walks through the events of the shown flow, one at a time. A new flow starts live. */
export function useStepping(shown: ShownFlow, flowStore: FlowStore): Stepping {
  const [position, setPosition] = useState<{ readonly flowId: number; readonly seq: number } | null>(null);
  const flowId = shown.flow.id;
  const seq = position?.flowId === flowId ? position.seq : null;
  const index = seq === null ? -1 : indexOfSeq(shown.events, seq);

  const go = (next: number) => {
    // Who looks at one event wants this flow to stay.
    flowStore.getState().choose(flowId);
    setPosition({ flowId, seq: next });
  };
  const stepBy = (events: number) => {
    const { length } = shown.events;
    if (length === 0) return;
    const from = index === -1 ? (events > 0 ? -1 : length) : index;
    const event = shown.events[Math.min(length - 1, Math.max(0, from + events))];
    if (event !== undefined) go(event.seq);
  };
  const leave = () => setPosition(null);
  const onKey = (key: string): boolean => {
    if (key === 'ArrowRight') stepBy(1);
    else if (key === 'ArrowLeft') stepBy(-1);
    else if (key === 'Escape' && seq !== null) leave();
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null)
      return;
    if (onKey(event.key)) event.preventDefault();
  };
  return { seq, index, go, stepBy, leave, onKey, onKeyDown };
}

function indexOfSeq(events: readonly FlowEvent[], seq: number): number {
  return events.findIndex((event) => event.seq === seq);
}
