// CodeMirror on the draft: what is typed goes into the draft, what the canvas changes comes into the text, with one history
// for both (the draft's own; the editor keeps none). The selection goes along in both directions.
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { parseWorkspaceText } from '../../../main/contract/workspaceText';
import { cursorAt, pathAt, rangeOf } from '../../../main/contract/workspaceTextCursor';
import type { EditorTools } from '../EditorContext';
import { yamlLook } from './codeTheme';
import { draftText } from './draftText';
import { placeIssues, readYaml } from './readYaml';
import { smallestChange } from './smallestChange';
import { helpText, offersAt } from './yamlHelp';
import { nodeAtPath, pathOfNode } from './yamlNodes';

/** The change came from the draft and must not go back there. */
const fromDraft = Annotation.define<boolean>();
const markLines = StateEffect.define<{ readonly from: number; readonly to: number } | null>();
const selectedLine = Decoration.line({ class: 'yaml-selected-node' });

const markedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    let next = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(markLines)) next = linesOf(transaction.state, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Fills `parent`; returns how to end. `onError` gets why the text cannot be read from the main process, or null. */
export function startYamlEditor(
  parent: HTMLElement,
  tools: EditorTools,
  onError: (message: string | null) => void,
): () => void {
  const { api, config, ui } = tools;
  let runningText: string | null = null;
  let readRevision = '';
  let isGone = false;

  const view = new EditorView({
    parent,
    state: EditorState.create({ doc: '', extensions: extensionsOf(tools) }),
    dispatchTransactions: (transactions, target) => {
      target.update(transactions);
      const isTyped = transactions.some((each) => each.docChanged && each.annotation(fromDraft) !== true);
      if (isTyped) takeTyped(transactions[0]!.startState.doc.toString());
      const isMoved = transactions.some((each) => each.selection !== undefined || each.docChanged);
      if (isMoved && target.hasFocus && !transactions.some((each) => each.annotation(fromDraft))) follow();
    },
  });

  const takeTyped = (before: string) => {
    if (runningText === null) return;
    const text = view.state.doc.toString();
    const { draft } = config.getState();
    const line = view.state.doc.lineAt(view.state.selection.main.head).number;
    config.editText(
      text,
      readYaml(text, draft.document),
      { before, saved: runningText },
      `yaml ${line} of ${view.state.doc.lines}`,
    );
  };

  /** The node that the cursor stands in is the selected one. */
  const follow = () => {
    const path = pathAt(view.state.doc.toString(), view.state.selection.main.head);
    const node = nodeAtPath(config.getState().draft.document, path);
    if (node !== null && node !== ui.getState().selected) ui.select(node);
  };

  const show = () => {
    if (runningText === null) return;
    const { draft, issues } = config.getState();
    const text = draftText(draft, runningText);
    const change = smallestChange(view.state.doc.toString(), text);
    if (change !== null) {
      // A step back or forward while the focus is here: the cursor goes to what changed.
      const at = { anchor: change.from + change.insert.length };
      view.dispatch({
        changes: change,
        annotations: fromDraft.of(true),
        ...(view.hasFocus ? { selection: at, scrollIntoView: true } : {}),
      });
    }
    const diagnostics = placeIssues(text, issues).map(({ from, to, severity, message }) => ({
      from,
      to,
      severity,
      message,
    }));
    view.dispatch(setDiagnostics(view.state, diagnostics));
  };

  const markSelected = (isScrolled: boolean) => {
    const { selected } = ui.getState();
    const path = selected === null ? null : pathOfNode(config.getState().draft.document, selected);
    const range = path === null ? null : rangeOf(view.state.doc.toString(), path);
    const isFar = range !== null && isScrolled && !view.hasFocus;
    view.dispatch({
      annotations: fromDraft.of(true),
      effects: [
        markLines.of(range),
        ...(isFar ? [EditorView.scrollIntoView(range.from, { y: 'center' })] : []),
      ],
    });
  };

  const readRunning = () => {
    const { running } = config.getState();
    const revision = `${running?.runId} ${running?.file} ${running?.revision}`;
    if (running === null || revision === readRevision) return;
    readRevision = revision;
    api.call('getWorkspaceText', undefined).then(
      ({ text }) => {
        if (isGone || revision !== readRevision) return;
        const isFirst = runningText === null;
        runningText = text;
        onError(null);
        show();
        markSelected(isFirst);
      },
      (error: unknown) => {
        readRevision = '';
        onError(error instanceof Error ? error.message : String(error));
      },
    );
  };

  const stops = [
    config.subscribe((now, before) => {
      readRunning();
      if (now.draft !== before.draft || now.issues !== before.issues) {
        show();
        markSelected(false);
      }
    }),
    ui.subscribe((now, before) => {
      if (now.selected !== before.selected) markSelected(true);
    }),
  ];
  readRunning();
  return () => {
    isGone = true;
    for (const stop of stops) stop();
    view.destroy();
  };
}

function extensionsOf(tools: EditorTools) {
  return [
    yamlLook,
    lineNumbers(),
    foldGutter(),
    codeFolding(),
    lintGutter(),
    drawSelection(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    bracketMatching(),
    indentOnInput(),
    search({ top: true }),
    markedLines,
    EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({
      'aria-label': 'Workspace, YAML',
      'aria-describedby': 'yaml-keys',
      tabindex: '0',
    }),
    autocompletion({ override: [(context) => complete(context, tools)] }),
    hoverTooltip((view, position) => hover(view, position)),
    // Ctrl/Cmd with Enter, Z, Y and K belong to the screen: apply, undo and redo of the draft, commands.
    keymap.of([
      ...completionKeymap,
      ...searchKeymap.map((binding) => ({ ...binding, stopPropagation: true })),
      ...foldKeymap,
      ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter' && key !== 'Shift-Mod-k'),
      indentWithTab,
    ]),
    EditorView.domEventHandlers({ keydown: keepFromCanvas }),
  ];
}

/** Keys of the canvas (Delete, arrows, letters) are text here. */
function keepFromCanvas(event: KeyboardEvent): boolean {
  const isCommand = (event.ctrlKey || event.metaKey) && /^(enter|z|y|k)$/i.test(event.key);
  if (!isCommand) event.stopPropagation();
  return false;
}

function complete(context: CompletionContext, { certificates }: EditorTools): CompletionResult | null {
  const cursor = cursorAt(context.state.doc.toString(), context.pos);
  if (cursor === null || (cursor.word === '' && !context.explicit)) return null;
  const ids = certificates.getState().info?.certificates.map(({ id }) => id) ?? [];
  const offers = offersAt(cursor, { certificates: ids });
  if (offers.length === 0) return null;
  const options = offers.map(
    ({ label, detail, info, insert }): Completion => ({
      label,
      apply: insert,
      ...(detail === '' ? {} : { detail }),
      ...(info === '' ? {} : { info }),
    }),
  );
  return { from: cursor.from, options, validFor: /^[\w.*-]*$/ };
}

function hover(view: EditorView, position: number) {
  const line = view.state.doc.lineAt(position);
  const before = view.state.sliceDoc(line.from, position);
  const word = view.state.wordAt(position);
  if (word === null || before.includes('#')) return null;
  const text = view.state.doc.toString();
  const help = helpText(parseWorkspaceText(text).value, pathAt(text, position));
  if (help === null) return null;
  return {
    pos: word.from,
    end: word.to,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'yaml-help';
      dom.textContent = help;
      return { dom };
    },
  };
}

function linesOf(
  state: EditorState,
  range: { readonly from: number; readonly to: number } | null,
): DecorationSet {
  if (range === null) return Decoration.none;
  const first = state.doc.lineAt(Math.min(range.from, state.doc.length)).number;
  const text = state.sliceDoc(range.from, range.to).trimEnd();
  const last = state.doc.lineAt(Math.min(range.from + text.length, state.doc.length)).number;
  const lines = [];
  for (let number = first; number <= last; number++) {
    lines.push(selectedLine.range(state.doc.line(number).from));
  }
  return Decoration.set(lines);
}
