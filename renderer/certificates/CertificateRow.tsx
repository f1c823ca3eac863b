import { Ban, TriangleAlert } from 'lucide-react';
import type { CertificateInfo } from '../../main/contract/certificate';
import { Badge } from '../components/Badge';
import { commonName, titleOf } from './certificateUse';
import { ExpiryBadge } from './ExpiryBadge';

export function CertificateRow(props: {
  readonly certificate: CertificateInfo;
  readonly usedBy: readonly string[];
  readonly isSelected: boolean;
  readonly onSelect: () => void;
}) {
  const { certificate, usedBy } = props;
  const isRevoked = certificate.revokedAt !== null;
  const hasWarning = certificate.warnings.some(
    ({ code, severity }) => severity !== 'info' && !shownElsewhere.has(code),
  );
  return (
    <tr className={props.isSelected ? 'certificates-selected' : undefined}>
      <th scope="row">
        <button
          type="button"
          className="certificates-open"
          aria-pressed={props.isSelected}
          onClick={props.onSelect}
        >
          {titleOf(certificate)}
        </button>
        <span className="certificates-key">
          <code>{certificate.id}</code> · {certificate.keyType}
          {certificate.kind === 'authority' && ' · a CA to trust'}
        </span>
      </th>
      <td>
        <span className="certificates-states">
          <ExpiryBadge notAfter={certificate.notAfter} />
          {isRevoked && (
            <Badge tone="danger" icon={<Ban size={12} aria-hidden />}>
              revoked
            </Badge>
          )}
          {hasWarning && (
            <Badge tone="warning" icon={<TriangleAlert size={12} aria-hidden />}>
              look at it
            </Badge>
          )}
        </span>
      </td>
      <td className="certificates-column-issuer">
        {certificate.isLocal ? 'local CA' : commonName(certificate.issuer)}
      </td>
      <td>
        {usedBy.length === 0 ? <span className="certificates-unused">nothing</span> : usedBy.join(', ')}
      </td>
    </tr>
  );
}

/** These have a badge of their own in the row. */
const shownElsewhere: ReadonlySet<string> = new Set(['expired', 'expires_soon', 'revoked']);
