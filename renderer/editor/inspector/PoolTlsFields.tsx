import { useStore } from 'zustand';
import type { PoolDocument } from '../../../main/contract/config';
import { Section } from '../../components/Section';
import { useEditor } from '../EditorContext';
import { CheckboxField, type Choice, SelectField, TextField } from './BoundFields';
import { CertificateChecks } from './CertificateChecks';

type TlsDocument = NonNullable<PoolDocument['tls']>;

/** Whether and how the traffic is encrypted again towards the endpoints. */
export function PoolTlsFields(props: {
  readonly tls: TlsDocument | undefined;
  readonly onChange: (tls: TlsDocument | undefined) => void;
}) {
  const { tls, onChange } = props;
  const { certificates } = useEditor();
  const stored = useStore(certificates, (state) => state.info?.certificates ?? none);
  const set = <Key extends keyof TlsDocument>(key: Key, value: TlsDocument[Key] | undefined) => {
    const { [key]: _old, ...rest } = tls ?? {};
    onChange(value === undefined ? rest : { ...rest, [key]: value });
  };
  const own = tls?.clientCertificate ?? '';
  const ids = [...new Set([...stored.map(({ id }) => id), ...(own === '' ? [] : [own])])];
  const choices: Choice<string>[] = [
    { value: '', label: 'none' },
    ...ids.map((id) => ({ value: id, label: id })),
  ];
  return (
    <Section title="TLS to the endpoints" summary={tls === undefined ? 'off' : 'on'}>
      <CheckboxField
        name="pool.tls"
        at={['tls']}
        value={tls !== undefined}
        onChange={(isOn) => onChange(isOn ? {} : undefined)}
      />
      {tls !== undefined && (
        <>
          <TextField
            name="pool.tls.serverName"
            at={['tls', 'serverName']}
            value={tls.serverName}
            onChange={(serverName) => set('serverName', serverName)}
          />
          <CheckboxField
            name="pool.tls.verify"
            at={['tls', 'verify']}
            value={tls.verify ?? true}
            onChange={(verify) => set('verify', verify ? undefined : false)}
          />
          <CertificateChecks
            name="pool.tls.caCertificates"
            at={['tls', 'caCertificates']}
            chosen={tls.caCertificates ?? none}
            onChange={(ids) => set('caCertificates', ids)}
          />
          <SelectField
            name="pool.tls.clientCertificate"
            at={['tls', 'clientCertificate']}
            value={own}
            choices={choices}
            onChange={(id) => set('clientCertificate', id === '' ? undefined : id)}
          />
        </>
      )}
    </Section>
  );
}

const none: readonly never[] = [];
