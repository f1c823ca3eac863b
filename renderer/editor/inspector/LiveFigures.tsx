import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';
import { markFigures } from '../lineLabel';

/** What flows along a line now, in figures. */
export function LiveFigures({ id }: { readonly id: string }) {
  const { traffic } = useEditor();
  const mark = useStore(traffic, (state) => state.marks.get(id));
  if (mark === undefined) return null;
  return (
    <dl className="live-figures" aria-label="Live traffic">
      {markFigures(mark).map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
