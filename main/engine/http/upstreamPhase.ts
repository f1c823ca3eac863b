// Pick a pool and an endpoint, get a connection to it, send the request.
import type { CompiledHttpRoute, CompiledPool } from '../compiledConfig';
import { connectionPoolOf } from '../upstream/connectionPool';
import type { HttpUpstreamConnection } from '../upstream/httpUpstreamConnection';
import { pickBackend } from '../upstream/pickBackend';
import { recordBackendPicked, recordEndpointPicked } from '../upstream/pickRecords';
import type { EndpointRuntime } from '../upstream/poolRuntimes';
import {
  recordUpstreamConnected,
  recordUpstreamConnecting,
  recordUpstreamFailed,
  recordUpstreamReused,
  recordUpstreamWaiting,
} from '../upstream/upstreamRecords';
import { transportOf } from '../upstream/upstreamTransport';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { forwardedRequestHead } from './forwardedRequestHead';
import { hostnameOf } from './hostField';
import { recordFilterApplied, recordRequestHead, recordRetryScheduled } from './httpRecords';
import { BodyKind } from './messageBody';
import { MessageWriter } from './messageWriter';
import { pickRequestOf } from './pickRequestOf';
import { isRepeatable } from './repeatable';
import { noteRequestSent } from './requestRecords';
import { rescue } from './rescue';

export function startUpstream(exchange: Exchange): void {
  const route = exchange.route!;
  const backend = pickBackend(route.backends, exchange.context.random);
  if (backend === null) {
    rescue(exchange, 'no_backend', 503, 'the route has no pool to send requests to');
    return;
  }
  const { pool } = backend;
  if (exchange.emitter.isWatched) recordBackend(exchange, route, pool, backend.reason);
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
  exchange.endpoint = pick.endpoint;
  exchange.stickyKey = pick.stickyKey;
  if (exchange.emitter.isWatched) {
    recordEndpointPicked(exchange.emitter, exchange.flowId, exchange.host.connectionId, pool, pick);
  }
  pick.endpoint.activeRequests++;
  connectUpstream(exchange, pool, pick.endpoint);
}

function connectUpstream(exchange: Exchange, pool: CompiledPool, endpoint: EndpointRuntime): void {
  const connections = connectionPoolOf(exchange.context, endpoint);
  exchange.phase = Phase.connecting;
  if (pool.needsTransport) exchange.transport = transportFor(exchange, pool, endpoint);
  const idle = pool.config.connections.reuse ? connections.takeIdle(exchange) : null;
  if (idle !== null) adoptUpstream(exchange, idle);
  else if (!connections.openFresh(exchange, pool.config.connections)) {
    rescue(exchange, 'upstream_overloaded', 503, 'too many requests are waiting for this endpoint');
  } else if (exchange.upstream === null) {
    recordUpstreamWaiting(exchange.emitter, exchange.flowId, endpoint, connections.waiting - 1);
  }
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

export function noteConnecting(exchange: Exchange, connection: HttpUpstreamConnection): void {
  exchange.upstream = connection;
  recordUpstreamConnecting(exchange.emitter, exchange.flowId, connection.id, connection.endpoint);
}

/** The connection is ours: the request goes out on it. */
export function adoptUpstream(exchange: Exchange, connection: HttpUpstreamConnection): void {
  const { emitter, flowId } = exchange;
  exchange.upstream = connection;
  exchange.isUpstreamReused = connection.exchanges > 0;
  if (emitter.isWatched) {
    const { endpoint, exchanges } = connection;
    const since = emitter.now() - (exchanges > 0 ? connection.idleSince : connection.startedAt);
    if (exchanges > 0) recordUpstreamReused(emitter, flowId, connection.id, endpoint, exchanges, since);
    else recordUpstreamConnected(emitter, flowId, connection.id, endpoint, since);
  }
  exchange.phase = Phase.sending;
  exchange.isActive = true;
  sendRequest(exchange, connection);
}

function sendRequest(exchange: Exchange, connection: HttpUpstreamConnection): void {
  const { emitter, flowId, host, held } = exchange;
  const writer = new MessageWriter(connection.socket, emitter, flowId, connection.id, 'request', 'upstream');
  const { trailers } = host.requestBody.kind === BodyKind.chunked ? host.requestBody.scanner : noTrailers;
  // A held body has a known length; only trailers need chunked framing then.
  writer.isChunked = host.requestBody.kind === BodyKind.chunked && (held === null || trailers !== '');
  exchange.requestWriter = writer;
  const head = buildHead(exchange, connection, writer.isChunked);
  if (emitter.isWatched) recordSentHead(exchange, connection, head);
  writer.head(head);
  if (held !== null) held.sendTo(exchange);
  else if (exchange.isRequestComplete) {
    writer.flush();
    noteRequestSent(exchange);
  } else {
    exchange.takesBody = true;
    // With body bytes at hand the head waits for them, so that both leave together.
    host.resumeReading();
    if (!host.isProcessing && !exchange.isDone) writer.flush();
  }
}

const noTrailers = { trailers: '' };

function buildHead(exchange: Exchange, connection: HttpUpstreamConnection, isChunked: boolean): string {
  const { head, host, held } = exchange;
  const isHeldChunked = held !== null && host.requestBody.kind === BodyKind.chunked;
  const contentLength = isChunked ? -1 : isHeldChunked ? held.bytes : head.framing.contentLength;
  return forwardedRequestHead(head, {
    target: exchange.target,
    hostOverride: exchange.hostOverride,
    fallbackHost: connection.endpoint.compiled.authority,
    clientAddress: host.client.address,
    isTls: host.isTls,
    clientSubject: host.clientSubject,
    edits: exchange.route!.requestEdits,
    contentLength,
    isChunked,
    dropsExpect: held !== null || !exchange.head.expectsContinue || exchange.isRequestComplete,
    closesAfter: !exchange.pool!.config.connections.reuse,
  });
}

export function finishHeldSending(exchange: Exchange): void {
  const { requestWriter, host } = exchange;
  if (requestWriter === null || exchange.isDone) return;
  const body = host.requestBody;
  requestWriter.end(body.kind === BodyKind.chunked ? body.scanner.trailers : '');
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

export function retryOnFreshConnection(exchange: Exchange): void {
  const { emitter, flowId, upstream } = exchange;
  const endpoint = exchange.endpoint!;
  const reason = 'the idle connection was closed by the endpoint as it was used again';
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
  if (!connectionPoolOf(exchange.context, endpoint).openFresh(exchange, pool.config.connections)) {
    rescue(exchange, 'upstream_overloaded', 503, 'too many requests are waiting for this endpoint');
  }
}

function recordBackend(
  exchange: Exchange,
  route: CompiledHttpRoute,
  pool: CompiledPool,
  reason: string,
): void {
  const { emitter, flowId, host } = exchange;
  recordBackendPicked(emitter, flowId, host.connectionId, route.id, route.backends, pool.id, reason);
}

function recordSentHead(exchange: Exchange, connection: HttpUpstreamConnection, head: string): void {
  const { emitter, flowId } = exchange;
  recordFilterApplied(emitter, flowId, connection.id, {
    before: exchange.head.raw,
    filters: exchange.route!.filters,
    position: -1,
    direction: 'request',
    after: head,
    otherChanges: [],
    hostOverride: exchange.hostOverride,
  });
  recordRequestHead(emitter, flowId, connection.id, 'upstream', head);
}
