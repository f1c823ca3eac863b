import { assertNever } from '../../contract/assertNever';
import type { LoadBalancingPolicy } from '../../contract/config';
import type { EndpointCandidate } from '../../contract/flowEvent';
import { type Availability, narrowToAvailable } from './availableEndpoints';
import { pickByHash, pickLeastRequest, pickPowerOfTwo, pickRandom, pickRoundRobin } from './balance';
import type { EndpointRuntime, Pick, PickRequest, PoolRuntime } from './poolRuntimes';
import type { StickyLookup } from './stickyKeys';

const maxCandidates = 64;

/** Asks the pool's policy. null = no endpoint may get the flow. */
export function pickEndpoint(pool: PoolRuntime, request: PickRequest, random: () => number): Pick | null {
  const policy = pool.compiled.config.loadBalancing.policy;
  const available = pool.isWatched ? narrowToAvailable(pool.members, request) : null;
  const narrowed = available === null ? request : available.request;
  const sticky = pool.sticky === null ? null : pool.sticky.find(narrowed);
  const isStuck = sticky !== null && sticky.index !== -1;
  const index = isStuck ? sticky.index : choose(pool, policy, narrowed, random);
  if (index === -1) return null;
  if (!isStuck) pool.turns++;
  const hasHashKey = request.hashKey !== undefined;
  return new EndpointPick(pool, index, policy, pool.turns, hasHashKey, available, sticky);
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

class EndpointPick implements Pick {
  constructor(
    private readonly pool: PoolRuntime,
    private readonly index: number,
    private readonly policy: LoadBalancingPolicy,
    private readonly turn: number,
    private readonly hasHashKey: boolean,
    private readonly availability: Availability | null,
    private readonly sticky: StickyLookup | null,
  ) {}

  get endpoint(): EndpointRuntime {
    return this.pool.members[this.index]!.runtime;
  }

  get isPanic(): boolean {
    return this.availability?.isPanic ?? false;
  }

  get stickyKey(): string | null {
    return this.sticky === null || this.sticky.index !== -1 ? null : this.pool.sticky!.key(this.index);
  }

  get reason(): string {
    const { sticky } = this;
    if (sticky === null) return this.balancedWords;
    return sticky.index === -1 ? `${sticky.reason}, so ${this.balancedWords}` : sticky.reason;
  }

  private get balancedWords(): string {
    const weighted = this.pool.members.filter((member) => member.weight > 0).length;
    const skipped = this.availability?.skipped ?? 0;
    const words = this.policyWords(weighted - skipped, skipped);
    if (this.isPanic) return `panic, no endpoint is healthy: ${words}`;
    return skipped === 0 ? words : `${words}; ${skipped} of ${weighted} skipped as not healthy`;
  }

  private policyWords(eligible: number, skipped: number): string {
    const { members, totalWeight } = this.pool;
    if (eligible === 1 && members.length === 1) return 'the only endpoint';
    if (eligible === 1 && skipped > 0) return 'the only healthy endpoint';
    switch (this.policy) {
      case 'roundRobin':
        if (skipped > 0) return `round robin among ${eligible} endpoints`;
        return `round robin: turn ${((this.turn - 1) % totalWeight) + 1} of ${totalWeight}`;
      case 'leastRequest':
        return `fewest active requests of ${eligible} endpoints`;
      case 'random':
        return `at random among ${eligible} endpoints`;
      case 'powerOfTwo':
        return 'the less busy of two chosen at random';
      case 'sourceIp':
        return "hash of the client's address";
      case 'hash':
        return this.hasHashKey
          ? `hash of ${this.pool.compiled.config.loadBalancing.hash?.on ?? 'path'}`
          : 'nothing to hash in this request: at random';
      default:
        return assertNever(this.policy, 'policy');
    }
  }

  candidates(): EndpointCandidate[] {
    const shown = this.pool.members.slice(0, maxCandidates);
    if (!shown.includes(this.pool.members[this.index]!)) {
      shown[maxCandidates - 1] = this.pool.members[this.index]!;
    }
    return shown.map((member) => ({
      endpoint: member.key,
      weight: member.weight,
      health: member.runtime.health.word,
      activeRequests: member.activeRequests,
    }));
  }
}
