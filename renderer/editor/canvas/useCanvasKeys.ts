import { useReactFlow } from '@xyflow/react';
import type { KeyboardEvent, RefObject } from 'react';
import { nextMenu } from '../canvasMenus';
import { useEditor } from '../EditorContext';
import type { Graph } from '../graphFromConfig';
import { type Arrow, nextNode } from '../graphNavigation';
import { parseNode } from '../nodeIds';
import { canvasKeyAction } from './canvasKeys';

const stepPixels = 20;
const steps: Readonly<Record<Arrow, readonly [x: number, y: number]>> = {
  ArrowLeft: [-stepPixels, 0],
  ArrowRight: [stepPixels, 0],
  ArrowUp: [0, -stepPixels],
  ArrowDown: [0, stepPixels],
};

/** The keys of the canvas. */
export function useCanvasKeys(wrapper: RefObject<HTMLElement | null>, graph: Graph) {
  const tools = useEditor();
  const { ui, config, overlay } = tools;
  const flow = useReactFlow();
  const elementOf = (id: string) =>
    wrapper.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) ?? null;

  const focusNode = (id: string, isExtending: boolean) => {
    if (isExtending) ui.selectMany([...ui.getState().selection.filter((item) => item !== id), id]);
    else ui.select(id);
    const element = elementOf(id);
    if (element !== null) {
      element.focus();
      return;
    }
    // Out of sight, so it is not drawn: bring it into view first.
    const node = graph.nodes.find((item) => item.id === id);
    if (node === undefined) return;
    void flow.setCenter(node.x, node.y, { zoom: flow.getZoom() });
    requestAnimationFrame(() => elementOf(id)?.focus());
  };
  const showNext = (id: string, direction: 'behind' | 'before') => {
    const box = elementOf(id)?.getBoundingClientRect();
    const at = { x: (direction === 'behind' ? box?.right : box?.left) ?? 200, y: box?.top ?? 200 };
    const menu = nextMenu(config.getState().draft.document, id, direction, at, (offer) => tools.take(offer));
    if (menu !== null) overlay.show({ kind: 'menu', menu });
  };
  const shift = (arrow: Arrow) => {
    const [dx, dy] = steps[arrow];
    const chosen = new Set(ui.getState().selection);
    const edits = graph.nodes
      .filter((node) => chosen.has(node.id) && node.kind !== 'endpoint' && node.kind !== 'client')
      .map((node) => ({ type: 'setPosition' as const, node: node.id, x: node.x + dx, y: node.y + dy }));
    if (edits.length > 0) config.edit(edits, `shift ${[...chosen].join()}`);
  };

  return (event: KeyboardEvent) => {
    const action = canvasKeyAction(event.nativeEvent, event.target as HTMLElement);
    if (action === null) return;
    event.preventDefault();
    const focused = (event.target as Element).closest<HTMLElement>('.react-flow__node, .react-flow__edge')
      ?.dataset.id;
    // Keys mean the node that has the focus, also when it got it without being chosen.
    if (focused !== undefined && !ui.getState().selection.includes(focused)) ui.select(focused);
    const { selected, selection, isFocusing } = ui.getState();
    switch (action.kind) {
      case 'leave':
        if (isFocusing) ui.focusOnSelection(false);
        else ui.select(null);
        return;
      case 'move': {
        const next = nextNode(graph.nodes, selected, action.arrow);
        if (next !== null) focusNode(next, action.isExtending);
        return;
      }
      case 'shift':
        return shift(action.arrow);
      case 'selectAll':
        return ui.selectMany(graph.nodes.filter(({ kind }) => kind !== 'client').map(({ id }) => id));
      case 'group':
        return tools.group(selection);
      case 'focus':
        return ui.focusOnSelection(!isFocusing && selection.length > 0);
      default:
    }
    if (selected === null) return;
    switch (action.kind) {
      case 'remove':
        return tools.remove(selection);
      case 'duplicate':
        return tools.duplicate(selection);
      case 'inspect':
        return tools.focusForm();
      case 'rename':
        return parseNode(selected)?.kind === 'endpoint' ? tools.focusForm() : tools.focusForm('id');
      case 'next':
        return showNext(selected, 'behind');
      case 'before':
        return showNext(selected, 'before');
    }
  };
}
