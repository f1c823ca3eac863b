import { ArrowDown, ArrowDownToLine, ArrowUp, ArrowUpToLine, GripVertical } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useEditor } from '../EditorContext';
import type { MenuEntry } from '../overlayStore';
import type { Reorder } from '../useReorder';

/** What an item of an ordered list is dragged by; a click opens the same moves as a menu. */
export function OrderGrip({ reorder, index }: { readonly reorder: Reorder; readonly index: number }) {
  const { overlay } = useEditor();
  const { count, words } = reorder;
  if (count < 2) return null;
  const open = ({ currentTarget: grip }: MouseEvent<HTMLElement>) => {
    const { left, bottom } = grip.getBoundingClientRect();
    const entry = (label: string, to: number, icon: MenuEntry['icon']): MenuEntry => ({
      id: label,
      label,
      ...(icon === undefined ? {} : { icon }),
      run: () => reorder.move(index, to, grip),
    });
    const entries = [
      ...(index > 0 ? [entry('To the top', 0, ArrowUpToLine), entry('Up', index - 1, ArrowUp)] : []),
      ...(index < count - 1
        ? [entry('Down', index + 1, ArrowDown), entry('To the bottom', count - 1, ArrowDownToLine)]
        : []),
    ];
    overlay.show({
      kind: 'menu',
      menu: { title: `Move ${words(index)}`, x: left, y: bottom, sections: [{ title: null, entries }] },
    });
  };
  return (
    <button
      type="button"
      className="order-grip"
      aria-label={`Order of ${words(index)}, ${index + 1} of ${count}`}
      aria-haspopup="menu"
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
      title="Drag, or Alt with an arrow key, to change the order"
      {...reorder.dragOf(index)}
      onClick={open}
    >
      <GripVertical size={14} aria-hidden />
    </button>
  );
}
