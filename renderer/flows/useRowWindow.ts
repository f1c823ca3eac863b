import { useLayoutEffect, useState } from 'react';

export interface RowWindow {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

const spareRows = 6;

/**
 * Which rows of equal height are in view of a scroller, with a few to spare. Unlike a measuring virtualizer it costs the same
 * for ten rows and for ten thousand, which change many times a second here.
 */
export function useRowWindow(
  scroller: { readonly current: HTMLElement | null },
  rowHeight: number,
  count: number,
): RowWindow {
  const [view, setView] = useState<RowWindow>({ from: 0, to: 60 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const first = Math.floor(element.scrollTop / rowHeight);
      const from = Math.max(0, first - spareRows);
      const to = first + Math.ceil(element.clientHeight / rowHeight) + spareRows;
      setView((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, rowHeight]);
  return { from: Math.min(view.from, count), to: Math.min(view.to, count) };
}
