import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CertificateInfo } from '../../../main/contract/certificate';
import type { CertificateDetails } from '../../../main/contract/certificateDetails';
import { IconButton } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { Tabs } from '../../components/Tabs';
import { useCertificates } from '../CertificatesContext';
import { titleOf } from '../certificateUse';
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
  const [details, setDetails] = useState<CertificateDetails | null>(null);
  const [error, setError] = useState<string | null>(null);
  const { id, fingerprint } = certificate;
  useEffect(() => {
    // A renewed certificate has another fingerprint, and is looked at anew.
    void fingerprint;
    let isCurrent = true;
    api.call('getCertificateDetails', { id }).then(
      (answer) => {
        if (!isCurrent) return;
        setDetails(answer);
        setError(null);
      },
      (failure: unknown) => {
        if (isCurrent) setError(failure instanceof Error ? failure.message : String(failure));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [api, id, fingerprint]);
  const current = details?.info.id === id ? details : null;
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
            content: <OverviewTab certificate={certificate} details={current} onExport={props.onExport} />,
          },
          {
            id: 'chain',
            label: 'Chain',
            content:
              current === null ? (
                <p className="field-help">Reading…</p>
              ) : (
                <div className="certificates-detail-body">
                  <p className="field-help">
                    A client trusts the certificate when it knows and trusts the topmost of these.
                  </p>
                  <ChainTree chain={current.chain} missingIssuer={current.missingIssuer} />
                </div>
              ),
          },
          {
            id: 'fields',
            label: 'Every field',
            content:
              current === null ? (
                <p className="field-help">Reading…</p>
              ) : (
                <FieldList fields={current.fields} />
              ),
          },
        ]}
      />
    </aside>
  );
}
