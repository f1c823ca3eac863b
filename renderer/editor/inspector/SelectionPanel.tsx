import { CopyPlus, Focus, Frame, Trash2 } from 'lucide-react';
import { Button } from '../../components/Button';
import { useEditor } from '../EditorContext';
import { nodeWords, parseEdge, parseNode } from '../nodeIds';

/** Several things are selected: which, and what can be done with all of them. */
export function SelectionPanel({ ids }: { readonly ids: readonly string[] }) {
  const tools = useEditor();
  const { ui } = tools;
  return (
    <div className="inspector-scroll inspector-plain">
      <h2>{ids.length} selected</h2>
      <div className="inspector-links">
        <Button size="small" icon={<CopyPlus size={14} aria-hidden />} onClick={() => tools.duplicate(ids)}>
          Duplicate
        </Button>
        <Button size="small" icon={<Frame size={14} aria-hidden />} onClick={() => tools.group(ids)}>
          Group
        </Button>
        <Button size="small" icon={<Focus size={14} aria-hidden />} onClick={() => ui.focusOnSelection(true)}>
          Focus
        </Button>
        <Button
          size="small"
          variant="danger"
          icon={<Trash2 size={14} aria-hidden />}
          onClick={() => tools.remove(ids)}
        >
          Delete
        </Button>
      </div>
      <ul className="plain-list">
        {ids.map((id) => (
          <li key={id}>
            <Button size="small" variant="ghost" onClick={() => ui.select(id)}>
              {wordsOf(id)}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function wordsOf(id: string): string {
  const node = parseNode(id);
  if (node !== null) return nodeWords(node);
  const edge = parseEdge(id);
  return edge === null ? id.replace(':', ' ') : `${nodeWords(edge.source)} → ${nodeWords(edge.target)}`;
}
