// Who can read a host name's traffic: TLS ends here, passes through sealed, or ends here and begins again behind. Switching
// is an edit of the route and of its pools.
import type { HttpRouteDocument, RouteDocument, WorkspaceDocument } from '../../main/contract/config';
import type { ConfigEdit } from '../../main/contract/configEdit';

export type TlsMode = 'terminate' | 'passthrough' | 'reencrypt';

export const tlsModeTexts: Readonly<Record<TlsMode, { readonly label: string; readonly help: string }>> = {
  terminate: {
    label: 'Terminate',
    help: 'Hopscope holds the key and can read and change everything; plain bytes go on to the endpoints.',
  },
  passthrough: {
    label: 'Pass through',
    help: 'The endpoint holds the key. Hopscope reads the server name in the hello and nothing else.',
  },
  reencrypt: {
    label: 'Re-encrypt',
    help: 'Hopscope holds the key and can read and change everything; it is encrypted again on the way to the endpoints.',
  },
};

type TlsListener = { readonly id: string; readonly protocol: 'https' | 'tls' };

/** The listeners of a route that speak TLS. */
export function tlsListeners(document: WorkspaceDocument, route: RouteDocument): TlsListener[] {
  return (document.listeners ?? []).flatMap(({ id, protocol }) =>
    route.listeners.includes(id) && (protocol === 'https' || protocol === 'tls') ? [{ id, protocol }] : [],
  );
}

/** null = no TLS arrives here, so there is nothing to choose. */
export function tlsModeOf(document: WorkspaceDocument, route: RouteDocument): TlsMode | null {
  if (route.kind === 'tcp' || tlsListeners(document, route).length === 0) return null;
  if (route.kind === 'tls' && route.mode !== 'terminate') return 'passthrough';
  const pools = poolsOf(document, route);
  return pools.length > 0 && pools.every((pool) => pool.tls !== undefined) ? 'reencrypt' : 'terminate';
}

export interface TlsSwitch {
  readonly edits: readonly ConfigEdit[];
  /** In words, what goes with the old mode; empty = nothing. */
  readonly losses: readonly string[];
}

export function switchTlsMode(document: WorkspaceDocument, route: RouteDocument, mode: TlsMode): TlsSwitch {
  if (route.kind === 'tcp') return { edits: [], losses: [] };
  if (mode === 'passthrough') return passThrough(document, route);
  const listeners = tlsListeners(document, route);
  const canReadHttp = listeners.some(({ protocol }) => protocol === 'https');
  const edits: ConfigEdit[] = [];
  if (route.kind === 'tls' && route.mode !== 'terminate') {
    const https = listeners.filter(({ protocol }) => protocol === 'https').map(({ id }) => id);
    edits.push(
      canReadHttp
        ? replace(route.id, { kind: 'http', mode: undefined, listeners: https })
        : replace(route.id, { mode: 'terminate' }),
    );
  }
  for (const pool of poolsOf(document, route)) {
    if (mode === 'reencrypt' && pool.tls === undefined) {
      edits.push({ type: 'updatePool', id: pool.id, patch: { tls: {} } });
    }
    if (mode === 'terminate' && pool.tls !== undefined) {
      edits.push({ type: 'updatePool', id: pool.id, patch: { tls: undefined } });
    }
  }
  return { edits, losses: sharedPools(document, route).map((words) => `${words} too.`) };
}

/** What reads HTTP cannot stay: sealed bytes have no path, no header, no filter. */
function passThrough(document: WorkspaceDocument, route: Exclude<RouteDocument, { kind: 'tcp' }>): TlsSwitch {
  const listeners = tlsListeners(document, route).map(({ id }) => id);
  const sealed = poolsOf(document, route)
    .filter((pool) => pool.tls !== undefined)
    .map((pool): ConfigEdit => ({ type: 'updatePool', id: pool.id, patch: { tls: undefined } }));
  if (route.kind === 'tls')
    return { edits: [replace(route.id, { mode: 'passthrough' }), ...sealed], losses: [] };
  const losses: string[] = [];
  if ((route.matches ?? []).length > 0)
    losses.push('Its matches: sealed bytes show no path, method or header.');
  if ((route.filters ?? []).length > 0) losses.push('Its filters: sealed bytes cannot be changed.');
  const plain = route.listeners.filter((id) => !listeners.includes(id));
  if (plain.length > 0) losses.push(`Its traffic from ${plain.join(', ')}: no TLS arrives there.`);
  const cleared = {
    matches: undefined,
    filters: undefined,
    requestBuffering: undefined,
    bufferBytes: undefined,
  };
  const others = { timeouts: undefined, retry: undefined };
  return {
    edits: [
      replace(route.id, { kind: 'tls', mode: 'passthrough', listeners, ...cleared, ...others }),
      ...sealed,
    ],
    losses,
  };
}

/** Behind a TLS route that decrypts: whether what comes out is read as HTTP or relayed as bytes. */
export function readAsHttp(document: WorkspaceDocument, route: RouteDocument, isHttp: boolean): ConfigEdit[] {
  if (isHttp) {
    const https = tlsListeners(document, route).filter(({ protocol }) => protocol === 'https');
    return [replace(route.id, { kind: 'http', mode: undefined, listeners: https.map(({ id }) => id) })];
  }
  const { edits } = switchTlsMode(document, route, 'passthrough');
  return [...edits.slice(0, 1), replace(route.id, { mode: 'terminate' })];
}

/** A patch that changes the kind of a route; the types of patches know one kind at a time. */
function replace(
  id: string,
  patch: { readonly [Key in keyof HttpRouteDocument | 'mode']?: unknown },
): ConfigEdit {
  return { type: 'updateRoute', id, patch: patch as Extract<ConfigEdit, { type: 'updateRoute' }>['patch'] };
}

function poolsOf(document: WorkspaceDocument, route: RouteDocument) {
  const ids = new Set((route.backends ?? []).map((backend) => backend.pool));
  return (document.pools ?? []).filter((pool) => ids.has(pool.id));
}

function sharedPools(document: WorkspaceDocument, route: RouteDocument): string[] {
  return poolsOf(document, route).flatMap((pool) => {
    const others = (document.routes ?? []).filter(
      (other) => other.id !== route.id && other.backends?.some((backend) => backend.pool === pool.id),
    );
    if (others.length === 0) return [];
    return [`Pool ${pool.id} is also used by ${others.map(({ id }) => id).join(', ')}: it changes there`];
  });
}
