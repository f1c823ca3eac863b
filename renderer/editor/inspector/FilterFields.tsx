import type { FilterDocument } from '../../../main/contract/config';
import { ChoiceSelect } from './BoundFields';
import { CacheFields } from './CacheFields';
import { CompressFields } from './CompressFields';
import { FaultFields } from './FaultFields';
import { FilterChipsField, NamedField } from './FilterFieldControls';
import { AccessFields, BasicAuthFields, RateLimitFields } from './GuardFilterFields';
import { HeaderMapField } from './HeaderMapField';
import { MirrorFields } from './MirrorFields';
import { RedirectFields, RewriteFields } from './PathFilterFields';

type FilterOf<Type extends FilterDocument['type']> = Extract<FilterDocument, { type: Type }>;

export function FilterFields(props: {
  readonly filter: FilterDocument;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  switch (filter.type) {
    case 'requestHeaders':
    case 'responseHeaders':
      return <HeaderEditFields filter={filter} onChange={onChange} />;
    case 'rewrite':
      return <RewriteFields filter={filter} onChange={onChange} />;
    case 'redirect':
      return <RedirectFields filter={filter} onChange={onChange} />;
    case 'respond':
      return <RespondFields filter={filter} onChange={onChange} />;
    case 'access':
      return <AccessFields filter={filter} onChange={onChange} />;
    case 'rateLimit':
      return <RateLimitFields filter={filter} onChange={onChange} />;
    case 'basicAuth':
      return <BasicAuthFields filter={filter} onChange={onChange} />;
    case 'fault':
      return <FaultFields filter={filter} onChange={onChange} />;
    case 'mirror':
      return <MirrorFields filter={filter} onChange={onChange} />;
    case 'cache':
      return <CacheFields filter={filter} onChange={onChange} />;
    case 'compress':
      return <CompressFields filter={filter} onChange={onChange} />;
  }
}

function HeaderEditFields(props: {
  readonly filter: FilterOf<'requestHeaders'> | FilterOf<'responseHeaders'>;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  return (
    <>
      <HeaderMapField
        name={`filter.${filter.type}.set`}
        value={filter.set ?? {}}
        onChange={(set) => onChange({ ...filter, set }, 'set')}
      />
      <HeaderMapField
        name={`filter.${filter.type}.add`}
        value={filter.add ?? {}}
        onChange={(add) => onChange({ ...filter, add }, 'add')}
      />
      <FilterChipsField
        name={`filter.${filter.type}.remove`}
        values={filter.remove ?? []}
        placeholder="header names"
        onChange={(remove) => onChange({ ...filter, remove }, 'remove')}
      />
    </>
  );
}

const statusChoices = ['200', '204', '400', '401', '403', '404', '410', '429', '500', '503'];

function RespondFields(props: {
  readonly filter: FilterOf<'respond'>;
  readonly onChange: (filter: FilterDocument, key: string) => void;
}) {
  const { filter, onChange } = props;
  const status = String(filter.status ?? 200);
  const choices = [...new Set([...statusChoices, status])].sort();
  return (
    <>
      <NamedField name="filter.respond.status">
        {(control) => (
          <ChoiceSelect
            control={control}
            value={status}
            choices={choices.map((value) => ({ value, label: value }))}
            onChange={(value) => onChange({ ...filter, status: Number(value) }, 'status')}
          />
        )}
      </NamedField>
      <HeaderMapField
        name="filter.respond.headers"
        value={filter.headers ?? {}}
        onChange={(headers) => onChange({ ...filter, headers }, 'headers')}
      />
      <NamedField name="filter.respond.body">
        {(control) => (
          <textarea
            {...control}
            className="input mono"
            rows={3}
            value={filter.body ?? ''}
            onChange={(event) => onChange({ ...filter, body: event.target.value }, 'body')}
          />
        )}
      </NamedField>
    </>
  );
}
