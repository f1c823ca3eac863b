import { useId } from 'react';
import { FieldMessage } from '../../components/Field';
import type { FieldName } from '../fieldHelp';
import { useFieldProblem } from './FormContext';

export interface RadioChoice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly help: string;
}

/** A few choices with a line of explanation each. */
export function RadioGroup<Value extends string>(props: {
  readonly label: string;
  readonly field?: FieldName;
  readonly value: Value;
  readonly choices: readonly RadioChoice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  const name = useId();
  const at = props.field?.split('.').slice(1) ?? [];
  const problem = useFieldProblem(at);
  return (
    <fieldset
      className="radio-group"
      data-field={props.field}
      data-at={at.length === 0 ? undefined : at.join('.')}
    >
      <legend className="field-label">{props.label}</legend>
      {props.choices.map((choice) => (
        <label key={choice.value} className="radio">
          <input
            type="radio"
            name={name}
            checked={choice.value === props.value}
            onChange={() => props.onChange(choice.value)}
          />
          <span>
            <span className="radio-label">{choice.label}</span>
            <span className="field-help">{choice.help}</span>
          </span>
        </label>
      ))}
      {at.length > 0 && <FieldMessage {...problem} />}
    </fieldset>
  );
}
