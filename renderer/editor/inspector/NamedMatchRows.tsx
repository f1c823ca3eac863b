import { Plus, X } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { fieldText } from '../fieldHelp';
import { ChoiceSelect } from './BoundFields';
import { useFieldProblem } from './FormContext';
import type { MatchDocument } from './MatchList';

type NamedMatch = NonNullable<MatchDocument['headers']>[number];
type ListName = 'headers' | 'query' | 'cookies';

const words: Readonly<Record<ListName, { readonly one: string; readonly placeholder: string }>> = {
  headers: { one: 'header', placeholder: 'x-canary' },
  query: { one: 'query parameter', placeholder: 'size' },
  cookies: { one: 'cookie', placeholder: 'beta' },
};

const types = [
  { value: 'exact', label: 'is' },
  { value: 'regex', label: 'matches' },
  { value: 'present', label: 'is there' },
] as const;

/** Conditions on headers, query parameters or cookies: name, how, value. */
export function NamedMatchRows(props: {
  readonly list: ListName;
  readonly at: readonly (string | number)[];
  readonly values: readonly NamedMatch[];
  readonly onChange: (values: NamedMatch[], key: string) => void;
}) {
  const { values, onChange, list } = props;
  const { one, placeholder } = words[list];
  const problem = useFieldProblem(props.at);
  const { label, help } = fieldText(`route.matches.${list}`);
  return (
    <fieldset className="rows" data-field={`route.matches.${list}`} data-at={props.at.join('.')}>
      <legend className={values.length === 0 ? 'visually-hidden' : 'field-label'}>{label}</legend>
      {values.map((value, index) => {
        const type = value.type ?? 'exact';
        const change = (next: NamedMatch, key: string) =>
          onChange(values.with(index, next), `${index} ${key}`);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no id; its place in the list is its name.
          <div key={index} className="row row-named">
            <input
              className="input mono"
              aria-label={`Name of ${one} ${index + 1}`}
              placeholder={placeholder}
              spellCheck={false}
              value={value.name}
              onChange={(event) => change({ ...value, name: event.target.value }, 'name')}
            />
            <ChoiceSelect
              control={{ 'aria-label': `Condition on ${one} ${index + 1}` }}
              value={type}
              choices={types}
              onChange={(next) => change(withType(value, next), 'type')}
            />
            {type === 'present' ? (
              <span />
            ) : (
              <input
                className="input mono"
                aria-label={`Value of ${one} ${index + 1}`}
                spellCheck={false}
                value={value.value ?? ''}
                onChange={(event) => change({ ...value, value: event.target.value }, 'value')}
              />
            )}
            <IconButton
              label={`Remove ${one} ${index + 1}`}
              icon={<X size={14} aria-hidden />}
              onClick={() => onChange(values.toSpliced(index, 1), `remove ${index}`)}
            />
          </div>
        );
      })}
      <FieldMessage {...problem} />
      {values.length > 0 && <p className="field-help">{help}</p>}
      <Button
        size="small"
        variant="ghost"
        className="rows-add"
        icon={<Plus size={13} aria-hidden />}
        onClick={() => onChange([...values, { name: '', type: 'exact', value: '' }], 'add')}
      >
        Add {one} condition
      </Button>
    </fieldset>
  );
}

function withType(match: NamedMatch, type: 'exact' | 'regex' | 'present'): NamedMatch {
  if (type === 'present') return { name: match.name, type };
  return { ...match, type, value: match.value ?? '' };
}
