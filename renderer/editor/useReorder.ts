import type { DragEvent, KeyboardEvent } from 'react';
import { useEditor } from './EditorContext';

const dragType = 'application/x-hopscope-order';
/** What is being dragged; the browser tells its data only when it is dropped. */
let dragged: { readonly scope: string; readonly index: number } | null = null;

export interface OrderedList {
  /** Items of another list are not taken. */
  readonly scope: string;
  readonly count: number;
  /** "Filter Fault": what is said after a move. */
  readonly words: (index: number) => string;
  readonly onMove: (from: number, to: number) => void;
}

export type Reorder = ReturnType<typeof useReorder>;

/**
 * Makes the items of a list movable: by dragging (`dragOf`) onto another item's place (`dropOf`), and by Alt with an arrow key
 * on what is dragged. The element around the items carries `data-order-list`.
 */
export function useReorder(list: OrderedList) {
  const { ui } = useEditor();
  const isOurs = () => dragged?.scope === list.scope;
  /** The focus follows the thing that was moved, and its new place is said. */
  const move = (from: number, to: number, at: Element) => {
    if (to === from || to < 0 || to >= list.count) return;
    const around = at.closest<HTMLElement>('[data-order-list]');
    const words = list.words(from);
    list.onMove(from, to);
    ui.announce(`${words} is now ${to + 1} of ${list.count}.`);
    requestAnimationFrame(() => around?.querySelectorAll<HTMLElement>('[draggable="true"]')[to]?.focus());
  };
  return {
    count: list.count,
    words: list.words,
    move,
    dragOf: (index: number) => ({
      draggable: true,
      onDragStart(event: DragEvent<HTMLElement>) {
        event.stopPropagation();
        dragged = { scope: list.scope, index };
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData(dragType, String(index));
        event.currentTarget.classList.add('is-dragged');
      },
      onDragEnd(event: DragEvent<HTMLElement>) {
        dragged = null;
        event.currentTarget.classList.remove('is-dragged');
      },
      onKeyDown(event: KeyboardEvent<HTMLElement>) {
        if (!event.altKey || event.target !== event.currentTarget) return;
        const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        move(index, index + step, event.currentTarget);
      },
    }),
    dropOf: (index: number) => ({
      onDragOver(event: DragEvent<HTMLElement>) {
        if (!isOurs()) return;
        event.preventDefault();
        event.currentTarget.classList.toggle('is-drop-place', dragged?.index !== index);
      },
      onDragLeave(event: DragEvent<HTMLElement>) {
        event.currentTarget.classList.remove('is-drop-place');
      },
      onDrop(event: DragEvent<HTMLElement>) {
        event.currentTarget.classList.remove('is-drop-place');
        if (dragged === null || !isOurs()) return;
        event.preventDefault();
        event.stopPropagation();
        const from = dragged.index;
        dragged = null;
        move(from, index, event.currentTarget);
      },
    }),
  };
}
