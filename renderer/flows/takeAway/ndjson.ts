import type { TakenFlow } from './har';

/** Every event of these flows and of their connections once, in order, one JSON object a line. */
export function ndjsonOf(flows: readonly TakenFlow[]): string {
  const bySeq = new Map(flows.flatMap(({ events }) => events.map((event) => [event.seq, event] as const)));
  const ordered = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  return ordered.map((event) => `${JSON.stringify(event)}\n`).join('');
}
