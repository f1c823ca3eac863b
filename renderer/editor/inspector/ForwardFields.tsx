import type { ListenerDocument } from '../../../main/contract/config';
import { ChipsInput } from '../../components/ChipsInput';
import { Field } from '../../components/Field';
import { fieldText } from '../fieldHelp';
import { CheckboxField } from './BoundFields';
import { useFieldProblem } from './FormContext';

type ForwardDocument = NonNullable<ListenerDocument['forward']>;

/** Where the clients of a forward listener may go, and what is told about them there. */
export function ForwardFields(props: {
  readonly forward: ForwardDocument | undefined;
  readonly onChange: (forward: ForwardDocument | undefined) => void;
}) {
  const { forward, onChange } = props;
  const { label, help } = fieldText('listener.forward.allow');
  const problem = useFieldProblem(['forward', 'allow']);
  const change = (changed: ForwardDocument) => {
    const { allow, tellsClient } = changed;
    const isDefault = (allow === undefined || allow.length === 0) && tellsClient !== true;
    onChange(
      isDefault
        ? undefined
        : {
            ...(allow === undefined || allow.length === 0 ? {} : { allow }),
            ...(tellsClient === true ? { tellsClient } : {}),
          },
    );
  };
  return (
    <>
      <Field label={label} help={help} name="listener.forward.allow" at="forward.allow" {...problem}>
        {(control) => (
          <ChipsInput
            control={control}
            values={forward?.allow ?? []}
            placeholder="127.0.0.0/8, ::1 (this machine)"
            onChange={(allow) => change({ ...forward, allow })}
          />
        )}
      </Field>
      <CheckboxField
        name="listener.forward.tellsClient"
        at={['forward', 'tellsClient']}
        value={forward?.tellsClient ?? false}
        onChange={(tellsClient) => change({ ...forward, tellsClient })}
      />
    </>
  );
}
