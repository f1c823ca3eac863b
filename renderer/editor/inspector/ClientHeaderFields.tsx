import type { ListenerDocument } from '../../../main/contract/config';
import type { Patch } from '../../../main/contract/configEdit';
import { ChipsInput } from '../../components/ChipsInput';
import { Field } from '../../components/Field';
import { fieldText } from '../fieldHelp';
import { type Choice, SelectField } from './BoundFields';
import { useFieldProblem } from './FormContext';

type Style = NonNullable<ListenerDocument['clientHeaders']>;

const styles: readonly Choice<Style>[] = [
  { value: 'xForwarded', label: 'X-Forwarded-For, -Proto, -Host, -Port' },
  { value: 'forwarded', label: 'Forwarded (RFC 7239)' },
  { value: 'both', label: 'Both' },
  { value: 'off', label: 'Not at all' },
];

/** How endpoints learn who the client is, and from whom this listener learns it. */
export function ClientHeaderFields(props: {
  readonly listener: ListenerDocument;
  readonly onChange: (key: string, patch: Patch<ListenerDocument>) => void;
}) {
  const { listener, onChange } = props;
  const { label, help } = fieldText('listener.trustedProxies');
  const problem = useFieldProblem(['trustedProxies']);
  return (
    <>
      <SelectField
        name="listener.clientHeaders"
        at={['clientHeaders']}
        value={listener.clientHeaders ?? 'xForwarded'}
        choices={styles}
        onChange={(value) =>
          onChange('clientHeaders', { clientHeaders: value === 'xForwarded' ? undefined : value })
        }
      />
      <Field label={label} help={help} name="listener.trustedProxies" at="trustedProxies" {...problem}>
        {(control) => (
          <ChipsInput
            control={control}
            values={listener.trustedProxies ?? []}
            placeholder="nobody"
            onChange={(values) =>
              onChange('trustedProxies', { trustedProxies: values.length === 0 ? undefined : values })
            }
          />
        )}
      </Field>
    </>
  );
}
