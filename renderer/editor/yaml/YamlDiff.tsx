import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { yamlLook } from './codeTheme';

export interface YamlDiffProps {
  readonly before: string;
  readonly after: string;
  readonly beforeLabel: string;
  readonly afterLabel: string;
  readonly isSideBySide: boolean;
}

const collapsed = { margin: 3, minSize: 6 } as const;

/** Two texts and what differs, read-only. */
export default function YamlDiff({ before, after, beforeLabel, afterLabel, isSideBySide }: YamlDiffProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (parent === null) return;
    if (isSideBySide) {
      const view = new MergeView({
        a: { doc: before, extensions: readOnly(`${beforeLabel}, YAML`) },
        b: { doc: after, extensions: readOnly(`${afterLabel}, YAML`) },
        parent,
        collapseUnchanged: collapsed,
        gutter: true,
      });
      return () => view.destroy();
    }
    const view = new EditorView({
      state: EditorState.create({
        doc: after,
        extensions: [
          readOnly(`Difference between ${beforeLabel} and ${afterLabel}, YAML`),
          unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: collapsed }),
        ],
      }),
      parent,
    });
    return () => view.destroy();
  }, [before, after, beforeLabel, afterLabel, isSideBySide]);
  return (
    <div className="yaml-diff">
      {isSideBySide && (
        <div className="yaml-diff-labels" aria-hidden>
          <span>{beforeLabel}</span>
          <span>{afterLabel}</span>
        </div>
      )}
      <div ref={place} className="yaml-diff-place" />
    </div>
  );
}

function readOnly(label: string): Extension {
  return [
    yamlLook,
    lineNumbers(),
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.lineWrapping,
  ];
}
