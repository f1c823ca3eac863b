import type { Exchange } from './exchange';
import { recordMessageEnd } from './httpRecords';

/** The request has come in whole. */
export function recordRequestEnd(exchange: Exchange): void {
  const { emitter, host } = exchange;
  if (!emitter.isWatched) return;
  const bytes = host.requestBody.bytes;
  recordMessageEnd(emitter, exchange.flowId, host.connectionId, 'request', 'downstream', bytes);
}

/** The request was handed to the endpoint's socket whole. */
export function noteRequestSent(exchange: Exchange): void {
  exchange.isRequestSent = true;
  const { emitter, upstream } = exchange;
  if (!emitter.isWatched || upstream === null) return;
  const bytes = exchange.host.requestBody.bytes;
  recordMessageEnd(emitter, exchange.flowId, upstream.id, 'request', 'upstream', bytes);
}
