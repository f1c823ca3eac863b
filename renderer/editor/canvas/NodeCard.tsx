import { Handle, type NodeProps, Position } from '@xyflow/react';
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleX,
  type LucideIcon,
  Plus,
  TriangleAlert,
} from 'lucide-react';
import { memo } from 'react';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { equalJson } from '../../../main/contract/equalJson';
import { useEditor } from '../EditorContext';
import { kindIcons } from '../kindIcons';
import { nextThing } from '../newThings';
import type { NodeFace } from '../nodeFaces';
import type { FlowNode } from './flowElements';
import { lightClass, NodeTraffic, NodeVerdict } from './NodeOverlay';

/** One node's face. Redrawn only when what it says changes. */
export const NodeCard = memo(
  NodeCardFace,
  (before, after) =>
    before.selected === after.selected &&
    before.dragging === after.dragging &&
    equalJson(before.data, after.data),
);

function NodeCardFace({ data: { node, light, traffic }, selected }: NodeProps<FlowNode>) {
  const Icon = kindIcons[node.kind];
  const hasError = node.issues.some((issue) => issue.severity === 'error');
  return (
    <div
      className={`node node-${node.kind} ${selected ? 'node-selected' : ''} ${hasError ? 'node-error' : ''} ${lightClass(light)}`}
    >
      {node.kind !== 'client' && (
        <Handle type="target" position={Position.Left} isConnectable={node.kind !== 'listener'} />
      )}
      <div className="node-head">
        <Icon size={13} aria-hidden />
        <span>{node.face.kindLabel}</span>
        {node.change !== 'none' && (
          <span className="node-change">{node.change === 'added' ? 'new' : 'changed'}</span>
        )}
      </div>
      <div className="node-title">{node.face.title}</div>
      {node.face.lines.map((line) => (
        <div key={line} className="node-line">
          {line}
        </div>
      ))}
      {node.face.state !== null && <NodeState {...node.face.state} />}
      {light?.verdict != null ? (
        <NodeVerdict verdict={light.verdict} />
      ) : (
        <NodeProblem issues={node.issues} />
      )}
      {traffic !== null && light === null && node.issues.length === 0 && <NodeTraffic mark={traffic} />}
      {selected && <NextButton id={node.id} />}
      {node.kind !== 'endpoint' && <Handle type="source" position={Position.Right} />}
    </div>
  );
}

const stateIcons: Readonly<Record<NonNullable<NodeFace['state']>['tone'], LucideIcon>> = {
  ok: CircleCheck,
  neutral: CircleDashed,
  warning: TriangleAlert,
  danger: CircleX,
};

function NodeState({ tone, text }: NonNullable<NodeFace['state']>) {
  const Icon = stateIcons[tone];
  return (
    <div className={`node-state node-state-${tone}`}>
      <Icon size={12} aria-hidden />
      {text}
    </div>
  );
}

function NodeProblem({ issues }: { readonly issues: readonly ConfigIssue[] }) {
  const first = issues.find((issue) => issue.severity === 'error') ?? issues[0];
  if (first === undefined) return null;
  const more = issues.length > 1 ? ` (+${issues.length - 1})` : '';
  const Icon = first.severity === 'error' ? CircleAlert : TriangleAlert;
  return (
    <div
      className={`node-problem node-problem-${first.severity}`}
      title={issues.map((i) => i.message).join('\n')}
    >
      <Icon size={12} aria-hidden />
      <span>
        {first.message}
        {more}
      </span>
    </div>
  );
}

/** The "+" at the side of the selected node: what comes next behind it. */
function NextButton({ id }: { readonly id: string }) {
  const { add } = useEditor();
  const next = nextThing(id);
  if (next === null) return null;
  return (
    <button
      type="button"
      className="node-next nodrag nopan"
      aria-label={next.label}
      title={next.label}
      onClick={(event) => {
        event.stopPropagation();
        add(next.thing, id);
      }}
    >
      <Plus size={14} aria-hidden />
    </button>
  );
}
