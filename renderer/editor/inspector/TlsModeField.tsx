import { fieldText, tlsModeHelp } from '../fieldHelp';
import { RadioGroup } from './RadioGroup';

type Mode = 'passthrough' | 'terminate';

export function TlsModeField(props: { readonly value: Mode; readonly onChange: (mode: Mode) => void }) {
  return (
    <RadioGroup
      label={fieldText('route.mode').label}
      value={props.value}
      choices={[
        { value: 'passthrough', label: 'Pass through', help: tlsModeHelp.passthrough },
        { value: 'terminate', label: 'Terminate', help: tlsModeHelp.terminate },
      ]}
      onChange={props.onChange}
    />
  );
}
