// What the proxy kept for a while before it passed it on: the one truth of diagrams, timing and comparison. Pure.
import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';

export interface HeldBytes {
  readonly bytes: number;
  readonly chunks: number;
  readonly from: FlowEvent;
  /** null = it is kept to this moment, or was never passed on. */
  readonly to: FlowEvent | null;
  /** How long; of an HTTP request from its head on. */
  readonly microseconds: number;
  /** What comes before the endpoint is connected; what an HTTP route wants whole first; what could not be passed on yet. */
  readonly until: 'connected' | 'whole' | 'taken';
}

/** null = nothing was kept. */
export function heldBytes({ kind }: Flow, events: readonly FlowEvent[]): HeldBytes | null {
  if (kind !== 'http') return heldChunks(events, 'connected');
  return heldByRoute(events) ?? heldChunks(events, 'taken');
}

function heldByRoute(events: readonly FlowEvent[]): HeldBytes | null {
  const held = events.filter((event) => event.kind === 'buffer.held');
  const [from] = held;
  if (from === undefined) return null;
  const most = (field: 'bytes' | 'chunks') => Math.max(...held.map((event) => event[field]));
  const to = events.findLast((event) => event.kind === 'buffer.released') ?? null;
  const microseconds = to?.heldMicroseconds ?? 0;
  return { bytes: most('bytes'), chunks: most('chunks'), from, to, microseconds, until: 'whole' };
}

function heldChunks(events: readonly FlowEvent[], until: 'connected' | 'taken'): HeldBytes | null {
  const chunks = events.filter((event): event is FlowEventOf<'chunk'> => event.kind === 'chunk');
  const held = chunks.filter(({ disposition }) => disposition === 'held');
  const [from] = held;
  if (from === undefined) return null;
  const isWritten = ({ leg, operation, seq }: FlowEventOf<'chunk'>) =>
    leg === 'upstream' && operation === 'write' && seq > from.seq;
  const to = chunks.find(isWritten) ?? null;
  const bytes = held.reduce((sum, chunk) => sum + chunk.bytes, 0);
  const microseconds = to === null ? 0 : to.at - from.at;
  return { bytes, chunks: held.length, from, to, microseconds, until };
}
