// Bounds what costs us work and brings a peer nothing (CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671): each kind
// has an allowance that comes back with time and, where the kind is part of honest work, with that work.

export const Nuisance = {
  /** The peer reset a stream before its end. */
  reset: 0,
  /** We had to reset a stream for what the peer did ("made you reset"), or refused one. */
  streamError: 1,
  ping: 2,
  settings: 3,
  priority: 4,
  /** DATA without a byte and without an end. */
  emptyData: 5,
  windowUpdate: 6,
  /** Of a type that nobody knows. */
  unknown: 7,
} as const;

/** Per kind: how many at once; a tenth of it comes back every second. */
const allowances: readonly number[] = [200, 200, 300, 100, 1000, 200, 4000, 1000];

const names = [
  'RST_STREAM',
  'stream errors',
  'PING',
  'SETTINGS',
  'PRIORITY',
  'empty DATA',
  'WINDOW_UPDATE',
  'unknown',
];

export class FloodGuard {
  readonly #counts = new Float64Array(allowances.length);

  /** True = too many: the connection is to be closed with ENHANCE_YOUR_CALM. */
  count(kind: number): boolean {
    return ++this.#counts[kind]! > allowances[kind]!;
  }

  /** Honest work was done that makes some of this kind plausible. */
  credit(kind: number, amount: number): void {
    this.#counts[kind] = Math.max(0, this.#counts[kind]! - amount);
  }

  onTick(seconds: number): void {
    for (let kind = 0; kind < allowances.length; kind++) this.credit(kind, allowances[kind]! * 0.1 * seconds);
  }

  nameOf(kind: number): string {
    return names[kind]!;
  }
}
