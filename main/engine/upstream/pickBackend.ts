import type { BackendPick, CompiledBackends, CompiledPool } from '../compiledConfig';

/** The pool of one flow, by weight. null = no backend has a weight above 0. `random` is asked only if there is a choice. */
export function pickBackend(
  { picks, totalWeight }: CompiledBackends,
  random: () => number,
): BackendPick | null {
  if (picks.length <= 1) return picks[0] ?? null;
  let left = random() * totalWeight;
  for (const pick of picks) {
    left -= pick.weight;
    if (left < 0) return pick;
  }
  return picks.at(-1)!;
}

/** What can be picked of a route's backends. */
export function backendsOf(
  route: string,
  backends: readonly { readonly pool: CompiledPool; readonly weight: number }[],
): CompiledBackends {
  const totalWeight = backends.reduce((sum, { weight }) => sum + weight, 0);
  const weights = backends.map(({ pool, weight }) => ({ pool: pool.id, weight }));
  const picks = backends
    .filter(({ weight }) => weight > 0)
    .map(({ pool, weight }): BackendPick => {
      const reason = weight === totalWeight ? 'the only backend' : `weight ${weight} of ${totalWeight}`;
      return Object.freeze({ route, pool, weight, weights, reason });
    });
  return Object.freeze({ picks, totalWeight });
}
