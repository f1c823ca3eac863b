import { RefreshCw } from 'lucide-react';
import type { CertificateInfo } from '../../../main/contract/certificate';
import { Button } from '../../components/Button';
import { CheckField } from '../../components/CheckField';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useAction } from '../useAction';
import { momentOf, renewalWords } from '../words';

/** When the certificate is renewed, and the way to have it renewed now. */
export function RenewalBox({ certificate }: { readonly certificate: CertificateInfo }) {
  const { api, certificates, ui } = useCertificates();
  const action = useAction();
  const { renewal, id } = certificate;
  const renew = () =>
    action.run(async () => {
      const result = await api.call('renewCertificate', { id });
      await certificates.load();
      ui.toast(
        'ok',
        result.kind === 'renewed'
          ? `${id} was renewed. Listeners that serve it have switched.`
          : `The public CA is asked to renew ${id}; see “Public CA”.`,
      );
    });
  const setAutomatic = (isAutomatic: boolean) =>
    action.run(async () => {
      await api.call('setCertificateRenewal', { id, isAutomatic });
      await certificates.load();
    });
  return (
    <section className="certificates-box" aria-label="Renewal">
      <h3>Renewal</h3>
      <CheckField
        isChecked={renewal.isAutomatic}
        label="Renew it automatically"
        help={renewalWords(renewal)}
        onChange={(isAutomatic) => void setAutomatic(isAutomatic)}
      />
      {renewal.failure !== null && (
        <Notice tone="warning">
          The last attempt ({momentOf(renewal.failure.at)}, {renewal.failure.attempts} in a row) failed:{' '}
          {renewal.failure.message}
        </Notice>
      )}
      {action.error !== null && <Notice tone="danger">{action.error}</Notice>}
      <div>
        <Button
          size="small"
          icon={<RefreshCw size={14} aria-hidden />}
          isBusy={action.isBusy}
          onClick={() => void renew()}
        >
          Renew now
        </Button>
      </div>
    </section>
  );
}
