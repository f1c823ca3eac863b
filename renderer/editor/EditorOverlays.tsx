import { useEffect } from 'react';
import { useStore } from 'zustand';
import { DeletionDialog } from './DeletionDialog';
import { useEditor } from './EditorContext';
import { shortcutOf } from './editorShortcuts';
import { KeySheet } from './KeySheet';
import './palette.css';
import { Palette } from './Palette';
import { PointMenuView } from './PointMenuView';
import { PresetOverlay } from './PresetOverlay';
import { SamplesDialog } from './samples/SamplesDialog';

/** What lies over the screen, and the keys that work on every screen. */
export function EditorOverlays() {
  const tools = useEditor();
  const { overlay, config, ui, apply } = tools;
  const shown = useStore(overlay, (state) => state.shown);
  useEffect(() => {
    const isDialogOpen = () => document.querySelector('dialog[open]') !== null;
    // Before buttons and menus, which take Enter for themselves.
    const onKeyDownFirst = (event: KeyboardEvent) => {
      if (shortcutOf(event) !== 'apply' || isDialogOpen() || ui.getState().screen !== 'routes') return;
      event.preventDefault();
      event.stopPropagation();
      apply();
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (shortcut === null || event.defaultPrevented || isDialogOpen()) return;
      if (shortcut === 'keys' && isTyping(event.target)) return;
      const isOnCanvas = ui.getState().screen === 'routes';
      if (!isOnCanvas && shortcut !== 'commands' && shortcut !== 'keys') return;
      event.preventDefault();
      if (shortcut === 'undo') config.undo();
      else if (shortcut === 'redo') config.redo();
      else if (shortcut === 'keys') overlay.show({ kind: 'keys' });
      else if (shortcut !== 'apply') overlay.show({ kind: 'palette', mode: shortcut });
    };
    window.addEventListener('keydown', onKeyDownFirst, true);
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDownFirst, true);
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [overlay, config, ui, apply]);
  switch (shown?.kind) {
    case 'palette':
      return <Palette mode={shown.mode} onClose={overlay.close} />;
    case 'keys':
      return <KeySheet onClose={overlay.close} />;
    case 'menu':
      return <PointMenuView menu={shown.menu} />;
    case 'preset':
      return <PresetOverlay id={shown.preset} />;
    case 'samples':
      return <SamplesDialog pool={shown.pool} />;
    case 'deletion':
      return <DeletionDialog ids={shown.ids} losses={shown.losses} />;
    default:
      return null;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest('input, textarea, [contenteditable]');
  return field !== null && !field.matches('[type="checkbox"], [type="radio"], [type="range"]');
}
