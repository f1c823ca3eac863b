import { type ApiClient, createApiClient } from './apiClient';
import { createElectronLine } from './electronLine';
import { createWebSocketLine, pageSocket } from './webSocketLine';

/** The api of this window: over Electron IPC where the preload bridge is there, else over the page's WebSocket. */
export function connect(): ApiClient {
  const bridge = window.hopscope;
  return createApiClient(bridge === undefined ? createWebSocketLine(pageSocket) : createElectronLine(bridge));
}
