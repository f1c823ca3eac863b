import { Field } from './Field';

/** A labelled line of text: a name, a path, a password. Nothing is capitalised, completed or spell-checked. */
export function TextInput(props: {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly type?: 'text' | 'password' | 'number' | 'email' | 'url';
  readonly onChange: (value: string) => void;
}) {
  const { label, unit, help, error, type = 'text' } = props;
  return (
    <Field label={label} help={help} error={error} unit={unit}>
      {(control) => (
        <input
          {...control}
          className="input"
          type={type}
          autoCapitalize="none"
          autoComplete={type === 'password' ? 'new-password' : 'off'}
          spellCheck={false}
          placeholder={props.placeholder}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
