import type { Exchange } from './exchange';
import { finishExchange } from './finishExchange';
import { recordMessageEnd } from './httpRecords';

/** The whole response was handed to the client's side. */
export function completeResponse(exchange: Exchange): void {
  const { emitter, flowId, host, upstream } = exchange;
  if (emitter.isWatched) {
    const { bytes } = host.responseBody;
    if (!exchange.isReplaying)
      recordMessageEnd(emitter, flowId, upstream?.id ?? 0, 'response', 'upstream', bytes);
    recordMessageEnd(emitter, flowId, host.connectionId, 'response', 'downstream', bytes);
  }
  noteEndpointDone(exchange, exchange.status);
  finishExchange(exchange);
}

/** The endpoint has answered with this status. */
export function noteEndpointDone(exchange: Exchange, status: number): void {
  // The endpoint answered early, or still has parts of the request to take: no next message may follow on it.
  if (!exchange.isRequestComplete || !isRequestSent(exchange)) exchange.keepsUpstream = false;
  if (status >= 500) exchange.endpoint?.onServerError();
  else exchange.endpoint?.onSuccess();
}

function isRequestSent(exchange: Exchange): boolean {
  return exchange.upstream?.hasSentAll === true && exchange.isRequestSent;
}
