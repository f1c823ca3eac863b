import type { HopscopeApi } from '../../main/contract/api';
import type { WorkspaceDocument } from '../../main/contract/config';
import { freePort } from './freeNames';

const mostTries = 20;

/** `first` (8080), or the next port that neither the workspace nor another program of this machine has. */
export async function chooseListenerPort(
  api: HopscopeApi,
  document: WorkspaceDocument,
  first = 8080,
): Promise<number> {
  let port = freePort(document, first);
  for (let tries = 0; tries < mostTries; tries++) {
    const probe: WorkspaceDocument = {
      schemaVersion: document.schemaVersion,
      listeners: [{ id: 'probe', port, protocol: 'http' }],
    };
    const { issues } = await api.call('checkConfig', { document: probe });
    if (!issues.some((issue) => issue.code === 'port_in_use')) return port;
    port = freePort(document, port + 1);
  }
  return port;
}
