import { Ban, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  type CertificateInfo,
  type RevocationReason,
  revocationReasons,
} from '../../../main/contract/certificate';
import { Button } from '../../components/Button';
import { SelectField } from '../../components/SelectField';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { useAction } from '../useAction';
import { momentOf } from '../words';

const reasons: Readonly<Record<RevocationReason, string>> = {
  unspecified: 'No reason given',
  keyCompromise: 'Its key may be in other hands',
  affiliationChanged: 'The name belongs to somebody else now',
  superseded: 'Another certificate took its place',
  cessationOfOperation: 'The service has ended',
};

/** The ends of a certificate: revoked, deleted. Each asks first. */
export function LifeButtons(props: { readonly certificate: CertificateInfo; readonly isUsed: boolean }) {
  const { certificate } = props;
  const [asked, setAsked] = useState<'revoke' | 'delete' | null>(null);
  const canRevoke = certificate.isLocal && certificate.kind === 'leaf' && certificate.revokedAt === null;
  return (
    <section className="certificates-box" aria-label="Revoke and delete">
      {certificate.revokedAt !== null && (
        <p className="field-help">Revoked on {momentOf(certificate.revokedAt)}.</p>
      )}
      <div className="certificates-buttons">
        {canRevoke && (
          <Button
            size="small"
            variant="danger"
            icon={<Ban size={14} aria-hidden />}
            onClick={() => setAsked('revoke')}
          >
            Revoke…
          </Button>
        )}
        <Button
          size="small"
          variant="danger"
          icon={<Trash2 size={14} aria-hidden />}
          disabled={props.isUsed}
          onClick={() => setAsked('delete')}
        >
          Delete…
        </Button>
      </div>
      {props.isUsed && <p className="field-help">It can be deleted once nothing in the workspace uses it.</p>}
      {asked === 'revoke' && <RevokeDialog id={certificate.id} onClose={() => setAsked(null)} />}
      {asked === 'delete' && <DeleteDialog id={certificate.id} onClose={() => setAsked(null)} />}
    </section>
  );
}

function RevokeDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const [reason, setReason] = useState<RevocationReason>('unspecified');
  const revoke = async () => {
    const isDone = await action.run(async () => {
      await api.call('revokeCertificate', { id, reason });
      await certificates.load();
      ui.toast('ok', `${id} stands in the revocation list now.`);
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={`Revoke ${id}?`}
      submit="Revoke for good"
      isDangerous
      action={action}
      onSubmit={() => void revoke()}
      onClose={onClose}
    >
      <p>
        Clients that read the revocation list of the local CA will refuse it. Most browsers and curl do not
        read it unless they are told to. This cannot be taken back.
      </p>
      <SelectField
        label="Reason"
        value={reason}
        choices={revocationReasons.map((value) => ({ value, label: reasons[value] }))}
        onChange={setReason}
      />
    </FormDialog>
  );
}

function DeleteDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const remove = async () => {
    const isDone = await action.run(async () => {
      await api.call('deleteCertificate', { id });
      await certificates.load();
      ui.toast('ok', `${id} was deleted. A copy lies in the store's folder “backup”.`);
    });
    if (isDone) onClose();
  };
  return (
    <FormDialog
      title={`Delete ${id}?`}
      submit="Delete"
      isDangerous
      action={action}
      onSubmit={() => void remove()}
      onClose={onClose}
    >
      <p>
        The certificate and its key leave the store; a copy stays in its folder “backup”, sealed as before.
      </p>
    </FormDialog>
  );
}
