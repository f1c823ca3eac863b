// Fields of a filter that know their text and show the problem at their path inside the filter.
import type { ReactNode } from 'react';
import { ChipsInput } from '../../components/ChipsInput';
import { Field, type FieldControl } from '../../components/Field';
import { type FieldName, fieldText } from '../fieldHelp';
import { useFieldProblem } from './FormContext';

/** "filter.fault.delay.ms" stands at ["delay", "ms"] of its filter. */
export function filterPath(name: FieldName): string[] {
  return name.split('.').slice(2);
}

export function NamedField(props: {
  readonly name: FieldName;
  readonly children: (control: FieldControl, fallback: string | undefined) => ReactNode;
}) {
  const { label, unit, help, fallback } = fieldText(props.name);
  const at = filterPath(props.name);
  return (
    <Field label={label} unit={unit} help={help} name={props.name} at={at.join('.')} {...useFieldProblem(at)}>
      {(control) => props.children(control, fallback)}
    </Field>
  );
}

/** Whole numbers; an empty field is taken out of the document. */
export function FilterNumberField(props: {
  readonly name: FieldName;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}) {
  return (
    <NamedField name={props.name}>
      {(control, fallback) => (
        <input
          {...control}
          className="input"
          inputMode="numeric"
          autoComplete="off"
          placeholder={fallback}
          value={props.value === undefined ? '' : String(props.value)}
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '').slice(0, 12);
            props.onChange(digits === '' ? undefined : Number(digits));
          }}
        />
      )}
    </NamedField>
  );
}

export function FilterTextField(props: {
  readonly name: FieldName;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}) {
  return (
    <NamedField name={props.name}>
      {(control, fallback) => (
        <input
          {...control}
          className="input"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          placeholder={fallback}
          value={props.value ?? ''}
          onChange={(event) => props.onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </NamedField>
  );
}

export function FilterChipsField(props: {
  readonly name: FieldName;
  readonly values: readonly string[];
  readonly placeholder: string;
  readonly onChange: (values: string[]) => void;
}) {
  return (
    <NamedField name={props.name}>
      {(control) => (
        <ChipsInput
          control={control}
          values={props.values}
          placeholder={props.placeholder}
          onChange={props.onChange}
        />
      )}
    </NamedField>
  );
}
