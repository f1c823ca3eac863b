import type { WorkspaceDocument } from '../../main/contract/config';
import { workspaceSchema } from '../../main/contract/config';
import type { ApiClient } from '../client/apiClient';
import { type CertificateStore, createCertificateStore } from '../stores/certificateStore';
import { type ConfigStore, createConfigStore } from '../stores/configStore';
import { type ConnectionStore, createConnectionStore } from '../stores/connectionStore';
import { createDraftStorage } from '../stores/draftStorage';
import { createUiStore, type UiStore } from '../stores/uiStore';

export interface Stores {
  readonly ui: UiStore;
  readonly config: ConfigStore;
  readonly certificates: CertificateStore;
  readonly connection: ConnectionStore;
}

/** Makes the stores, starts loading, and asks again for everything when the line comes back. */
export function createStores(client: ApiClient): Stores {
  const ui = createUiStore(localStorage);
  const config = createConfigStore(client, {
    storage: createDraftStorage(localStorage),
    validate,
    now: Date.now,
  });
  const certificates = createCertificateStore(client);
  const load = () => {
    void config.load();
    void certificates.load();
  };
  const connection = createConnectionStore(client, load);
  load();
  return { ui, config, certificates, connection };
}

function validate(document: WorkspaceDocument) {
  const parsed = workspaceSchema.safeParse(document);
  return (parsed.error?.issues ?? []).map((issue) => ({
    code: 'invalid_value' as const,
    severity: 'error' as const,
    path: issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
    message: issue.message,
  }));
}
