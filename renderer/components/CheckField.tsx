import type { ReactNode } from 'react';

/** A box to tick, with a line of help where it needs one. */
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
        {props.help !== undefined && <span className="field-help check-help">{props.help}</span>}
      </span>
    </label>
  );
}
