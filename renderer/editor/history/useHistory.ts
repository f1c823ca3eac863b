import { useEffect, useState } from 'react';
import type { ApiResults, HopscopeApi } from '../../../main/contract/api';
import type { HistoryEntry } from '../../../main/contract/workspaceApi';

export interface HistoryState {
  /** null = not read yet. */
  readonly entries: readonly HistoryEntry[] | null;
  readonly error: string | null;
}

/** The kept revisions, newest first; read again whenever one is added. */
export function useHistory(api: HopscopeApi): HistoryState {
  const [state, setState] = useState<HistoryState>({ entries: null, error: null });
  useEffect(() => {
    let isGone = false;
    const read = () => {
      api.call('getHistory', undefined).then(
        ({ entries }) => !isGone && setState({ entries, error: null }),
        (error: unknown) => !isGone && setState((old) => ({ ...old, error: messageOf(error) })),
      );
    };
    read();
    const stop = api.on('history.changed', read);
    return () => {
      isGone = true;
      stop();
    };
  }, [api]);
  return state;
}

/** One kept revision; null = none wanted, or not here yet. */
export function useHistoryDocument(
  api: HopscopeApi,
  number: number | null,
): ApiResults['getHistoryDocument'] | null {
  const [found, setFound] = useState<ApiResults['getHistoryDocument'] | null>(null);
  useEffect(() => {
    if (number === null) return;
    let isGone = false;
    api.call('getHistoryDocument', { number }).then(
      (value) => !isGone && setFound(value),
      // Dropped meanwhile: the list is read again with the next revision.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [api, number]);
  return found;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
