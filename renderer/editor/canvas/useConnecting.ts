import type { Connection, Edge, FinalConnectionState, OnConnectStartParams } from '@xyflow/react';
import { useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useState } from 'react';
import { nextMenu } from '../canvasMenus';
import { useEditor } from '../EditorContext';
import { offerConnection, offerReconnection } from '../editFromGraph';

/** Lines that are being drawn: where they may end, what they do when they end there, the menu when they end nowhere. */
export function useConnecting() {
  const { config, ui, overlay, take } = useEditor();
  const flow = useReactFlow();
  const [targets, setTargets] = useState<ReadonlySet<string> | null>(null);
  const draft = useCallback(() => config.getState().draft.document, [config]);

  const onConnectStart = useCallback(
    (_: unknown, { nodeId, handleType }: OnConnectStartParams) => {
      if (nodeId === null) return;
      const possible = flow.getNodes().filter(({ id }) => {
        const [source, target] = handleType === 'target' ? [id, nodeId] : [nodeId, id];
        return id === nodeId || offerConnection(draft(), source, target).kind === 'possible';
      });
      setTargets(new Set(possible.map((node) => node.id)));
    },
    [flow, draft],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      setTargets(null);
      const { fromNode, toNode, fromHandle } = state;
      if (fromNode === null || state.isValid === true) return;
      const isBackwards = fromHandle?.type === 'target';
      if (toNode !== null && toNode.id !== fromNode.id) {
        const [source, target] = isBackwards ? [toNode.id, fromNode.id] : [fromNode.id, toNode.id];
        const offer = offerConnection(draft(), source, target);
        if (offer.kind === 'refused') ui.toast('info', offer.reason);
        return;
      }
      if (toNode !== null) return;
      const { clientX: x, clientY: y } = 'changedTouches' in event ? event.changedTouches[0]! : event;
      const at = flow.screenToFlowPosition({ x, y });
      const menu = nextMenu(draft(), fromNode.id, isBackwards ? 'before' : 'behind', { x, y }, (offer) =>
        take(offer, isBackwards ? { x: at.x - 160, y: at.y - 40 } : { x: at.x, y: at.y - 40 }),
      );
      if (menu !== null) overlay.show({ kind: 'menu', menu });
    },
    [flow, draft, ui, overlay, take],
  );
  const isValidConnection = useCallback(
    ({ source, target }: Connection | Edge) => offerConnection(draft(), source, target).kind === 'possible',
    [draft],
  );
  const onConnect = useCallback(
    ({ source, target }: Connection) => {
      const offer = offerConnection(draft(), source, target);
      if (offer.kind === 'possible') config.edit(offer.edit);
    },
    [config, draft],
  );
  const onReconnect = useCallback(
    (edge: Edge, { source, target }: Connection) => {
      if (source === edge.source && target === edge.target) return;
      const offer = offerReconnection(draft(), edge.id, source, target);
      if (offer.kind === 'refused') ui.toast('info', offer.reason);
      else config.edit(offer.edits);
    },
    [config, draft, ui],
  );
  return useMemo(
    () => ({
      targets,
      handlers: { onConnectStart, onConnectEnd, isValidConnection, onConnect, onReconnect },
    }),
    [targets, onConnectStart, onConnectEnd, isValidConnection, onConnect, onReconnect],
  );
}
