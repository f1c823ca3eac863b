import { useStore } from 'zustand';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { type FieldName, fieldText } from '../fieldHelp';
import { useFieldProblem } from './FormContext';

/** Which certificates of the store, the authority's among them, are trusted. */
export function CertificateChecks(props: {
  readonly name: FieldName;
  readonly at: readonly (string | number)[];
  readonly chosen: readonly string[];
  /** undefined = none; the default holds. */
  readonly onChange: (ids: string[] | undefined) => void;
}) {
  const { name, at, chosen, onChange } = props;
  const { certificates } = useEditor();
  const info = useStore(certificates, (state) => state.info);
  const problem = useFieldProblem(at);
  const text = fieldText(name);
  const stored = info === null ? [] : [...(info.ca === null ? [] : [info.ca]), ...info.certificates];
  const ids = [...new Set([...stored.map(({ id }) => id), ...chosen])];
  const toggle = (id: string) => {
    const next = chosen.includes(id) ? chosen.filter((item) => item !== id) : [...chosen, id];
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <fieldset className="check-list" data-field={name} data-at={at.join('.')}>
      <legend className="field-label">{text.label}</legend>
      {ids.map((id) => {
        const found = stored.find((item) => item.id === id);
        return (
          <label key={id} className="checkbox">
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span>
              <code>{id}</code>{' '}
              <span className="field-help">{found === undefined ? 'not in the store' : found.subject}</span>
            </span>
          </label>
        );
      })}
      {ids.length === 0 && <p className="field-help">There is no certificate in the store yet.</p>}
      <FieldMessage {...problem} />
      <p className="field-help">{text.help}</p>
    </fieldset>
  );
}
