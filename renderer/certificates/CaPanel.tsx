import { Download, ShieldCheck, ShieldPlus } from 'lucide-react';
import { useState } from 'react';
import type { CertificateInfo } from '../../main/contract/certificate';
import { Button } from '../components/Button';
import { CopyButton } from '../components/CopyButton';
import { download } from '../components/download';
import { Notice } from '../components/Notice';
import { useCertificates } from './CertificatesContext';
import { commonName } from './certificateUse';
import { CreateCaDialog } from './dialogs/CreateCaDialog';
import { ExpiryBadge } from './ExpiryBadge';
import { useAction } from './useAction';
import { WarningList } from './WarningList';

/** The local certificate authority: whether there is one, and its public certificate to take away. */
export function CaPanel({ ca }: { readonly ca: CertificateInfo | null }) {
  const { certificates, ui } = useCertificates();
  const action = useAction();
  const [isChoosing, setChoosing] = useState(false);
  const create = () =>
    void action.run(async () => {
      await certificates.createCa();
      ui.toast('ok', 'The local CA was created. Next: let this machine trust it.');
    });
  if (ca === null) {
    return (
      <section className="certificates-panel certificates-ca" aria-label="Local CA">
        <ShieldPlus size={22} aria-hidden />
        <div className="certificates-ca-text">
          <h2>No local CA yet</h2>
          <p>
            It signs certificates for your own host names. It is made on this machine and trusted by nobody
            yet.
          </p>
          {action.error !== null && <Notice tone="danger">{action.error}</Notice>}
        </div>
        <Button onClick={() => setChoosing(true)}>Options…</Button>
        <Button variant="primary" isBusy={action.isBusy} onClick={create}>
          Create the local CA
        </Button>
        {isChoosing && <CreateCaDialog onClose={() => setChoosing(false)} />}
      </section>
    );
  }
  return (
    <section className="certificates-panel certificates-ca" aria-label="Local CA">
      <ShieldCheck size={22} aria-hidden />
      <div className="certificates-ca-text">
        <h2>{commonName(ca.subject)}</h2>
        <p>
          <ExpiryBadge notAfter={ca.notAfter} /> {ca.keyType}
        </p>
        <p className="certificates-fingerprint" title="SHA-256 fingerprint">
          <code>{ca.fingerprint}</code>
        </p>
        <WarningList warnings={ca.warnings} />
      </div>
      <CopyButton text={ca.certificatePem} label="Copy PEM" />
      <Button
        size="small"
        icon={<Download size={14} aria-hidden />}
        onClick={() => download('hopscope-ca.pem', ca.certificatePem, 'application/x-pem-file')}
      >
        Download
      </Button>
    </section>
  );
}
