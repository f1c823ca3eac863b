export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

interface Point {
  readonly id: string;
  readonly x: number;
  readonly y: number;
}

/** The nearest node in the direction of an arrow key; sideways distance counts double. null = none there. */
export function nextNode(nodes: readonly Point[], from: string | null, arrow: Arrow): string | null {
  const start = nodes.find((node) => node.id === from);
  if (start === undefined) return nodes[0]?.id ?? null;
  const isHorizontal = arrow === 'ArrowLeft' || arrow === 'ArrowRight';
  const sign = arrow === 'ArrowRight' || arrow === 'ArrowDown' ? 1 : -1;
  let best: { readonly id: string; readonly cost: number } | null = null;
  for (const node of nodes) {
    const along = (isHorizontal ? node.x - start.x : node.y - start.y) * sign;
    const across = Math.abs(isHorizontal ? node.y - start.y : node.x - start.x);
    // Up and down stay in the column; left and right go to the neighbour column.
    if (along <= 0 || (!isHorizontal && across > along * 2)) continue;
    const cost = along + across * 2;
    if (best === null || cost < best.cost) best = { id: node.id, cost };
  }
  return best?.id ?? null;
}
