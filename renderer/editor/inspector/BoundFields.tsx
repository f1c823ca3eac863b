// Fields that know their text (fieldHelp) and show the problem at their path in the document.
import { useId, useState } from 'react';
import { ChipsInput } from '../../components/ChipsInput';
import { Field, type FieldControl, FieldMessage } from '../../components/Field';
import { type FieldName, fieldText } from '../fieldHelp';
import { useFieldProblem } from './FormContext';

type Path = readonly (string | number)[];

interface BoundProps {
  readonly name: FieldName;
  readonly at: Path;
  readonly isLabelHidden?: boolean;
  /** Tables have one help for the whole column. */
  readonly isHelpHidden?: boolean;
}

function useBound({ name, at, isLabelHidden, isHelpHidden }: BoundProps) {
  const text = fieldText(name);
  const problem = useFieldProblem(at);
  return {
    text,
    field: {
      label: text.label,
      unit: text.unit,
      help: isHelpHidden === true ? undefined : text.help,
      isLabelHidden: isLabelHidden ?? false,
      at: at.join('.'),
      name,
      ...problem,
    },
  };
}

/** An empty field is taken out of the document: the default holds. */
export function TextField(
  props: BoundProps & {
    readonly value: string | undefined;
    readonly onChange: (value: string | undefined) => void;
  },
) {
  const { text, field } = useBound(props);
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          className="input"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          placeholder={text.fallback}
          value={props.value ?? ''}
          onChange={(event) => props.onChange(event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </Field>
  );
}

/** Whole numbers only; anything but digits cannot be typed. Ranges are checked by the document's schema. */
export function NumberField(
  props: BoundProps & {
    readonly value: number | undefined;
    readonly onChange: (value: number | undefined) => void;
  },
) {
  const { text, field } = useBound(props);
  return (
    <Field {...field}>
      {(control) => (
        <input
          {...control}
          className="input"
          inputMode="numeric"
          autoComplete="off"
          placeholder={text.fallback}
          value={props.value === undefined ? '' : String(props.value)}
          onChange={(event) => props.onChange(readNumber(event.target.value))}
        />
      )}
    </Field>
  );
}

/** A list of whole numbers as chips. */
export function NumbersField(
  props: BoundProps & { readonly values: readonly number[]; readonly onChange: (values: number[]) => void },
) {
  const { text, field } = useBound(props);
  return (
    <Field {...field}>
      {(control) => (
        <ChipsInput
          control={control}
          values={props.values.map(String)}
          placeholder={text.fallback}
          onChange={(values) =>
            props.onChange(values.map(readNumber).filter((value): value is number => value !== undefined))
          }
        />
      )}
    </Field>
  );
}

const mostDigits = 12;

function readNumber(text: string): number | undefined {
  const digits = text.replace(/\D/g, '').slice(0, mostDigits);
  return digits === '' ? undefined : Number(digits);
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export function SelectField<Value extends string>(
  props: BoundProps & {
    readonly value: Value;
    readonly choices: readonly Choice<Value>[];
    readonly onChange: (value: Value) => void;
  },
) {
  const { field } = useBound(props);
  return <Field {...field}>{(control) => <ChoiceSelect control={control} {...props} />}</Field>;
}

export function ChoiceSelect<Value extends string>(props: {
  readonly control: Partial<FieldControl> & { readonly 'aria-label'?: string };
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <select
      {...props.control}
      className="input"
      value={props.value}
      onChange={(event) => {
        const choice = props.choices.find((item) => item.value === event.target.value);
        if (choice !== undefined) props.onChange(choice.value);
      }}
    >
      {props.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function CheckboxField(
  props: BoundProps & { readonly value: boolean; readonly onChange: (value: boolean) => void },
) {
  const { text, field } = useBound(props);
  const note = useId();
  return (
    <div className="field" data-at={field.at} data-field={field.name}>
      <label className="checkbox">
        <input
          type="checkbox"
          aria-describedby={note}
          aria-invalid={field.error !== undefined || undefined}
          checked={props.value}
          onChange={(event) => props.onChange(event.target.checked)}
        />
        <span className="field-label">{text.label}</span>
      </label>
      <div id={note}>
        <FieldMessage error={field.error} warning={field.warning} />
        {field.help !== undefined && <p className="field-help checkbox-help">{field.help}</p>}
      </div>
    </div>
  );
}

/** The id of a thing. Others refer to it, so it changes only when the field is left with a good one. */
export function IdField(props: {
  readonly name: FieldName;
  readonly id: string;
  readonly taken: readonly string[];
  readonly onRename: (id: string) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const { label, help } = fieldText(props.name);
  const shown = text ?? props.id;
  const problem = useFieldProblem(['id']);
  const error = idError(shown, props) ?? problem.error;
  const commit = () => {
    if (text !== null && text !== props.id && idError(text, props) === undefined) props.onRename(text);
    setText(null);
  };
  return (
    <Field label={label} help={help} error={error} at="id" name={props.name}>
      {(control) => (
        <input
          {...control}
          className="input mono"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={shown}
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setText(null);
          }}
        />
      )}
    </Field>
  );
}

function idError(text: string, props: { readonly id: string; readonly taken: readonly string[] }) {
  if (!/^[a-z0-9-]{1,63}$/.test(text)) return '1–63 characters of a–z, 0–9 and "-".';
  if (text !== props.id && props.taken.includes(text)) return `"${text}" is taken already.`;
  return undefined;
}
