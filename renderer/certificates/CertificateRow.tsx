import type { CertificateInfo } from '../../main/contract/certificate';
import { commonName } from './certificateUse';
import { ExpiryBadge } from './ExpiryBadge';

export function CertificateRow(props: {
  readonly certificate: CertificateInfo;
  readonly usedBy: readonly string[];
}) {
  const { certificate, usedBy } = props;
  const names = [...certificate.dnsNames, ...certificate.ipAddresses];
  return (
    <tr>
      <th scope="row">
        <code>{certificate.id}</code>
        <span className="certificates-key">{certificate.keyType}</span>
      </th>
      <td>{names.length === 0 ? commonName(certificate.subject) : names.join(', ')}</td>
      <td>
        <ExpiryBadge notAfter={certificate.notAfter} />
      </td>
      <td>{certificate.isLocal ? 'local CA' : commonName(certificate.issuer)}</td>
      <td>
        {usedBy.length === 0 ? <span className="certificates-unused">no listener</span> : usedBy.join(', ')}
      </td>
    </tr>
  );
}
