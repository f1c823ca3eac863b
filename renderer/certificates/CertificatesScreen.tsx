import { useState } from 'react';
import { useStore } from 'zustand';
import type { NameSuggestion } from '../../main/contract/certificateCoverage';
import { Button } from '../components/Button';
import { EmptyState } from '../components/EmptyState';
import { Notice } from '../components/Notice';
import { AddCertificateMenu, type AddWay } from './AddCertificateMenu';
import { AuthorityTab } from './AuthorityTab';
import { AcmePanel } from './acme/AcmePanel';
import { CertificatesContext, type CertificatesTools } from './CertificatesContext';
import { CertificatesTab } from './CertificatesTab';
import './certificates.css';
import './details.css';
import { ImportDialog } from './dialogs/ImportDialog';
import { IssueDialog } from './dialogs/IssueDialog';
import { RequestDialog } from './dialogs/RequestDialog';
import { SignDialog } from './dialogs/SignDialog';
import { FileDrop } from './FileDrop';
import type { PickedFile } from './fileTransfer';
import { UnlockNotice } from './KeyStorePanel';
import { ScreenTabs } from './ScreenTabs';

export type CertificatesTabId = 'certificates' | 'authority' | 'public';

type OpenDialog =
  | { readonly kind: 'issue'; readonly suggestion: NameSuggestion }
  | { readonly kind: 'import'; readonly files: readonly PickedFile[] }
  | { readonly kind: 'request' }
  | { readonly kind: 'sign' };

const noSuggestion: NameSuggestion = { names: [], listeners: [] };

export function CertificatesScreen({ tools }: { readonly tools: CertificatesTools }) {
  const { certificates } = tools;
  const info = useStore(certificates, (state) => state.info);
  const error = useStore(certificates, (state) => state.error);
  const [tab, setTab] = useState<CertificatesTabId>('certificates');
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
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
  const choose = (way: AddWay) => {
    if (way === 'acme') setTab('public');
    else if (way === 'issue') setDialog({ kind: 'issue', suggestion: noSuggestion });
    else if (way === 'import') setDialog({ kind: 'import', files: [] });
    else setDialog({ kind: way });
  };
  const close = () => setDialog(null);
  const openDetail = (id: string) => {
    setTab('certificates');
    setSelected(id);
  };
  return (
    <CertificatesContext value={tools}>
      <FileDrop
        onFiles={(files) => setDialog({ kind: 'import', files })}
        onFailed={(message) => tools.ui.toast('danger', message)}
      >
        <div className="certificates-bar">
          <h1>Certificates</h1>
          <ScreenTabs tab={tab} onChange={setTab} />
          <AddCertificateMenu onChoose={choose} />
          <Button variant="primary" onClick={() => choose('issue')}>
            Issue a certificate
          </Button>
        </div>
        {error !== null && <Notice tone="danger">{error}</Notice>}
        {info.problems?.map((problem) => (
          <Notice key={problem} tone="danger">
            {problem}
          </Notice>
        ))}
        {info.keyStore.isLocked && <UnlockNotice />}
        {tab === 'certificates' && (
          <CertificatesTab
            info={info}
            selected={selected}
            onSelect={setSelected}
            onIssue={(suggestion) => setDialog({ kind: 'issue', suggestion: suggestion ?? noSuggestion })}
            onImport={() => choose('import')}
          />
        )}
        {tab === 'authority' && <AuthorityTab info={info} />}
        {tab === 'public' && (
          <div className="certificates">
            <div className="certificates-inner">
              <AcmePanel />
            </div>
          </div>
        )}
      </FileDrop>
      {dialog?.kind === 'issue' && (
        <IssueDialog
          names={dialog.suggestion.names}
          listeners={dialog.suggestion.listeners}
          onClose={close}
          onIssued={openDetail}
        />
      )}
      {dialog?.kind === 'import' && (
        <ImportDialog files={dialog.files} onClose={close} onImported={openDetail} />
      )}
      {dialog?.kind === 'request' && <RequestDialog onClose={close} />}
      {dialog?.kind === 'sign' && <SignDialog onClose={close} />}
    </CertificatesContext>
  );
}
