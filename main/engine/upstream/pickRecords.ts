// Which pool and which endpoint a flow got, and why. Calls while nobody watches record nothing.
import type { EndpointCandidate } from '../../contract/flowEvent';
import type { CompiledBackends, CompiledPool } from '../compiledConfig';
import type { FlowEmitter, RecordType } from '../flowEmitter';
import type { Pick } from './poolRuntimes';

export function recordBackendPicked(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  routeId: string,
  backends: CompiledBackends,
  poolId: string,
  reason: string,
): void {
  if (!emitter.isWatched) return;
  const fields = { routeId, backends, poolId, reason };
  emitter.record(backendPicked, flowId, connectionId, 0, 0, 0, fields, 100);
}

export function recordEndpointPicked(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  pool: CompiledPool,
  pick: Pick,
): void {
  if (!emitter.isWatched) return;
  // The candidates are read now: how busy they are changes with the next request.
  const fields = { pool, pick, candidates: pick.candidates() };
  emitter.record(endpointPicked, flowId, connectionId, 0, 0, 0, fields, 100 + 80 * fields.candidates.length);
}

interface BackendPickedFields {
  readonly routeId: string;
  readonly backends: CompiledBackends;
  readonly poolId: string;
  readonly reason: string;
}

const backendPicked: RecordType<BackendPickedFields> = {
  build: (base, _a, _b, _c, { routeId, backends, poolId, reason }) => ({
    ...base,
    kind: 'backend.picked',
    route: routeId,
    pool: poolId,
    weights: backends.pools.map((pool, index) => ({ pool: pool.id, weight: backends.weights[index]! })),
    reason,
  }),
};

interface EndpointPickedFields {
  readonly pool: CompiledPool;
  readonly pick: Pick;
  readonly candidates: EndpointCandidate[];
}

const endpointPicked: RecordType<EndpointPickedFields> = {
  build: (base, _a, _b, _c, { pool, pick, candidates }) => ({
    ...base,
    kind: 'endpoint.picked',
    pool: pool.id,
    endpoint: pick.endpoint.compiled.key,
    policy: pool.config.loadBalancing.policy,
    candidates,
    reason: pick.reason,
    panic: pick.isPanic,
  }),
};
