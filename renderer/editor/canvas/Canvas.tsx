import { Background, BackgroundVariant, type Edge, ReactFlow } from '@xyflow/react';
import { type FocusEvent, type MouseEvent, useMemo, useRef } from 'react';
import '@xyflow/react/dist/style.css';
import { useStore } from 'zustand';
import { EmptyState } from '../../components/EmptyState';
import { useEditor } from '../EditorContext';
import { graphFromConfig } from '../graphFromConfig';
import { graphReach } from '../graphReach';
import { parseFold } from '../nodeIds';
import { CanvasControls } from './CanvasControls';
import { ConnectionLine, ReconnectionLine } from './ConnectionLine';
import { type FlowNode, type LineEdge, toFlowEdges, toFlowNodes, type View } from './flowElements';
import { GroupFrame } from './GroupFrame';
import { LiveLine } from './LiveLine';
import { NodeCard } from './NodeCard';
import { NoteCard } from './NoteCard';
import { useCanvasKeys } from './useCanvasKeys';
import { useCanvasMenus } from './useCanvasMenus';
import { useClipboard } from './useClipboard';
import { useConnecting } from './useConnecting';
import { useKeepInView } from './useKeepInView';
import { useNodeGestures } from './useNodeGestures';
import { useReveal } from './useReveal';

const nodeTypes = { card: NodeCard, frame: GroupFrame, note: NoteCard };
const edgeTypes = { line: LiveLine };
/** The right-hand side leaves room for the buttons. */
const fitOptions = {
  padding: { top: '28px', bottom: '28px', left: '24px', right: '58px' },
  maxZoom: 1,
} as const;

/** A big workspace begins with what can be read, not with all of it. */
const firstFit = { ...fitOptions, minZoom: 0.4 } as const;

/** React Flow as a view of the draft: it reports gestures, the document decides what is drawn. */
export function Canvas() {
  const { ui } = useEditor();
  const wrapper = useRef<HTMLDivElement>(null);
  const isViewChosen = useRef(false);
  const graph = useGraph();
  const selected = useStore(ui, (state) => state.selected);
  const connecting = useConnecting();
  const gestures = useNodeGestures(graph);
  const view = useView(graph, gestures.drag, gestures.dropId, connecting.targets);
  const shownNodes = useRef<readonly FlowNode[]>([]);
  const nodes = useMemo(() => {
    const next = toFlowNodes(graph, view, shownNodes.current);
    shownNodes.current = next;
    return next;
  }, [graph, view]);
  const shownEdges = useRef<readonly LineEdge[]>([]);
  const edges = useMemo(() => {
    const next = toFlowEdges(graph, view, shownEdges.current);
    shownEdges.current = next;
    return next;
  }, [graph, view]);
  const onMoveStart = useKeepInView(wrapper, graph.nodes, selected, firstFit, isViewChosen);
  useReveal(wrapper, graph.nodes, isViewChosen);
  const onKeyDown = useCanvasKeys(wrapper, graph);
  const menus = useCanvasMenus();
  useClipboard(wrapper);

  const choose = (event: MouseEvent, item: FlowNode | Edge) => {
    const pool = parseFold(item.id);
    const id = pool === null ? item.id : `pool:${pool}`;
    if (event.shiftKey || event.ctrlKey || event.metaKey) ui.toggleSelected(id);
    else ui.select(id);
  };
  const onFocus = (event: FocusEvent) => {
    const element = event.target as HTMLElement;
    if (!element.matches('.react-flow__node, .react-flow__edge') || !element.matches(':focus-visible'))
      return;
    const { id } = element.dataset;
    if (id !== undefined && !ui.getState().selection.includes(id)) ui.select(id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the nodes inside take the focus; their keys are handled here once.
    <div className={`canvas ${connecting.className}`} ref={wrapper} onKeyDown={onKeyDown} onFocus={onFocus}>
      <ReactFlow
        aria-label="Canvas: clients, listeners, routes, pools and endpoints from left to right"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={gestures.onNodesChange}
        onNodeClick={choose}
        onEdgeClick={choose}
        onPaneClick={() => ui.select(null)}
        onMoveStart={onMoveStart}
        {...gestures.marquee}
        {...connecting.handlers}
        {...menus}
        connectionLineComponent={connecting.isReconnecting ? ReconnectionLine : ConnectionLine}
        connectOnClick={false}
        reconnectRadius={14}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={null}
        selectNodesOnDrag={false}
        elevateNodesOnSelect={false}
        elevateEdgesOnSelect
        disableKeyboardA11y
        onlyRenderVisibleElements
        fitView
        fitViewOptions={firstFit}
        minZoom={0.1}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <CanvasControls fitOptions={fitOptions} />
      </ReactFlow>
      {graph.nodes.length === 0 && (
        <div className="canvas-empty">
          <EmptyState title="An empty canvas">
            Add a listener first: the port on which clients reach you. Then drag from its right-hand handle to
            what comes next. Or take a preset from "Add".
          </EmptyState>
        </div>
      )}
    </div>
  );
}

function useGraph() {
  const { config, health: healthStore, samples: sampleStore, ui } = useEditor();
  const document = useStore(config, (state) => state.draft.document);
  const base = useStore(config, (state) => state.draft.base);
  const bound = useStore(config, (state) => state.running?.listeners ?? noListeners);
  const issues = useStore(config, (state) => state.issues);
  const health = useStore(healthStore, (state) => state.endpoints);
  const samples = useStore(sampleStore, (state) => state.servers);
  const openPools = useStore(ui, (state) => state.openPools);
  return useMemo(
    () => graphFromConfig({ document, base, bound, issues, health, samples, openPools }),
    [document, base, bound, issues, health, samples, openPools],
  );
}

function useView(
  graph: ReturnType<typeof graphFromConfig>,
  drag: View['drag'],
  dropId: View['dropId'],
  targets: View['targets'],
): View {
  const { tester, traffic: trafficStore, ui } = useEditor();
  const traffic = useStore(trafficStore, (state) => state.marks);
  const way = useStore(tester, (state) => state.answer?.way ?? null);
  const selection = useStore(ui, (state) => state.selection);
  const isFocusing = useStore(ui, (state) => state.isFocusing);
  return useMemo(
    () => ({
      selection: new Set(selection),
      drag,
      dropId,
      way,
      focus: isFocusing && selection.length > 0 ? graphReach(graph.edges, selection) : null,
      traffic,
      targets,
    }),
    [graph, selection, drag, dropId, way, isFocusing, traffic, targets],
  );
}

const noListeners: readonly never[] = [];
