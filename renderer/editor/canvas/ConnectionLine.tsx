import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react';
import { useEditor } from '../EditorContext';
import { offerConnection } from '../editFromGraph';
import type { FlowNode } from './flowElements';

type Props = ConnectionLineComponentProps<FlowNode>;

/** The line that follows the pointer; over a node that it cannot end at it says why. */
export function ConnectionLine(props: Props) {
  return <PointerLine {...props} wordsAnywhere="let go for a menu" />;
}

/** The end of a line that is there already. */
export function ReconnectionLine(props: Props) {
  return <PointerLine {...props} wordsAnywhere="let go to leave it as it was" />;
}

function PointerLine(props: Props & { readonly wordsAnywhere: string }) {
  const { config } = useEditor();
  const { fromX, fromY, toX, toY, fromPosition, toPosition, fromNode, toNode, fromHandle } = props;
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const ends = fromHandle.type === 'target' ? [toNode, fromNode] : [fromNode, toNode];
  const isOnNode = toNode !== null && toNode.id !== fromNode.id;
  const offer = isOnNode ? offerConnection(config.getState().draft.document, ends[0]!.id, ends[1]!.id) : null;
  const words =
    offer === null
      ? isOnNode
        ? ''
        : props.wordsAnywhere
      : offer.kind === 'possible'
        ? 'connect'
        : offer.reason;
  const tone = offer?.kind ?? 'open';
  return (
    <g className={`connection connection-${tone}`}>
      <path d={path} fill="none" className="connection-path" />
      <foreignObject x={toX + 14} y={toY + 10} width={230} height={60} className="connection-words">
        <span>{words}</span>
      </foreignObject>
    </g>
  );
}
