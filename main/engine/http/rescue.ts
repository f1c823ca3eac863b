// The only place that turns a failure of an exchange into what people and clients see of it: one flow.failed event
// and one response, or a reset when the head is on its way already.
import type { FlowFailureCode } from '../../contract/flowEvent';
import { recordFlowFailed } from '../flowRecords';
import { sendAnswer } from './answer';
import type { Exchange } from './exchange';
import { finishExchange } from './finishExchange';
import { errorResponse } from './generatedResponse';

/** `message` goes to the client: plain words, nothing of our inside. `detail` goes into the event only. */
export function rescue(
  exchange: Exchange,
  code: FlowFailureCode,
  status: number,
  message: string,
  detail: string = message,
): void {
  if (exchange.isDone) return;
  const { emitter, host } = exchange;
  const canAnswer = exchange.status === 0;
  if (canAnswer && answersStale(exchange, code, message)) return;
  exchange.hasFailed = true;
  exchange.upstreamCloseReason = code;
  exchange.keepsUpstream = false;
  recordFlowFailed(emitter, exchange.flowId, host.connectionId, code, detail, canAnswer ? status : null);
  if (canAnswer) sendAnswer(exchange, errorResponse(status, code, message), null);
  else {
    // What was sent of the response must not look complete.
    exchange.keepsClient = false;
    host.reset(code);
  }
  finishExchange(exchange);
}

/** The endpoint's failure is hidden from the client behind what the cache has. */
function answersStale(exchange: Exchange, code: FlowFailureCode, message: string): boolean {
  if (exchange.cacheUse === null || !hiddenByCache.has(code)) return false;
  exchange.upstreamCloseReason = code;
  return exchange.cacheUse.answersFailure(message, code);
}

const hiddenByCache: ReadonlySet<FlowFailureCode> = new Set<FlowFailureCode>([
  'no_healthy_endpoint',
  'upstream_connect_failed',
  'upstream_connect_timeout',
  'upstream_overloaded',
  'upstream_timeout',
  'upstream_reset',
  'upstream_bad_response',
  'upstream_tls_failed',
]);

/** A bug or a broken disk: says no more than that to the client. */
export function rescueThrown(exchange: Exchange, error: unknown): void {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  rescue(exchange, 'internal_error', 500, 'the proxy could not handle this request', detail);
}

/** The client is gone, or broke a rule that its stream does not survive; nothing can be answered. */
export function abandon(
  exchange: Exchange,
  message: string,
  code: 'downstream_reset' | 'bad_request' = 'downstream_reset',
): void {
  if (exchange.isDone) return;
  const { emitter, host } = exchange;
  exchange.keepsClient = false;
  exchange.keepsUpstream = false;
  exchange.upstreamCloseReason = code;
  recordFlowFailed(emitter, exchange.flowId, host.connectionId, code, message, null);
  finishExchange(exchange, code === 'bad_request' ? 'failed' : 'aborted');
}
