import { RefreshCw } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { TrustStatus } from '../../../main/contract/trustStore';
import { IconButton } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { useCertificates } from '../CertificatesContext';
import { useAction } from '../useAction';
import { ClientHelp } from './ClientHelp';
import { PhonePanel } from './PhonePanel';
import { TrustStoreRow } from './TrustStoreRow';

/** Who on this machine trusts the local CA, store by store, and how others come to. */
export function TrustPanel(props: { readonly caFingerprint: string | null; readonly caFile: string }) {
  const { api } = useCertificates();
  const { run, isBusy, error } = useAction();
  const [status, setStatus] = useState<TrustStatus | null>(null);
  const { caFingerprint } = props;
  const load = useCallback(
    () => run(async () => setStatus(await api.call('getTrustStatus', undefined))),
    [api, run],
  );
  useEffect(() => {
    // Asked again when another CA takes the place of this one.
    void caFingerprint;
    let isCurrent = true;
    api.call('getTrustStatus', undefined).then(
      (answer) => isCurrent && setStatus(answer),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [api, caFingerprint]);
  return (
    <>
      <section className="certificates-panel certificates-section" aria-label="Trust on this machine">
        <header className="certificates-section-head">
          <h2>Trust on this machine</h2>
          <IconButton
            label="Look again"
            icon={<RefreshCw size={15} />}
            isBusy={isBusy}
            onClick={() => void load()}
          />
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
                setStatus({
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
