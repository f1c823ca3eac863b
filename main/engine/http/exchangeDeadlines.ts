// The timeouts of one exchange, looked at once per tick; no request sets a timer. Who is waited for decides which
// limit counts and what the client is told.
import { recordTimeout } from '../flowRecords';
import { tickMs } from '../ticker';
import { connectionPoolOf } from '../upstream/connectionPool';
import { recordUpstreamFailed } from '../upstream/upstreamRecords';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { rescue } from './rescue';
import { retryOrReason } from './retry';

/** So long a streamed body may take to begin while others wait for the connection that it holds. */
const crowdedPatienceMs = 1000;
/** And so long a client may take nothing of a response then. */
const crowdedReadMs = 3000;

export function checkDeadlines(exchange: Exchange, now: number): void {
  if (exchange.isActive) {
    exchange.isActive = false;
    exchange.idleSince = now;
  }
  const idleMs = (now - exchange.idleSince) / 1000;
  const timeouts = exchange.route?.config.timeouts;
  if (timeouts !== undefined && exchange.phase !== Phase.responding) {
    if (now - exchange.startedAt > timeouts.requestMs * 1000) {
      failWholeRequest(exchange, timeouts.requestMs);
      return;
    }
  }
  if (exchange.stopWaiting !== null) return;
  if (exchange.phase === Phase.connecting) checkConnecting(exchange, idleMs);
  else if (exchange.phase === Phase.responding && exchange.isUpstreamPaused)
    checkReader(exchange, idleMs, now);
  else if (isWaitingForBody(exchange)) checkBody(exchange, idleMs);
  else if (timeouts !== undefined && idleMs > timeouts.backendMs) failBackend(exchange, timeouts.backendMs);
}

function isWaitingForBody(exchange: Exchange): boolean {
  if (exchange.phase === Phase.responding || waitsForContinue(exchange)) return false;
  return !exchange.isRequestComplete && exchange.upstream?.needsDrain !== true;
}

/** The client holds its body back until it is told to go on, and that is the endpoint's to say (RFC 9110 10.1.1). */
function waitsForContinue({ head, holdsBody, host, interimResponses, phase }: Exchange): boolean {
  const isAsked = head.expectsContinue && !holdsBody && phase === Phase.sending;
  return isAsked && host.requestBody.bytes === 0 && interimResponses === 0;
}

function checkConnecting(exchange: Exchange, idleMs: number): void {
  const { emitter, flowId, upstream } = exchange;
  const { connectTimeoutMs, waitTimeoutMs } = exchange.pool!.config.connections;
  const limit = upstream === null ? waitTimeoutMs : connectTimeoutMs;
  if (idleMs <= limit) return;
  const endpoint = exchange.endpoint!;
  recordTimeout(emitter, flowId, upstream?.id ?? 0, upstream === null ? 'queue' : 'connect', limit);
  if (upstream === null) {
    rescue(exchange, 'upstream_overloaded', 503, 'no connection to the endpoint became free in time');
    return;
  }
  endpoint.onFailure();
  const message = 'the endpoint did not accept the connection in time';
  recordUpstreamFailed(emitter, flowId, upstream.id, endpoint, 'upstream_connect_timeout', message);
  const unretried = retryOrReason(exchange, 'connectFailure', message);
  if (unretried === null) return;
  rescue(exchange, 'upstream_connect_timeout', 504, message, message + unretried);
}

function checkBody(exchange: Exchange, idleMs: number): void {
  const { emitter, flowId, host } = exchange;
  const { bodyIdleTimeoutMs } = exchange.listener.config.limits;
  checkBodyRate(exchange);
  if (exchange.isDone || idleMs <= bodyIdleTimeoutMs) return;
  recordTimeout(emitter, flowId, host.connectionId, 'body', bodyIdleTimeoutMs);
  rescue(exchange, 'request_timeout', 408, 'the request body did not come in time');
}

/** The client does not take the response as fast as it comes; as long as it takes anything, it is waited for. */
function checkReader(exchange: Exchange, idleMs: number, now: number): void {
  const { emitter, flowId, host } = exchange;
  const { bodyIdleTimeoutMs } = exchange.listener.config.limits;
  const before = exchange.untakenBytes;
  exchange.untakenBytes = host.relayed.writableLength;
  if (exchange.untakenBytes < before) {
    exchange.idleSince = now;
    return;
  }
  const isCrowded = idleMs > crowdedReadMs && holdsScarceConnection(exchange);
  const limit = isCrowded ? Math.min(bodyIdleTimeoutMs, crowdedReadMs) : bodyIdleTimeoutMs;
  if (idleMs <= limit) return;
  recordTimeout(emitter, flowId, host.connectionId, 'read', limit);
  const message = 'the client did not read the response in time';
  const why = isCrowded ? `${message}, and others waited for its connection to the endpoint` : message;
  rescue(exchange, 'idle_timeout', 408, message, why);
}

/** Bytes buy time, as in Apache's mod_reqtimeout. Time in which we did not read does not count. */
function checkBodyRate(exchange: Exchange): void {
  const { emitter, flowId, host, head } = exchange;
  const { bodyIdleTimeoutMs, minBodyBytesPerSecond } = exchange.listener.config.limits;
  exchange.bodyTicks++;
  const waitedMs = exchange.bodyTicks * tickMs;
  const { bytes } = host.requestBody;
  const isCrowded = holdsScarceConnection(exchange);
  if (minBodyBytesPerSecond === 0 || (bytes === 0 && !isCrowded)) return;
  const patienceMs = isCrowded ? crowdedPatienceMs : bodyIdleTimeoutMs;
  if (waitedMs <= patienceMs + (bytes * 1000) / minBodyBytesPerSecond) return;
  // Its calls may last as long as both sides like, with a message now and then.
  if (head.header('content-type')?.startsWith('application/grpc') === true) return;
  recordTimeout(emitter, flowId, host.connectionId, 'bodyRate', waitedMs);
  rescue(
    exchange,
    'request_timeout',
    408,
    `the request body came more slowly than ${minBodyBytesPerSecond} bytes per second${isCrowded ? ' while others waited for its connection' : ''}`,
  );
}

function holdsScarceConnection({ context, endpoint, upstream }: Exchange): boolean {
  return upstream !== null && endpoint !== null && connectionPoolOf(context, endpoint).isCrowded;
}

function failWholeRequest(exchange: Exchange, limit: number): void {
  recordTimeout(exchange.emitter, exchange.flowId, exchange.host.connectionId, 'request', limit);
  if (!exchange.isRequestComplete && exchange.stopWaiting === null) {
    rescue(exchange, 'request_timeout', 408, 'the request did not come in time');
    return;
  }
  exchange.endpoint?.onFailure();
  rescue(exchange, 'upstream_timeout', 504, 'the request took longer than its route allows');
}

function failBackend(exchange: Exchange, limit: number): void {
  const { emitter, flowId, endpoint, upstream } = exchange;
  const message = 'the endpoint did not answer in time';
  recordTimeout(emitter, flowId, upstream?.id ?? 0, 'backend', limit);
  if (endpoint !== null) {
    endpoint.onFailure();
    recordUpstreamFailed(emitter, flowId, upstream?.id ?? 0, endpoint, 'upstream_timeout', message);
  }
  rescue(exchange, 'upstream_timeout', 504, message);
}
