// The few controls that the dialogs of this screen are made of.
import { type CertificateKeyType, certificateKeyTypes } from '../../main/contract/certificate';
import { ChipsInput } from '../components/ChipsInput';
import { Field } from '../components/Field';
import { SelectField } from '../components/SelectField';

const keyTypeTexts: Readonly<Record<CertificateKeyType, string>> = {
  'ecdsa-p256': 'ECDSA P-256 (best for most)',
  'ecdsa-p384': 'ECDSA P-384',
  'rsa-2048': 'RSA 2048 (old clients)',
  'rsa-3072': 'RSA 3072',
  'rsa-4096': 'RSA 4096 (slow)',
};

export function NamesField(props: {
  readonly label?: string;
  readonly values: readonly string[];
  readonly help?: string;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly onChange: (values: string[]) => void;
}) {
  return (
    <Field label={props.label ?? 'Host names and IP addresses'} help={props.help} error={props.error}>
      {(control) => (
        <ChipsInput
          control={control}
          values={props.values}
          placeholder={props.placeholder ?? 'shop.test, *.shop.test, 127.0.0.1'}
          onChange={props.onChange}
        />
      )}
    </Field>
  );
}

export function KeyTypeField(props: {
  readonly value: CertificateKeyType;
  readonly onChange: (value: CertificateKeyType) => void;
}) {
  const choices = certificateKeyTypes.map((value) => ({ value, label: keyTypeTexts[value] }));
  return <SelectField label="Key" value={props.value} choices={choices} onChange={props.onChange} />;
}
