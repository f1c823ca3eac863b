import { CheckField } from '../../components/CheckField';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import type { ComposedTls } from '../composed';
import type { FormProps } from './formProps';

/** What the handshake asks for. */
export function TlsTab(props: FormProps & { readonly certificates: readonly string[] }) {
  const { composed, change } = props;
  const { tls } = composed;
  const set = (part: Partial<ComposedTls>) => change({ tls: { ...tls, ...part } });
  return (
    <div className="composer-form">
      <p className="field-help">For https, wss and tls URLs.</p>
      <div className="field-pair">
        <SelectField
          label="Server name (SNI)"
          value={tls.serverName}
          choices={[
            { value: 'host', label: 'the host of the URL' },
            { value: 'other', label: 'another one' },
            { value: 'none', label: 'none' },
          ]}
          onChange={(serverName) => set({ serverName })}
        />
        {tls.serverName === 'other' && (
          <TextInput
            label="Name"
            value={tls.otherName}
            placeholder="shop.test"
            help="The certificate must be for it."
            onChange={(otherName) => set({ otherName })}
          />
        )}
      </div>
      <div className="field-pair">
        <SelectField
          label="ALPN offers"
          value={tls.alpn}
          choices={[
            { value: 'auto', label: 'what the HTTP version needs' },
            { value: 'both', label: 'h2, http/1.1' },
            { value: 'h2', label: 'h2' },
            { value: 'http/1.1', label: 'http/1.1' },
            { value: 'none', label: 'nothing' },
          ]}
          onChange={(alpn) => set({ alpn })}
        />
        <SelectField
          label="Newest version"
          value={tls.maxVersion}
          choices={[
            { value: 'TLSv1.3', label: 'TLS 1.3' },
            { value: 'TLSv1.2', label: 'TLS 1.2' },
          ]}
          onChange={(maxVersion) => set({ maxVersion })}
        />
      </div>
      <SelectField
        label="Client certificate"
        value={tls.clientCertificate}
        choices={[
          { value: '', label: 'none' },
          ...shownCertificates(props.certificates, tls.clientCertificate).map((id) => ({
            value: id,
            label: id,
          })),
        ]}
        help="Of the store; shown to a server that asks for one."
        onChange={(clientCertificate) => set({ clientCertificate })}
      />
      <CheckField
        label="Check the certificate"
        help="Against the local CA, the sample servers' and the public authorities. Off: it is taken whatever it is, and the answer says what is wrong with it."
        isChecked={tls.verify}
        onChange={(verify) => set({ verify })}
      />
    </div>
  );
}

/** The chosen one stays in the list when it left the store. */
function shownCertificates(ids: readonly string[], chosen: string): readonly string[] {
  return chosen === '' || ids.includes(chosen) ? ids : [...ids, chosen];
}
