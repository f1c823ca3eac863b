// The load-balancing policies as pure functions over what they need to know. Each returns an index or -1 = nobody
// is eligible. An endpoint of weight 0 or in `excluded` is never chosen.

export interface Balanced {
  readonly key: string;
  readonly weight: number;
  readonly activeRequests: number;
}

export type Excluded = ReadonlySet<string> | undefined;

/**
 * Smooth weighted round robin, as nginx does it: everybody gains its weight, the richest is chosen and pays the total.
 * `credits` is the state, one number per endpoint; a 5:1:1 pool gives a a b a c a a, not a a a a a b c.
 */
export function pickRoundRobin(
  endpoints: readonly Balanced[],
  credits: Float64Array,
  excluded?: Excluded,
): number {
  let best = -1;
  let total = 0;
  for (let index = 0; index < endpoints.length; index++) {
    const endpoint = endpoints[index]!;
    if (!isEligible(endpoint, excluded)) continue;
    credits[index]! += endpoint.weight;
    total += endpoint.weight;
    if (best === -1 || credits[index]! > credits[best]!) best = index;
  }
  if (best !== -1) credits[best]! -= total;
  return best;
}

/** The fewest active requests per weight; equals are taken in turn, beginning at `start`. */
export function pickLeastRequest(endpoints: readonly Balanced[], start: number, excluded?: Excluded): number {
  let best = -1;
  let bestLoad = Number.POSITIVE_INFINITY;
  for (let step = 0; step < endpoints.length; step++) {
    const index = (start + step) % endpoints.length;
    const endpoint = endpoints[index]!;
    if (!isEligible(endpoint, excluded)) continue;
    const load = (endpoint.activeRequests + 1) / endpoint.weight;
    if (load < bestLoad) {
      best = index;
      bestLoad = load;
    }
  }
  return best;
}

/** By weight; `random` is 0 ≤ x < 1. */
export function pickRandom(endpoints: readonly Balanced[], random: number, excluded?: Excluded): number {
  let total = 0;
  for (const endpoint of endpoints) if (isEligible(endpoint, excluded)) total += endpoint.weight;
  let left = random * total;
  let last = -1;
  for (let index = 0; index < endpoints.length; index++) {
    const endpoint = endpoints[index]!;
    if (!isEligible(endpoint, excluded)) continue;
    last = index;
    left -= endpoint.weight;
    if (left < 0) return index;
  }
  return last;
}

/** Two by weight at random, then the one with fewer active requests per weight. */
export function pickPowerOfTwo(
  endpoints: readonly Balanced[],
  random: () => number,
  excluded?: Excluded,
): number {
  const first = pickRandom(endpoints, random(), excluded);
  if (first === -1) return -1;
  const without = new Set(excluded);
  without.add(endpoints[first]!.key);
  const second = pickRandom(endpoints, random(), without);
  if (second === -1) return first;
  return loadOf(endpoints[second]!) < loadOf(endpoints[first]!) ? second : first;
}

/**
 * Rendezvous hashing by weight: the same key gives the same endpoint, and when an endpoint comes or goes only the
 * keys of that endpoint move.
 */
export function pickByHash(endpoints: readonly Balanced[], key: string, excluded?: Excluded): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < endpoints.length; index++) {
    const endpoint = endpoints[index]!;
    if (!isEligible(endpoint, excluded)) continue;
    const unit = (hash32(endpoint.key, hash32(key, 0x811c9dc5)) + 0.5) / 0x1_0000_0000;
    const score = -endpoint.weight / Math.log(unit);
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  }
  return best;
}

function isEligible(endpoint: Balanced, excluded: Excluded): boolean {
  return endpoint.weight > 0 && (excluded === undefined || !excluded.has(endpoint.key));
}

function loadOf(endpoint: Balanced): number {
  return (endpoint.activeRequests + 1) / endpoint.weight;
}

/** FNV-1a, then murmur3's finaliser so that near keys land far apart. */
function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash ^= text.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
