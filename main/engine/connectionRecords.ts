// connection.opened and connection.closed of both legs. Calls while nobody watches record nothing, but check
// `emitter.isWatched` first where preparing the fields costs something.
import type { ConnectionCloser, Leg, SocketAddress } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';

export interface ConnectionOpenedFields {
  readonly flowId: number;
  readonly connectionId: number;
  readonly leg: Leg;
  readonly listener: string;
  /** Upstream connections only. */
  readonly pool?: string;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
}

export interface ConnectionClosedFields {
  readonly flowId: number;
  readonly connectionId: number;
  readonly leg: Leg;
  readonly closedBy: ConnectionCloser;
  /** A readable code; at most 64 characters are kept. */
  readonly reason: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export function recordConnectionOpened(emitter: FlowEmitter, fields: ConnectionOpenedFields): void {
  if (!emitter.isWatched) return;
  emitter.record(connectionOpened, fields.flowId, fields.connectionId, 0, 0, 0, fields, 200);
}

export function recordConnectionClosed(emitter: FlowEmitter, fields: ConnectionClosedFields): void {
  if (!emitter.isWatched) return;
  const { flowId, connectionId, bytesRead, bytesWritten } = fields;
  emitter.record(connectionClosed, flowId, connectionId, bytesRead, bytesWritten, 0, fields, 100);
}

const connectionOpened: RecordType<ConnectionOpenedFields> = {
  build: (base, _a, _b, _c, { leg, listener, pool, remote, local }) => ({
    ...base,
    kind: 'connection.opened',
    leg,
    listener,
    ...(pool === undefined ? {} : { pool }),
    remote,
    local,
  }),
};

const connectionClosed: RecordType<ConnectionClosedFields> = {
  build: (base, bytesRead, bytesWritten, _c, { leg, closedBy, reason }) => ({
    ...base,
    kind: 'connection.closed',
    leg,
    closedBy,
    reason: reason.slice(0, 64),
    bytesRead,
    bytesWritten,
  }),
};
