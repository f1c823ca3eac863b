import { Code, Columns2, Network } from 'lucide-react';
import { useStore } from 'zustand';
import { Tooltip } from '../components/Tooltip';
import type { EditorView } from './documentViews';
import { useEditor } from './EditorContext';

const choices: readonly { readonly view: EditorView; readonly label: string; readonly Icon: typeof Code }[] =
  [
    { view: 'canvas', label: 'Canvas', Icon: Network },
    { view: 'split', label: 'Canvas and YAML', Icon: Columns2 },
    { view: 'yaml', label: 'YAML', Icon: Code },
  ];

/** The workspace as a picture, as text, or both side by side. */
export function ViewSwitch() {
  const { views } = useEditor();
  const current = useStore(views, (state) => state.view);
  return (
    <fieldset className="theme-switch">
      <legend className="visually-hidden">View</legend>
      {choices.map(({ view, label, Icon }) => (
        <Tooltip key={view} text={label}>
          <button
            type="button"
            aria-label={label}
            aria-pressed={current === view}
            onClick={() => views.show(view)}
          >
            <Icon size={14} aria-hidden />
          </button>
        </Tooltip>
      ))}
    </fieldset>
  );
}
