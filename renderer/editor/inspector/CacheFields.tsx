import type { FilterDocument } from '../../../main/contract/config';
import { withPart } from '../filterTexts';
import { CachePanel } from './CachePanel';
import { FilterNumberField } from './FilterFieldControls';

export function CacheFields(props: {
  readonly filter: Extract<FilterDocument, { type: 'cache' }>;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  return (
    <>
      <FilterNumberField
        name="filter.cache.maxBytes"
        value={filter.maxBytes}
        onChange={(maxBytes) => onChange(withPart(filter, 'maxBytes', maxBytes), 'maxBytes')}
      />
      <FilterNumberField
        name="filter.cache.maxEntryBytes"
        value={filter.maxEntryBytes}
        onChange={(bytes) => onChange(withPart(filter, 'maxEntryBytes', bytes), 'maxEntryBytes')}
      />
      <CachePanel />
    </>
  );
}
