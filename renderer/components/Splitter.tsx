import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

/** A bar between two panes: drag it, or move it with the arrow keys. `share` is that of the pane before it, 0 to 1. */
export function Splitter(props: {
  readonly label: string;
  readonly share: number;
  /** `columns` = the panes stand side by side. */
  readonly direction: 'columns' | 'rows';
  readonly onChange: (share: number) => void;
  readonly least?: number;
  readonly most?: number;
}) {
  const { direction, least = 0.12, most = 0.88 } = props;
  const element = useRef<HTMLDivElement>(null);
  const set = (share: number) => props.onChange(Math.min(most, Math.max(least, share)));
  const onPointerDown = (event: PointerEvent) => {
    event.preventDefault();
    element.current?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const parent = element.current?.parentElement;
    if (parent == null || element.current?.hasPointerCapture(event.pointerId) !== true) return;
    const box = parent.getBoundingClientRect();
    if (direction === 'columns') set((event.clientX - box.left) / box.width);
    else set((event.clientY - box.top) / box.height);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = direction === 'columns' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    event.stopPropagation();
    set(props.share + (event.key === more ? 0.02 : -0.02));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved; this is the separator widget of ARIA.
    <div
      ref={element}
      className={`splitter splitter-${direction}`}
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={direction === 'columns' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(props.share * 100)}
      aria-valuemin={Math.round(least * 100)}
      aria-valuemax={Math.round(most * 100)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    />
  );
}
