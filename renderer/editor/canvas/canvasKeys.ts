import type { Arrow } from '../graphNavigation';

export type CanvasKeyAction =
  | { readonly kind: 'move'; readonly arrow: Arrow }
  | { readonly kind: 'remove' }
  | { readonly kind: 'inspect' }
  | { readonly kind: 'leave' };

interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const arrows: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];

/** What a key on the canvas means. Keys on a button inside a node belong to the button. */
export function canvasKeyAction(
  event: Keys,
  target: { closest(selector: string): unknown },
): CanvasKeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (target.closest('button, input, select, textarea') !== null) return null;
  if (arrows.includes(event.key)) return { kind: 'move', arrow: event.key as Arrow };
  if (event.key === 'Delete' || event.key === 'Backspace') return { kind: 'remove' };
  if (event.key === 'Enter') return { kind: 'inspect' };
  return event.key === 'Escape' ? { kind: 'leave' } : null;
}
