import { useCallback, useEffect, useState } from 'react';
import { renderSVG } from 'uqr';
import { Button } from '../../components/Button';
import { CheckField } from '../../components/CheckField';
import { CopyButton } from '../../components/CopyButton';
import { Notice } from '../../components/Notice';
import { SelectField } from '../../components/SelectField';
import { useCertificates } from '../CertificatesContext';
import { useAction } from '../useAction';
import { useLoaded } from '../useLoaded';
import { momentOf } from '../words';

/** Gives the CA's public certificate to phones: a port on the local network, for some minutes, after a yes. */
export function PhonePanel() {
  const { api } = useCertificates();
  const { run, isBusy, error } = useAction();
  const load = useCallback(() => api.call('getCaDownload', undefined), [api]);
  const { value: state, setValue: setState } = useLoaded(load);
  const [address, setAddress] = useState('');
  const [agrees, setAgrees] = useState(false);
  useEffect(() => api.on('caDownload.changed', setState), [api, setState]);
  if (state === null) return null;
  const chosen = state.addresses.find((item) => item.address === address) ?? state.addresses[0];
  return (
    <section className="certificates-panel certificates-section" aria-label="Phones and tablets">
      <h2>Phones and tablets</h2>
      {error !== null && <Notice tone="danger">{error}</Notice>}
      {state.active !== null ? (
        <div className="certificates-phone">
          <img
            className="certificates-qr"
            alt={`QR code of ${state.active.url}`}
            src={`data:image/svg+xml,${encodeURIComponent(renderSVG(state.active.url))}`}
          />
          <div className="certificates-detail-body">
            <p>
              Open <code>{state.active.url}</code> on the phone. Only the public certificate is there.
            </p>
            <p className="field-help">
              Fetched {state.active.downloads === 1 ? 'once' : `${state.active.downloads} times`}. It closes
              by itself at {momentOf(state.active.expiresAt)}.
            </p>
            <div className="certificates-buttons">
              <CopyButton text={state.active.url} label="Copy address" />
              <Button
                size="small"
                isBusy={isBusy}
                onClick={() => void run(async () => setState(await api.call('stopCaDownload', undefined)))}
              >
                Close it now
              </Button>
            </div>
          </div>
        </div>
      ) : chosen === undefined ? (
        <p className="field-help">This machine is in no network that a phone could reach it by.</p>
      ) : (
        <div className="certificates-detail-body">
          <SelectField
            label="Network"
            value={chosen.address}
            choices={state.addresses.map((item) => ({
              value: item.address,
              label: `${item.network} (${item.address})`,
            }))}
            onChange={setAddress}
          />
          <CheckField
            isChecked={agrees}
            label="Open a port to this network for 10 minutes"
            help="It hands out the CA's public certificate and nothing else."
            onChange={setAgrees}
          />
          <div>
            <Button
              disabled={!agrees}
              isBusy={isBusy}
              onClick={() =>
                void run(async () =>
                  setState(await api.call('startCaDownload', { address: chosen.address, agrees: true })),
                )
              }
            >
              Show the QR code
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}
