export interface NamedTimers<Name extends string> {
  /** Forgets the earlier one of that name. */
  restart(name: Name, delayMs: number, run: () => void): void;
  cancel(name: Name): void;
  close(): void;
}

/** Delayed work by name: only the newest of each name runs. */
export function createNamedTimers<Name extends string>(): NamedTimers<Name> {
  const timers = new Map<Name, ReturnType<typeof setTimeout>>();
  return {
    restart(name, delayMs, run) {
      clearTimeout(timers.get(name));
      timers.set(name, setTimeout(run, delayMs));
    },
    cancel: (name) => clearTimeout(timers.get(name)),
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
