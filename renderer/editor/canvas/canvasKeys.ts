import type { Arrow } from '../graphNavigation';

export type CanvasKeyAction =
  | { readonly kind: 'move'; readonly arrow: Arrow; readonly isExtending: boolean }
  | { readonly kind: 'shift'; readonly arrow: Arrow }
  | { readonly kind: 'remove' | 'inspect' | 'leave' | 'rename' | 'next' | 'before' | 'focus' }
  | { readonly kind: 'duplicate' | 'selectAll' | 'group' };

interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const arrows: readonly string[] = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'];
const plainKeys: Readonly<Record<string, 'remove' | 'inspect' | 'leave' | 'rename' | 'next' | 'focus'>> = {
  Delete: 'remove',
  Backspace: 'remove',
  Enter: 'inspect',
  Escape: 'leave',
  F2: 'rename',
  a: 'next',
  f: 'focus',
};
const commandKeys: Readonly<Record<string, 'duplicate' | 'selectAll' | 'group'>> = {
  d: 'duplicate',
  a: 'selectAll',
  g: 'group',
};

/** What a key on the canvas means. Keys on a button or a field inside a node belong to it. */
export function canvasKeyAction(
  event: Keys,
  target: { closest(selector: string): unknown },
): CanvasKeyAction | null {
  if (target.closest('button, input, select, textarea') !== null) return null;
  const isArrow = arrows.includes(event.key);
  if (event.ctrlKey || event.metaKey) {
    const kind = event.altKey || event.shiftKey ? undefined : commandKeys[event.key.toLowerCase()];
    return kind === undefined ? null : { kind };
  }
  if (event.altKey) return isArrow ? { kind: 'shift', arrow: event.key as Arrow } : null;
  if (isArrow) return { kind: 'move', arrow: event.key as Arrow, isExtending: event.shiftKey };
  if (event.shiftKey) return event.key === 'A' ? { kind: 'before' } : null;
  const kind = plainKeys[event.key];
  return kind === undefined ? null : { kind };
}
