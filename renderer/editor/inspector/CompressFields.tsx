import type { FilterDocument } from '../../../main/contract/config';
import { FieldMessage } from '../../components/Field';
import { withPart } from '../filterTexts';
import { CheckboxField } from './BoundFields';
import { FilterNumberField } from './FilterFieldControls';
import { useFieldProblem } from './FormContext';

type CompressFilter = Extract<FilterDocument, { type: 'compress' }>;
type Coding = NonNullable<CompressFilter['encodings']>[number];

/** In the order in which they are preferred among equals. */
const codings: readonly Coding[] = ['zstd', 'br', 'gzip'];

export function CompressFields(props: {
  readonly filter: CompressFilter;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  const problem = useFieldProblem(['encodings']);
  const chosen = filter.encodings ?? codings;
  const toggle = (coding: Coding, isOn: boolean) => {
    // An order that somebody wrote by hand stays.
    const next = isOn ? [...chosen, coding] : chosen.filter((item) => item !== coding);
    if (next.length > 0) onChange({ ...filter, encodings: next }, 'encodings');
  };
  return (
    <>
      {codings.map((coding) => (
        <CheckboxField
          key={coding}
          name={`filter.compress.${coding}`}
          at={['encodings', coding]}
          value={chosen.includes(coding)}
          onChange={(isOn) => toggle(coding, isOn)}
        />
      ))}
      <FieldMessage {...problem} />
      <FilterNumberField
        name="filter.compress.minBytes"
        value={filter.minBytes}
        onChange={(minBytes) => onChange(withPart(filter, 'minBytes', minBytes), 'minBytes')}
      />
    </>
  );
}
