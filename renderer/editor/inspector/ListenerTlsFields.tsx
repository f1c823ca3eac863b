import { BadgeCheck } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ListenerDocument } from '../../../main/contract/config';
import { Button } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { fieldText } from '../fieldHelp';
import { certificateNamesFor, listenerHostnames } from '../listenerHostnames';
import { SelectField } from './BoundFields';
import { ClientCertificateFields } from './ClientCertificateFields';
import { useFieldProblem } from './FormContext';

type TlsDocument = NonNullable<ListenerDocument['tls']>;

/** Which certificates a listener serves; one click issues one for the host names of its routes. */
export function ListenerTlsFields(props: {
  readonly listener: ListenerDocument;
  readonly onChange: (tls: TlsDocument) => void;
}) {
  const { listener, onChange } = props;
  const { config, certificates, ui } = useEditor();
  const stored = useStore(certificates, (state) => state.info?.certificates ?? noCertificates);
  const hostnames = useStore(config, (state) =>
    listenerHostnames(state.draft.document, listener.id).join(' '),
  );
  const problem = useFieldProblem(['tls', 'certificates']);
  const [isIssuing, setIssuing] = useState(false);
  const tls = listener.tls ?? {};
  const chosen = tls.certificates ?? [];
  const leaves = stored.filter((item) => item.kind === 'leaf');
  const names = certificateNamesFor(hostnames === '' ? [] : hostnames.split(' '));
  const ids = [...new Set([...leaves.map((item) => item.id), ...chosen])];
  const text = fieldText('listener.tls.certificates');

  const issue = () => {
    setIssuing(true);
    certificates
      .issue({ names })
      .then(
        (issued) => {
          onChange({ ...tls, certificates: [...chosen.filter((id) => id !== issued.id), issued.id] });
          ui.toast('ok', `Certificate ${issued.id} was issued for ${names.join(', ')}. Apply to serve it.`);
        },
        (error: unknown) => ui.toast('danger', error instanceof Error ? error.message : String(error)),
      )
      .finally(() => setIssuing(false));
  };
  return (
    <>
      <fieldset className="check-list" data-field="listener.tls.certificates" data-at="tls.certificates">
        <legend className="field-label">{text.label}</legend>
        {ids.map((id) => {
          const info = leaves.find((item) => item.id === id);
          const isChosen = chosen.includes(id);
          return (
            <label key={id} className="checkbox">
              <input
                type="checkbox"
                checked={isChosen}
                onChange={() =>
                  onChange({
                    ...tls,
                    certificates: isChosen ? chosen.filter((item) => item !== id) : [...chosen, id],
                  })
                }
              />
              <span>
                <code>{id}</code>{' '}
                <span className="field-help">
                  {info === undefined ? 'not in the store' : info.dnsNames.join(', ')}
                </span>
              </span>
            </label>
          );
        })}
        {ids.length === 0 && <p className="field-help">There is no certificate in the store yet.</p>}
        <FieldMessage {...problem} />
        <p className="field-help">{text.help}</p>
      </fieldset>
      <Button
        icon={<BadgeCheck size={15} aria-hidden />}
        isBusy={isIssuing}
        onClick={issue}
        className="button-wrap"
      >
        {isIssuing ? 'Issuing…' : `Issue a certificate for ${names.join(', ')}`}
      </Button>
      <SelectField
        name="listener.tls.minVersion"
        at={['tls', 'minVersion']}
        value={tls.minVersion ?? 'TLSv1.2'}
        choices={[
          { value: 'TLSv1.2', label: 'TLS 1.2' },
          { value: 'TLSv1.3', label: 'TLS 1.3' },
        ]}
        onChange={(minVersion) => onChange({ ...tls, minVersion })}
      />
      <SelectField
        name="listener.tls.alpn"
        at={['tls', 'alpn']}
        value={alpnChoiceOf(tls.alpn)}
        choices={alpnChoices}
        onChange={(choice) =>
          onChange({ ...tls, alpn: choice === bothVersions ? undefined : [choice as 'h2' | 'http/1.1'] })
        }
      />
      <ClientCertificateFields tls={tls} onChange={onChange} />
    </>
  );
}

const bothVersions = 'both';
const alpnChoices = [
  { value: bothVersions, label: 'HTTP/2 and HTTP/1.1' },
  { value: 'http/1.1', label: 'HTTP/1.1 only' },
  { value: 'h2', label: 'HTTP/2 only' },
];

function alpnChoiceOf(alpn: readonly string[] | undefined): string {
  return alpn?.length === 1 ? alpn[0]! : bothVersions;
}

const noCertificates: readonly never[] = [];
