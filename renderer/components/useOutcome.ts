import { useEffect, useState } from 'react';

const shownForMs = 2000;

export interface Outcome {
  readonly isOk: boolean;
  readonly text: string;
}

/** Runs what a menu entry stands for and tells for a moment how it went. */
export function useOutcome(): {
  readonly said: Outcome | null;
  run(done: string, act: () => Promise<void> | void): void;
} {
  const [said, setSaid] = useState<Outcome | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), shownForMs);
    return () => clearTimeout(timer);
  }, [said]);
  const run = (done: string, act: () => Promise<void> | void) => {
    Promise.resolve()
      .then(act)
      .then(
        () => setSaid({ isOk: true, text: done }),
        (error: unknown) =>
          setSaid({ isOk: false, text: `Not done: ${error instanceof Error ? error.message : error}` }),
      );
  };
  return { said, run };
}
