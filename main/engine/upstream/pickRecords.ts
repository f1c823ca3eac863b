// Which pool and which endpoint a flow got, and why. What a record refers to lives as long as the configuration, so that a
// record keeps nothing of its own. Calls while nobody watches record nothing.
import type { EndpointPicked } from '../../contract/flowEvent';
import type { BackendPick } from '../compiledConfig';
import type { FlowEmitter, RecordBase, RecordType } from '../flowEmitter';
import { EndpointPick } from './endpointPick';
import type { PoolRuntime } from './poolRuntimes';

export function recordBackendPicked(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  pick: BackendPick,
): void {
  if (emitter.isWatched) emitter.record(backendPicked, flowId, connectionId, 0, 0, 0, pick);
}

export function recordEndpointPicked(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  pick: EndpointPick,
): void {
  if (!emitter.isWatched) return;
  // The candidates are read now: how busy they are changes with the next request.
  const candidates = emitter.keepOwnText(pick.writeCandidates());
  if (pick.sticky === null) {
    const { pool, index, turn, hasHashKey, availability } = pick;
    const picked = index * 4 + (hasHashKey ? 1 : 0) + (availability?.isPanic === true ? 2 : 0);
    const turns = turn * skippedRange + (availability?.skipped ?? 0);
    emitter.record(endpointPicked, flowId, connectionId, picked, turns, candidates, pool);
  } else emitter.record(stickyEndpointPicked, flowId, connectionId, 0, 0, candidates, pick, 100);
}

/** More endpoints than any pool has. */
const skippedRange = 2 ** 20;

const backendPicked: RecordType<BackendPick> = {
  build: (base, _a, _b, _c, { route, pool, weights, reason }) => ({
    ...base,
    kind: 'backend.picked',
    route,
    pool: pool.id,
    weights: [...weights],
    reason,
  }),
};

const endpointPicked: RecordType<PoolRuntime> = {
  build: (base, picked, turns, candidates, pool, { textAt }) => {
    const skipped = turns % skippedRange;
    const turn = (turns - skipped) / skippedRange;
    const availability = { skipped, isPanic: (picked & 2) !== 0 };
    const pick = new EndpointPick(pool, picked >> 2, turn, (picked & 1) !== 0, availability, null);
    return described(base, pick, textAt(candidates));
  },
};

const stickyEndpointPicked: RecordType<EndpointPick> = {
  build: (base, _a, _b, candidates, pick, { textAt }) => described(base, pick, textAt(candidates)),
};

function described(base: RecordBase, pick: EndpointPick, candidates: string): EndpointPicked {
  return {
    ...base,
    kind: 'endpoint.picked',
    pool: pick.pool.compiled.id,
    endpoint: pick.endpoint.compiled.key,
    policy: pick.pool.compiled.config.loadBalancing.policy,
    candidates: pick.readCandidates(candidates),
    reason: pick.reason,
    panic: pick.isPanic,
  };
}
