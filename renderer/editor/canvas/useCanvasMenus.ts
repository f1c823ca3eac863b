import { type Edge, useReactFlow } from '@xyflow/react';
import { type MouseEvent, useContext, useMemo } from 'react';
import { CopyContext } from '../../components/copyContext';
import { edgeMenu, nodeMenu, paneMenu } from '../canvasMenus';
import { useEditor } from '../EditorContext';
import type { FlowNode } from './flowElements';

/** Menus on the right mouse button and on the menu key. */
export function useCanvasMenus() {
  const tools = useEditor();
  const flow = useReactFlow();
  const copyToClipboard = useContext(CopyContext);
  return useMemo(() => {
    const { ui, overlay } = tools;
    const copy = () => {
      const text = tools.copyText();
      if (text === null) return;
      copyToClipboard(text).then(
        () => ui.toast('ok', 'Copied as YAML.'),
        () => ui.toast('warning', 'The clipboard cannot be reached from here; Ctrl/Cmd-C works.'),
      );
    };
    const paste = () => {
      navigator.clipboard
        .readText()
        .then(tools.paste, () =>
          ui.toast('info', 'The browser keeps the clipboard to itself; press Ctrl/Cmd-V on the canvas.'),
        );
    };
    /** The menu key has no place of the mouse: then the menu opens at the element. */
    const placeOf = (event: MouseEvent | globalThis.MouseEvent) => {
      if (event.clientX > 0 || event.clientY > 0) return { x: event.clientX, y: event.clientY };
      const box = (event.target as Element).getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    };
    return {
      onNodeContextMenu(event: MouseEvent, node: FlowNode) {
        event.preventDefault();
        if (!ui.getState().selection.includes(node.id)) ui.select(node.id);
        overlay.show({ kind: 'menu', menu: nodeMenu(tools, node.id, placeOf(event), copy) });
      },
      onEdgeContextMenu(event: MouseEvent, edge: Edge) {
        event.preventDefault();
        if (edge.selectable === false) return;
        ui.select(edge.id);
        overlay.show({ kind: 'menu', menu: edgeMenu(tools, edge.id, placeOf(event)) });
      },
      onPaneContextMenu(event: MouseEvent | globalThis.MouseEvent) {
        event.preventDefault();
        const at = placeOf(event);
        overlay.show({ kind: 'menu', menu: paneMenu(tools, at, flow.screenToFlowPosition(at), paste) });
      },
    };
  }, [tools, flow, copyToClipboard]);
}
