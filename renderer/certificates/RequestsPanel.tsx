import { useState } from 'react';
import type { CertificateRequestInfo } from '../../main/contract/certificate';
import { Button } from '../components/Button';
import { CopyButton } from '../components/CopyButton';
import { download } from '../components/download';
import { Notice } from '../components/Notice';
import { useCertificates } from './CertificatesContext';
import { titleOf } from './certificateUse';
import type { PickedFile } from './fileTransfer';
import { PickFiles } from './PickFiles';
import { useAction } from './useAction';
import { dayOf } from './words';

/** CSRs whose keys wait here for the answer of a CA. */
export function RequestsPanel({ requests }: { readonly requests: readonly CertificateRequestInfo[] }) {
  if (requests.length === 0) return null;
  return (
    <section className="certificates-panel certificates-section" aria-label="Requests that wait">
      <h2>Waiting for another CA's answer</h2>
      <ul className="certificates-stores">
        {requests.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function RequestRow({ request }: { readonly request: CertificateRequestInfo }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [isDeleting, setDeleting] = useState(false);
  const answer = (files: readonly PickedFile[]) =>
    void action.run(async () => {
      const info = await api.call('importRequestAnswer', { id: request.id, files: [...files] });
      await certificates.load();
      ui.toast('ok', `${info.id} is complete: certificate and key belong together.`);
    });
  const remove = () =>
    void action.run(async () => {
      await api.call('deleteCertificateRequest', { id: request.id });
      await certificates.load();
    });
  return (
    <li className="certificates-store certificates-request">
      <div className="certificates-store-text">
        <strong>{titleOf(request)}</strong>
        <span className="field-help">
          <code>{request.id}</code> · {request.keyType} · made on {dayOf(request.createdAt)}
        </span>
        {action.error !== null && <Notice tone="danger">{action.error}</Notice>}
      </div>
      <div className="certificates-buttons">
        <CopyButton text={request.csrPem} label="Copy CSR" />
        <Button
          size="small"
          onClick={() => download(`${request.id}.csr`, request.csrPem, 'application/pkcs10')}
        >
          Save CSR
        </Button>
        <PickFiles
          label="Import the answer"
          isMultiple
          onPicked={answer}
          onFailed={(message) => ui.toast('danger', message)}
        />
        {isDeleting ? (
          <Button size="small" variant="danger" isBusy={action.isBusy} onClick={remove}>
            Really delete, with its key
          </Button>
        ) : (
          <Button size="small" onClick={() => setDeleting(true)}>
            Delete…
          </Button>
        )}
      </div>
    </li>
  );
}
