// What is drawn of a whole connection: its flows and all of their events, in order. Pure.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent } from '../../main/contract/flowEvent';
import type { FlowState, ShownFlow } from '../stores/flowState';

/** More would be no picture any more. */
export const mostDrawnFlows = 12;

export interface ConnectionPicture {
  /** In the order in which they began. */
  readonly flows: readonly [Flow, ...Flow[]];
  readonly events: readonly FlowEvent[];
}

/** The newest flows of the client's connection of this flow, itself among them; null = it was alone on it. */
export function connectionPicture(
  shown: ShownFlow,
  { connectionUses, recordOf }: Pick<FlowState, 'connectionUses' | 'recordOf'>,
): ConnectionPicture | null {
  const { downstreamConnectionId: id } = shown.flow;
  if (id === 0) return null;
  const newest = connectionUses(id).flows.slice(-mostDrawnFlows);
  const isIn = newest.some((flow) => flow.id === shown.flow.id);
  const flows = isIn ? newest : [shown.flow, ...newest.slice(1)];
  const [first, ...others] = [...flows].sort((a, b) => a.firstSeq - b.firstSeq);
  if (first === undefined || others.length === 0) return null;
  const events = [first, ...others].flatMap((flow) => recordOf(flow.id)?.events ?? []);
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  return { flows: [first, ...others], events: [...bySeq.values()].sort((a, b) => a.seq - b.seq) };
}
