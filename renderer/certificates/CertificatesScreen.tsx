import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { CertificateInfo } from '../../main/contract/certificate';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { Notice } from '../components/Notice';
import type { CertificateStore } from '../stores/certificateStore';
import type { ConfigStore } from '../stores/configStore';
import type { UiStore } from '../stores/uiStore';
import { CaPanel } from './CaPanel';
import { CertificateRow } from './CertificateRow';
import './certificates.css';
import { listenersUsing } from './certificateUse';
import { IssueDialog } from './IssueDialog';

export interface CertificatesScreenProps {
  readonly certificates: CertificateStore;
  readonly config: ConfigStore;
  readonly ui: UiStore;
}

export function CertificatesScreen({ certificates, config, ui }: CertificatesScreenProps) {
  const info = useStore(certificates, (state) => state.info);
  const error = useStore(certificates, (state) => state.error);
  const [isIssuing, setIssuing] = useState(false);
  if (info === null) {
    if (error === null) return <p className="loading">Loading certificates…</p>;
    return (
      <EmptyState
        title="The certificate store could not be read"
        actions={<Button onClick={() => void certificates.load()}>Try again</Button>}
      >
        {error}
      </EmptyState>
    );
  }
  return (
    <div className="certificates">
      <div className="certificates-inner">
        <header className="certificates-head">
          <div>
            <h1>Certificates</h1>
            <p className="certificates-folder" title={info.folder}>
              Kept in {info.folder}. Private keys never leave it.
            </p>
          </div>
          <Button variant="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setIssuing(true)}>
            Issue a certificate
          </Button>
        </header>
        {error !== null && <Notice tone="danger">{error}</Notice>}
        <CaPanel ca={info.ca} certificates={certificates} ui={ui} />
        <CertificateTable
          items={info.certificates.filter((item) => item.kind === 'leaf')}
          config={config}
          onIssue={() => setIssuing(true)}
        />
      </div>
      <IssueDialog isOpen={isIssuing} certificates={certificates} ui={ui} onClose={() => setIssuing(false)} />
    </div>
  );
}

function CertificateTable(props: {
  readonly items: readonly CertificateInfo[];
  readonly config: ConfigStore;
  readonly onIssue: () => void;
}) {
  const document = useStore(props.config, (state) => state.draft.document);
  if (props.items.length === 0) {
    return (
      <section className="certificates-panel">
        <EmptyState
          title="No certificates yet"
          actions={<Button onClick={props.onIssue}>Issue a certificate</Button>}
        >
          An HTTPS listener needs one for the host names that it serves.
        </EmptyState>
      </section>
    );
  }
  return (
    <section className="certificates-panel" aria-label="Certificates in the store">
      <table className="certificates-table">
        <thead>
          <tr>
            <th scope="col">Id</th>
            <th scope="col">Names</th>
            <th scope="col">Expiry</th>
            <th scope="col">Issuer</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {props.items.map((item) => (
            <CertificateRow key={item.id} certificate={item} usedBy={listenersUsing(document, item.id)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
