// The forms of the filters that decide who may use a route.
import type { FilterDocument } from '../../../main/contract/config';
import { ChipsInput } from '../../components/ChipsInput';
import { Field } from '../../components/Field';
import { type FieldName, fieldText } from '../fieldHelp';

type FilterOf<Type extends FilterDocument['type']> = Extract<FilterDocument, { type: Type }>;
type OnChange = (filter: FilterDocument, key: string) => void;

export function AccessFields(props: { readonly filter: FilterOf<'access'>; readonly onChange: OnChange }) {
  const { filter, onChange } = props;
  return (
    <>
      <AddressList
        name="filter.access.allow"
        values={filter.allow ?? []}
        placeholder="everybody"
        onChange={(allow) => onChange({ ...filter, allow }, 'allow')}
      />
      <AddressList
        name="filter.access.deny"
        values={filter.deny ?? []}
        placeholder="nobody"
        onChange={(deny) => onChange({ ...filter, deny }, 'deny')}
      />
    </>
  );
}

function AddressList(props: {
  readonly name: FieldName;
  readonly values: readonly string[];
  readonly placeholder: string;
  readonly onChange: (values: string[]) => void;
}) {
  const { label, help } = fieldText(props.name);
  return (
    <Field label={label} help={help}>
      {(control) => (
        <ChipsInput
          control={control}
          values={props.values}
          placeholder={props.placeholder}
          onChange={props.onChange}
        />
      )}
    </Field>
  );
}
