import { type FitViewOptions, useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import type { GraphNode } from '../graphFromConfig';
import { nodeHeights, nodeWidths } from '../graphLayout';

const panMs = 200;

/** Fits the canvas when the selected node (a new one, say) is not wholly in sight; never zooms in for that. */
export function useKeepInView(
  wrapper: RefObject<HTMLElement | null>,
  node: GraphNode | undefined,
  options: FitViewOptions,
): void {
  const flow = useReactFlow();
  const { id, kind, x, y } = node ?? {};
  useEffect(() => {
    const box = wrapper.current?.getBoundingClientRect();
    if (id === undefined || kind === undefined || x === undefined || y === undefined || box === undefined)
      return;
    const { x: left, y: top, zoom } = flow.getViewport();
    const screen = { x: x * zoom + left, y: y * zoom + top };
    const isInSight =
      screen.x >= 0 &&
      screen.y >= 0 &&
      screen.x + nodeWidths[kind] * zoom <= box.width &&
      screen.y + nodeHeights[kind] * zoom <= box.height;
    if (isInSight) return;
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    void flow.fitView({ ...options, maxZoom: Math.min(1, zoom), duration: isStill ? 0 : panMs });
  }, [flow, wrapper, options, id, kind, x, y]);
}
