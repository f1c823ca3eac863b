import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { formatPath } from '../../../main/contract/configIssue';
import { useEditor } from '../EditorContext';
import { commandKey } from '../editorShortcuts';
import { nodeOfIssue } from '../issuesByNode';
import { countWords } from '../nodeFaces';

/** Nothing is selected: the workspace in numbers, its problems, and the keys. */
export function OverviewPanel() {
  const { config } = useEditor();
  const document = useStore(config, (state) => state.draft.document);
  const file = useStore(config, (state) => state.running?.file ?? '');
  const key = commandKey(navigator.platform);
  return (
    <div className="inspector-scroll inspector-plain">
      <h2>Workspace</h2>
      <p className="inspector-file">{file}</p>
      <p>
        {countWords(document.listeners?.length ?? 0, 'listener')},{' '}
        {countWords(document.routes?.length ?? 0, 'route')}, {countWords(document.pools?.length ?? 0, 'pool')}
      </p>
      <ProblemList />
      <h3>Keys</h3>
      <dl className="key-list">
        <dt>
          <kbd>Tab</kbd> <kbd>↑ ↓ ← →</kbd>
        </dt>
        <dd>go from node to node</dd>
        <dt>
          <kbd>Enter</kbd> / <kbd>Esc</kbd>
        </dt>
        <dd>into the form, and back</dd>
        <dt>
          <kbd>Delete</kbd>
        </dt>
        <dd>remove what is selected</dd>
        <dt>
          <kbd>{key} Z</kbd> / <kbd>{key} Shift Z</kbd>
        </dt>
        <dd>undo, redo</dd>
        <dt>
          <kbd>{key} Enter</kbd>
        </dt>
        <dd>apply the draft</dd>
        <dt>
          <kbd>{key} F</kbd> / <kbd>{key} K</kbd>
        </dt>
        <dd>find a node, run a command</dd>
      </dl>
    </div>
  );
}

function ProblemList() {
  const { config, ui } = useEditor();
  const issues = useStore(config, (state) => state.issues);
  const document = useStore(config, (state) => state.draft.document);
  if (issues.length === 0) return null;
  return (
    <>
      <h3>Problems</h3>
      <ul className="problem-list">
        {issues.map((issue) => {
          const node = nodeOfIssue(document, issue);
          const Icon = issue.severity === 'error' ? CircleAlert : TriangleAlert;
          const text = (
            <>
              <Icon size={14} aria-hidden />
              <span>
                {issue.message}
                <code>{formatPath(issue.path)}</code>
              </span>
            </>
          );
          const key = `${issue.code} ${formatPath(issue.path)} ${issue.message}`;
          return (
            <li key={key} className={`problem-${issue.severity}`}>
              {node === null ? (
                <div className="problem-item">{text}</div>
              ) : (
                <button type="button" className="problem-item" onClick={() => ui.select(node)}>
                  {text}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </>
  );
}
