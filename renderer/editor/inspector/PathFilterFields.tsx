import type { FilterDocument } from '../../../main/contract/config';
import { Field } from '../../components/Field';
import { withPart } from '../filterTexts';
import { ChoiceSelect } from './BoundFields';

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
        value={filter.path}
        onChange={(path) => onChange(withPart(filter, 'path', path), 'path')}
      />
      <PlainField
        label="Host name for the backend"
        placeholder="as it came"
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
        <Field label="Scheme">
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
        </Field>
        <PlainField
          label="Port"
          placeholder="same"
          isNumber
          value={filter.port === undefined ? undefined : String(filter.port)}
          onChange={(port) =>
            onChange(withPart(filter, 'port', port === undefined ? undefined : Number(port)), 'port')
          }
        />
      </div>
      <PlainField
        label="Host name"
        placeholder="same"
        value={filter.hostname}
        onChange={(hostname) => onChange(withPart(filter, 'hostname', hostname), 'hostname')}
      />
      <PathEditField
        value={filter.path}
        onChange={(path) => onChange(withPart(filter, 'path', path), 'path')}
      />
      <Field label="Status">
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
      </Field>
    </>
  );
}

function PathEditField(props: {
  readonly value: PathEdit | undefined;
  readonly onChange: (value: PathEdit | undefined) => void;
}) {
  const type = props.value?.type ?? 'same';
  return (
    <Field label="Path">
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
    </Field>
  );
}

function PlainField(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string | undefined;
  readonly isNumber?: boolean;
  readonly onChange: (value: string | undefined) => void;
}) {
  return (
    <Field label={props.label}>
      {(control) => (
        <input
          {...control}
          className="input"
          autoComplete="off"
          spellCheck={false}
          inputMode={props.isNumber === true ? 'numeric' : undefined}
          placeholder={props.placeholder}
          value={props.value ?? ''}
          onChange={(event) => {
            const { value } = event.target;
            const text = props.isNumber === true ? value.replace(/\D/g, '').slice(0, 5) : value;
            props.onChange(text === '' ? undefined : text);
          }}
        />
      )}
    </Field>
  );
}
