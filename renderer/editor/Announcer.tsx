import { useStore } from 'zustand';
import { useEditor } from './EditorContext';

/** Says to screen readers what a gesture has done where only the eye would see it. */
export function Announcer() {
  const { ui } = useEditor();
  const announced = useStore(ui, (state) => state.announced);
  return (
    <p className="visually-hidden" role="status">
      {announced?.text}
    </p>
  );
}
