import type { CompiledBackends, CompiledPool } from '../compiledConfig';

export interface BackendPick {
  readonly pool: CompiledPool;
  /** In words, for the backend.picked event. */
  readonly reason: string;
}

/** The pool of one flow, by weight. null = no backend has a weight above 0. `random` is asked only if there is a choice. */
export function pickBackend(backends: CompiledBackends, random: () => number): BackendPick | null {
  const { pools, weights, totalWeight } = backends;
  if (totalWeight <= 0) return null;
  if (pools.length === 1) return onlyBackend(pools[0]!);
  let left = random() * totalWeight;
  for (let index = 0; index < pools.length; index++) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    if (weight === totalWeight) return onlyBackend(pools[index]!);
    left -= weight;
    if (left < 0) return { pool: pools[index]!, reason: `weight ${weight} of ${totalWeight}` };
  }
  const last = weights.findLastIndex((weight) => weight > 0);
  return { pool: pools[last]!, reason: `weight ${weights[last]} of ${totalWeight}` };
}

const onlyBackends = new WeakMap<CompiledPool, BackendPick>();

function onlyBackend(pool: CompiledPool): BackendPick {
  let pick = onlyBackends.get(pool);
  if (pick === undefined) {
    pick = { pool, reason: 'the only backend' };
    onlyBackends.set(pool, pick);
  }
  return pick;
}
