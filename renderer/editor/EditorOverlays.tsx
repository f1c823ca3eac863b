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
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      if (shortcut === null || event.defaultPrevented || document.querySelector('dialog[open]') !== null)
        return;
      if (shortcut === 'keys' && isTyping(event.target)) return;
      const isOnCanvas = ui.getState().screen === 'routes';
      if (!isOnCanvas && shortcut !== 'commands' && shortcut !== 'keys') return;
      event.preventDefault();
      if (shortcut === 'apply') apply();
      else if (shortcut === 'undo') config.undo();
      else if (shortcut === 'redo') config.redo();
      else if (shortcut === 'keys') overlay.show({ kind: 'keys' });
      else overlay.show({ kind: 'palette', mode: shortcut });
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
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
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
