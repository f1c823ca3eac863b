import { useStore } from 'zustand';
import type { CertificateInfo } from '../../main/contract/certificate';
import { CertificateRow } from './CertificateRow';
import { useCertificates } from './CertificatesContext';
import { usesInWords } from './certificateUse';

/** What is in the store, soonest end first. */
export function CertificateTable(props: {
  readonly items: readonly CertificateInfo[];
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}) {
  const { config } = useCertificates();
  const document = useStore(config, (state) => state.draft.document);
  const items = [...props.items].sort((one, other) => one.notAfter.localeCompare(other.notAfter));
  return (
    <section className="certificates-panel" aria-label="Certificates in the store">
      <table className="certificates-table">
        <thead>
          <tr>
            <th scope="col">Names</th>
            <th scope="col">Expiry</th>
            <th scope="col" className="certificates-column-issuer">
              Issuer
            </th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <CertificateRow
              key={item.id}
              certificate={item}
              usedBy={usesInWords(document, item.id)}
              isSelected={item.id === props.selected}
              onSelect={() => props.onSelect(item.id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}
