// How this browser wants drafts applied.
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface ApplyPreferences {
  /** Shows what will change and waits for a yes. */
  readonly asksFirst: boolean;
  /** Applies by itself, once typing stops and nothing is wrong. */
  readonly asIEdit: boolean;
}

export interface ApplyPreferencesStore extends StoreApi<ApplyPreferences> {
  set(change: Partial<ApplyPreferences>): void;
}

const key = 'hopscope.apply';

export function createApplyPreferences(storage: Pick<Storage, 'getItem' | 'setItem'>): ApplyPreferencesStore {
  const kept = storage.getItem(key) ?? '';
  const store = createStore<ApplyPreferences>(() => ({
    asksFirst: !kept.includes('direct'),
    asIEdit: kept.includes('asIEdit'),
  }));
  return {
    ...store,
    set(change) {
      store.setState(change);
      const { asksFirst, asIEdit } = store.getState();
      storage.setItem(key, [asksFirst ? '' : 'direct', asIEdit ? 'asIEdit' : ''].join(' ').trim());
    },
  };
}
