import { useState } from 'react';
import type { CertificateStoreInfo } from '../../main/contract/certificate';
import type { NameSuggestion } from '../../main/contract/certificateCoverage';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { CaPanel } from './CaPanel';
import { CertificateTable } from './CertificateTable';
import { CoverageNotice } from './CoverageNotice';
import { DraftNotice } from './DraftNotice';
import { CertificateDetail } from './detail/CertificateDetail';
import { ExportDialog } from './dialogs/ExportDialog';
import { RequestsPanel } from './RequestsPanel';

/** The list with the one that is looked at beside it. */
export function CertificatesTab(props: {
  readonly info: CertificateStoreInfo;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onIssue: (suggestion?: NameSuggestion) => void;
  readonly onImport: () => void;
}) {
  const { info } = props;
  const [isExporting, setExporting] = useState(false);
  const items = info.certificates.filter(({ kind }) => kind !== 'ca');
  const chosen = items.find(({ id }) => id === props.selected);
  return (
    <div className="certificates-panes">
      <div className="certificates">
        <div className="certificates-inner">
          <DraftNotice />
          <CoverageNotice certificates={info.certificates} onIssue={props.onIssue} />
          {info.ca === null && <CaPanel ca={null} />}
          <RequestsPanel requests={info.requests} />
          {items.length === 0 ? (
            <section className="certificates-panel">
              <EmptyState
                title="No certificates yet"
                actions={
                  <>
                    <Button variant="primary" onClick={() => props.onIssue()}>
                      Issue one
                    </Button>
                    <Button onClick={props.onImport}>Import files</Button>
                  </>
                }
              >
                An HTTPS listener needs one for the host names that it serves. Files can also be dropped here.
              </EmptyState>
            </section>
          ) : (
            <CertificateTable items={items} selected={chosen?.id ?? null} onSelect={props.onSelect} />
          )}
          <p className="certificates-folder field-help" title={info.folder}>
            Kept in {info.folder}. Private keys leave it only by an export that you confirm.
          </p>
        </div>
      </div>
      {chosen !== undefined && (
        <CertificateDetail
          key={chosen.id}
          certificate={chosen}
          onClose={() => props.onSelect(null)}
          onExport={() => setExporting(true)}
        />
      )}
      {chosen !== undefined && isExporting && (
        <ExportDialog certificate={chosen} onClose={() => setExporting(false)} />
      )}
    </div>
  );
}
