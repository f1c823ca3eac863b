// The outcome of one pick. Its words are made when somebody reads them; events keep it as numbers and make it anew.
import { assertNever } from '../../contract/assertNever';
import type { EndpointCandidate } from '../../contract/flowEvent';
import type { Availability } from './availableEndpoints';
import type { HealthWord } from './endpointHealth';
import type { EndpointRuntime, PoolMember, PoolRuntime } from './poolRuntimes';
import type { StickyLookup } from './stickyKeys';

const maxCandidates = 64;
const healthWords: readonly HealthWord[] = ['unknown', 'healthy', 'unhealthy', 'ejected'];
const charactersPerCandidate = 4;

export class EndpointPick {
  /** `availability` null = every endpoint was available; `sticky` null = the pool is not sticky. */
  constructor(
    readonly pool: PoolRuntime,
    readonly index: number,
    /** How many picks of the pool there were, with this one. */
    readonly turn: number,
    readonly hasHashKey: boolean,
    readonly availability: Pick<Availability, 'skipped' | 'isPanic'> | null,
    readonly sticky: StickyLookup | null,
  ) {}

  get endpoint(): EndpointRuntime {
    return this.pool.members[this.index]!.runtime;
  }

  get isPanic(): boolean {
    return this.availability?.isPanic ?? false;
  }

  /** To be given to the client in the pool's cookie; null = it has it, or the pool is not sticky. */
  get stickyKey(): string | null {
    return this.sticky === null || this.sticky.index !== -1 ? null : this.pool.sticky!.key(this.index);
  }

  /** In words: "round robin: turn 3 of 4". */
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
    const { members, totalWeight, compiled } = this.pool;
    const { policy } = compiled.config.loadBalancing;
    if (eligible === 1 && members.length === 1) return 'the only endpoint';
    if (eligible === 1 && skipped > 0) return 'the only healthy endpoint';
    switch (policy) {
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
          ? `hash of ${compiled.config.loadBalancing.hash?.on ?? 'path'}`
          : 'nothing to hash in this request: at random';
      default:
        return assertNever(policy, 'policy');
    }
  }

  /** At most 64, the picked one always among them. Shows the state at the time of the call. */
  candidates(): EndpointCandidate[] {
    return this.readCandidates(this.writeCandidates());
  }

  /** How busy and how well the candidates are now, as a latin1 text. */
  writeCandidates(): string {
    const count = Math.min(this.pool.members.length, maxCandidates);
    let text = '';
    for (let position = 0; position < count; position++) {
      const { activeRequests, health } = this.candidate(position).runtime;
      text += String.fromCharCode(
        activeRequests & 0xff,
        (activeRequests >> 8) & 0xff,
        (activeRequests >> 16) & 0xff,
        healthWords.indexOf(health.word),
      );
    }
    return text;
  }

  /** From what `writeCandidates` gave for the same pick. */
  readCandidates(text: string): EndpointCandidate[] {
    return Array.from({ length: text.length / charactersPerCandidate }, (_, position) => {
      const { key, weight } = this.candidate(position);
      const at = (index: number) => text.charCodeAt(position * charactersPerCandidate + index);
      const activeRequests = at(0) | (at(1) << 8) | (at(2) << 16);
      return { endpoint: key, weight, health: healthWords[at(3)]!, activeRequests };
    });
  }

  /** The members in their order; the last place is the picked one's when it would have none. */
  private candidate(position: number): PoolMember {
    const isLast = position === maxCandidates - 1;
    return this.pool.members[isLast && this.index > position ? this.index : position]!;
  }
}
