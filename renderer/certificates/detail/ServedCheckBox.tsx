import { Radar } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ServedCheck } from '../../../main/contract/certificateDetails';
import { Button } from '../../components/Button';
import { Field } from '../../components/Field';
import { Notice } from '../../components/Notice';
import { SelectField } from '../../components/SelectField';
import { useCertificates } from '../CertificatesContext';
import { commonName, tlsListeners } from '../certificateUse';
import { useAction } from '../useAction';

/** Asks a running listener by a real TLS handshake what it serves for a name. */
export function ServedCheckBox(props: { readonly name: string; readonly listener?: string | undefined }) {
  const { api, config } = useCertificates();
  const document = useStore(config, (state) => state.running?.document);
  const listeners = document === undefined ? [] : tlsListeners(document);
  const action = useAction();
  const [listener, setListener] = useState(props.listener ?? '');
  const [name, setName] = useState(props.name);
  const [check, setCheck] = useState<ServedCheck | null>(null);
  const asked = listeners.includes(listener) ? listener : listeners[0];
  if (asked === undefined) {
    return <p className="field-help">No listener with TLS is running, so nothing can be asked yet.</p>;
  }
  const ask = () =>
    void action.run(async () => {
      const serverName = name.trim() === '' ? null : name.trim();
      setCheck(await api.call('checkServedCertificate', { listener: asked, serverName }));
    });
  return (
    <form
      className="certificates-served"
      aria-label="What does a listener serve?"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <div className="certificates-columns">
        <SelectField
          label="Listener"
          value={asked}
          choices={listeners.map((id) => ({ value: id, label: id }))}
          onChange={setListener}
        />
        <Field label="Server name (SNI)">
          {(control) => (
            <input
              {...control}
              className="input"
              autoComplete="off"
              spellCheck={false}
              placeholder="none"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" icon={<Radar size={15} aria-hidden />} isBusy={action.isBusy}>
        Make a TLS handshake
      </Button>
      {action.error !== null && <Notice tone="danger">{action.error}</Notice>}
      {check !== null && <ServedResult check={check} />}
    </form>
  );
}

function ServedResult({ check }: { readonly check: ServedCheck }) {
  const served = check.chain[0];
  return (
    <div role="status" className="certificates-served-result">
      <Notice tone={check.isAccepted ? 'ok' : 'warning'}>
        {check.isAccepted
          ? 'A client that trusts the local CA accepts it.'
          : (check.problem ?? 'A client would not accept it.')}
      </Notice>
      {served !== undefined && (
        <dl className="certificates-facts">
          <dt>Serves</dt>
          <dd>{check.certificate ?? `another certificate (${commonName(served.subject)})`}</dd>
          <dt>For</dt>
          <dd>{[...served.dnsNames, ...served.ipAddresses].join(', ')}</dd>
          <dt>Chain</dt>
          <dd>{check.chain.map(({ subject }) => commonName(subject)).join(' ← ')}</dd>
          <dt>Session</dt>
          <dd>
            {[check.protocol, check.cipher, check.alpn ?? 'no ALPN']
              .filter((part) => part !== null)
              .join(' · ')}
          </dd>
          <dt>Asked</dt>
          <dd>
            {check.peer} in {check.durationMs.toFixed(1)} ms
          </dd>
        </dl>
      )}
    </div>
  );
}
