// The end of every exchange: counters, the endpoint's connection back to its pool or closed, the flow's last event,
// and the client's connection free for its next request.
import type { EngineMetrics, TrafficCounters } from '../engineMetrics';
import { type FlowOutcome, recordFlowClosed } from '../flowRecords';
import { connectionPoolOf } from '../upstream/connectionPool';
import { endedExchange } from './endedExchange';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';

export function finishExchange(exchange: Exchange, outcome?: FlowOutcome): void {
  if (exchange.isDone) return;
  exchange.phase = Phase.done;
  exchange.takesBody = false;
  const { emitter, host } = exchange;
  exchange.held?.close();
  if (exchange.stopWaiting !== null) exchange.stopWaiting();
  if (exchange.route !== null && exchange.route.filters.length > 0) endFilters(exchange);
  const now = emitter.time;
  releaseUpstream(exchange, now);
  const durationMicroseconds = now - exchange.startedAt;
  const ending = outcome ?? (exchange.hasFailed ? 'failed' : 'completed');
  count(exchange, durationMicroseconds / 1000);
  const { flowEnds } = exchange.context;
  if (flowEnds.listener !== null)
    flowEnds.listener(endedExchange(exchange, ending, durationMicroseconds / 1000));
  recordFlowClosed(emitter, exchange.flowId, host.connectionId, ending, durationMicroseconds);
  host.onExchangeDone(exchange);
}

function endFilters(exchange: Exchange): void {
  exchange.pacer?.close();
  exchange.bodyStage?.close();
  exchange.cacheUse?.settle('gone');
  exchange.mirror?.drop('the request was not passed on whole');
}

function releaseUpstream(exchange: Exchange, now: number): void {
  const { upstream, endpoint, pool } = exchange;
  if (endpoint === null || pool === null) return;
  endpoint.activeRequests--;
  const connections = connectionPoolOf(exchange.context, endpoint);
  exchange.upstream = null;
  if (upstream === null) connections.stopWaiting(exchange);
  else if (!exchange.keepsUpstream) upstream.destroy(exchange.upstreamCloseReason);
  else {
    if (exchange.isUpstreamPaused) upstream.resume();
    upstream.release(pool.config.connections, now);
  }
}

function count(exchange: Exchange, durationMs: number): void {
  const { host, status, hasFailed, endpoint, poolCounters, route } = exchange;
  const requestBytes = exchange.requestHeadBytes + host.requestBody.bytes;
  const responseBytes = exchange.responseWriter?.bytes ?? 0;
  add(host.listenerCounters, status, hasFailed, durationMs, requestBytes, responseBytes);
  if (route !== null) {
    const counters = routeCounters(exchange.context.metrics, route);
    add(counters, status, hasFailed, durationMs, requestBytes, responseBytes);
  }
  if (poolCounters === null || endpoint === null) return;
  const sent = exchange.requestWriter?.bytes ?? 0;
  add(poolCounters, status, hasFailed, durationMs, sent, responseBytes);
  add(endpoint.counters, status, hasFailed, durationMs, sent, responseBytes);
}

function add(
  counters: TrafficCounters,
  status: number,
  hasFailed: boolean,
  durationMs: number,
  requestBytes: number,
  responseBytes: number,
): void {
  counters.countFlow(status, hasFailed, durationMs);
  counters.requestBytes += requestBytes;
  counters.responseBytes += responseBytes;
}

const countersOfRoutes = new WeakMap<object, { metrics: EngineMetrics; counters: TrafficCounters }>();

function routeCounters(metrics: EngineMetrics, route: { readonly id: string }): TrafficCounters {
  let found = countersOfRoutes.get(route);
  if (found === undefined || found.metrics !== metrics) {
    found = { metrics, counters: metrics.counters('route', route.id) };
    countersOfRoutes.set(route, found);
  }
  return found.counters;
}

/** The relay that an exchange became is over: its bytes belong to the same flow. */
export function countRelayed(
  exchange: Exchange,
  outcome: FlowOutcome,
  durationMs: number,
  requestBytes: number,
  responseBytes: number,
): void {
  const { host, route, pool, endpoint, context } = exchange;
  const touched = [host.listenerCounters];
  if (route !== null) touched.push(routeCounters(context.metrics, route));
  if (pool !== null) touched.push(context.pools.runtime(pool).counters);
  if (endpoint !== null) touched.push(endpoint.counters);
  for (const counters of touched) {
    counters.requestBytes += requestBytes;
    counters.responseBytes += responseBytes;
  }
  if (context.flowEnds.listener === null) return;
  const ended = endedExchange(exchange, outcome, durationMs);
  context.flowEnds.listener({
    ...ended,
    requestBytes: ended.requestBytes + requestBytes,
    responseBytes: ended.responseBytes + responseBytes,
  });
}

/** The exchange ends as HTTP and lives on as a relay, which keeps the endpoint's connection and closes the flow. */
export function detachForUpgrade(exchange: Exchange): void {
  exchange.phase = Phase.done;
  exchange.held?.close();
  count(exchange, (exchange.emitter.now() - exchange.startedAt) / 1000);
  exchange.upstream = null;
}
