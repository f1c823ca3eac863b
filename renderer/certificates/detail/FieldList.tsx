import type { CertificateField } from '../../../main/contract/certificateDetails';
import { Badge } from '../../components/Badge';

const groups: readonly { readonly id: CertificateField['group']; readonly title: string }[] = [
  { id: 'subject', title: 'Who it is for' },
  { id: 'validity', title: 'When it is valid' },
  { id: 'key', title: 'Key' },
  { id: 'extension', title: 'Extensions' },
  { id: 'signature', title: 'Signature' },
  { id: 'other', title: 'Other' },
];

/** Every field of the certificate with what it means. */
export function FieldList({ fields }: { readonly fields: readonly CertificateField[] }) {
  return (
    <div className="certificates-fields">
      {groups.map(({ id, title }) => {
        const members = fields.filter((field) => field.group === id);
        if (members.length === 0) return null;
        return (
          <section key={id} aria-label={title}>
            <h3>{title}</h3>
            {members.map((field) => (
              <FieldRow key={`${field.name} ${field.oid ?? ''}`} field={field} />
            ))}
          </section>
        );
      })}
    </div>
  );
}

function FieldRow({ field }: { readonly field: CertificateField }) {
  return (
    <div className="certificates-field">
      <p className="certificates-field-name">
        <strong>{field.name}</strong>
        {field.isCritical === true && <Badge tone="info">critical</Badge>}
        {field.oid !== null && <code className="field-help">{field.oid}</code>}
      </p>
      {field.value.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines may repeat; their place is their name.
        <p key={index} className="certificates-value mono">
          {line}
        </p>
      ))}
      <p className="field-help">{field.explanation}</p>
    </div>
  );
}
