import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react';
import { useEditor } from '../EditorContext';
import { offerConnection } from '../editFromGraph';
import type { FlowNode } from './flowElements';

/** The line that follows the pointer; over a node that it cannot end at it says why. */
export function ConnectionLine(props: ConnectionLineComponentProps<FlowNode>) {
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
        : 'let go for a menu'
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
