// What a decision trace means on the canvas: which nodes and lines the request would take, and why not the other routes.
import type { WorkspaceDocument } from '../../main/contract/config';
import type { PredicateTrace, RouteDecisionTrace, RouteTrace } from '../../main/contract/flowEvent';
import { clientNode, edgeId, endpointNode, formatNode } from './nodeIds';

export interface RouteVerdict {
  readonly route: string;
  readonly outcome: RouteTrace['outcome'] | 'elsewhere';
  /** A few words: "method POST, was GET". */
  readonly text: string;
}

export interface RequestWay {
  /** Ids of the nodes and lines that it takes; several endpoints where any of them may be picked. */
  readonly lit: ReadonlySet<string>;
  /** Every http, tls and tcp route of the document, in its order. */
  readonly verdicts: readonly RouteVerdict[];
}

export function wayOfRequest(
  document: WorkspaceDocument,
  winner: string | null,
  trace: RouteDecisionTrace,
): RequestWay {
  const verdicts = (document.routes ?? []).map((route) => {
    const tried = trace.routes.filter((item) => item.route === route.id);
    return verdictOf(route.id, tried, route.listeners.includes(trace.listener), trace.listener);
  });
  return { lit: litBy(document, winner, trace.listener), verdicts };
}

function verdictOf(
  route: string,
  tried: readonly RouteTrace[],
  isOnListener: boolean,
  listener: string,
): RouteVerdict {
  if (!isOnListener) return { route, outcome: 'elsewhere', text: `not on listener ${listener}` };
  const won = tried.find((item) => item.outcome === 'won');
  if (won !== undefined) return { route, outcome: 'won', text: `wins: ${winningWords(won)}` };
  if (tried.some((item) => item.outcome === 'outranked')) {
    return { route, outcome: 'outranked', text: 'would match, but a more precise route wins' };
  }
  const first = tried[0];
  if (first === undefined) return { route, outcome: 'missed', text: 'not asked: another kind of route' };
  const miss = first.predicates.find((item) => !item.holds);
  const more = tried.length > 1 ? ` (and ${tried.length - 1} more)` : '';
  return { route, outcome: 'missed', text: `${miss === undefined ? 'missed' : missWords(miss)}${more}` };
}

function winningWords(won: RouteTrace): string {
  const asked = won.predicates.filter((item) => item.predicate !== 'listener');
  if (asked.length === 0) return 'takes everything';
  return asked.map((item) => `${predicateWords[item.predicate]} ${item.expected}`).join(', ');
}

function missWords({ predicate, expected, actual }: PredicateTrace): string {
  const was = actual === null ? 'was absent' : `was ${actual === '' ? 'empty' : actual}`;
  return `misses ${predicateWords[predicate]} ${expected}, ${was}`;
}

const predicateWords: Readonly<Record<PredicateTrace['predicate'], string>> = {
  listener: 'listener',
  hostname: 'host name',
  path: 'path',
  method: 'method',
  header: 'header',
  query: 'query',
  cookie: 'cookie',
  serverName: 'server name',
};

function litBy(document: WorkspaceDocument, winner: string | null, listenerId: string): ReadonlySet<string> {
  const listener = formatNode({ kind: 'listener', id: listenerId });
  const lit = new Set([clientNode, edgeId(clientNode, listener), listener]);
  const route = document.routes?.find((item) => item.id === winner);
  if (route === undefined) return lit;
  const routeNode = formatNode({ kind: 'route', id: route.id });
  lit.add(edgeId(listener, routeNode)).add(routeNode);
  const answersItself =
    route.kind === 'http' &&
    route.filters?.some((filter) => filter.type === 'respond' || filter.type === 'redirect');
  if (answersItself === true) return lit;
  for (const backend of route.backends ?? []) {
    if (backend.weight === 0) continue;
    const poolNode = formatNode({ kind: 'pool', id: backend.pool });
    lit.add(edgeId(routeNode, poolNode)).add(poolNode);
    const pool = document.pools?.find((item) => item.id === backend.pool);
    pool?.endpoints.forEach((endpoint, index) => {
      if (endpoint.weight === 0) return;
      const node = endpointNode(backend.pool, index);
      lit.add(edgeId(poolNode, node)).add(node);
    });
  }
  return lit;
}
