import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type Edge,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import { type FocusEvent, type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import '@xyflow/react/dist/style.css';
import { useStore } from 'zustand';
import { EmptyState } from '../../components/EmptyState';
import { useEditor } from '../EditorContext';
import { connectionEdit } from '../editFromGraph';
import { graphFromConfig } from '../graphFromConfig';
import { nextNode } from '../graphNavigation';
import { canvasKeyAction } from './canvasKeys';
import { type DragState, type FlowNode, toFlowEdges, toFlowNodes } from './flowElements';
import { NodeCard } from './NodeCard';
import { useKeepInView } from './useKeepInView';

const nodeTypes = { card: NodeCard };
const fitOptions = { padding: 0.06, maxZoom: 1 };

/** React Flow as a view of the draft: it reports gestures, the document decides what is drawn. */
export function Canvas({ onEnter }: { readonly onEnter: () => void }) {
  const { config, health: healthStore, ui, tester, traffic, remove } = useEditor();
  const marks = useStore(traffic, (state) => state.marks);
  const way = useStore(tester, (state) => state.answer?.way ?? null);
  const wrapper = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const document = useStore(config, (state) => state.draft.document);
  const base = useStore(config, (state) => state.draft.base);
  const bound = useStore(config, (state) => state.running?.listeners ?? noListeners);
  const issues = useStore(config, (state) => state.issues);
  const health = useStore(healthStore, (state) => state.endpoints);
  const selected = useStore(ui, (state) => state.selected);
  const [drag, setDrag] = useState<DragState | null>(null);
  const graph = useMemo(
    () => graphFromConfig({ document, base, bound, issues, health }),
    [document, base, bound, issues, health],
  );
  const nodes = useMemo(
    () => toFlowNodes(graph, selected, drag, way, marks),
    [graph, selected, drag, way, marks],
  );
  useKeepInView(wrapper, graph.nodes, selected, fitOptions);
  const edges = useMemo(() => toFlowEdges(graph, selected, way, marks), [graph, selected, way, marks]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      for (const change of changes) {
        if (change.type !== 'position' || change.position === undefined) continue;
        const { x, y } = change.position;
        if (change.dragging === true) setDrag({ id: change.id, x, y });
        else {
          setDrag(null);
          config.edit({ type: 'setPosition', node: change.id, x: Math.round(x), y: Math.round(y) });
        }
      }
    },
    [config],
  );
  const isValidConnection = useCallback(
    ({ source, target }: Connection | Edge) =>
      connectionEdit(config.getState().draft.document, source, target) !== null,
    [config],
  );
  const onConnect = useCallback(
    ({ source, target }: Connection) => {
      const edit = connectionEdit(config.getState().draft.document, source, target);
      if (edit !== null) config.edit(edit);
    },
    [config],
  );
  const focusNode = (id: string) => {
    ui.select(id);
    const find = () => wrapper.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    const element = find();
    if (element != null) {
      element.focus();
      return;
    }
    // Out of sight, so it is not drawn: bring it into view first.
    const node = graph.nodes.find((item) => item.id === id);
    if (node === undefined) return;
    void flow.setCenter(node.x, node.y, { zoom: flow.getZoom() });
    requestAnimationFrame(() => find()?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = canvasKeyAction(event.nativeEvent, event.target as HTMLElement);
    if (action === null) return;
    event.preventDefault();
    if (action.kind === 'leave') ui.select(null);
    else if (action.kind === 'remove' && selected !== null) remove(selected);
    else if (action.kind === 'inspect') onEnter();
    else if (action.kind === 'move') {
      const next = nextNode(graph.nodes, selected, action.arrow);
      if (next !== null) focusNode(next);
    }
  };
  const onFocus = (event: FocusEvent) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node, .react-flow__edge')
      ?.dataset.id;
    if (id !== undefined) ui.select(id);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the nodes inside take the focus; their keys are handled here once.
    <div className="canvas" ref={wrapper} onKeyDown={onKeyDown} onFocus={onFocus}>
      <ReactFlow
        aria-label="Canvas: clients, listeners, routes, pools and endpoints from left to right"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onNodeClick={(_, node) => ui.select(node.id)}
        onEdgeClick={(_, edge) => ui.select(edge.id)}
        onPaneClick={() => ui.select(null)}
        onConnect={onConnect}
        isValidConnection={isValidConnection}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        onlyRenderVisibleElements
        fitView
        fitViewOptions={fitOptions}
        minZoom={0.2}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Controls showInteractive={false} fitViewOptions={fitOptions} position="bottom-right" />
      </ReactFlow>
      {graph.nodes.length === 0 && (
        <div className="canvas-empty">
          <EmptyState title="An empty canvas">
            Add a listener first: the port on which clients reach you. Then a route, a pool and its endpoints.
          </EmptyState>
        </div>
      )}
    </div>
  );
}

const noListeners: readonly never[] = [];
