import { Download } from 'lucide-react';
import { useStore } from 'zustand';
import type { CertificateInfo } from '../../../main/contract/certificate';
import { type CertificateUse, certificateUses } from '../../../main/contract/certificateCoverage';
import type { CertificateDetails } from '../../../main/contract/certificateDetails';
import { Button } from '../../components/Button';
import { CopyButton } from '../../components/CopyButton';
import { useCertificates } from '../CertificatesContext';
import { commonName } from '../certificateUse';
import { ExpiryBadge } from '../ExpiryBadge';
import { WarningList } from '../WarningList';
import { dayOf, originWords } from '../words';
import { LifeButtons } from './LifeButtons';
import { RenewalBox } from './RenewalBox';
import { ServedCheckBox } from './ServedCheckBox';

/** The essential of a certificate, what is wrong with it, who uses it, and what can be done with it. */
export function OverviewTab(props: {
  readonly certificate: CertificateInfo;
  readonly details: CertificateDetails | null;
  readonly onExport: () => void;
}) {
  const { certificate, details } = props;
  const { config } = useCertificates();
  const document = useStore(config, (state) => state.draft.document);
  const uses = certificateUses(document, certificate.id);
  const servedName = certificate.dnsNames.find((name) => !name.startsWith('*.')) ?? '';
  return (
    <div className="certificates-detail-body">
      <WarningList warnings={certificate.warnings} />
      <dl className="certificates-facts">
        <dt>Names</dt>
        <dd>{[...certificate.dnsNames, ...certificate.ipAddresses].join(', ') || 'none'}</dd>
        <dt>Valid</dt>
        <dd>
          {dayOf(certificate.notBefore)} to {dayOf(certificate.notAfter)}{' '}
          <ExpiryBadge notAfter={certificate.notAfter} />
        </dd>
        <dt>From</dt>
        <dd>
          {originWords(certificate.origin)} · {commonName(certificate.issuer)}
        </dd>
        <dt>Key</dt>
        <dd>
          {details?.keyStrength.message ?? certificate.keyType}
          {!certificate.hasPrivateKey && ' · its private key is not here'}
        </dd>
        <dt>Used by</dt>
        <dd>
          {uses.length === 0
            ? 'nothing yet'
            : uses.map((use) => <Use key={`${use.place}${use.id}${use.role}`} use={use} />)}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <code className="certificates-print">{certificate.fingerprint}</code>
        </dd>
      </dl>
      <div className="certificates-buttons">
        <Button size="small" icon={<Download size={14} aria-hidden />} onClick={props.onExport}>
          Export…
        </Button>
        <CopyButton text={certificate.certificatePem} label="Copy PEM" />
      </div>
      {certificate.renewal.isPossible && <RenewalBox certificate={certificate} />}
      {certificate.kind === 'leaf' && (
        <section className="certificates-box" aria-label="What is served">
          <h3>What does a running listener serve?</h3>
          <ServedCheckBox
            key={certificate.id}
            name={servedName}
            listener={uses.find(({ role }) => role === 'serves')?.id}
          />
        </section>
      )}
      <LifeButtons certificate={certificate} isUsed={uses.length > 0} />
    </div>
  );
}

const roleWords: Readonly<Record<CertificateUse['role'], string>> = {
  serves: 'shows it to clients',
  trusts: 'accepts what it signed',
  shows: 'shows it to endpoints',
};

function Use({ use }: { readonly use: CertificateUse }) {
  const { ui } = useCertificates();
  const open = () => {
    ui.show('routes');
    ui.select(`${use.place}:${use.id}`);
  };
  return (
    <span className="certificates-use">
      <button type="button" className="link" onClick={open}>
        {use.place} {use.id}
      </button>{' '}
      {roleWords[use.role]}
    </span>
  );
}
