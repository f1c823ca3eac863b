import type { KeyboardEvent, PointerEvent } from 'react';
import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';

const narrowest = 280;
const widest = 640;
/** The canvas keeps at least this much. */
const canvasLeast = 420;
const stepPixels = 24;

/** The line between canvas and inspector: dragged, moved by arrow keys, set back by a double click. */
export function InspectorDivider() {
  const { ui } = useEditor();
  const width = useStore(ui, (state) => state.inspectorWidth);
  const shown = () => document.querySelector('.inspector')?.getBoundingClientRect().width ?? narrowest;
  const set = (pixels: number) => {
    const most = Math.max(narrowest, Math.min(widest, window.innerWidth - canvasLeast));
    ui.setInspectorWidth(Math.round(Math.min(most, Math.max(narrowest, pixels))));
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) set(window.innerWidth - event.clientX);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') set(shown() + stepPixels);
    else if (event.key === 'ArrowRight') set(shown() - stepPixels);
    else if (event.key === 'Home') ui.setInspectorWidth(null);
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved; this is the window splitter of WAI-ARIA.
    <div
      className="inspector-divider"
      role="separator"
      tabIndex={0}
      aria-label="Width of the inspector"
      aria-orientation="vertical"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={width ?? narrowest}
      title="Drag to change the width; a double click sets it back"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onDoubleClick={() => ui.setInspectorWidth(null)}
      onKeyDown={onKeyDown}
    />
  );
}
