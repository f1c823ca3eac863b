import { X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { FieldControl } from './Field';

/** A list of short texts as chips. Enter, comma, space or leaving the field adds; Backspace takes the last one back. */
export function ChipsInput(props: {
  readonly control: FieldControl;
  readonly values: readonly string[];
  readonly placeholder?: string | undefined;
  readonly invalid?: ReadonlySet<number>;
  readonly onChange: (values: string[]) => void;
}) {
  const [text, setText] = useState('');
  const { values, onChange } = props;
  const commit = () => {
    const added = text
      .split(/[\s,]+/)
      .map((item) => item.toLowerCase())
      .filter((item) => item !== '' && !values.includes(item));
    setText('');
    if (added.length > 0) onChange([...values, ...new Set(added)]);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && isCommand) commit();
    else if (['Enter', ',', ' '].includes(event.key)) {
      event.preventDefault();
      commit();
    } else if (event.key === 'Backspace' && text === '') {
      const last = values.at(-1);
      if (last === undefined) return;
      event.preventDefault();
      onChange(values.slice(0, -1));
      setText(last);
    }
  };
  return (
    <div className="chips input">
      {values.map((value, index) => (
        <span key={value} className={`chip ${props.invalid?.has(index) === true ? 'chip-invalid' : ''}`}>
          {value}
          <button
            type="button"
            aria-label={`Remove ${value}`}
            onClick={() => onChange(values.filter((item) => item !== value))}
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      ))}
      <input
        {...props.control}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        placeholder={values.length === 0 ? props.placeholder : undefined}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={commit}
      />
    </div>
  );
}
