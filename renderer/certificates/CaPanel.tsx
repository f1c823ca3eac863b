import { Download, ShieldCheck, ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import type { CertificateInfo } from '../../main/contract/certificate';
import { Button } from '../components/Button';
import { CopyButton } from '../components/CopyButton';
import type { CertificateStore } from '../stores/certificateStore';
import type { UiStore } from '../stores/uiStore';
import { commonName } from './certificateUse';
import { ExpiryBadge } from './ExpiryBadge';

/** The local certificate authority: whether there is one, and its public certificate to take away. */
export function CaPanel(props: {
  readonly ca: CertificateInfo | null;
  readonly certificates: CertificateStore;
  readonly ui: UiStore;
}) {
  const [isBusy, setBusy] = useState(false);
  const create = () => {
    setBusy(true);
    props.certificates
      .createCa()
      .then(
        () => props.ui.toast('ok', 'The local CA was created.'),
        (error: unknown) => props.ui.toast('danger', error instanceof Error ? error.message : String(error)),
      )
      .finally(() => setBusy(false));
  };
  if (props.ca === null) {
    return (
      <section className="certificates-panel certificates-ca" aria-label="Local CA">
        <ShieldPlus size={22} aria-hidden />
        <div className="certificates-ca-text">
          <h2>No local CA yet</h2>
          <p>
            It signs certificates for your own host names. It is made on this machine and trusted by nobody
            yet.
          </p>
        </div>
        <Button isBusy={isBusy} onClick={create}>
          Create the local CA
        </Button>
      </section>
    );
  }
  return (
    <section className="certificates-panel certificates-ca" aria-label="Local CA">
      <ShieldCheck size={22} aria-hidden />
      <div className="certificates-ca-text">
        <h2>{commonName(props.ca.subject)}</h2>
        <p>
          <ExpiryBadge notAfter={props.ca.notAfter} />
        </p>
        <p className="certificates-fingerprint" title="SHA-256 fingerprint">
          <code>{props.ca.fingerprint}</code>
        </p>
      </div>
      <CopyButton text={props.ca.certificatePem} label="Copy PEM" />
      <a
        className="button button-secondary button-small"
        download="hopscope-ca.pem"
        href={`data:application/x-pem-file,${encodeURIComponent(props.ca.certificatePem)}`}
      >
        <Download size={14} aria-hidden />
        Download
      </a>
    </section>
  );
}
