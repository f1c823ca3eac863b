import { useReactFlow } from '@xyflow/react';
import { type RefObject, useEffect } from 'react';
import { useStore } from 'zustand';
import { useEditor } from '../EditorContext';
import type { GraphNode } from '../graphFromConfig';
import { isInSight } from './useKeepInView';

/** Below it nobody can read a card. */
const readableZoom = 0.5;
const options = { padding: 0.2, maxZoom: 0.9 };

/** Brings what was asked for by name, and the way of a tested request, into a view in which it can be read. */
export function useReveal(
  wrapper: RefObject<HTMLElement | null>,
  nodes: readonly GraphNode[],
  isChosen: RefObject<boolean>,
): void {
  const { ui, tester } = useEditor();
  const flow = useReactFlow();
  const revealed = useStore(ui, (state) => state.revealed);
  const way = useStore(tester, (state) => state.answer?.way ?? null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new question moves the view, not an edit.
  useEffect(() => {
    const ids = revealed === null ? [] : [revealed.id];
    bringNear(ids);
  }, [revealed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new answer moves the view, not an edit.
  useEffect(() => {
    bringNear(way === null ? [] : nodes.filter((node) => way.lit.has(node.id)).map(({ id }) => id));
  }, [way]);

  function bringNear(ids: readonly string[]): void {
    const wanted = nodes.filter((node) => ids.includes(node.id));
    const box = wrapper.current?.getBoundingClientRect();
    if (wanted.length === 0 || box === undefined) return;
    const view = flow.getViewport();
    if (view.zoom >= readableZoom && wanted.every((node) => isInSight(node, view, box))) return;
    isChosen.current = true;
    const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    // After the fit that a selection may ask for, so that this one holds.
    requestAnimationFrame(
      () =>
        void flow.fitView({
          ...options,
          nodes: wanted.map(({ id }) => ({ id })),
          duration: isStill ? 0 : 200,
        }),
    );
  }
}
