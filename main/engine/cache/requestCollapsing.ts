// Several clients that miss the same thing at the same time: one asks the endpoint, the others wait for what it gets
// (RFC 9111 4). Waiting is bounded in number and time, and ends as soon as it is known that nothing will be stored.

/** `gone`: the request that was waited for failed or was given up; somebody else has to ask. */
export type FetchOutcome = 'stored' | 'notStored' | 'gone';

/** Someone who waits. Called once. */
export type Follower = (outcome: FetchOutcome) => void;

/** Waiting for one answer, at most. */
const maxFollowers = 1024;
/** Keys whose answers are known not to be storable, at most. */
const maxUncacheable = 4096;
/** How long nobody waits for such a key again, in milliseconds. */
const uncacheableMs = 30_000;

export class RequestCollapsing {
  readonly #followers = new Map<string, Set<Follower>>();
  readonly #uncacheable = new Map<string, number>();

  /** True = whoever asks now is the one that the others will wait for. */
  lead(key: string): boolean {
    if (this.#followers.has(key)) return false;
    this.#followers.set(key, new Set());
    return true;
  }

  /** False = go on your own: nobody asks, too many wait, or the last answer was not storable. `now` in milliseconds. */
  mayFollow(key: string, now: number): boolean {
    const followers = this.#followers.get(key);
    return followers !== undefined && followers.size < maxFollowers && !this.#isUncacheable(key, now);
  }

  /** To be called right after `mayFollow` said yes. */
  follow(key: string, follower: Follower): void {
    this.#followers.get(key)?.add(follower);
  }

  leave(key: string, follower: Follower): void {
    this.#followers.get(key)?.delete(follower);
  }

  /** The one who leads is done; `outcome` goes to all who wait. */
  settle(key: string, outcome: FetchOutcome, now: number): void {
    const followers = this.#followers.get(key);
    if (followers === undefined) return;
    this.#followers.delete(key);
    if (outcome === 'stored') this.#uncacheable.delete(key);
    if (outcome === 'notStored') this.#remember(key, now);
    for (const follower of followers) follower(outcome);
  }

  #isUncacheable(key: string, now: number): boolean {
    const until = this.#uncacheable.get(key);
    if (until === undefined) return false;
    if (now < until) return true;
    this.#uncacheable.delete(key);
    return false;
  }

  #remember(key: string, now: number): void {
    this.#uncacheable.delete(key);
    if (this.#uncacheable.size >= maxUncacheable) {
      const oldest = this.#uncacheable.keys().next();
      if (oldest.done !== true) this.#uncacheable.delete(oldest.value);
    }
    this.#uncacheable.set(key, now + uncacheableMs);
  }
}
