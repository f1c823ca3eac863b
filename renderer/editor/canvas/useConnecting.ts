import type { Connection, Edge, FinalConnectionState, OnConnectStartParams } from '@xyflow/react';
import { useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { nextMenu } from '../canvasMenus';
import { useEditor } from '../EditorContext';
import { offerConnection, offerReconnection } from '../editFromGraph';

interface Drawn {
  /** Where the line may end. */
  readonly targets: ReadonlySet<string>;
  /** From a node to what comes in front of it. */
  readonly isBackwards: boolean;
  readonly isReconnecting: boolean;
}

type Offer = { readonly kind: 'possible' } | { readonly kind: 'refused'; readonly reason: string };

/** Lines that are being drawn: where they may end, what they do when they end there, the menu when they end nowhere. */
export function useConnecting() {
  const { config, ui, overlay, take } = useEditor();
  const flow = useReactFlow();
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  /** The line whose end is dragged; React Flow says so before it says that a line is drawn. */
  const reconnected = useRef<Edge | null>(null);
  const draft = useCallback(() => config.getState().draft.document, [config]);
  const offer = useCallback(
    (source: string, target: string): Offer => {
      const edge = reconnected.current;
      if (edge === null) return offerConnection(draft(), source, target);
      if (edge.source === source && edge.target === target) return { kind: 'possible' };
      return offerReconnection(draft(), edge.id, source, target);
    },
    [draft],
  );
  const onReconnectStart = useCallback((_: unknown, edge: Edge) => {
    reconnected.current = edge;
  }, []);
  const onReconnectEnd = useCallback(() => {
    reconnected.current = null;
  }, []);

  const onConnectStart = useCallback(
    (_: unknown, { nodeId, handleType }: OnConnectStartParams) => {
      if (nodeId === null) return;
      const isBackwards = handleType === 'target';
      const possible = flow.getNodes().filter(({ id }) => {
        const [source, target] = isBackwards ? [id, nodeId] : [nodeId, id];
        return id === nodeId || offer(source, target).kind === 'possible';
      });
      const targets = new Set(possible.map((node) => node.id));
      setDrawn({ targets, isBackwards, isReconnecting: reconnected.current !== null });
    },
    [flow, offer],
  );
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      setDrawn(null);
      const { fromNode, toNode, fromHandle } = state;
      if (fromNode === null || state.isValid === true) return;
      const isBackwards = fromHandle?.type === 'target';
      if (toNode !== null && toNode.id !== fromNode.id) {
        const [source, target] = isBackwards ? [toNode.id, fromNode.id] : [fromNode.id, toNode.id];
        const refusal = offer(source, target);
        if (refusal.kind === 'refused') ui.toast('info', refusal.reason);
        return;
      }
      if (toNode !== null || reconnected.current !== null) return;
      const { clientX: x, clientY: y } = 'changedTouches' in event ? event.changedTouches[0]! : event;
      const at = flow.screenToFlowPosition({ x, y });
      const menu = nextMenu(draft(), fromNode.id, isBackwards ? 'before' : 'behind', { x, y }, (next) =>
        take(next, isBackwards ? { x: at.x - 160, y: at.y - 40 } : { x: at.x, y: at.y - 40 }),
      );
      if (menu !== null) overlay.show({ kind: 'menu', menu });
    },
    [flow, draft, offer, ui, overlay, take],
  );
  const isValidConnection = useCallback(
    ({ source, target }: Connection | Edge) => offer(source, target).kind === 'possible',
    [offer],
  );
  const onConnect = useCallback(
    ({ source, target }: Connection) => {
      const found = offerConnection(draft(), source, target);
      if (found.kind === 'possible') config.edit(found.edit);
    },
    [config, draft],
  );
  const onReconnect = useCallback(
    (edge: Edge, { source, target }: Connection) => {
      if (source === edge.source && target === edge.target) return;
      const found = offerReconnection(draft(), edge.id, source, target);
      if (found.kind === 'possible') config.edit(found.edits);
    },
    [config, draft],
  );
  return useMemo(
    () => ({
      targets: drawn?.targets ?? null,
      isReconnecting: drawn?.isReconnecting ?? false,
      className:
        drawn === null ? '' : `canvas-connecting canvas-connecting-${drawn.isBackwards ? 'back' : 'on'}`,
      handlers: {
        onConnectStart,
        onConnectEnd,
        isValidConnection,
        onConnect,
        onReconnect,
        onReconnectStart,
        onReconnectEnd,
      },
    }),
    [
      drawn,
      onConnectStart,
      onConnectEnd,
      isValidConnection,
      onConnect,
      onReconnect,
      onReconnectStart,
      onReconnectEnd,
    ],
  );
}
