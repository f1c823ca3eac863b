import type { FilterDocument } from '../../../main/contract/config';
import { withPart } from '../filterTexts';
import { ChoiceSelect } from './BoundFields';
import { FilterNumberField, FilterTextField, NamedField } from './FilterFieldControls';

type FilterOf<Type extends FilterDocument['type']> = Extract<FilterDocument, { type: Type }>;
type PathEdit = NonNullable<FilterOf<'rewrite'>['path']>;
type OnChange = (filter: FilterDocument, key: string) => void;

export function RewriteFields({
  filter,
  onChange,
}: {
  readonly filter: FilterOf<'rewrite'>;
  readonly onChange: OnChange;
}) {
  return (
    <>
      <PathEditField
        name={`filter.${filter.type}.path`}
        value={filter.path}
        onChange={(path) => onChange(withPart(filter, 'path', path), 'path')}
      />
      <FilterTextField
        name="filter.rewrite.hostname"
        value={filter.hostname}
        onChange={(hostname) => onChange(withPart(filter, 'hostname', hostname), 'hostname')}
      />
    </>
  );
}

const redirectStatuses = [
  { value: '301', label: '301 moved permanently' },
  { value: '302', label: '302 found' },
  { value: '303', label: '303 see other' },
  { value: '307', label: '307 temporary, same method' },
  { value: '308', label: '308 permanent, same method' },
] as const;

export function RedirectFields({
  filter,
  onChange,
}: {
  readonly filter: FilterOf<'redirect'>;
  readonly onChange: OnChange;
}) {
  return (
    <>
      <div className="field-pair">
        <NamedField name="filter.redirect.scheme">
          {(control) => (
            <ChoiceSelect
              control={control}
              value={filter.scheme ?? 'same'}
              choices={[
                { value: 'same', label: 'same' },
                { value: 'http', label: 'http' },
                { value: 'https', label: 'https' },
              ]}
              onChange={(value) =>
                onChange(withPart(filter, 'scheme', value === 'same' ? undefined : value), 'scheme')
              }
            />
          )}
        </NamedField>
        <FilterNumberField
          name="filter.redirect.port"
          value={filter.port}
          onChange={(port) => onChange(withPart(filter, 'port', port), 'port')}
        />
      </div>
      <FilterTextField
        name="filter.redirect.hostname"
        value={filter.hostname}
        onChange={(hostname) => onChange(withPart(filter, 'hostname', hostname), 'hostname')}
      />
      <PathEditField
        name={`filter.${filter.type}.path`}
        value={filter.path}
        onChange={(path) => onChange(withPart(filter, 'path', path), 'path')}
      />
      <NamedField name="filter.redirect.status">
        {(control) => (
          <ChoiceSelect
            control={control}
            value={String(filter.status ?? 302) as (typeof redirectStatuses)[number]['value']}
            choices={redirectStatuses}
            onChange={(value) =>
              onChange({ ...filter, status: Number(value) as 301 | 302 | 303 | 307 | 308 }, 'status')
            }
          />
        )}
      </NamedField>
    </>
  );
}

function PathEditField(props: {
  readonly name: 'filter.rewrite.path' | 'filter.redirect.path';
  readonly value: PathEdit | undefined;
  readonly onChange: (value: PathEdit | undefined) => void;
}) {
  const type = props.value?.type ?? 'same';
  return (
    <NamedField name={props.name}>
      {(control) => (
        <div className="row row-path">
          <ChoiceSelect
            control={control}
            value={type}
            choices={[
              { value: 'same', label: 'as it came' },
              { value: 'replacePrefix', label: 'replace matched prefix' },
              { value: 'replaceFull', label: 'replace all' },
            ]}
            onChange={(next) =>
              props.onChange(next === 'same' ? undefined : { type: next, value: props.value?.value ?? '/' })
            }
          />
          {type !== 'same' && (
            <input
              className="input mono"
              aria-label="New path"
              spellCheck={false}
              value={props.value?.value ?? ''}
              onChange={(event) => props.onChange({ ...props.value, value: event.target.value })}
            />
          )}
        </div>
      )}
    </NamedField>
  );
}
