import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HopscopeApi } from '../../main/contract/api';
import type {
  CertificateInfo,
  CertificateStoreInfo,
  IssueCertificateInput,
} from '../../main/contract/certificate';

export interface CertificateState {
  /** null until the first answer. */
  readonly info: CertificateStoreInfo | null;
  readonly error: string | null;
}

export interface CertificateStore extends StoreApi<CertificateState> {
  load(): Promise<void>;
  createCa(): Promise<CertificateInfo>;
  /** Makes the local CA first where there is none yet. */
  issue(input: IssueCertificateInput): Promise<CertificateInfo>;
  close(): void;
}

export function createCertificateStore(api: HopscopeApi): CertificateStore {
  const store = createStore<CertificateState>(() => ({ info: null, error: null }));
  const unsubscribe = api.on('certificates.changed', (info) => store.setState({ info, error: null }));
  const load = async () => {
    try {
      store.setState({ info: await api.call('getCertificates', undefined), error: null });
    } catch (error) {
      store.setState({ error: error instanceof Error ? error.message : String(error) });
    }
  };
  const createCa = async () => {
    const ca = await api.call('createCa', {});
    await load();
    return ca;
  };
  return {
    ...store,
    load,
    createCa,
    async issue(input) {
      if (store.getState().info === null) await load();
      if (store.getState().info?.ca === null) await createCa();
      const issued = await api.call('issueCertificate', input);
      await load();
      return issued;
    },
    close: unsubscribe,
  };
}
