import { useStore } from 'zustand';
import type { RouteDocument } from '../../../main/contract/config';
import { FieldMessage } from '../../components/Field';
import { useEditor } from '../EditorContext';
import { routeKindsOf } from '../editFromGraph';
import { fieldText } from '../fieldHelp';
import { useFieldProblem } from './FormContext';

/** The listeners that a route takes traffic from. Those that cannot carry its kind are not offered. */
export function ListenerChecks(props: {
  readonly route: RouteDocument;
  readonly onChange: (listeners: string[]) => void;
}) {
  const { config } = useEditor();
  const listeners = useStore(config, (state) => state.draft.document.listeners ?? noListeners);
  const problem = useFieldProblem(['listeners']);
  const { route } = props;
  const text = fieldText('route.listeners');
  const fitting = listeners.filter(
    (listener) =>
      routeKindsOf(listener.protocol).includes(route.kind) || route.listeners.includes(listener.id),
  );
  const dangling = route.listeners.filter((id) => !listeners.some((listener) => listener.id === id));
  const toggle = (id: string) =>
    props.onChange(
      route.listeners.includes(id) ? route.listeners.filter((item) => item !== id) : [...route.listeners, id],
    );
  return (
    <fieldset className="check-list" data-field="route.listeners" data-at="listeners">
      <legend className="field-label">{text.label}</legend>
      {[...fitting.map((listener) => listener.id), ...dangling].map((id) => {
        const listener = listeners.find((item) => item.id === id);
        return (
          <label key={id} className="checkbox">
            <input type="checkbox" checked={route.listeners.includes(id)} onChange={() => toggle(id)} />
            <span>
              <code>{id}</code>{' '}
              <span className="field-help">
                {listener === undefined ? 'does not exist' : `${listener.protocol} · port ${listener.port}`}
              </span>
            </span>
          </label>
        );
      })}
      {fitting.length === 0 && (
        <p className="field-help">There is no listener for this kind of route yet; add one with "Add".</p>
      )}
      <FieldMessage {...problem} />
      {fitting.length > 0 && <p className="field-help">{text.help}</p>}
    </fieldset>
  );
}

const noListeners: readonly never[] = [];
