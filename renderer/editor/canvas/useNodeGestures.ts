import type { NodeChange } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ConfigEdit } from '../../../main/contract/configEdit';
import { type DropPlace, dropPlace } from '../dropPlace';
import { useEditor } from '../EditorContext';
import type { Graph } from '../graphFromConfig';
import { parseMark } from '../nodeIds';
import type { FlowNode, Places } from './flowElements';

const nowhere: Places = new Map();

/** Moving nodes and drawing a rectangle around them. Moves reach the document once, when the button is let go. */
export function useNodeGestures(graph: Graph) {
  const { config, ui } = useEditor();
  const [drag, setDrag] = useState<Places>(nowhere);
  /** Canvas id of what the dragged node would become part of. */
  const [dropId, setDropId] = useState<string | null>(null);
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
      const { document } = config.getState().draft;
      const only = moved.size === 1 ? [...moved][0] : undefined;
      const place = only === undefined ? null : dropPlace(document, graph, only[0], only[1]);
      if (!isDone) {
        setDrag((before) => new Map([...before, ...moved]));
        setDropId(place?.id ?? null);
        return;
      }
      setDrag(nowhere);
      setDropId(null);
      config.edit(dropEdits(place, moveEdits(graph, moved, document.layout)));
      if (place !== null) ui.toast('ok', place.words, undo(config));
    },
    [config, ui, graph],
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
  return { drag, dropId, onNodesChange, marquee };
}

/** What was dropped on a line is connected and goes back to its column; elsewhere it stays where it was let go. */
function dropEdits(place: DropPlace | null, moves: readonly ConfigEdit[]): readonly ConfigEdit[] {
  if (place === null) return moves;
  return place.kind === 'line' ? [place.edit] : [...moves, place.edit];
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
