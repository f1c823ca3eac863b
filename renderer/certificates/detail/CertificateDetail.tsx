import { X } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { CertificateInfo } from '../../../main/contract/certificate';
import { IconButton } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { Tabs } from '../../components/Tabs';
import { useCertificates } from '../CertificatesContext';
import { titleOf } from '../certificateUse';
import { useLoaded } from '../useLoaded';
import { ChainTree } from './ChainTree';
import { FieldList } from './FieldList';
import { OverviewTab } from './OverviewTab';

type DetailTab = 'overview' | 'chain' | 'fields';

/** One certificate, looked at closely. */
export function CertificateDetail(props: {
  readonly certificate: CertificateInfo;
  readonly onClose: () => void;
  readonly onExport: () => void;
}) {
  const { api } = useCertificates();
  const { certificate } = props;
  const [tab, setTab] = useState<DetailTab>('overview');
  const { id, fingerprint } = certificate;
  const load = useCallback(() => {
    // A renewed certificate has another fingerprint, and is looked at anew.
    void fingerprint;
    return api.call('getCertificateDetails', { id });
  }, [api, id, fingerprint]);
  const { value: details, error } = useLoaded(load);
  return (
    <aside className="certificates-detail" aria-label={`Certificate ${certificate.id}`}>
      <header className="certificates-detail-head">
        <div>
          <h2>{titleOf(certificate)}</h2>
          <p className="field-help">
            <code>{certificate.id}</code>
          </p>
        </div>
        <IconButton label="Close" icon={<X size={16} />} onClick={props.onClose} />
      </header>
      {error !== null && <Notice tone="danger">{error}</Notice>}
      <Tabs
        label="About this certificate"
        value={tab}
        onChange={setTab}
        items={[
          {
            id: 'overview',
            label: 'Overview',
            content: <OverviewTab certificate={certificate} details={details} onExport={props.onExport} />,
          },
          {
            id: 'chain',
            label: 'Chain',
            content:
              details === null ? (
                <p className="field-help">Reading…</p>
              ) : (
                <div className="certificates-detail-body">
                  <p className="field-help">
                    A client trusts the certificate when it knows and trusts the topmost of these.
                  </p>
                  <ChainTree chain={details.chain} missingIssuer={details.missingIssuer} />
                </div>
              ),
          },
          {
            id: 'fields',
            label: 'Every field',
            content:
              details === null ? (
                <p className="field-help">Reading…</p>
              ) : (
                <FieldList fields={details.fields} />
              ),
          },
        ]}
      />
    </aside>
  );
}
