// Every key of the editor in words, for the sheet (?) and the overview.

export interface KeyText {
  /** "⌘" or "Ctrl" stands where it says "Mod". */
  readonly keys: string;
  readonly text: string;
  /** Shown in the overview too. */
  readonly isBasic?: boolean;
}

export interface KeySection {
  readonly title: string;
  readonly keys: readonly KeyText[];
}

export const keySections: readonly KeySection[] = [
  {
    title: 'Go around',
    keys: [
      { keys: 'Tab', text: 'to the next node or line' },
      { keys: '↑ ↓ ← →', text: 'from node to node', isBasic: true },
      { keys: 'Enter / Esc', text: 'into the form, and back', isBasic: true },
      { keys: 'Mod F', text: 'find a node', isBasic: true },
      { keys: 'Mod K', text: 'run a command, on every screen', isBasic: true },
      { keys: 'F', text: 'focus: only what the selected thing can reach stays lit' },
    ],
  },
  {
    title: 'Build',
    keys: [
      { keys: 'A', text: 'add what comes behind the selected node', isBasic: true },
      { keys: 'Shift A', text: 'add what comes in front of it' },
      { keys: 'F2', text: 'rename; references follow' },
      { keys: 'Mod D', text: 'duplicate' },
      { keys: 'Mod C / X / V', text: 'copy, cut, paste as YAML' },
      { keys: 'Delete', text: 'delete what is selected', isBasic: true },
      { keys: 'Alt ↑ ↓', text: 'on a filter or the grip of a row: change the order' },
    ],
  },
  {
    title: 'Select and arrange',
    keys: [
      { keys: 'Shift click', text: 'add to the selection' },
      { keys: 'Shift drag', text: 'a rectangle around several nodes' },
      { keys: 'Shift ↑ ↓ ← →', text: 'extend the selection' },
      { keys: 'Mod A', text: 'select everything' },
      { keys: 'Alt ↑ ↓ ← →', text: 'move the selected nodes' },
      { keys: 'Mod G', text: 'put a frame around them' },
      { keys: 'Shift F10', text: 'the menu of the selected node' },
    ],
  },
  {
    title: 'Draft',
    keys: [
      { keys: 'Mod Enter', text: 'apply', isBasic: true },
      { keys: 'Mod Z / Mod Shift Z', text: 'undo, redo', isBasic: true },
      { keys: '?', text: 'this sheet', isBasic: true },
    ],
  },
  {
    title: 'Flows',
    keys: [
      { keys: 'N', text: 'compose a request' },
      { keys: 'Mod Enter / Esc', text: 'send it, cancel it' },
      { keys: 'A / E', text: 'send the shown flow again, as it was or changed' },
      { keys: '/', text: 'filter the list' },
      { keys: 'Space', text: 'pause, and go on' },
      { keys: 'F', text: 'follow the newest' },
      { keys: 'P / X', text: 'pin, compare' },
      { keys: '1 … 5', text: 'mark with a colour; 0 takes it away' },
    ],
  },
];

export function shownKeys(keys: string, commandKey: string): string[] {
  return keys.replaceAll('Mod', commandKey).split(' / ');
}
