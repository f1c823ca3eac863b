// What can be reached from some nodes and what reaches them: all that may take part in one request's way.
type Edge = { readonly source: string; readonly target: string };

export function graphReach(edges: readonly Edge[], from: readonly string[]): ReadonlySet<string> {
  return new Set([
    ...walk(
      edges,
      from,
      (edge) => edge.source,
      (edge) => edge.target,
    ),
    ...walk(
      edges,
      from,
      (edge) => edge.target,
      (edge) => edge.source,
    ),
  ]);
}

function walk(
  edges: readonly Edge[],
  from: readonly string[],
  tail: (edge: Edge) => string,
  head: (edge: Edge) => string,
): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const list = next.get(tail(edge));
    if (list === undefined) next.set(tail(edge), [head(edge)]);
    else list.push(head(edge));
  }
  const reached = new Set(from);
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const neighbour of next.get(node) ?? []) {
      if (reached.has(neighbour)) continue;
      reached.add(neighbour);
      open.push(neighbour);
    }
  }
  return reached;
}
