/** Time as the engine sees it; tests pass a fake one. */
export interface Clock {
  /** Microseconds, monotonic, from an arbitrary start. */
  now(): number;
  /** Milliseconds since 1970. */
  wallTime(): number;
}

export const systemClock: Clock = {
  now: () => performance.now() * 1000,
  wallTime: () => Date.now(),
};
