import { useState } from 'react';
import type { AcmeAccount } from '../../../main/contract/acme';
import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { FormDialog } from '../FormDialog';
import { useAction } from '../useAction';
import { dayOf } from '../words';

export function AccountRow(props: { readonly account: AcmeAccount; readonly onDeleted: () => void }) {
  const { api } = useCertificates();
  const { account } = props;
  const action = useAction();
  const [isDeleting, setDeleting] = useState(false);
  const remove = async () => {
    const isDone = await action.run(async () => {
      await api.call('deleteAcmeAccount', { id: account.id });
      props.onDeleted();
    });
    if (isDone) setDeleting(false);
  };
  return (
    <li className="certificates-store">
      <div className="certificates-store-text">
        <strong>{account.directoryTitle}</strong>
        <span className="field-help">
          {account.email ?? 'no e-mail address'} · since {dayOf(account.createdAt)} ·{' '}
          {account.certificates.length === 0
            ? 'no certificates yet'
            : `renews ${account.certificates.join(', ')}`}
        </span>
        {account.problem !== null && <Notice tone="warning">{account.problem}</Notice>}
      </div>
      <Button
        size="small"
        aria-label={`Remove the account at ${account.directoryTitle}`}
        onClick={() => setDeleting(true)}
      >
        Remove…
      </Button>
      {isDeleting && (
        <FormDialog
          title="Remove the account?"
          submit="Remove"
          isDangerous
          action={action}
          onSubmit={() => void remove()}
          onClose={() => setDeleting(false)}
        >
          <p>
            It is closed at {account.directoryTitle} and forgotten here. Its certificates stay until they end,
            and are not renewed any more.
          </p>
        </FormDialog>
      )}
    </li>
  );
}
