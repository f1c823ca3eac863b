import { Download } from 'lucide-react';
import { useCallback } from 'react';
import { useStore } from 'zustand';
import { Button } from '../components/Button';
import { download } from '../components/download';
import { useCertificates } from './CertificatesContext';
import { useLoaded } from './useLoaded';
import { dayOf, momentOf } from './words';

/** What the local CA has taken back. */
export function RevocationPanel() {
  const { api, certificates } = useCertificates();
  const info = useStore(certificates, (state) => state.info);
  const load = useCallback(() => {
    // Each change of the store may have changed the list.
    void info;
    return api.call('getRevocationList', undefined);
  }, [api, info]);
  const { value: list } = useLoaded(load);
  if (list === null || list.entries.length === 0) return null;
  const { crlPem } = list;
  return (
    <section className="certificates-panel certificates-section" aria-label="Revocation list">
      <header className="certificates-section-head">
        <h2>Revocation list, number {list.number}</h2>
        {crlPem !== null && (
          <Button
            size="small"
            icon={<Download size={14} aria-hidden />}
            onClick={() => download('hopscope-ca.crl.pem', crlPem, 'application/x-pem-file')}
          >
            Save
          </Button>
        )}
      </header>
      <p className="field-help">
        Kept in <code>{list.file}</code>
        {list.nextUpdate !== null && `, made anew before ${dayOf(list.nextUpdate)}`}.
      </p>
      <ul className="certificates-stores">
        {list.entries.map((entry) => (
          <li key={entry.serialNumber} className="certificates-store">
            <div className="certificates-store-text">
              <strong>{entry.names.join(', ')}</strong>
              <span className="field-help">
                {momentOf(entry.revokedAt)} · serial <code>{entry.serialNumber}</code>
              </span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
