import { useStore } from 'zustand';
import type { FilterDocument } from '../../../main/contract/config';
import { useEditor } from '../EditorContext';
import { withPart } from '../filterTexts';
import { ChoiceSelect } from './BoundFields';
import { FilterNumberField, NamedField } from './FilterFieldControls';

export function MirrorFields(props: {
  readonly filter: Extract<FilterDocument, { type: 'mirror' }>;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  const { config } = useEditor();
  const pools = useStore(config, (state) => state.draft.document.pools);
  const ids = [...new Set([filter.pool, ...(pools ?? []).map((pool) => pool.id)])];
  return (
    <>
      <NamedField name="filter.mirror.pool">
        {(control) => (
          <ChoiceSelect
            control={control}
            value={filter.pool}
            choices={ids.map((id) => ({ value: id, label: id === '' ? 'choose a pool' : id }))}
            onChange={(pool) => onChange({ ...filter, pool }, 'pool')}
          />
        )}
      </NamedField>
      <FilterNumberField
        name="filter.mirror.percent"
        value={filter.percent}
        onChange={(percent) => onChange(withPart(filter, 'percent', percent), 'percent')}
      />
    </>
  );
}
