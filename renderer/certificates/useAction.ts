import { useCallback, useState } from 'react';

export interface Action {
  readonly isBusy: boolean;
  /** Why the last run failed, in the words of whoever refused; null = it did not. */
  readonly error: string | null;
  /** Resolves with true when `work` came to its end. One run at a time: while one is under way others are ignored. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly clearError: () => void;
}

/** Runs something that takes time and may fail, and tells the component how it stands. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = useCallback(
    async (work: () => Promise<void>) => {
      if (isBusy) return false;
      setBusy(true);
      setError(null);
      try {
        await work();
        return true;
      } catch (failure) {
        setError(failure instanceof Error ? failure.message : String(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [isBusy],
  );
  const clearError = useCallback(() => setError(null), []);
  return { isBusy, error, run, clearError };
}
