// How the endpoints stand whose health is watched; replaced by pushes.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EndpointHealthInfo, HopscopeApi } from '../../main/contract/api';

export interface HealthState {
  readonly endpoints: readonly EndpointHealthInfo[];
}

export interface HealthStore extends StoreApi<HealthState> {
  load(): Promise<void>;
  close(): void;
}

export function createHealthStore(api: HopscopeApi): HealthStore {
  const store = createStore<HealthState>(() => ({ endpoints: [] }));
  let pushes = 0;
  const unsubscribe = api.on('health.changed', ({ endpoints }) => {
    pushes++;
    store.setState({ endpoints });
  });
  return {
    ...store,
    async load() {
      const before = pushes;
      const { endpoints } = await api.call('getEndpointHealth', undefined);
      // A push that came meanwhile is newer.
      if (pushes === before) store.setState({ endpoints });
    },
    close: unsubscribe,
  };
}
