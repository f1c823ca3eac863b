// One row of the flow list, folded from the flow's events one at a time. Pure, so that every reader of the log
// (list, labs, tests) tells the same story.
import type { FlowEvent, FlowFailureCode, FlowOpened, SocketAddress } from './flowEvent';

export interface Flow {
  readonly id: number;
  readonly kind: FlowOpened['flow'];
  readonly listener: string;
  /** null = the opening event was not seen. */
  readonly client: SocketAddress | null;
  readonly revision: number;
  /** Microseconds on the engine's monotonic clock. */
  readonly openedAt: number;
  /** Milliseconds since 1970. */
  readonly wallTime: number;
  readonly firstSeq: number;
  /** The first events were lost: fields may be missing. */
  readonly isPartial: boolean;
  /** 0 = not known. */
  readonly downstreamConnectionId: number;
  /** In order of use; a retry may use more than one. At most `maxUpstreamConnections`, the newest. */
  readonly upstreamConnectionIds: readonly number[];

  readonly method: string | null;
  readonly target: string | null;
  /** HTTP/2: the stream on the client's connection, which other flows share; null = HTTP/1.x. */
  readonly stream: number | null;
  /** From the Host header or :authority; null = none seen. */
  readonly hostname: string | null;
  readonly serverName: string | null;
  readonly alpn: string | null;
  /** The protocol that the connection was upgraded to, e.g. "websocket". */
  readonly upgrade: string | null;

  readonly route: string | null;
  readonly pool: string | null;
  readonly endpoint: string | null;
  /** Of the last upstream connection used. */
  readonly upstreamConnection: 'new' | 'reused' | null;
  readonly retries: number;

  readonly status: number | null;
  /** The answer was made by the proxy itself. */
  readonly isGenerated: boolean;
  readonly failure: { readonly code: FlowFailureCode; readonly message: string } | null;
  /** From the client and to the client, as read from and written to its connection. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly outcome: 'open' | 'completed' | 'failed' | 'aborted';
  /** null while the flow is open. */
  readonly durationMicroseconds: number | null;
}

export const maxUpstreamConnections = 16;

/** The flow after one more of its events. Events of other flows and flow 0 must not be given. */
export function foldFlow(flow: Flow | undefined, event: FlowEvent): Flow {
  const before = flow ?? beginFlow(event);
  const changes = changesBy(before, event);
  return changes === null ? before : { ...before, ...changes };
}

function beginFlow(event: FlowEvent): Flow {
  return {
    id: event.flowId,
    kind: event.kind.startsWith('request.') || event.kind.startsWith('response.') ? 'http' : 'tcp',
    listener: '',
    client: null,
    revision: 0,
    openedAt: event.at,
    wallTime: event.wallTime,
    firstSeq: event.seq,
    isPartial: event.kind !== 'flow.opened',
    downstreamConnectionId: 0,
    upstreamConnectionIds: [],
    method: null,
    target: null,
    stream: null,
    hostname: null,
    serverName: null,
    alpn: null,
    upgrade: null,
    route: null,
    pool: null,
    endpoint: null,
    upstreamConnection: null,
    retries: 0,
    status: null,
    isGenerated: false,
    failure: null,
    requestBytes: 0,
    responseBytes: 0,
    outcome: 'open',
    durationMicroseconds: null,
  };
}

function changesBy(flow: Flow, event: FlowEvent): Partial<Flow> | null {
  switch (event.kind) {
    case 'flow.opened': {
      const { flow: kind, listener, client, revision, connectionId } = event;
      // A relayed connection is told of before its flow: nothing is missing once this came.
      return { kind, listener, client, revision, downstreamConnectionId: connectionId, isPartial: false };
    }
    case 'chunk':
      return chunkChanges(flow, event);
    case 'tls.clientHello':
      return { serverName: event.serverName };
    case 'tls.established':
      return event.leg === 'downstream'
        ? { serverName: event.serverName ?? flow.serverName, alpn: event.alpn }
        : null;
    case 'request.head':
      return event.leg === 'downstream' ? requestChanges(event) : null;
    case 'request.end':
      return event.leg === 'downstream' && event.bodyBytes > flow.requestBytes
        ? { requestBytes: event.bodyBytes }
        : null;
    case 'response.head':
      return event.leg === 'downstream' ? { status: event.status, isGenerated: event.generated } : null;
    case 'response.end':
      return event.leg === 'downstream' && event.bodyBytes > flow.responseBytes
        ? { responseBytes: event.bodyBytes }
        : null;
    case 'upgrade.accepted':
      return { upgrade: event.protocol };
    case 'route.matched':
      return { route: event.route };
    case 'backend.picked':
      return { pool: event.pool };
    case 'endpoint.picked':
      return { pool: event.pool, endpoint: event.endpoint };
    case 'upstream.connecting':
    case 'upstream.connected':
    case 'upstream.reused':
      return upstreamChanges(flow, event);
    case 'retry.scheduled':
      return { retries: flow.retries + 1 };
    case 'flow.failed':
      return {
        failure: { code: event.code, message: event.message },
        status: event.status ?? flow.status,
      };
    case 'flow.closed':
      return { outcome: event.outcome, durationMicroseconds: event.durationMicroseconds };
    default:
      return null;
  }
}

function chunkChanges(flow: Flow, event: Extract<FlowEvent, { kind: 'chunk' }>): Partial<Flow> | null {
  if (event.leg !== 'downstream') return null;
  const change: { -readonly [Key in keyof Flow]?: Flow[Key] } =
    event.direction === 'request'
      ? { requestBytes: flow.requestBytes + event.bytes }
      : { responseBytes: flow.responseBytes + event.bytes };
  if (flow.downstreamConnectionId === 0 && event.connectionId !== 0) {
    change.downstreamConnectionId = event.connectionId;
  }
  return change;
}

function requestChanges(event: Extract<FlowEvent, { kind: 'request.head' }>): Partial<Flow> {
  const host = event.headers.find(([name]) => name === ':authority' || name.toLowerCase() === 'host');
  return {
    kind: 'http',
    method: event.method,
    target: event.target,
    hostname: host?.[1] ?? null,
    stream: event.stream ?? null,
    downstreamConnectionId: event.connectionId,
  };
}

function upstreamChanges(
  flow: Flow,
  event: Extract<FlowEvent, { kind: 'upstream.connecting' | 'upstream.connected' | 'upstream.reused' }>,
): Partial<Flow> {
  const ids = flow.upstreamConnectionIds;
  const isKnown = event.connectionId === 0 || ids.includes(event.connectionId);
  return {
    pool: event.pool,
    endpoint: event.endpoint,
    upstreamConnection: event.kind === 'upstream.reused' ? 'reused' : 'new',
    upstreamConnectionIds: isKnown ? ids : [...ids.slice(1 - maxUpstreamConnections), event.connectionId],
  };
}
