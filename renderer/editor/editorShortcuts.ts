export type EditorShortcut = 'apply' | 'undo' | 'redo' | 'find' | 'commands' | 'keys';

interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Ctrl or Cmd with Enter, Z, Shift-Z, Y, F or K; ? alone. */
export function shortcutOf(event: Keys): EditorShortcut | null {
  if (event.altKey) return null;
  if (!(event.ctrlKey || event.metaKey)) return event.key === '?' ? 'keys' : null;
  if (event.key === 'Enter') return 'apply';
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? 'redo' : 'undo';
  if (key === 'y') return 'redo';
  if (event.shiftKey) return null;
  return key === 'f' ? 'find' : key === 'k' ? 'commands' : null;
}

/** The command key's name on this machine, for hints. */
export function commandKey(platform: string): string {
  return /mac|iphone|ipad/i.test(platform) ? '⌘' : 'Ctrl';
}
