import type { DragEvent, KeyboardEvent } from 'react';

const dragType = 'application/x-hopscope-order';
/** What is being dragged; the browser tells its data only when it is dropped. */
let dragged: { readonly scope: string; readonly index: number } | null = null;

/**
 * Gives each item of a list what makes it movable: dragging onto another item's place, and Alt with an arrow key. Items of
 * another list (`scope`) are not taken.
 */
export function useReorder(list: {
  readonly scope: string;
  readonly count: number;
  readonly onMove: (from: number, to: number) => void;
}) {
  const isOurs = () => dragged?.scope === list.scope;
  return (index: number) => ({
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
      if (from !== index) list.onMove(from, index);
    },
    onKeyDown(event: KeyboardEvent<HTMLElement>) {
      if (!event.altKey || event.target !== event.currentTarget) return;
      const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const item = event.currentTarget;
      const to = index + step;
      if (to < 0 || to >= list.count) return;
      const grips = gripsOf(item);
      list.onMove(index, to);
      // The focus follows the thing that was moved.
      requestAnimationFrame(() => grips[grips.indexOf(item) + step]?.focus());
    },
  });
}

/** The things that move items of the same list, in order. */
function gripsOf(grip: HTMLElement): HTMLElement[] {
  const isCard = grip.closest('.form-card') !== null;
  const list = isCard ? grip.closest('.form-card')!.parentElement : grip.parentElement;
  return [...(list?.querySelectorAll<HTMLElement>('[draggable="true"]') ?? [])];
}
