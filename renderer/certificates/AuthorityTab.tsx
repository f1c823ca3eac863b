import type { CertificateStoreInfo } from '../../main/contract/certificate';
import { CaPanel } from './CaPanel';
import { KeyStorePanel } from './KeyStorePanel';
import { RevocationPanel } from './RevocationPanel';
import { TrustPanel } from './trust/TrustPanel';

/** The local CA, who trusts it, what it took back, and how the keys are kept. */
export function AuthorityTab({ info }: { readonly info: CertificateStoreInfo }) {
  return (
    <div className="certificates">
      <div className="certificates-inner">
        <CaPanel ca={info.ca} />
        <TrustPanel caFingerprint={info.ca?.fingerprint ?? null} caFile={info.caCertificateFile} />
        {info.ca !== null && <RevocationPanel />}
        <KeyStorePanel keyStore={info.keyStore} />
      </div>
    </div>
  );
}
