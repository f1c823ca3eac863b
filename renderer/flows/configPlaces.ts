// Which part of the workspace made an event happen: the way from a drawn line back to the configuration.

import type { Flow } from '../../main/contract/flow';
import type { FlowEvent, FlowEventOf, FlowFailureCode } from '../../main/contract/flowEvent';

export interface ConfigPlace {
  /** Canvas id of the thing: "route:shop". */
  readonly node: string;
  /** Where in its form: the title of a section, null = at the top. */
  readonly section: string | null;
  /** The field, as its form names it: "matches.0.path"; null = the thing as a whole. */
  readonly at: string | null;
  /** As it is written in the workspace: "routes › shop › filters › 1". */
  readonly label: string;
}

/** Nothing = no line of the configuration decided it: the peer did, or the protocol. */
export function configPlacesOf(event: FlowEvent, flow: Flow): ConfigPlace[] {
  switch (event.kind) {
    case 'flow.opened':
    case 'connection.opened':
      return event.kind === 'connection.opened' && event.pool !== undefined
        ? [poolPlace(event.pool, 'connections')]
        : [listenerPlace(event.listener)];
    case 'route.matched':
      return [routePlace(event.route, ...matchOf(event))];
    case 'route.missed':
      return [listenerPlace(event.trace.listener)];
    case 'backend.picked':
      return [routePlace(event.route, 'backends')];
    case 'endpoint.picked':
      return [poolPlace(event.pool, 'loadBalancing'), poolPlace(event.pool, 'endpoints')];
    case 'upstream.connecting':
    case 'upstream.connected':
      return [poolPlace(event.pool, 'connections', 'connectTimeoutMs')];
    case 'upstream.failed':
      return failurePlaces(event.code, { ...flow, pool: event.pool });
    case 'upstream.reused':
      return [poolPlace(event.pool, 'connections', 'reuse')];
    case 'upstream.waiting':
      return [poolPlace(event.pool, 'connections', 'maxPerEndpoint')];
    case 'filter.applied':
      return event.index === null ? [] : ofFilter(flow, event.index);
    case 'fault.injected':
      return ofFilter(flow, event.index, ...faultFields[event.fault]);
    case 'request.mirrored':
    case 'cache.lookup':
    case 'cache.stored':
    case 'cache.notStored':
    case 'cache.invalidated':
      return ofFilter(flow, event.index);
    case 'forward.destination':
      return listenerPlaces(flow, 'forward', 'allow');
    case 'endpoint.health':
      return [poolPlace(event.pool, event.to === 'ejected' ? 'outlierDetection' : 'healthCheck')];
    case 'buffer.held':
    case 'buffer.released':
      return ofRoute(flow, 'requestBuffering');
    case 'chunk':
      return event.disposition === 'held' && flow.kind === 'http' ? ofRoute(flow, 'requestBuffering') : [];
    case 'retry.scheduled':
      return ofRoute(flow, 'retry', 'attempts');
    case 'timeout':
      return timeoutPlaces(event, flow);
    case 'tls.clientHello':
      return flow.listener === '' ? [] : [listenerPlace(flow.listener)];
    case 'tls.established':
    case 'tls.failed':
      return event.leg === 'downstream' ? listenerPlaces(flow, 'tls') : poolPlaces(flow, 'tls');
    case 'proxyProtocol.received':
    case 'proxyProtocol.refused':
      return listenerPlaces(flow, 'acceptProxyProtocol');
    case 'connection.closed':
      return event.reason === 'idle_timeout' ? idlePlaces(event, flow) : [];
    case 'flow.failed':
      return failurePlaces(event.code, flow);
    default:
      return [];
  }
}

/** What of the configuration made it fail; nothing where only a peer can have been the reason. */
function failurePlaces(code: FlowFailureCode, flow: Flow): ConfigPlace[] {
  switch (code) {
    case 'no_route':
      return listenerPlaces(flow);
    case 'no_backend':
      return ofRoute(flow, 'backends');
    case 'header_too_large':
      return listenerPlaces(flow, 'limits', 'maxHeaderBytes');
    case 'body_too_large':
      return listenerPlaces(flow, 'limits', 'maxBodyBytes');
    case 'too_many_connections':
      return listenerPlaces(flow, 'limits', 'maxConnections');
    case 'idle_timeout':
      return listenerPlaces(flow, 'limits', 'idleTimeoutMs');
    case 'destination_refused':
      return listenerPlaces(flow, 'forward', 'allow');
    case 'proxy_header_refused':
      return listenerPlaces(flow, 'acceptProxyProtocol');
    case 'downstream_tls_failed':
    case 'not_tls':
      return listenerPlaces(flow, 'tls');
    case 'no_healthy_endpoint':
    case 'upstream_connect_failed':
      return poolPlaces(flow, 'endpoints');
    case 'upstream_connect_timeout':
      return poolPlaces(flow, 'connections', 'connectTimeoutMs');
    case 'upstream_overloaded':
      return poolPlaces(flow, 'connections', 'maxPerEndpoint');
    case 'upstream_tls_failed':
      return poolPlaces(flow, 'tls');
    case 'upstream_timeout':
      return ofRoute(flow, 'timeouts', 'backendMs');
    case 'upstream_reset':
    case 'upstream_bad_response':
      return ofRoute(flow);
    default:
      return [];
  }
}

/** Which of its fields a fault filter obeyed. */
const faultFields: Readonly<Record<FlowEventOf<'fault.injected'>['fault'], readonly string[]>> = {
  delay: ['delay', 'ms'],
  abort: ['abort', 'status'],
  bandwidth: ['bandwidthBytesPerSecond'],
};

function timeoutPlaces(event: FlowEventOf<'timeout'>, flow: Flow): ConfigPlace[] {
  switch (event.timeout) {
    case 'request':
    case 'backend':
      return ofRoute(flow, 'timeouts', `${event.timeout}Ms`);
    case 'connect':
      return poolPlaces(flow, 'connections', 'connectTimeoutMs');
    case 'queue':
      return poolPlaces(flow, 'connections', 'waitTimeoutMs');
    case 'body':
    case 'read':
      return listenerPlaces(flow, 'limits', 'bodyIdleTimeoutMs');
    case 'bodyRate':
      return listenerPlaces(flow, 'limits', 'minBodyBytesPerSecond');
    case 'idle':
      return listenerPlaces(flow, 'limits', 'idleTimeoutMs');
    case 'ping':
      return [];
    default:
      return listenerPlaces(flow, 'limits', 'headerTimeoutMs');
  }
}

function idlePlaces({ leg }: FlowEventOf<'connection.closed'>, flow: Flow): ConfigPlace[] {
  return leg === 'upstream'
    ? poolPlaces(flow, 'connections', 'idleTimeoutMs')
    : listenerPlaces(flow, 'limits', 'idleTimeoutMs');
}

/** `index` absent = some filter of the route, not known which. */
function ofFilter(flow: Flow, index: number | undefined, ...path: string[]): ConfigPlace[] {
  return ofRoute(flow, 'filters', ...(index === undefined ? [] : [String(index + 1), ...path]));
}

/** Titles of the forms' sections by the field that they hold. */
const sections: Readonly<Record<string, string>> = {
  matches: 'Matches',
  filters: 'Filters',
  requestBuffering: 'Request and time',
  timeouts: 'Request and time',
  retry: 'Retries',
  limits: 'Limits',
  connections: 'Connections',
  healthCheck: 'Health checks',
  outlierDetection: 'Outlier detection',
};

function matchOf(event: FlowEventOf<'route.matched'>): string[] {
  const won = event.trace.routes.find((route) => route.outcome === 'won');
  if (won === undefined || won.predicates.length === 0) return [];
  if (won.matchIndex === null) return ['hostnames'];
  const field = matchFields.find(([name]) => won.predicates.some(({ predicate }) => predicate === name));
  return ['matches', String(won.matchIndex + 1), ...(field === undefined ? [] : [field[1]])];
}

/** Where in a match the predicate stands; the first that a match has is what people look for. */
const matchFields = [
  ['path', 'path'],
  ['method', 'method'],
  ['header', 'headers'],
  ['query', 'query'],
  ['cookie', 'cookies'],
] as const;

function ofRoute(flow: Flow, ...path: string[]): ConfigPlace[] {
  return flow.route === null ? [] : [routePlace(flow.route, ...path)];
}

function listenerPlaces(flow: Flow, ...path: string[]): ConfigPlace[] {
  return flow.listener === '' ? [] : [listenerPlace(flow.listener, ...path)];
}

function poolPlaces(flow: Flow, ...path: string[]): ConfigPlace[] {
  return flow.pool === null ? [] : [poolPlace(flow.pool, ...path)];
}

const routePlace = (id: string, ...path: string[]) => place('route', 'routes', id, path);
const listenerPlace = (id: string, ...path: string[]) => place('listener', 'listeners', id, path);
const poolPlace = (id: string, ...path: string[]) => place('pool', 'pools', id, path);

function place(kind: string, list: string, id: string, path: readonly string[]): ConfigPlace {
  const field = path[0];
  return {
    node: `${kind}:${id}`,
    section:
      field === undefined
        ? null
        : kind === 'pool' && field === 'tls'
          ? 'TLS to the endpoints'
          : (sections[field] ?? null),
    at: path.length === 0 ? null : path.map(countedFromNull).join('.'),
    label: [list, id, ...path].join(' › '),
  };
}

/** People count from 1, forms from 0. */
function countedFromNull(part: string): string {
  return /^\d+$/.test(part) ? String(Number(part) - 1) : part;
}

/** Without repeats, in order. */
export function configPlacesOfAll(events: readonly FlowEvent[], flow: Flow): ConfigPlace[] {
  const byLabel = new Map<string, ConfigPlace>();
  for (const event of events) {
    for (const found of configPlacesOf(event, flow)) {
      if (!byLabel.has(found.label)) byLabel.set(found.label, found);
    }
  }
  return [...byLabel.values()];
}
