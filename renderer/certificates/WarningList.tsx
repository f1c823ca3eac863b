import type { CertificateWarning } from '../../main/contract/certificate';
import { Notice } from '../components/Notice';

const tones = { info: 'info', warning: 'warning', error: 'danger' } as const;

/** What is wrong or unusual with a certificate, one sentence each. */
export function WarningList({ warnings }: { readonly warnings: readonly CertificateWarning[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul className="certificates-warnings">
      {warnings.map((warning) => (
        <li key={warning.code}>
          <Notice tone={tones[warning.severity]}>{warning.message}</Notice>
        </li>
      ))}
    </ul>
  );
}
