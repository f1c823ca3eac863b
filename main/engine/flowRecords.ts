// The first and the last events of a flow, its failure, and timeouts. Calls while nobody watches record nothing.
import type { FlowClosed, FlowFailureCode, FlowOpened, SocketAddress, Timeout } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';

export interface FlowOpenedFields {
  readonly flow: FlowOpened['flow'];
  readonly listener: string;
  readonly client: SocketAddress;
  /** Revision of the configuration that the flow keeps to its end. */
  readonly revision: number;
}

export type FlowOutcome = FlowClosed['outcome'];

export function recordFlowOpened(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: FlowOpenedFields,
): void {
  if (!emitter.isWatched) return;
  emitter.record(flowOpened, flowId, connectionId, 0, 0, 0, fields, 100);
}

/** `status` is what the client was answered; null = nothing could be answered. At most 512 characters of `message` are kept. */
export function recordFlowFailed(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  code: FlowFailureCode,
  message: string,
  status: number | null,
): void {
  if (!emitter.isWatched) return;
  const fields = { code, message: message.slice(0, 512) };
  emitter.record(flowFailed, flowId, connectionId, status ?? 0, 0, 0, fields, 100 + fields.message.length);
}

/** Always the last event of a flow. */
export function recordFlowClosed(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  outcome: FlowOutcome,
  durationMicroseconds: number,
): void {
  if (!emitter.isWatched) return;
  emitter.record(flowClosed, flowId, connectionId, durationMicroseconds, 0, 0, outcome);
}

export function recordTimeout(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  timeout: Timeout['timeout'],
  afterMs: number,
): void {
  if (!emitter.isWatched) return;
  emitter.record(timeoutType, flowId, connectionId, afterMs, 0, 0, timeout);
}

const flowOpened: RecordType<FlowOpenedFields> = {
  build: (base, _a, _b, _c, { flow, listener, client, revision }) => ({
    ...base,
    kind: 'flow.opened',
    flow,
    listener,
    client,
    revision,
  }),
};

const flowFailed: RecordType<{ readonly code: FlowFailureCode; readonly message: string }> = {
  build: (base, status, _b, _c, { code, message }) => ({
    ...base,
    kind: 'flow.failed',
    code,
    message,
    status: status === 0 ? null : status,
  }),
};

const flowClosed: RecordType<FlowOutcome> = {
  build: (base, durationMicroseconds, _b, _c, outcome) => ({
    ...base,
    kind: 'flow.closed',
    outcome,
    durationMicroseconds: Math.round(durationMicroseconds),
  }),
};

const timeoutType: RecordType<Timeout['timeout']> = {
  build: (base, afterMs, _b, _c, timeout) => ({ ...base, kind: 'timeout', timeout, afterMs }),
};
