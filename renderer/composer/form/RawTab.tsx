import { useMemo } from 'react';
import { CheckField } from '../../components/CheckField';
import { Field } from '../../components/Field';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import { counted } from '../../stores/flowFormat';
import type { ComposedRaw } from '../composed';
import { escapesOf, rawBytesOf } from '../rawText';
import type { FormProps } from './formProps';

/** Bytes as they are, for what no client would send. */
export function RawTab({ composed, change }: FormProps) {
  const { raw } = composed;
  const set = (part: Partial<ComposedRaw>) => change({ raw: { ...raw, ...part } });
  const read = useMemo(() => rawBytesOf(raw), [raw]);
  const setFormat = (format: ComposedRaw['format']) => {
    // The same bytes in the other writing, where they can be read.
    if (read.kind === 'problem') return set({ format });
    const text = format === 'hex' ? hexOf(read.bytes) : escapesOf(read.bytes);
    set({ format, text, ...(format === 'text' ? { lineBreak: 'crlf' } : {}) });
  };
  return (
    <div className="composer-form">
      <div className="field-pair">
        <SelectField
          label="Written as"
          value={raw.format}
          choices={[
            { value: 'text', label: 'text with escapes' },
            { value: 'hex', label: 'hex' },
          ]}
          onChange={setFormat}
        />
        {raw.format === 'text' && (
          <SelectField
            label="A line break is sent as"
            value={raw.lineBreak}
            choices={[
              { value: 'crlf', label: 'CR LF (\\r\\n)' },
              { value: 'lf', label: 'LF (\\n)' },
              { value: 'none', label: 'nothing' },
            ]}
            onChange={(lineBreak) => set({ lineBreak })}
          />
        )}
      </div>
      <Field
        label="Bytes"
        error={read.kind === 'problem' ? read.message : undefined}
        help={
          read.kind === 'problem'
            ? undefined
            : `${counted(read.bytes.length, 'byte')}. ${raw.format === 'text' ? 'Escapes: \\r \\n \\t \\0 \\xHH \\\\' : 'Pairs of hex digits.'}`
        }
      >
        {(control) => (
          <textarea
            {...control}
            className="input mono"
            rows={7}
            spellCheck={false}
            value={raw.text}
            onChange={(event) => set({ text: event.target.value })}
          />
        )}
      </Field>
      <CheckField
        label="End the sending side behind them (FIN)"
        help="What comes is still read."
        isChecked={raw.halfClose}
        onChange={(halfClose) => set({ halfClose })}
      />
      <TextInput
        label="Over after"
        unit="ms"
        value={raw.silenceMs}
        help="in which nothing came, or when the other side closes."
        onChange={(silenceMs) => set({ silenceMs })}
      />
    </div>
  );
}

function hexOf(bytes: Uint8Array): string {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const lines: string[] = [];
  for (let at = 0; at < pairs.length; at += 16) lines.push(pairs.slice(at, at + 16).join(' '));
  return lines.join('\n');
}
