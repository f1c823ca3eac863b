import { type FitViewOptions, useReactFlow, type Viewport } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { GraphNode } from '../graphFromConfig';
import { nodeWidths } from '../graphLayout';

const panMs = 200;
const mostFitted = 8;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function isInSight(
  node: Pick<GraphNode, 'kind' | 'x' | 'y' | 'height'>,
  view: Viewport,
  box: Size,
): boolean {
  const left = node.x * view.zoom + view.x;
  const top = node.y * view.zoom + view.y;
  return (
    left >= 0 &&
    top >= 0 &&
    left + nodeWidths[node.kind] * view.zoom <= box.width &&
    top + node.height * view.zoom <= box.height
  );
}

/**
 * Fits the canvas when a new node or the newly selected one is not wholly in sight (never zooming in for that), and when the
 * window changes its size, unless the user chose the view. Returns what React Flow tells when the view is moved.
 */
export function useKeepInView(
  wrapper: RefObject<HTMLElement | null>,
  nodes: readonly GraphNode[],
  selected: string | null,
  options: FitViewOptions,
): (event: unknown) => void {
  const flow = useReactFlow();
  const isChosen = useRef(false);
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
    // Endpoints that were unfolded are looked at one by one; all of them at once would be too small to read.
    if (wanted.length > mostFitted && wanted.every(({ kind }) => kind === 'endpoint')) return;
    const view = flow.getViewport();
    if (wanted.every((node) => isInSight(node, view, box))) return;
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const maxZoom = before.ids.size === 0 ? 1 : Math.min(1, view.zoom);
    isChosen.current = false;
    void flow.fitView({ ...options, maxZoom, duration: isStill ? 0 : panMs });
  }, [flow, wrapper, nodes, selected, options]);
  useEffect(() => {
    const element = wrapper.current;
    if (element === null) return;
    let size = { width: element.clientWidth, height: element.clientHeight };
    const observer = new ResizeObserver(() => {
      const now = { width: element.clientWidth, height: element.clientHeight };
      const isSame = now.width === size.width && now.height === size.height;
      size = now;
      if (!isSame && !isChosen.current) requestAnimationFrame(() => void flow.fitView(options));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow, wrapper, options]);
  return useCallback((event: unknown) => {
    // Moves of the program have no event.
    if (event !== null && event !== undefined) isChosen.current = true;
  }, []);
}
