import { assertNever } from '../../contract/assertNever';
import type { LoadBalancingPolicy } from '../../contract/config';
import { narrowToAvailable } from './availableEndpoints';
import { pickByHash, pickLeastRequest, pickPowerOfTwo, pickRandom, pickRoundRobin } from './balance';
import { EndpointPick } from './endpointPick';
import type { PickRequest, PoolRuntime } from './poolRuntimes';

/** Asks the pool's policy. null = no endpoint may get the flow. */
export function pickEndpoint(
  pool: PoolRuntime,
  request: PickRequest,
  random: () => number,
): EndpointPick | null {
  const policy = pool.compiled.config.loadBalancing.policy;
  const available = pool.isWatched ? narrowToAvailable(pool.members, request) : null;
  const narrowed = available === null ? request : available.request;
  const sticky = pool.sticky === null ? null : pool.sticky.find(narrowed);
  const isStuck = sticky !== null && sticky.index !== -1;
  const index = isStuck ? sticky.index : choose(pool, policy, narrowed, random);
  if (index === -1) return null;
  if (!isStuck) pool.turns++;
  const hasHashKey = request.hashKey !== undefined;
  return new EndpointPick(pool, index, pool.turns, hasHashKey, available, sticky);
}

function choose(
  pool: PoolRuntime,
  policy: LoadBalancingPolicy,
  request: PickRequest,
  random: () => number,
): number {
  const { members } = pool;
  switch (policy) {
    case 'roundRobin':
      return pickRoundRobin(members, pool.credits, request.exclude);
    case 'leastRequest':
      return pickLeastRequest(members, pool.turns, request.exclude);
    case 'random':
      return pickRandom(members, random(), request.exclude);
    case 'powerOfTwo':
      return pickPowerOfTwo(members, random, request.exclude);
    case 'sourceIp':
      return pickByHash(members, request.clientAddress, request.exclude);
    case 'hash':
      if (request.hashKey === undefined) return pickRandom(members, random(), request.exclude);
      return pickByHash(members, request.hashKey, request.exclude);
    default:
      return assertNever(policy, 'policy');
  }
}
