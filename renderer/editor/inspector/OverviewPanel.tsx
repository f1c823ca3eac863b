import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { formatPath } from '../../../main/contract/configIssue';
import { Button } from '../../components/Button';
import { useEditor } from '../EditorContext';
import { commandKey } from '../editorShortcuts';
import { fieldOfIssue, nodeOfIssue } from '../issuesByNode';
import { KeyRows } from '../KeyRows';
import { keySections } from '../keyTexts';
import { countWords } from '../nodeFaces';
import { CaptureFields } from './CaptureFields';
import { RouteOrder } from './RouteOrder';

/** Nothing is selected: the workspace in numbers, its problems, and the keys. */
export function OverviewPanel() {
  const { config, overlay } = useEditor();
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
      <RouteOrder />
      <CaptureFields />
      <h3>Keys</h3>
      <KeyRows
        commandKey={key}
        rows={keySections.flatMap((section) => section.keys.filter((item) => item.isBasic === true))}
      />
      <Button size="small" onClick={() => overlay.show({ kind: 'keys' })}>
        All keys
      </Button>
    </div>
  );
}

function ProblemList() {
  const { config, ui, focusForm } = useEditor();
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
                <button
                  type="button"
                  className="problem-item"
                  onClick={() => {
                    ui.reveal(node);
                    focusForm(fieldOfIssue(issue));
                  }}
                >
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
