import type { ListenerDocument } from '../../../main/contract/config';
import { type Choice, SelectField } from './BoundFields';
import { CertificateChecks } from './CertificateChecks';

type TlsDocument = NonNullable<ListenerDocument['tls']>;
type Mode = 'off' | 'request' | 'require';

const modes: readonly Choice<Mode>[] = [
  { value: 'off', label: 'Not asked for' },
  { value: 'request', label: 'Asked for, not needed' },
  { value: 'require', label: 'Required' },
];

/** Whether clients must show a certificate, and who may have signed it. */
export function ClientCertificateFields(props: {
  readonly tls: TlsDocument;
  readonly onChange: (tls: TlsDocument) => void;
}) {
  const { tls, onChange } = props;
  const settings = tls.clientCertificates ?? {};
  const mode = settings.mode ?? 'off';
  const setMode = (value: Mode) => {
    const { clientCertificates: _old, ...rest } = tls;
    if (value === 'off') onChange(rest);
    else onChange({ ...rest, clientCertificates: { caCertificates: ['ca'], ...settings, mode: value } });
  };
  return (
    <>
      <SelectField
        name="listener.tls.clientCertificates.mode"
        at={['tls', 'clientCertificates', 'mode']}
        value={mode}
        choices={modes}
        onChange={setMode}
      />
      {mode !== 'off' && (
        <CertificateChecks
          name="listener.tls.clientCertificates.caCertificates"
          at={['tls', 'clientCertificates', 'caCertificates']}
          chosen={settings.caCertificates ?? none}
          onChange={(ids) =>
            onChange({ ...tls, clientCertificates: { ...settings, caCertificates: ids ?? [] } })
          }
        />
      )}
    </>
  );
}

const none: readonly never[] = [];
