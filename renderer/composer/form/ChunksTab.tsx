import { CheckField } from '../../components/CheckField';
import { SelectField } from '../../components/SelectField';
import { TextInput } from '../../components/TextInput';
import type { ComposedPieces } from '../composed';
import type { FormProps } from './formProps';
import { GiveUpFields } from './GiveUpFields';

const choices: readonly { readonly value: ComposedPieces['by']; readonly label: string }[] = [
  { value: 'none', label: 'All at once' },
  { value: 'count', label: 'In so many pieces' },
  { value: 'size', label: 'In pieces of a size' },
  { value: 'offsets', label: 'Cut at given bytes' },
];

/** In how many writes the bytes go out, and how far apart. */
export function ChunksTab({ composed, change }: FormProps) {
  const { pieces, mode, protocol } = composed;
  const set = (part: Partial<ComposedPieces>) => change({ pieces: { ...pieces, ...part } });
  const isHttp2 = mode === 'http' && protocol !== 'http1';
  const isCut = pieces.by !== 'none' || pieces.headApart;
  return (
    <div className="composer-form">
      <div className="field-pair">
        <SelectField
          label={mode === 'http' && (pieces.headApart || isHttp2) ? 'Send the body' : 'Send'}
          value={pieces.by}
          choices={choices}
          onChange={(by) => set({ by })}
        />
        {pieces.by === 'count' && (
          <TextInput label="Pieces" value={pieces.count} onChange={(count) => set({ count })} />
        )}
        {pieces.by === 'size' && (
          <TextInput
            label="A piece has"
            unit="bytes"
            value={pieces.size}
            onChange={(size) => set({ size })}
          />
        )}
        {pieces.by === 'offsets' && (
          <TextInput
            label="Cut before byte"
            value={pieces.offsets}
            placeholder="10, 200"
            onChange={(offsets) => set({ offsets })}
          />
        )}
      </div>
      {isCut && (
        <TextInput
          label="Pause between them"
          unit="ms"
          value={pieces.pauseMs}
          help="At least so long; up to 10,000. Without a pause the proxy may read several pieces as one chunk."
          onChange={(pauseMs) => set({ pauseMs })}
        />
      )}
      {mode === 'http' && (
        <CheckField
          label="The head is a piece of its own"
          help={
            isHttp2
              ? 'With HTTP/2 it always is; then a pause comes before the body.'
              : 'Only the body is cut. With the chunked coding each piece is then one chunk of it.'
          }
          isChecked={pieces.headApart}
          onChange={(headApart) => set({ headApart })}
        />
      )}
      {mode === 'http' && <GiveUpFields composed={composed} change={change} />}
      <TextInput
        label="Wait at most"
        unit="seconds"
        value={composed.patienceSeconds}
        help="without a byte, either way; up to 600."
        onChange={(patienceSeconds) => change({ patienceSeconds })}
      />
      <p className="field-help">
        Each piece is one write to a socket without delay. A proxy that waits for the whole request holds
        them; one that streams sends each on.
      </p>
    </div>
  );
}
