// The forms of the filters that decide who may use a route, and how often.
import type { FilterDocument } from '../../../main/contract/config';
import { withPart } from '../filterTexts';
import { ChoiceSelect } from './BoundFields';
import { FilterChipsField, FilterNumberField, FilterTextField, NamedField } from './FilterFieldControls';
import { HeaderMapField } from './HeaderMapField';

type FilterOf<Type extends FilterDocument['type']> = Extract<FilterDocument, { type: Type }>;
type OnChange = (filter: FilterDocument, key: string) => void;

export function AccessFields(props: { readonly filter: FilterOf<'access'>; readonly onChange: OnChange }) {
  const { filter, onChange } = props;
  return (
    <>
      <FilterChipsField
        name="filter.access.allow"
        values={filter.allow ?? []}
        placeholder="everybody"
        onChange={(allow) => onChange({ ...filter, allow }, 'allow')}
      />
      <FilterChipsField
        name="filter.access.deny"
        values={filter.deny ?? []}
        placeholder="nobody"
        onChange={(deny) => onChange({ ...filter, deny }, 'deny')}
      />
    </>
  );
}

const keyChoices = [
  { value: 'clientAddress', label: 'each client address' },
  { value: 'header', label: 'each value of a header' },
  { value: 'route', label: 'the whole route' },
] as const;

export function RateLimitFields(props: {
  readonly filter: FilterOf<'rateLimit'>;
  readonly onChange: OnChange;
}) {
  const { filter, onChange } = props;
  const key = filter.key ?? 'clientAddress';
  const kind = key.startsWith('header:') ? 'header' : key === 'route' ? 'route' : 'clientAddress';
  return (
    <>
      <div className="field-pair">
        <FilterNumberField
          name="filter.rateLimit.requests"
          value={filter.requests}
          onChange={(requests) => onChange({ ...filter, requests: requests ?? 1 }, 'requests')}
        />
        <FilterNumberField
          name="filter.rateLimit.perSeconds"
          value={filter.perSeconds}
          onChange={(perSeconds) => onChange(withPart(filter, 'perSeconds', perSeconds), 'perSeconds')}
        />
      </div>
      <FilterNumberField
        name="filter.rateLimit.burst"
        value={filter.burst}
        onChange={(burst) => onChange(withPart(filter, 'burst', burst), 'burst')}
      />
      <NamedField name="filter.rateLimit.key">
        {(control) => (
          <ChoiceSelect
            control={control}
            value={kind}
            choices={keyChoices}
            onChange={(next) =>
              onChange({ ...filter, key: next === 'header' ? 'header:x-api-key' : next }, 'key')
            }
          />
        )}
      </NamedField>
      {kind === 'header' && (
        <FilterTextField
          name="filter.rateLimit.header"
          value={key.slice('header:'.length)}
          onChange={(name) => onChange({ ...filter, key: `header:${name ?? ''}` }, 'key')}
        />
      )}
    </>
  );
}

const userWords = { item: 'user', name: 'name', value: 'scrypt:…' };

export function BasicAuthFields(props: {
  readonly filter: FilterOf<'basicAuth'>;
  readonly onChange: OnChange;
}) {
  const { filter, onChange } = props;
  return (
    <>
      <FilterTextField
        name="filter.basicAuth.realm"
        value={filter.realm}
        onChange={(realm) => onChange(withPart(filter, 'realm', realm), 'realm')}
      />
      <HeaderMapField
        name="filter.basicAuth.users"
        words={userWords}
        value={filter.users}
        onChange={(users) => onChange({ ...filter, users }, 'users')}
      />
    </>
  );
}
