// The life of a stream (RFC 9113 5.1) as a table. Idle streams have no object, closed ones are forgotten.

export const StreamState = { open: 0, halfClosedRemote: 1, halfClosedLocal: 2, closed: 3 } as const;
export const StreamEvent = { receiveEnd: 0, sendEnd: 1, reset: 2 } as const;

const { open, halfClosedRemote, halfClosedLocal, closed } = StreamState;

/** Rows: state before; columns: receiveEnd, sendEnd, reset. */
const nextState = [
  [halfClosedRemote, halfClosedLocal, closed], // open
  [halfClosedRemote, closed, closed], // half-closed (remote)
  [closed, halfClosedLocal, closed], // half-closed (local)
  [closed, closed, closed], // closed
] as const;

export function stateAfter(state: number, event: number): number {
  return nextState[state]![event]!;
}

/** Whether the peer may still send HEADERS and DATA; if not, they draw STREAM_CLOSED. */
export function mayReceive(state: number): boolean {
  return state === open || state === halfClosedLocal;
}

/** Whether we may still send HEADERS and DATA. */
export function maySend(state: number): boolean {
  return state === open || state === halfClosedRemote;
}
