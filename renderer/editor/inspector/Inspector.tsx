import { Trash2 } from 'lucide-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useStore } from 'zustand';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { IconButton } from '../../components/Button';
import { useEditor } from '../EditorContext';
import { kindIcons } from '../kindIcons';
import { type NodeRef, parseEdge, parseMark, parseNode } from '../nodeIds';
import { endpointCounterId } from '../trafficMarks';
import './inspector.css';
import { EdgePanel } from './EdgePanel';
import { EndpointForm } from './EndpointForm';
import { FormContext } from './FormContext';
import { ListenerForm } from './ListenerForm';
import { GroupPanel, NotePanel } from './MarkPanels';
import { OverviewPanel } from './OverviewPanel';
import { PoolForm } from './PoolForm';
import { RouteForm } from './RouteForm';
import { SelectionPanel } from './SelectionPanel';
import { SendPanel } from './SendPanel';
import { TesterPanel } from './TesterPanel';
import { TrafficSection } from './TrafficSection';

/** The right-hand side: the form of what is selected, else an overview. Escape goes back to the canvas. */
export function Inspector() {
  const { ui, config, tester } = useEditor();
  const isTesting = useStore(tester, (state) => state.isOpen);
  const selected = useStore(ui, (state) => state.selected);
  const selection = useStore(ui, (state) => state.selection);
  const width = useStore(ui, (state) => state.inspectorWidth);
  const document = useStore(config, (state) => state.draft.document);
  const node = selected === null ? null : findNode(document, selected);
  const edge = selected === null ? null : parseEdge(selected);
  const mark = selected === null ? null : parseMark(selected);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || selected === null) return;
    window.document.querySelector<HTMLElement>(`.canvas [data-id="${CSS.escape(selected)}"]`)?.focus();
  };
  return (
    <aside
      className="inspector"
      style={width === null ? undefined : { width }}
      aria-label="Inspector"
      onKeyDown={onKeyDown}
    >
      {isTesting ? (
        <TesterPanel />
      ) : selection.length > 1 ? (
        <SelectionPanel ids={selection} />
      ) : mark?.kind === 'group' ? (
        <GroupPanel id={mark.id} />
      ) : mark?.kind === 'note' ? (
        <NotePanel id={mark.id} />
      ) : node !== null ? (
        <NodeInspector key={selected} node={node} selected={selected ?? ''} />
      ) : edge !== null ? (
        <EdgePanel key={selected} id={selected ?? ''} source={edge.source} target={edge.target} />
      ) : (
        <OverviewPanel />
      )}
    </aside>
  );
}

type Found = Exclude<NodeRef, { kind: 'client' }> & { readonly index: number };

/** The node with its place in the document; null = not there (any more), or it has no form. */
function findNode(document: WorkspaceDocument, selected: string): Found | null {
  const node = parseNode(selected);
  if (node === null || node.kind === 'client') return null;
  if (node.kind === 'endpoint') {
    const pool = document.pools?.find((item) => item.id === node.pool);
    return pool !== undefined && node.index < pool.endpoints.length ? node : null;
  }
  const lists = { listener: document.listeners, route: document.routes, pool: document.pools } as const;
  const index = (lists[node.kind] ?? []).findIndex((item: { readonly id: string }) => item.id === node.id);
  return index < 0 ? null : { ...node, index };
}

const kindWords = { listener: 'Listener', route: 'Route', pool: 'Pool', endpoint: 'Endpoint' } as const;

function NodeInspector({ node, selected }: { readonly node: Found; readonly selected: string }) {
  const { config, remove } = useEditor();
  const issues = useStore(config, (state) => state.issues);
  const poolIndex = useStore(config, ({ draft }) =>
    node.kind === 'endpoint' ? (draft.document.pools ?? []).findIndex((item) => item.id === node.pool) : -1,
  );
  const scope = useMemo(() => {
    if (node.kind === 'endpoint') return { path: ['pools', poolIndex, 'endpoints', node.index], issues };
    return { path: [`${node.kind}s`, node.index], issues };
  }, [node.kind, node.index, poolIndex, issues]);
  const counterId = useStore(config, ({ draft }) => {
    if (node.kind !== 'endpoint') return node.id;
    const endpoint = draft.document.pools?.[poolIndex]?.endpoints[node.index];
    return endpoint === undefined ? '' : endpointCounterId(node.pool, endpoint);
  });
  const Icon = kindIcons[node.kind];
  return (
    <FormContext value={scope}>
      <header className={`inspector-head kind-${node.kind}`}>
        <Icon size={16} aria-hidden />
        <h2 title={selected}>
          {kindWords[node.kind]} {node.kind === 'endpoint' ? `${node.index + 1} of ${node.pool}` : node.id}
        </h2>
        <IconButton
          label={`Delete this ${node.kind}`}
          size="small"
          icon={<Trash2 size={15} aria-hidden />}
          onClick={() => remove([selected])}
        />
      </header>
      <div className="inspector-scroll">
        {(node.kind === 'listener' || node.kind === 'route') && <SendPanel kind={node.kind} id={node.id} />}
        <div className="inspector-form">
          <TrafficSection scope={node.kind} id={counterId} />
          {node.kind === 'listener' && <ListenerForm id={node.id} />}
          {node.kind === 'route' && <RouteForm id={node.id} />}
          {node.kind === 'pool' && <PoolForm id={node.id} />}
          {node.kind === 'endpoint' && <EndpointForm pool={node.pool} index={node.index} />}
        </div>
      </div>
    </FormContext>
  );
}
