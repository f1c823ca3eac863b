import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo } from '../../main/contract/api';
import type { ApiClient } from '../client/apiClient';
import type { ConnectionState } from '../client/frameLine';

export interface ConnectionStoreState {
  readonly connection: ConnectionState;
  readonly appInfo: AppInfo | null;
}

export type ConnectionStore = StoreApi<ConnectionStoreState>;

/** Follows the line to the main process; `onReconnected` asks again for everything whose pushes were missed. */
export function createConnectionStore(client: ApiClient, onReconnected: () => void): ConnectionStore {
  const store = createStore<ConnectionStoreState>(() => ({
    connection: client.connectionState(),
    appInfo: null,
  }));
  const loadInfo = () => {
    client.call('getAppInfo', undefined).then(
      (appInfo) => store.setState({ appInfo }),
      // The line broke again: the next connection asks anew, what is known stays.
      () => undefined,
    );
  };
  let wasLost = false;
  client.onConnectionState((connection) => {
    store.setState({ connection });
    if (connection === 'lost') wasLost = true;
    if (connection === 'connected' && wasLost) {
      wasLost = false;
      loadInfo();
      onReconnected();
    }
  });
  loadInfo();
  return store;
}
