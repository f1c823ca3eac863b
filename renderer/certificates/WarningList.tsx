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
          <Notice tone={tones[warning.severity]}>{asSentence(warning.message)}</Notice>
        </li>
      ))}
    </ul>
  );
}

/** Messages are written to stand behind a colon on the command line as well. */
function asSentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
