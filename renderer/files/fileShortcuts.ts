export type FileShortcut = 'open' | 'saveAs' | 'apply';

interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Ctrl or Cmd with O, S (which saves, here: applies) or Shift-S. */
export function fileShortcutOf(event: Keys): FileShortcut | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'o') return event.shiftKey ? null : 'open';
  if (key !== 's') return null;
  return event.shiftKey ? 'saveAs' : 'apply';
}
