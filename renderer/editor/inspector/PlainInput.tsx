import { Field } from '../../components/Field';

/** One line of text that is nobody's field in the document: a host name to ask for, a path. */
export function PlainInput(props: {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={props.label}>
      {(control) => (
        <input
          {...control}
          className="input"
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          placeholder={props.placeholder}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
