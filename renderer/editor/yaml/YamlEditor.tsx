import { CircleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';
import { startYamlEditor } from './codeEditor';

/** The text and what is wrong with it. Everything else is the editor's own. */
export function YamlEditor() {
  const tools = useEditor();
  const place = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    return startYamlEditor(parent, tools, setError);
  }, [tools]);
  const broken = useStore(tools.config, (state) => state.draft.text?.issues[0]);
  return (
    <>
      <div ref={place} className="yaml-editor" />
      <p id="yaml-keys" className="yaml-foot">
        {broken === undefined ? (
          <span>Ctrl-Space completes · Esc, then Tab leaves the text</span>
        ) : (
          <span className="yaml-broken" role="status">
            <CircleAlert size={13} aria-hidden />
            Line {broken.line ?? 1}: {broken.message}
            {/[.?!]$/.test(broken.message) ? '' : '.'} The canvas shows the last text that could be read.
          </span>
        )}
      </p>
      {error !== null && (
        <p role="alert" className="yaml-foot">
          The text cannot be read: {error}
        </p>
      )}
    </>
  );
}
