import { RefreshCw } from 'lucide-react';
import { useCallback } from 'react';
import { IconButton } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useLoaded } from '../useLoaded';
import { ClientHelp } from './ClientHelp';
import { PhonePanel } from './PhonePanel';
import { TrustStoreRow } from './TrustStoreRow';

/** Who on this machine trusts the local CA, store by store, and how others come to. */
export function TrustPanel(props: { readonly caFingerprint: string | null; readonly caFile: string }) {
  const { api } = useCertificates();
  const { caFingerprint } = props;
  const load = useCallback(() => {
    // Asked again when another CA takes the place of this one.
    void caFingerprint;
    return api.call('getTrustStatus', undefined);
  }, [api, caFingerprint]);
  const { value: status, error, setValue, reload } = useLoaded(load);
  return (
    <>
      <section className="certificates-panel certificates-section" aria-label="Trust on this machine">
        <header className="certificates-section-head">
          <h2>Trust on this machine</h2>
          <IconButton label="Look again" icon={<RefreshCw size={15} />} onClick={reload} />
        </header>
        {error !== null && <Notice tone="danger">{error}</Notice>}
        {status === null && error === null && <p className="field-help">Looking at the trust stores…</p>}
        {status?.stores.length === 0 && (
          <p className="field-help">No trust store that Hopscope knows was found on this machine.</p>
        )}
        <ul className="certificates-stores">
          {status?.stores.map((store) => (
            <TrustStoreRow
              key={store.id}
              store={store}
              hasCa={caFingerprint !== null}
              onChanged={(changed) =>
                setValue({
                  ...status,
                  stores: status.stores.map((item) => (item.id === changed.id ? changed : item)),
                })
              }
            />
          ))}
        </ul>
      </section>
      {caFingerprint !== null && <ClientHelp caFile={props.caFile} />}
      {caFingerprint !== null && <PhonePanel />}
    </>
  );
}
