import { createContext, useContext } from 'react';
import type { HopscopeApi } from '../../main/contract/api';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';

/** What every part of the Certificates screen may reach. All members are stable, so using it never redraws. */
export interface CertificatesTools {
  readonly api: HopscopeApi;
  readonly certificates: CertificateStore;
  readonly config: ConfigStore;
  readonly ui: UiStore;
}

export const CertificatesContext = createContext<CertificatesTools | null>(null);

export function useCertificates(): CertificatesTools {
  const tools = useContext(CertificatesContext);
  if (tools === null) throw new Error('useCertificates needs a CertificatesContext around it');
  return tools;
}
