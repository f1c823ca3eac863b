import { CircleAlert, TriangleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';

export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: string;
  /** "ms", "bytes"…, shown behind the label. */
  readonly unit?: string | undefined;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly warning?: string | undefined;
  readonly isLabelHidden?: boolean;
  readonly className?: string;
  /** The field's path inside the form's object, "limits.maxConnections": the list of problems leads to it. */
  readonly at?: string | undefined;
  /** The field's name in the schema, "listener.limits.maxConnections". */
  readonly name?: string | undefined;
  /** Draws the control with the ids that tie label, help and error to it. */
  readonly children: (control: FieldControl) => ReactNode;
}

/** Label, unit, control, one line of help and the error, tied together for screen readers. */
export function Field(props: FieldProps) {
  const id = useId();
  const hasNote = props.help !== undefined || props.error !== undefined || props.warning !== undefined;
  const isInvalid = props.error !== undefined;
  return (
    <div className={`field ${props.className ?? ''}`} data-at={props.at} data-field={props.name}>
      <label htmlFor={id} className={props.isLabelHidden === true ? 'visually-hidden' : 'field-label'}>
        {props.label}
        {props.unit !== undefined && <span className="field-unit"> {props.unit}</span>}
      </label>
      {props.children({
        id,
        'aria-describedby': hasNote ? `${id}-note` : undefined,
        'aria-invalid': isInvalid || undefined,
      })}
      {hasNote && (
        <div id={`${id}-note`} className="field-note">
          <FieldMessage error={props.error} warning={props.warning} />
          {props.help !== undefined && <p className="field-help">{props.help}</p>}
        </div>
      )}
    </div>
  );
}

/** The problem of one field or row, in words with an icon. */
export function FieldMessage(props: {
  readonly error?: string | undefined;
  readonly warning?: string | undefined;
}) {
  if (props.error !== undefined) {
    return (
      <p className="field-error">
        <CircleAlert size={13} aria-hidden />
        <span>{props.error}</span>
      </p>
    );
  }
  if (props.warning === undefined) return null;
  return (
    <p className="field-warning">
      <TriangleAlert size={13} aria-hidden />
      <span>{props.warning}</span>
    </p>
  );
}
