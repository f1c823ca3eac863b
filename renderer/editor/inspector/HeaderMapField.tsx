import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { equalJson } from '../../../main/contract/equalJson';
import { Button, IconButton } from '../../components/Button';
import { FieldMessage } from '../../components/Field';
import { type FieldName, fieldText } from '../fieldHelp';
import { filterPath } from './FilterFieldControls';
import { useFieldProblem } from './FormContext';

type Row = readonly [name: string, value: string];

interface RowWords {
  readonly item: string;
  readonly name: string;
  readonly value: string;
}

const headerWords: RowWords = { item: 'header', name: 'x-name', value: 'value' };

/** Header names (or other names) with values. Rows whose name is still empty live here only, not in the document. */
export function HeaderMapField(props: {
  readonly name: FieldName;
  readonly words?: RowWords;
  readonly value: Readonly<Record<string, string>>;
  readonly onChange: (value: Record<string, string>) => void;
}) {
  const words = props.words ?? headerWords;
  const { label, help } = fieldText(props.name);
  const at = filterPath(props.name);
  const problem = useFieldProblem(at);
  const [typed, setTyped] = useState<readonly Row[]>([]);
  // What was typed holds as long as it says the same as the document; undo or another edit replaces it.
  const rows = equalJson(toMap(typed), props.value) ? typed : Object.entries(props.value);
  const change = (next: readonly Row[]) => {
    setTyped(next);
    const map = toMap(next);
    if (!equalJson(map, props.value)) props.onChange(map);
  };
  return (
    <fieldset className="rows" data-field={props.name} data-at={at.join('.')}>
      <legend className="field-sublabel">{label}</legend>
      {rows.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: while a name is typed, the place in the list is the row's name.
        <div key={index} className="row row-header">
          <input
            className="input mono"
            aria-label={`${label}: name ${index + 1}`}
            placeholder={words.name}
            spellCheck={false}
            value={name}
            onChange={(event) => change(rows.with(index, [event.target.value.trim(), value]))}
          />
          <input
            className="input mono"
            aria-label={`${label}: value ${index + 1}`}
            placeholder={words.value}
            spellCheck={false}
            value={value}
            onChange={(event) => change(rows.with(index, [name, event.target.value]))}
          />
          <IconButton
            label={`Remove ${name === '' ? `this ${words.item}` : name}`}
            icon={<X size={14} aria-hidden />}
            onClick={() => change(rows.toSpliced(index, 1))}
          />
        </div>
      ))}
      <Button
        size="small"
        variant="ghost"
        className="rows-add"
        aria-label={`${label}: add ${words.item}`}
        icon={<Plus size={13} aria-hidden />}
        onClick={() => change([...rows, ['', '']])}
      >
        Add {words.item}
      </Button>
      <FieldMessage {...problem} />
      {help !== undefined && <p className="field-help">{help}</p>}
    </fieldset>
  );
}

function toMap(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(rows.filter(([name]) => name !== ''));
}
