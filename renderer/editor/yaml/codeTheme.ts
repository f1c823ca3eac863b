// How YAML looks: the app's own tokens, so that light and dark follow without a second theme, and colours by what a word is.
import { yaml } from '@codemirror/lang-yaml';
import { syntaxTree } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '0.78rem', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--text)', padding: '6px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--surface)',
    borderRight: '1px solid var(--line)',
    color: 'var(--text-faint)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--surface-hover) 60%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--surface-hover)', color: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#bfe3e0, #1f5753)',
  },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--surface-active)',
    border: '0',
    color: 'var(--text-muted)',
    padding: '0 6px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-raised)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius)',
    boxShadow: 'var(--shadow)',
    color: 'var(--text)',
    fontFamily: 'var(--font)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', fontSize: '0.78rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { color: 'var(--text-muted)', fontStyle: 'normal' },
  '.cm-completionInfo': { maxWidth: '320px', padding: '6px 10px' },
  '.cm-diagnostic': { fontFamily: 'var(--font)', padding: '4px 8px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--danger)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--warning)' },
  '.cm-panels': { backgroundColor: 'var(--surface-raised)', color: 'var(--text)' },
  '.cm-panels.cm-panels-top, .cm-panels.cm-panels-bottom': { borderColor: 'var(--line)' },
  '.cm-textfield': {
    backgroundColor: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-small)',
    color: 'var(--text)',
  },
  '.cm-button': {
    background: 'var(--surface-raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-small)',
    color: 'var(--text)',
  },
  '.cm-searchMatch': { backgroundColor: 'light-dark(#ffe9a8, #5a4a12)' },
  '.cm-searchMatch-selected': { backgroundColor: 'light-dark(#ffd257, #85691a)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--text)' },
  '.cm-deletedChunk': { backgroundColor: 'var(--danger-soft)' },
  '.cm-changedLine, &.cm-merge-b .cm-changedLine': { backgroundColor: 'var(--ok-soft)' },
  '&.cm-merge-a .cm-changedLine': { backgroundColor: 'var(--danger-soft)' },
  '&.cm-merge-b .cm-changedText, .cm-insertedLine .cm-changedText': {
    background: 'light-dark(#b9e6c9, #17452a)',
  },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'light-dark(#f7c6c1, #5c211d)',
  },
  // Their marks are in no font that is everywhere.
  '&.cm-editor .cm-collapsedLines::before, &.cm-editor .cm-collapsedLines::after': { content: '"···"' },
  '.cm-collapsedLines': {
    background: 'var(--surface-sunken)',
    color: 'var(--text-muted)',
    fontFamily: 'var(--font)',
  },
  '.yaml-key': { color: 'var(--info)' },
  '.yaml-string': { color: 'var(--ok)' },
  '.yaml-plain': { color: 'var(--kind-endpoint)' },
  '.yaml-comment': { color: 'var(--text-muted)', fontStyle: 'italic' },
  '.yaml-selected-node': { backgroundColor: 'var(--accent-soft)' },
});

const classes: Readonly<Record<string, Decoration>> = {
  Key: Decoration.mark({ class: 'yaml-key' }),
  QuotedLiteral: Decoration.mark({ class: 'yaml-string' }),
  Comment: Decoration.mark({ class: 'yaml-comment' }),
};
/** Numbers and switches, apart from words. */
const plainValue = Decoration.mark({ class: 'yaml-plain' });
const isPlainValue = /^(-?\d[\d._]*|true|false|null|on|off)$/;

function colorsOf(view: EditorView): DecorationSet {
  const found: { from: number; to: number; mark: Decoration }[] = [];
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const known = classes[node.name];
        if (known !== undefined && node.to > node.from) {
          found.push({ from: node.from, to: node.to, mark: known });
          return false;
        }
        if (node.name !== 'Literal') return undefined;
        const text = view.state.sliceDoc(node.from, node.to);
        if (isPlainValue.test(text)) found.push({ from: node.from, to: node.to, mark: plainValue });
        return undefined;
      },
    });
  }
  return Decoration.set(
    found.map(({ from, to, mark }) => mark.range(from, to)),
    true,
  );
}

const colors = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = colorsOf(view);
    }

    update(update: ViewUpdate): void {
      const isParsedOn = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isParsedOn) this.decorations = colorsOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const yamlLook: Extension = [yaml(), theme, colors];
