import { useCallback, useEffect, useState } from 'react';

export interface Loaded<Value> {
  /** null until the first answer. */
  readonly value: Value | null;
  /** Why it could not be loaded; null = it could. */
  readonly error: string | null;
  /** Takes the place of what was loaded, e.g. when a push or the answer of a call brings something newer. */
  readonly setValue: (value: Value) => void;
  readonly reload: () => void;
}

/**
 * Asks when the component appears and again whenever `load` is another function: make it with `useCallback`. What an older
 * question brings too late is dropped.
 */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    void turn;
    let isCurrent = true;
    load().then(
      (answer) => {
        if (!isCurrent) return;
        setValue(answer);
        setError(null);
      },
      (failure: unknown) => {
        if (isCurrent) setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [load, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { value, error, setValue, reload };
}
