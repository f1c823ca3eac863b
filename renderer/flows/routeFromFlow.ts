// "Make a route from this": what the flow asked for, as a new route in the draft.
import type { RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';
import type { Flow } from '../../main/contract/flow';
import { freeId } from '../stores/freeNames';

export interface RouteFromFlow {
  readonly edits: readonly ConfigEdit[];
  readonly node: string;
  readonly routeId: string;
}

/** null = the flow's listener is not in the document, or nothing of the flow can be matched on. */
export function routeFromFlow(document: WorkspaceDocument, flow: Flow): RouteFromFlow | null {
  const listener = document.listeners?.find((candidate) => candidate.id === flow.listener);
  if (listener === undefined || flow.isPartial) return null;
  const hostname = hostnameOf(flow);
  const id = freeId(idFrom(hostname, flow.target), document.routes);
  const base = { id, listeners: [listener.id], ...backendsOf(document, flow) };
  const route: RouteDocument =
    flow.kind === 'http'
      ? { ...base, kind: 'http', ...hostnames(hostname), ...matchesOf(flow) }
      : flow.kind === 'tls'
        ? { ...base, kind: 'tls', ...hostnames(hostname) }
        : { ...base, kind: 'tcp' };
  return { edits: [{ type: 'addRoute', route }], node: `route:${id}`, routeId: id };
}

function hostnames(hostname: string | null): { hostnames?: string[] } {
  return hostname === null ? {} : { hostnames: [hostname] };
}

/** Only what a route may name: the peer wrote it. */
function hostnameOf(flow: Flow): string | null {
  const name = (flow.hostname ?? flow.serverName ?? '').toLowerCase().replace(/:\d+$/, '');
  return /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(
    name,
  )
    ? name
    : null;
}

function matchesOf(flow: Flow): { matches?: { path: { type: 'exact'; value: string } }[] } {
  const path = flow.target?.split('?')[0];
  const isUsable = path !== undefined && /^\/[\x21\x22\x24-\x7e]*$/.test(path) && path.length <= 1024;
  return isUsable ? { matches: [{ path: { type: 'exact', value: path } }] } : {};
}

function backendsOf(document: WorkspaceDocument, flow: Flow): { backends?: { pool: string }[] } {
  const pool = document.pools?.find((candidate) => candidate.id === flow.pool) ?? document.pools?.[0];
  return pool === undefined ? {} : { backends: [{ pool: pool.id }] };
}

function idFrom(hostname: string | null, target: string | null): string {
  const first = target?.split(/[/?]/).find((part) => part !== '') ?? '';
  const words = `${hostname?.split('.')[0] ?? ''} ${first}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return (
    words
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .replace(/-+$/, '') || 'route'
  );
}
