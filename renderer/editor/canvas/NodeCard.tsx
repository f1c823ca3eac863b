import { Handle, type NodeProps, Position } from '@xyflow/react';
import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleX,
  EyeOff,
  FlaskConical,
  type LucideIcon,
  Plus,
  TriangleAlert,
} from 'lucide-react';
import { memo } from 'react';
import { useStore } from 'zustand';
import type { ConfigIssue } from '../../../main/contract/configIssue';
import { equalJson } from '../../../main/contract/equalJson';
import { useEditor } from '../EditorContext';
import { kindIcons } from '../kindIcons';
import { nextOffers } from '../nextOffers';
import type { NodeFace } from '../nodeFaces';
import { formatNode, parseFold, parseNode } from '../nodeIds';
import { SampleStart } from '../samples/SampleStart';
import { FilterChips } from './FilterChips';
import type { CardNode } from './flowElements';
import { lightClass, NodeTraffic, NodeVerdict } from './NodeOverlay';

/** One node's face. Redrawn only when what it says changes. */
export const NodeCard = memo(
  NodeCardFace,
  (before, after) =>
    before.selected === after.selected &&
    before.dragging === after.dragging &&
    equalJson(before.data, after.data),
);

function NodeCardFace({ data: { node, light, traffic, offer, isOnly }, selected }: NodeProps<CardNode>) {
  const Icon = kindIcons[node.kind];
  const hasError = node.issues.some((issue) => issue.severity === 'error');
  const chips = node.face.chips ?? [];
  const classes = [
    'node',
    `node-${node.kind}`,
    selected ? 'node-selected' : '',
    hasError ? 'node-error' : '',
    lightClass(light),
    offer === null ? '' : `node-offer-${offer}`,
    parseFold(node.id) === null ? '' : 'node-fold',
  ];
  return (
    <div className={classes.filter((name) => name !== '').join(' ')}>
      {node.kind !== 'client' && (
        <Handle
          type="target"
          position={Position.Left}
          isConnectableStart={node.kind === 'route' || node.kind === 'pool'}
        />
      )}
      <div className="node-head">
        {node.face.kindLabel.startsWith('Sample: ') ? (
          <FlaskConical size={13} aria-hidden />
        ) : (
          <Icon size={13} aria-hidden />
        )}
        <span>{node.face.kindLabel}</span>
        {node.face.stoppedSample !== undefined && <SampleStart name={node.face.stoppedSample} />}
        {node.change !== 'none' && (
          <span className="node-change">{node.change === 'added' ? 'new' : 'changed'}</span>
        )}
      </div>
      <div className="node-title" title={node.face.title}>
        {node.face.title}
      </div>
      {node.face.lines.map((line) => (
        <div key={line} className="node-line">
          {line}
        </div>
      ))}
      {node.face.state !== null && <NodeState {...node.face.state} />}
      {chips.length > 0 && (
        <FilterChips route={node.id.slice('route:'.length)} chips={chips} isSelected={selected} />
      )}
      {light?.verdict != null ? (
        <NodeVerdict verdict={light.verdict} />
      ) : (
        <NodeProblem issues={node.issues} />
      )}
      {traffic !== null && light === null && node.issues.length === 0 && <NodeTraffic mark={traffic} />}
      {parseFold(node.id) !== null && <FoldButton pool={parseFold(node.id)!} />}
      {node.kind !== 'endpoint' && (
        <Handle type="source" position={Position.Right}>
          {isOnly && <NextButton id={node.id} />}
        </Handle>
      )}
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
  if (first.shadowedBy !== undefined) return <Shadow by={first.shadowedBy} message={first.message} />;
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

/** A route that never wins, and the one that always does, a click away. */
function Shadow({ by, message }: { readonly by: string; readonly message: string }) {
  const { ui } = useEditor();
  return (
    <div className="node-problem node-problem-warning" title={message}>
      <EyeOff size={12} aria-hidden />
      <span>
        never reached, taken by{' '}
        <button
          type="button"
          className="node-shadow nodrag nopan"
          onClick={(event) => {
            event.stopPropagation();
            ui.reveal(formatNode({ kind: 'route', id: by }));
          }}
        >
          {by}
        </button>
      </span>
    </div>
  );
}

/** The "+" on the handle of the selected node: what usually comes next. Dragging it draws a line, as the handle does. */
function NextButton({ id }: { readonly id: string }) {
  const { config, take } = useEditor();
  const kind = nextKinds[parseNode(id)?.kind ?? 'endpoint'];
  // Nothing comes behind a forward listener.
  const hasNext = useStore(config, ({ draft }) => nextOffers(draft.document, id).length > 0);
  if (kind === null || !hasNext) return null;
  const label = `Add ${kind === 'endpoint' ? 'an' : 'a'} ${kind}`;
  return (
    <button
      type="button"
      className="node-next nopan"
      aria-label={label}
      title={`${label} (A: choose what)`}
      onClick={(event) => {
        event.stopPropagation();
        const offer = nextOffers(config.getState().draft.document, id)[0];
        if (offer !== undefined) take(offer);
      }}
    >
      <Plus size={13} aria-hidden />
    </button>
  );
}

const nextKinds = {
  client: 'listener',
  listener: 'route',
  route: 'pool',
  pool: 'endpoint',
  endpoint: null,
} as const;

function FoldButton({ pool }: { readonly pool: string }) {
  const { ui } = useEditor();
  return (
    <button
      type="button"
      className="node-unfold nodrag nopan"
      onClick={(event) => {
        event.stopPropagation();
        ui.togglePool(pool);
      }}
    >
      Show all
    </button>
  );
}
