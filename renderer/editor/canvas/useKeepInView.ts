import { type FitViewOptions, useReactFlow, type Viewport } from '@xyflow/react';
import { type RefObject, useEffect, useRef } from 'react';
import type { GraphNode } from '../graphFromConfig';
import { nodeHeights, nodeWidths } from '../graphLayout';

const panMs = 200;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function isInSight(node: Pick<GraphNode, 'kind' | 'x' | 'y'>, view: Viewport, box: Size): boolean {
  const left = node.x * view.zoom + view.x;
  const top = node.y * view.zoom + view.y;
  return (
    left >= 0 &&
    top >= 0 &&
    left + nodeWidths[node.kind] * view.zoom <= box.width &&
    top + nodeHeights[node.kind] * view.zoom <= box.height
  );
}

/** Fits the canvas when a new node or the newly selected one is not wholly in sight; never zooms in for that. */
export function useKeepInView(
  wrapper: RefObject<HTMLElement | null>,
  nodes: readonly GraphNode[],
  selected: string | null,
  options: FitViewOptions,
): void {
  const flow = useReactFlow();
  const seen = useRef<{ readonly ids: ReadonlySet<string>; readonly selected: string | null } | null>(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = { ids: new Set(nodes.map((node) => node.id)), selected };
    const box = wrapper.current?.getBoundingClientRect();
    // The first drawing fits by itself.
    if (before === null || box === undefined) return;
    const wanted = nodes.filter(
      (node) => !before.ids.has(node.id) || (node.id === selected && selected !== before.selected),
    );
    const view = flow.getViewport();
    if (wanted.every((node) => isInSight(node, view, box))) return;
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const maxZoom = before.ids.size === 0 ? 1 : Math.min(1, view.zoom);
    void flow.fitView({ ...options, maxZoom, duration: isStill ? 0 : panMs });
  }, [flow, wrapper, nodes, selected, options]);
}
