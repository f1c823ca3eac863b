// Cookie stickiness: which endpoint a cookie names. The value is a hash, so it tells nobody our addresses, is the same
// after a restart and on another machine with the same pool, and a made-up one names nobody.
import { createHash } from 'node:crypto';
import type { PickRequest, PoolMember } from './poolRuntimes';

const keyLength = 16;

export interface StickyLookup {
  /** Of the member that the cookie names; -1 = the policy decides. */
  readonly index: number;
  readonly reason: string;
}

export class StickyKeys {
  readonly #keys: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #found: StickyLookup[];
  readonly #noCookie: StickyLookup;
  readonly #gone: StickyLookup;
  readonly #unusable: StickyLookup;

  constructor(
    poolId: string,
    cookie: string,
    private readonly members: readonly PoolMember[],
  ) {
    this.#keys = members.map(({ key }) =>
      createHash('sha256').update(`${poolId} ${key}`).digest('base64url').slice(0, keyLength),
    );
    this.#indexes = new Map(this.#keys.map((key, index) => [key, index]));
    this.#found = members.map((_, index) => ({ index, reason: `the cookie "${cookie}" names it` }));
    this.#noCookie = { index: -1, reason: `no cookie "${cookie}" yet` };
    this.#gone = { index: -1, reason: `the endpoint that the cookie "${cookie}" names is gone` };
    this.#unusable = {
      index: -1,
      reason: `the endpoint that the cookie "${cookie}" names cannot be used now`,
    };
  }

  /** The cookie's value for a member. */
  key(index: number): string {
    return this.#keys[index]!;
  }

  /** `request.exclude` holds what is unhealthy, too. null = no cookie can travel with this flow. */
  find({ stickyKey, exclude }: PickRequest): StickyLookup | null {
    if (stickyKey === undefined) return null;
    if (stickyKey === null) return this.#noCookie;
    const index = this.#indexes.get(stickyKey);
    if (index === undefined) return this.#gone;
    const member = this.members[index]!;
    if (member.weight === 0 || exclude?.has(member.key) === true) return this.#unusable;
    return this.#found[index]!;
  }
}
