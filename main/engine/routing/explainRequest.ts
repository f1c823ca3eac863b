// "Which route would this request get, and why not the others?" without sending anything. The winner comes from the
// tables that the data path asks.
import { type DestinationExplanation, explainDestination } from '../../contract/destinationPattern';
import type { RouteDecisionTrace } from '../../contract/flowEvent';
import type { CompiledConfig, CompiledListener } from '../compiledConfig';
import { explainL4 } from './explainL4';
import { normalizeHostname } from './hostnameIndex';
import { explainHttp } from './httpRouteTable';
import type { RequestView } from './requestView';

export interface ExplainedRequest {
  readonly method: string;
  /** Absolute ("http://shop.test/a?b=c"), or for a tls or tcp listener just a host name. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface Explanation {
  /** Id of the route; null = none. */
  readonly winner: string | null;
  readonly trace: RouteDecisionTrace;
  /** Of a forward listener, which has no routes. */
  readonly destination?: DestinationExplanation;
}

/** null = no such listener. Throws a TypeError that names the URL when it cannot be read. */
export function explainRequest(
  config: CompiledConfig,
  listenerId: string,
  request: ExplainedRequest,
): Explanation | null {
  const listener = config.listeners.get(listenerId);
  if (listener === undefined) return null;
  if (listener.config.protocol === 'forward') return explainForward(listener, request);
  const trace = decide(listener, request, config.capture.headers === 'masked');
  return { winner: trace.routes.find((route) => route.outcome === 'won')?.route ?? null, trace };
}

function explainForward(listener: CompiledListener, request: ExplainedRequest): Explanation {
  const url = request.url.trim();
  const port = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*:(\d{1,5})(?:[/?#]|$)/i.exec(url)?.[1];
  const isSecure = request.method === 'CONNECT' || /^https:/i.test(url);
  // A client goes by the target, whatever its Host says (RFC 9112 3.2.2).
  const { hostname } = viewOf({ ...request, headers: [] });
  const destination = explainDestination(
    listener.forwardAllow,
    hostname.replace(/^\[(.*)\]$/, '$1'),
    port === undefined ? (isSecure ? 443 : 80) : Number(port),
  );
  return { winner: null, trace: { listener: listener.config.id, routes: [], omittedRoutes: 0 }, destination };
}

function decide(
  listener: CompiledListener,
  request: ExplainedRequest,
  maskSecrets: boolean,
): RouteDecisionTrace {
  const { id, protocol } = listener.config;
  if (protocol === 'tcp') return explainL4(listener, null);
  const view = viewOf(request);
  if (protocol === 'tls') return explainL4(listener, view.hostname === '' ? null : view.hostname);
  // On a shared port the server name decides first, as it does on the wire.
  if (protocol === 'https' && listener.tlsRoutes.match(view.hostname) !== null) {
    return explainL4(listener, view.hostname);
  }
  return explainHttp(listener.httpRoutes, id, view, maskSecrets);
}

/** A request as it would arrive: the path as written, the host from the URL unless a Host header says otherwise. */
export function viewOf(request: ExplainedRequest): RequestView {
  const parts = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i.exec(
    request.url.trim(),
  );
  if (parts === null || /\s/.test(request.url.trim())) throw new TypeError(`"${request.url}" is not a URL`);
  const headers = new Map<string, string>();
  for (const [name, value] of request.headers) {
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    headers.set(key, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  const authority = parts[1]!.replace(/^.*@/, '');
  if (!headers.has('host')) headers.set('host', authority);
  return {
    method: request.method,
    hostname: normalizeHostname(headers.get('host')!.replace(/:\d*$/, '')),
    path: parts[2] === '' ? '/' : parts[2]!,
    query: parts[3] ?? '',
    header: (name) => headers.get(name),
  };
}
