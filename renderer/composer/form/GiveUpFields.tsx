import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import type { ComposedGiveUp } from '../composed';
import type { FormProps } from './formProps';

const moments: readonly { readonly value: ComposedGiveUp['after']; readonly label: string }[] = [
  { value: 'never', label: 'Never' },
  { value: 'pieces', label: 'After so many pieces' },
  { value: 'head', label: 'When the head of the response is there' },
  { value: 'time', label: 'After a time' },
];

const codes: readonly { readonly value: ComposedGiveUp['code']; readonly label: string }[] = [
  { value: 'CANCEL', label: 'CANCEL (8): not wanted any more' },
  { value: 'NO_ERROR', label: 'NO_ERROR (0)' },
  { value: 'INTERNAL_ERROR', label: 'INTERNAL_ERROR (2)' },
  { value: 'PROTOCOL_ERROR', label: 'PROTOCOL_ERROR (1)' },
];

/** A request that its sender gives up on purpose, and how. */
export function GiveUpFields({ composed, change }: FormProps) {
  const { giveUp, protocol } = composed;
  const set = (part: Partial<ComposedGiveUp>) => change({ giveUp: { ...giveUp, ...part } });
  const isHttp2 = protocol !== 'http1';
  return (
    <>
      <div className="field-pair">
        <SelectField
          label="Give up on purpose"
          value={giveUp.after}
          choices={moments}
          help={
            isHttp2
              ? 'Resets the stream; the connection and its other streams go on.'
              : 'Resets the connection, as a client that crashes does.'
          }
          onChange={(after) => set({ after })}
        />
        {giveUp.after === 'pieces' && (
          <TextInput
            label="Pieces"
            value={giveUp.pieces}
            help={isHttp2 ? '0 = right after the head.' : undefined}
            onChange={(pieces) => set({ pieces })}
          />
        )}
        {giveUp.after === 'time' && (
          <TextInput label="Time" unit="ms" value={giveUp.ms} onChange={(ms) => set({ ms })} />
        )}
      </div>
      {giveUp.after !== 'never' && isHttp2 && (
        <SelectField
          label="Error code of the reset"
          value={giveUp.code}
          choices={codes}
          onChange={(code) => set({ code })}
        />
      )}
    </>
  );
}
