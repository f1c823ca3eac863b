// The few controls that the dialogs of this screen are made of.
import type { ReactNode } from 'react';
import { type CertificateKeyType, certificateKeyTypes } from '../../main/contract/certificate';
import { ChipsInput } from '../components/ChipsInput';
import { Field } from '../components/Field';

const keyTypeTexts: Readonly<Record<CertificateKeyType, string>> = {
  'ecdsa-p256': 'ECDSA P-256 (best for most)',
  'ecdsa-p384': 'ECDSA P-384',
  'rsa-2048': 'RSA 2048 (old clients)',
  'rsa-3072': 'RSA 3072',
  'rsa-4096': 'RSA 4096 (slow)',
};

export function AreaField(props: {
  readonly label: string;
  readonly value: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={props.label} help={props.help}>
      {(control) => (
        <textarea
          {...control}
          className="input mono"
          rows={5}
          spellCheck={false}
          placeholder={props.placeholder}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

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

export function SelectField<Value extends string>(props: {
  readonly label: string;
  readonly value: Value;
  readonly help?: string;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Field label={props.label} help={props.help}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={props.value}
          onChange={(event) => {
            const chosen = props.choices.find(({ value }) => value === event.target.value);
            if (chosen !== undefined) props.onChange(chosen.value);
          }}
        >
          {props.choices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
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

export function CheckField(props: {
  readonly isChecked: boolean;
  readonly label: ReactNode;
  readonly help?: string;
  readonly onChange: (isChecked: boolean) => void;
}) {
  return (
    <label className="checkbox">
      <input
        type="checkbox"
        checked={props.isChecked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span>
        {props.label}
        {props.help !== undefined && <span className="field-help certificates-check-help">{props.help}</span>}
      </span>
    </label>
  );
}
