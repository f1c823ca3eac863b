// What happened between the proxy and an endpoint. The reference is the endpoint's own state object, so a record
// allocates nothing. Calls while nobody watches record nothing.
import type { FlowFailureCode } from '../../contract/flowEvent';
import type { FlowEmitter, RecordType } from '../flowEmitter';
import type { EndpointRuntime } from './poolRuntimes';

export function recordUpstreamConnecting(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  endpoint: EndpointRuntime,
): void {
  if (emitter.isWatched) emitter.record(upstreamConnecting, flowId, connectionId, 0, 0, 0, endpoint);
}

export function recordUpstreamWaiting(
  emitter: FlowEmitter,
  flowId: number,
  endpoint: EndpointRuntime,
  ahead: number,
): void {
  if (emitter.isWatched) emitter.record(upstreamWaiting, flowId, 0, ahead, 0, 0, endpoint);
}

export function recordUpstreamConnected(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  endpoint: EndpointRuntime,
  durationMicroseconds: number,
): void {
  if (!emitter.isWatched) return;
  emitter.record(upstreamConnected, flowId, connectionId, durationMicroseconds, 0, 0, endpoint);
}

export function recordUpstreamReused(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  endpoint: EndpointRuntime,
  earlierExchanges: number,
  idleMicroseconds: number,
): void {
  if (!emitter.isWatched) return;
  emitter.record(upstreamReused, flowId, connectionId, earlierExchanges, idleMicroseconds, 0, endpoint);
}

/** At most 512 characters of `message` are kept. */
export function recordUpstreamFailed(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  endpoint: EndpointRuntime,
  code: FlowFailureCode,
  message: string,
): void {
  if (!emitter.isWatched) return;
  const fields = { endpoint, code, message: message.slice(0, 512) };
  emitter.record(upstreamFailed, flowId, connectionId, 0, 0, 0, fields, 100 + fields.message.length);
}

const upstreamConnecting: RecordType<EndpointRuntime> = {
  build: (base, _a, _b, _c, { poolId, compiled }) => ({
    ...base,
    kind: 'upstream.connecting',
    pool: poolId,
    endpoint: compiled.key,
  }),
};

const upstreamWaiting: RecordType<EndpointRuntime> = {
  build: (base, ahead, _b, _c, { poolId, compiled }) => ({
    ...base,
    kind: 'upstream.waiting',
    pool: poolId,
    endpoint: compiled.key,
    ahead,
  }),
};

const upstreamConnected: RecordType<EndpointRuntime> = {
  build: (base, durationMicroseconds, _b, _c, { poolId, compiled }) => ({
    ...base,
    kind: 'upstream.connected',
    pool: poolId,
    endpoint: compiled.key,
    durationMicroseconds: Math.round(durationMicroseconds),
  }),
};

const upstreamReused: RecordType<EndpointRuntime> = {
  build: (base, earlierExchanges, idleMicroseconds, _c, { poolId, compiled }) => ({
    ...base,
    kind: 'upstream.reused',
    pool: poolId,
    endpoint: compiled.key,
    earlierExchanges,
    idleMicroseconds: Math.round(idleMicroseconds),
  }),
};

const upstreamFailed: RecordType<{
  readonly endpoint: EndpointRuntime;
  readonly code: FlowFailureCode;
  readonly message: string;
}> = {
  build: (base, _a, _b, _c, { endpoint, code, message }) => ({
    ...base,
    kind: 'upstream.failed',
    pool: endpoint.poolId,
    endpoint: endpoint.compiled.key,
    code,
    message,
  }),
};
