// When the clocks of two compared flows begin. Pure.
import type { Flow } from '../../../main/contract/flow';
import type { ConnectionUses, ShownFlow } from '../../stores/flowState';

/** A flow in a comparison. */
export interface ComparedFlow extends ShownFlow {
  /** Where its clock begins, in microseconds on the engine's. */
  readonly startedAt: number;
}

/**
 * A relayed connection begins when the client connects, a request when its first byte is read: after the handshake, and behind
 * other requests. So both clocks begin with the connection where both flows are the first on theirs, else with the flow.
 */
export function comparedClocks(
  shown: readonly [a: ShownFlow, b: ShownFlow],
  usesOf: (connectionId: number) => Pick<ConnectionUses, 'flows' | 'forgotten'>,
): readonly [a: ComparedFlow, b: ComparedFlow] {
  const [a, b] = shown;
  const opened = [a, b].map((each) => connectionStart(each, usesOf(each.flow.downstreamConnectionId)));
  const [startA, startB] = opened;
  const isByConnection = startA != null && startB != null;
  return [
    { ...a, startedAt: isByConnection ? startA : a.flow.openedAt },
    { ...b, startedAt: isByConnection ? startB : b.flow.openedAt },
  ];
}

/** null = it is not known, or the flow was not the first on its connection. */
function connectionStart(
  { flow, events }: ShownFlow,
  uses: Pick<ConnectionUses, 'flows' | 'forgotten'>,
): number | null {
  if (uses.forgotten > 0 || uses.flows.some((other) => isBefore(other, flow))) return null;
  const opened = events.find(
    (event) => event.kind === 'connection.opened' && event.connectionId === flow.downstreamConnectionId,
  );
  return opened?.at ?? null;
}

function isBefore(other: Flow, flow: Flow): boolean {
  return other.id !== flow.id && other.firstSeq < flow.firstSeq;
}
