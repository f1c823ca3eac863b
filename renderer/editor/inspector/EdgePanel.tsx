import { Unlink } from 'lucide-react';
import { Button } from '../../components/Button';
import { useEditor } from '../EditorContext';
import { edgeId, formatNode, type NodeRef, nodeWords } from '../nodeIds';
import { LiveFigures } from './LiveFigures';

/** What a selected line means, and how to take it away. */
export function EdgePanel(props: {
  readonly id: string;
  readonly source: NodeRef;
  readonly target: NodeRef;
}) {
  const { remove, ui } = useEditor();
  const { source, target } = props;
  return (
    <div className="inspector-scroll inspector-plain">
      <h2>Connection</h2>
      <p>
        {source.kind === 'listener'
          ? 'The listener hands its traffic to the route.'
          : 'The route sends to the pool.'}
      </p>
      <LiveFigures id={props.id} />
      <div className="inspector-links">
        {[source, target].map((node) => (
          <Button key={formatNode(node)} size="small" onClick={() => ui.select(formatNode(node))}>
            {nodeWords(node)}
          </Button>
        ))}
      </div>
      <Button
        variant="danger"
        icon={<Unlink size={14} aria-hidden />}
        onClick={() => remove([edgeId(formatNode(source), formatNode(target))])}
      >
        Disconnect
      </Button>
    </div>
  );
}
