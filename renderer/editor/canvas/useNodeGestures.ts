import { type Edge, type NodeChange, useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ConfigEdit } from '../../../main/contract/configEdit';
import { useEditor } from '../EditorContext';
import { dropEdit } from '../editFromGraph';
import type { Graph } from '../graphFromConfig';
import { parseMark } from '../nodeIds';
import type { FlowNode, Places } from './flowElements';
import { lineUnder } from './lineUnder';

const nowhere: Places = new Map();

/** Moving nodes and drawing a rectangle around them. Moves reach the document once, when the button is let go. */
export function useNodeGestures(graph: Graph) {
  const { config, ui } = useEditor();
  const flow = useReactFlow<FlowNode, Edge>();
  const [drag, setDrag] = useState<Places>(nowhere);
  const isMarquee = useRef(false);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const moved = new Map<string, { x: number; y: number }>();
      let isDone = false;
      for (const change of changes) {
        if (change.type !== 'position' || change.position === undefined) continue;
        moved.set(change.id, change.position);
        if (change.dragging !== true) isDone = true;
      }
      if (isMarquee.current) ui.selectMany(selectedAfter(ui.getState().selection, changes));
      if (moved.size === 0) return;
      if (!isDone) {
        setDrag((before) => new Map([...before, ...moved]));
        return;
      }
      setDrag(nowhere);
      const edits = moveEdits(graph, moved, config.getState().draft.document.layout);
      const only = moved.size === 1 ? [...moved][0] : undefined;
      const line = only === undefined ? null : lineUnder(flow, only[0], only[1]);
      const drop =
        only === undefined || line === null
          ? null
          : dropEdit(config.getState().draft.document, only[0], line);
      config.edit(drop === null ? edits : [...edits, drop]);
      if (drop !== null) ui.toast('ok', 'Connected to the line that it was dropped on.', undo(config));
    },
    [config, ui, graph, flow],
  );
  const marquee = useMemo(
    () => ({
      onSelectionStart: () => {
        isMarquee.current = true;
      },
      onSelectionEnd: () => {
        isMarquee.current = false;
      },
    }),
    [],
  );
  return { drag, onNodesChange, marquee };
}

function undo(config: { undo(): void }): { label: string; run: () => void } {
  return { label: 'Undo', run: () => config.undo() };
}

function selectedAfter(before: readonly string[], changes: readonly NodeChange<FlowNode>[]): string[] {
  const selection = new Set(before);
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) selection.add(change.id);
    else selection.delete(change.id);
  }
  return [...selection];
}

/** A moved group moves its members; a moved note is kept with the note. */
function moveEdits(
  graph: Graph,
  moved: Places,
  layout:
    | { readonly notes?: readonly { id: string; text: string; x: number; y: number }[] | undefined }
    | undefined,
): ConfigEdit[] {
  const places = new Map<string, { x: number; y: number }>();
  let notes = layout?.notes ?? [];
  for (const [id, { x, y }] of moved) {
    const mark = parseMark(id);
    if (mark === null) places.set(id, { x, y });
    if (mark?.kind === 'note') {
      notes = notes.map((note) =>
        note.id === mark.id ? { ...note, x: Math.round(x), y: Math.round(y) } : note,
      );
    }
    const group = mark?.kind === 'group' ? graph.marks.find((item) => item.id === id) : undefined;
    if (group === undefined) continue;
    for (const node of graph.nodes) {
      if (!group.members.includes(node.id) || node.kind === 'endpoint') continue;
      places.set(node.id, { x: node.x + x - group.x, y: node.y + y - group.y });
    }
  }
  const edits = [...places].map(
    ([node, { x, y }]): ConfigEdit => ({ type: 'setPosition', node, x: Math.round(x), y: Math.round(y) }),
  );
  return notes === layout?.notes ? edits : [...edits, { type: 'setNotes', notes }];
}
