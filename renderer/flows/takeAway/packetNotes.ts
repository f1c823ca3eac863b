// What Hopscope saw and decided, as remarks on the packets in which it showed. Pure.
import { mostPacketConnections } from '../../../main/contract/captureApi';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { describeEvent } from '../describeEvent';
import type { TakenFlow } from './har';

export interface PacketNote {
  readonly connectionId: number;
  /** Microseconds of the engine's clock. */
  readonly at: number;
  /** On what was read then, or on what was written. */
  readonly isRead: boolean;
  readonly text: string;
}

const mostNotes = 10_000;
const longest = 400;

export function packetNotes(flows: readonly TakenFlow[]): PacketNote[] {
  const notes: PacketNote[] = [];
  for (const { flow, events } of flows) {
    for (const event of events) {
      const place = placeOf(event, flow.downstreamConnectionId);
      if (place === null || place.connectionId === 0) continue;
      const text = `flow ${flow.id}: ${describeEvent(event)}`.slice(0, longest);
      notes.push({ ...place, at: event.at, text });
      if (notes.length === mostNotes) return notes;
    }
  }
  return notes;
}

/** Every connection of these flows, each once; at most as many as one file may have. */
export function connectionsOf(flows: readonly TakenFlow[]): number[] {
  const ids = flows.flatMap(({ flow }) => [flow.downstreamConnectionId, ...flow.upstreamConnectionIds]);
  return [...new Set(ids)].filter((id) => id !== 0).slice(0, mostPacketConnections);
}

type Place = Pick<PacketNote, 'connectionId' | 'isRead'>;

function placeOf(event: FlowEvent, client: number): Place | null {
  const { connectionId } = event;
  switch (event.kind) {
    case 'request.head':
      return { connectionId, isRead: event.leg === 'downstream' };
    case 'response.head':
      return { connectionId, isRead: event.leg === 'upstream' };
    case 'tls.clientHello':
    case 'proxyProtocol.received':
      return { connectionId, isRead: true };
    case 'route.matched':
    case 'route.missed':
    case 'endpoint.picked':
    case 'cache.lookup':
    case 'retry.scheduled':
    case 'timeout':
    case 'fault.injected':
    case 'upgrade.accepted':
    case 'buffer.released':
    case 'flow.failed':
      return { connectionId: client, isRead: true };
    default:
      return null;
  }
}
