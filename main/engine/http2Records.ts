// What only HTTP/2 connections have to tell. Calls while nobody watches record nothing.
import type { ConnectionCloser, Leg } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';
import { errorName } from './http2/frame';

export function recordStreamReset(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: {
    readonly leg: Leg;
    readonly stream: number;
    readonly resetBy: ConnectionCloser;
    readonly code: number;
  },
): void {
  if (emitter.isWatched) emitter.record(streamReset, flowId, connectionId, 0, 0, 0, fields, 100);
}

export interface GoawayFields {
  readonly leg: Leg;
  readonly sentBy: ConnectionCloser;
  readonly lastStream: number;
  readonly code: number;
  readonly message: string;
}

export function recordGoaway(emitter: FlowEmitter, connectionId: number, fields: GoawayFields): void {
  if (emitter.isWatched) emitter.record(goaway, 0, connectionId, 0, 0, 0, fields, 200);
}

const streamReset: RecordType<Parameters<typeof recordStreamReset>[3]> = {
  build: (base, _a, _b, _c, fields) => ({
    ...base,
    kind: 'stream.reset',
    ...fields,
    code: errorName(fields.code),
  }),
};

const goaway: RecordType<GoawayFields> = {
  build: (base, _a, _b, _c, fields) => ({
    ...base,
    kind: 'connection.goaway',
    ...fields,
    code: errorName(fields.code),
  }),
};
