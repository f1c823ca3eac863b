import { Plus, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useContext, useMemo } from 'react';
import type { FilterDocument } from '../../../main/contract/config';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { portalHost } from '../../components/portalHost';
import { fieldText } from '../fieldHelp';
import { editableFilters, filterLabel, moveItem } from '../filterTexts';
import { useReorder } from '../useReorder';
import { FilterFields } from './FilterFields';
import { FormContext, useFieldProblem } from './FormContext';
import { OrderGrip } from './OrderGrip';

/** The filters of a route in order, each as a card; the order can be changed. */
export function FilterList(props: {
  readonly filters: readonly FilterDocument[];
  readonly onChange: (filters: FilterDocument[], key: string) => void;
}) {
  const { filters, onChange } = props;
  const reorder = useReorder({
    scope: 'filters in the form',
    count: filters.length,
    words: (index) => `filter ${filterLabel(filters[index]?.type ?? 'respond')}`,
    onMove: (from, to) => onChange(moveItem(filters, from, to), `move ${from}`),
  });
  return (
    <div className="rows" data-order-list>
      <p className="field-help">{fieldText('route.filters').help}</p>
      {filters.map((filter, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a filter has no id; its place in the list is its name.
        <div key={index} className="form-card" data-at={`filters.${index}`} {...reorder.dropOf(index)}>
          <div className="form-card-head">
            <OrderGrip reorder={reorder} index={index} />
            <span className="form-card-title">
              {index + 1}. {filterLabel(filter.type)}
            </span>
            <IconButton
              label={`Remove filter ${index + 1}`}
              size="small"
              icon={<X size={14} aria-hidden />}
              onClick={() => onChange(filters.toSpliced(index, 1), `remove ${index}`)}
            />
          </div>
          <FilterScope index={index}>
            <FilterFields
              filter={filter}
              onChange={(next, key) => onChange(filters.with(index, next), `${index} ${key}`)}
            />
            <FilterProblem />
          </FilterScope>
        </div>
      ))}
      <AddFilter onAdd={(filter) => onChange([...filters, filter], 'add')} />
    </div>
  );
}

/** Inside it paths of fields are those of the filter. */
function FilterScope({ index, children }: { readonly index: number; readonly children: ReactNode }) {
  const { path, issues } = useContext(FormContext);
  const scope = useMemo(() => ({ path: [...path, 'filters', index], issues }), [path, issues, index]);
  return <FormContext value={scope}>{children}</FormContext>;
}

/** A problem of the filter as a whole, or of its kind; others stand at their field. */
function FilterProblem() {
  const whole = useFieldProblem([], { isExact: true });
  const kind = useFieldProblem(['type']);
  return <FieldMessage error={whole.error ?? kind.error} warning={whole.warning ?? kind.warning} />;
}

function AddFilter({ onAdd }: { readonly onAdd: (filter: FilterDocument) => void }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button size="small" icon={<Plus size={14} aria-hidden />}>
          Add filter
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={portalHost()}>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
          {editableFilters.map(({ first, label, hint }) => (
            <DropdownMenu.Item key={first.type} className="menu-item" onSelect={() => onAdd(first)}>
              <span>{label}</span>
              <span className="menu-hint">{hint}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
