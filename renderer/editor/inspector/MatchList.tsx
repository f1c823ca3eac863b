import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HttpRouteDocument } from '../../../main/contract/config';
import { Button, IconButton } from '../../components/Button';
import { Field, type FieldControl } from '../../components/Field';
import { fieldText } from '../fieldHelp';
import { ChoiceSelect } from './BoundFields';
import { useFieldProblem } from './FormContext';
import { NamedMatchRows } from './NamedMatchRows';

export type MatchDocument = NonNullable<HttpRouteDocument['matches']>[number];

const pathTypes = [
  { value: 'any', label: 'any path' },
  { value: 'prefix', label: 'path starts with' },
  { value: 'exact', label: 'path is' },
  { value: 'regex', label: 'path matches regex' },
] as const;

const methods = ['any', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** OR of cards; inside one card all conditions must hold. */
export function MatchList(props: {
  readonly matches: readonly MatchDocument[];
  readonly onChange: (matches: MatchDocument[], key: string) => void;
}) {
  const { matches, onChange } = props;
  return (
    <>
      <p className="field-help">{fieldText('route.matches').help}</p>
      {matches.map((match, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a match has no id; its place in the list is its name.
        <div key={index} className="form-card" data-at={`matches.${index}`}>
          <div className="form-card-head">
            <span>{index === 0 ? 'Match' : 'or match'}</span>
            <IconButton
              label={`Remove match ${index + 1}`}
              size="small"
              icon={<X size={14} aria-hidden />}
              onClick={() => onChange(matches.toSpliced(index, 1), `remove ${index}`)}
            />
          </div>
          <MatchFields
            index={index}
            match={match}
            onChange={(next, key) => onChange(matches.with(index, next), `${index} ${key}`)}
          />
        </div>
      ))}
      <Button
        size="small"
        icon={<Plus size={14} aria-hidden />}
        onClick={() => onChange([...matches, { path: { type: 'prefix', value: '/' } }], 'add')}
      >
        Add match
      </Button>
    </>
  );
}

function MatchFields(props: {
  readonly index: number;
  readonly match: MatchDocument;
  readonly onChange: (match: MatchDocument, key: string) => void;
}) {
  const { index, match, onChange } = props;
  const { path: _path, method: _method, ...rest } = match;
  const withMethod = match.method === undefined ? {} : { method: match.method };
  const withPath = match.path === undefined ? {} : { path: match.path };
  const methodChoices = [...new Set([...methods, match.method ?? 'any'])];
  return (
    <>
      <MatchField index={index} name="route.matches.path">
        {(control) => (
          <div className="row row-path">
            <ChoiceSelect
              control={{ ...control, 'aria-label': `Path condition of match ${index + 1}` }}
              value={match.path?.type ?? 'any'}
              choices={pathTypes}
              onChange={(type) =>
                onChange(
                  type === 'any'
                    ? { ...rest, ...withMethod }
                    : { ...match, path: { type, value: match.path?.value ?? '/' } },
                  'pathType',
                )
              }
            />
            {match.path !== undefined && (
              <input
                className="input mono"
                aria-label={`Path of match ${index + 1}`}
                aria-describedby={control['aria-describedby']}
                aria-invalid={control['aria-invalid']}
                spellCheck={false}
                value={match.path.value}
                onChange={(event) => {
                  if (match.path === undefined) return;
                  onChange({ ...match, path: { ...match.path, value: event.target.value } }, 'path');
                }}
              />
            )}
          </div>
        )}
      </MatchField>
      <MatchField index={index} name="route.matches.method">
        {(control) => (
          <ChoiceSelect
            control={{ ...control, 'aria-label': `Method of match ${index + 1}` }}
            value={match.method ?? 'any'}
            choices={methodChoices.map((value) => ({ value, label: value === 'any' ? 'any method' : value }))}
            onChange={(value) =>
              onChange(value === 'any' ? { ...rest, ...withPath } : { ...match, method: value }, 'method')
            }
          />
        )}
      </MatchField>
      {(['headers', 'query', 'cookies'] as const).map((list) => (
        <NamedMatchRows
          key={list}
          list={list}
          at={['matches', index, list]}
          values={match[list] ?? []}
          onChange={(values, key) => {
            const { [list]: _old, ...others } = match;
            onChange(values.length === 0 ? others : { ...others, [list]: values }, `${list} ${key}`);
          }}
        />
      ))}
    </>
  );
}

/** A condition with its words, and its problem at the place where it stands in the document. */
function MatchField(props: {
  readonly index: number;
  readonly name: 'route.matches.path' | 'route.matches.method';
  readonly children: (control: FieldControl) => ReactNode;
}) {
  const { index, name } = props;
  const { label, help } = fieldText(name);
  const at = ['matches', index, name.split('.').at(-1)!];
  return (
    <Field label={label} help={help} at={at.join('.')} name={name} {...useFieldProblem(at)}>
      {props.children}
    </Field>
  );
}
