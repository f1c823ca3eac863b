// Pick a pool and an endpoint, get a connection to it, send the request.
import type { CompiledPool, HeaderEdits } from '../compiledConfig';
import { layeredEdits } from '../filter/headerEdits';
import { type ConnectionPool, connectionPoolOf } from '../upstream/connectionPool';
import { pickBackend } from '../upstream/pickBackend';
import { recordBackendPicked, recordEndpointPicked } from '../upstream/pickRecords';
import type { EndpointRuntime } from '../upstream/poolRuntimes';
import type { UpstreamLink } from '../upstream/upstreamLink';
import {
  recordUpstreamConnected,
  recordUpstreamConnecting,
  recordUpstreamFailed,
  recordUpstreamReused,
  recordUpstreamWaiting,
} from '../upstream/upstreamRecords';
import { transportOf } from '../upstream/upstreamTransport';
import { clientIdentity } from './clientIdentity';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { forwardedRequestHead } from './forwardedRequestHead';
import { hostnameOf } from './hostField';
import { recordOwnEdits, recordRequestHead, recordRetryScheduled } from './httpRecords';
import { BodyKind } from './messageBody';
import type { MessageSink } from './messageSink';
import { pickRequestOf } from './pickRequestOf';
import { isRepeatable } from './repeatable';
import { noteRequestSent } from './requestRecords';
import { newRequestSink } from './requestSink';
import { rescue } from './rescue';
import { startTunnel } from './tunnel';
import { askedTunnel, isWebSocket } from './webSocket';

export function startUpstream(exchange: Exchange): void {
  const route = exchange.route!;
  const backend = pickBackend(route.backends, exchange.context.random);
  if (backend === null) {
    rescue(exchange, 'no_backend', 503, 'the route has no pool to send requests to');
    return;
  }
  const { pool } = backend;
  recordBackendPicked(exchange.emitter, exchange.flowId, exchange.host.connectionId, backend);
  if (route.config.retry !== undefined) {
    exchange.context.pools.runtime(pool).retryBudget.countRequest(exchange.emitter.now());
  }
  pickUpstream(exchange, pool, null);
}

/** `tried` = endpoints that had the request already; they get it again only when there is no other. */
export function pickUpstream(
  exchange: Exchange,
  pool: CompiledPool,
  tried: ReadonlySet<string> | null,
): void {
  const runtime = exchange.context.pools.runtime(pool);
  const request = pickRequestOf(exchange, pool);
  const another = tried === null ? null : runtime.pick({ ...request, exclude: tried });
  const pick = another ?? runtime.pick(request);
  if (pick === null) {
    rescue(exchange, 'no_healthy_endpoint', 503, 'the pool has no endpoint that can take the request');
    return;
  }
  exchange.pool = pool;
  exchange.poolCounters = runtime.counters;
  exchange.endpoint = pick.endpoint;
  exchange.stickyKey = pick.stickyKey;
  recordEndpointPicked(exchange.emitter, exchange.flowId, exchange.host.connectionId, pick);
  pick.endpoint.activeRequests++;
  connectUpstream(exchange, pool, pick.endpoint);
}

function connectUpstream(exchange: Exchange, pool: CompiledPool, endpoint: EndpointRuntime): void {
  const connections = connectionPoolOf(exchange.context, endpoint);
  exchange.phase = Phase.connecting;
  if (pool.needsTransport) exchange.transport = transportFor(exchange, pool, endpoint);
  if (connections.http2.isFor(pool)) {
    connectHttp2(exchange, pool, connections, false);
    return;
  }
  const idle = pool.config.connections.reuse ? connections.takeIdle(exchange) : null;
  if (idle !== null) adoptUpstream(exchange, idle);
  else if (!connections.openFresh(exchange, pool.config.connections)) {
    rescue(exchange, 'upstream_overloaded', 503, 'too many requests are waiting for this endpoint');
  }
}

/** Of the switches of protocols that HTTP/1.1 knows, HTTP/2 has the one to WebSocket, and those that came over it. */
function connectHttp2(
  exchange: Exchange,
  pool: CompiledPool,
  connections: ConnectionPool,
  isFresh: boolean,
): void {
  const { upgrade } = exchange.head;
  const isOfHttp1 = upgrade !== '' && !isWebSocket(upgrade) && !exchange.host.asksTunnel;
  if (isOfHttp1 && pool.config.protocol === 'h2') {
    const message = `the endpoints of this pool speak HTTP/2 only, where a connection cannot be upgraded to ${upgrade}`;
    rescue(exchange, 'not_implemented', 501, message);
    return;
  }
  const isOpening = isOfHttp1
    ? connections.openFresh(exchange, pool.config.connections)
    : connections.http2.open(exchange, pool, isFresh);
  if (!isOpening)
    rescue(exchange, 'upstream_overloaded', 503, 'too many requests are waiting for this endpoint');
}

function transportFor(exchange: Exchange, pool: CompiledPool, endpoint: EndpointRuntime) {
  const { connectionId, client: source, destination } = exchange.host;
  return transportOf(pool, endpoint.compiled, askedName(exchange), {
    connectionId,
    source,
    destination,
  });
}

/** The host name that the endpoint is asked for. */
function askedName({ hostOverride, head }: Exchange): string {
  return hostnameOf(hostOverride ?? head.host) ?? '';
}

export function noteWaiting(exchange: Exchange, ahead: number): void {
  exchange.upstream = null;
  recordUpstreamWaiting(exchange.emitter, exchange.flowId, exchange.endpoint!, ahead);
}

export function noteConnecting(exchange: Exchange, link: UpstreamLink): void {
  exchange.upstream = link;
  exchange.emitter.moveTime();
  recordUpstreamConnecting(exchange.emitter, exchange.flowId, link.id, link.endpoint);
}

/** The link is ours: the request goes out on it. */
export function adoptUpstream(exchange: Exchange, link: UpstreamLink): void {
  const { emitter, flowId } = exchange;
  exchange.upstream = link;
  exchange.isUpstreamReused = link.exchanges > 0;
  if (emitter.isWatched) {
    emitter.moveTime();
    const { endpoint, exchanges } = link;
    const since = emitter.time - (exchanges > 0 ? link.idleSince : link.startedAt);
    if (exchanges > 0) recordUpstreamReused(emitter, flowId, link.id, endpoint, exchanges, since);
    else recordUpstreamConnected(emitter, flowId, link.id, endpoint, since);
  }
  exchange.phase = Phase.sending;
  exchange.isActive = true;
  if (exchange.head.method === 'CONNECT') startTunnel(exchange, link);
  else sendRequest(exchange, link);
}

function sendRequest(exchange: Exchange, link: UpstreamLink): void {
  const { emitter, host, held } = exchange;
  const { requestBody } = host;
  const tunnel = link.streamId === 0 ? null : askedTunnel(exchange.head);
  const sink = newRequestSink(exchange, link, tunnel);
  // A held body has a known length; only trailers need chunked framing then.
  const isLengthUnknown = exchange.head.framing.contentLength === -1 && requestBody.kind !== BodyKind.none;
  sink.isChunked = isLengthUnknown && (held === null || requestBody.trailers !== '');
  exchange.requestWriter = sink;
  const head = buildHead(exchange, link, sink.isChunked);
  sink.head(head, held !== null || !exchange.isRequestComplete || tunnel !== null);
  if (emitter.isWatched) recordSentHead(exchange, link, sink, head);
  if (held !== null) held.sendTo(exchange);
  else if (exchange.isRequestComplete) {
    sink.flush();
    noteRequestSent(exchange);
  } else {
    exchange.takesBody = true;
    // With body bytes at hand the head waits for them, so that both leave together.
    host.resumeReading();
    if (!host.isProcessing && !exchange.isDone) sink.flush();
  }
}

function buildHead(exchange: Exchange, link: UpstreamLink, isChunked: boolean): string {
  const { head, host, held } = exchange;
  const contentLength = isChunked ? -1 : held !== null ? held.bytes : head.framing.contentLength;
  return forwardedRequestHead(head, {
    target: exchange.target,
    hostOverride: exchange.hostOverride,
    fallbackHost: link.endpoint.compiled.authority,
    clientAddress: host.client.address,
    identity: clientIdentity(exchange),
    isTls: host.isTls,
    clientSubject: host.clientSubject,
    edits: requestEditsOf(exchange),
    contentLength,
    isChunked,
    dropsExpect: held !== null || !exchange.head.expectsContinue || exchange.isRequestComplete,
    closesAfter: !exchange.pool!.config.connections.reuse,
    isFromHttp2: host.streamId !== 0,
    keepsTrailersWish: link.streamId !== 0,
  });
}

/** Of the route's filters, and what the cache asks instead of what the client asked. */
function requestEditsOf({ route, cacheUse }: Exchange): HeaderEdits | null {
  return layeredEdits(cacheUse?.requestEdits ?? null, route!.requestEdits);
}

export function finishHeldSending(exchange: Exchange): void {
  const { requestWriter, host } = exchange;
  if (requestWriter === null || exchange.isDone) return;
  requestWriter.end(host.requestBody.trailers);
  noteRequestSent(exchange);
}

/** The endpoint takes bytes again. */
export function continueSending(exchange: Exchange): void {
  if (exchange.isDone) return;
  if (exchange.held !== null) exchange.held.resume();
  else if (!exchange.isRequestComplete) exchange.host.resumeReading();
}

/**
 * The keep-alive race: the endpoint closed an idle connection just as we wrote to it. Nothing was answered, so a
 * request that may be sent twice, and that we still have, goes out once more on a fresh connection.
 */
export function canRetryOnFreshConnection(exchange: Exchange): boolean {
  if (!exchange.isUpstreamReused || exchange.hasRetried || exchange.hasResponseBytes) return false;
  return isRepeatable(exchange);
}

/** The endpoint did nothing with the request, so whatever its method it may go out once more, if we still have it. */
export function canSendAgain(exchange: Exchange): boolean {
  if (exchange.hasRetried || exchange.hasResponseBytes || !exchange.isRequestComplete) return false;
  return exchange.held !== null || exchange.host.requestBody.kind === BodyKind.none;
}

export function retryOnFreshConnection(
  exchange: Exchange,
  reason = 'the idle connection was closed by the endpoint as it was used again',
): void {
  const { emitter, flowId, upstream } = exchange;
  const endpoint = exchange.endpoint!;
  recordUpstreamFailed(emitter, flowId, upstream?.id ?? 0, endpoint, 'upstream_reset', reason);
  if (emitter.isWatched) {
    const attempt = (exchange.retry?.retries ?? 0) + 2;
    recordRetryScheduled(emitter, flowId, exchange.host.connectionId, attempt, reason, 0);
  }
  exchange.hasRetried = true;
  exchange.isRequestSent = false;
  exchange.held?.stop();
  exchange.upstream = null;
  upstream?.destroy('reset');
  exchange.phase = Phase.connecting;
  exchange.isActive = true;
  const pool = exchange.pool!;
  const connections = connectionPoolOf(exchange.context, endpoint);
  if (connections.http2.isFor(pool)) connectHttp2(exchange, pool, connections, true);
  else if (!connections.openFresh(exchange, pool.config.connections)) {
    rescue(exchange, 'upstream_overloaded', 503, 'too many requests are waiting for this endpoint');
  }
}

function recordSentHead(exchange: Exchange, link: UpstreamLink, sink: MessageSink, head: string): void {
  const { emitter, flowId } = exchange;
  const { filters } = exchange.route!;
  const { toldHead } = exchange.host;
  recordOwnEdits(emitter, flowId, link.id, 'request', toldHead, filters, head, exchange.hostOverride);
  recordRequestHead(emitter, flowId, link.id, 'upstream', sink.sentHead, link.streamId, sink.sentHeadBytes);
}
