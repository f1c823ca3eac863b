import type { RunningConfig } from '../../main/contract/api';
import type { CertificateStoreInfo } from '../../main/contract/certificate';
import type { Surroundings } from '../composer/wayOfUrl';

/** What the composer may send to, and with. */
export function surroundingsOf(
  running: RunningConfig | null,
  store: CertificateStoreInfo | null,
): Surroundings {
  const certificates = (store?.certificates ?? []).filter(
    ({ kind, hasPrivateKey }) => kind === 'leaf' && hasPrivateKey,
  );
  return {
    listeners: running?.listeners ?? [],
    document: running?.document ?? null,
    certificates: certificates.map(({ id }) => id),
    caFile: store?.ca == null ? null : store.caCertificateFile,
  };
}
