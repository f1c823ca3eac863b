import { type RefObject, useEffect } from 'react';
import { useEditor } from '../EditorContext';

/**
 * Ctrl/Cmd-C, X and V on the canvas. The browser's own clipboard events carry the text, so that no permission is needed
 * and it works between windows and with a text editor.
 */
export function useClipboard(wrapper: RefObject<HTMLElement | null>): void {
  const { copyText, paste, remove, ui } = useEditor();
  useEffect(() => {
    const isOurs = () => {
      const active = document.activeElement;
      const isHere =
        active === null || active === document.body || wrapper.current?.contains(active) === true;
      const isTyping = active?.closest('input, textarea, select, [contenteditable]') != null;
      const isTextMarked = (document.getSelection()?.toString() ?? '') !== '';
      return isHere && !isTyping && !isTextMarked && document.querySelector('dialog[open]') === null;
    };
    const onCopy = (event: ClipboardEvent) => {
      const text = isOurs() ? copyText() : null;
      if (text === null) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', text);
      if (event.type === 'cut') remove(ui.getState().selection);
      else ui.toast('ok', 'Copied as YAML.');
    };
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (!isOurs() || text === '') return;
      event.preventDefault();
      paste(text);
    };
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCopy);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCopy);
      document.removeEventListener('paste', onPaste);
    };
  }, [wrapper, copyText, paste, remove, ui]);
}
