// Sends a response that the proxy makes itself, on behalf of a filter or of rescue.
import type { HeaderEdits } from '../compiledConfig';
import { captureSentBody } from './captureBody';
import type { Exchange } from './exchange';
import { finishExchange } from './finishExchange';
import { type GeneratedResponse, generatedHead, isBodilessStatus } from './generatedResponse';
import { recordMessageEnd } from './httpRecords';
import { recordSentHead } from './responseRecords';

/** A filter answers; the route's response header edits apply. */
export function answerByFilter(exchange: Exchange, response: GeneratedResponse): void {
  sendAnswer(exchange, response, exchange.route?.responseEdits ?? null);
  finishExchange(exchange);
}

export function sendAnswer(exchange: Exchange, response: GeneratedResponse, edits: HeaderEdits | null): void {
  const { emitter, host, flowId } = exchange;
  const body = Buffer.from(response.body);
  const isHeadRequest = exchange.head.method === 'HEAD';
  const sendsBody = !isHeadRequest && !isBodilessStatus(response.status) && body.length > 0;
  exchange.keepsClient = host.keepsOpen(exchange);
  const saysKeepAlive = exchange.keepsClient && exchange.head.minorVersion === 0;
  const head = generatedHead(response, body.length, edits, !exchange.keepsClient, saysKeepAlive);
  exchange.status = response.status;
  const writer = host.newResponseSink(exchange);
  writer.disposition = 'generated';
  exchange.responseWriter = writer;
  writer.head(head, sendsBody);
  if (emitter.isWatched) {
    emitter.moveTime();
    recordSentHead(exchange, writer, true);
  }
  if (sendsBody) {
    writer.held(body);
    captureSentBody(exchange, body);
  }
  writer.end('');
  if (emitter.isWatched) {
    recordMessageEnd(
      emitter,
      flowId,
      host.connectionId,
      'response',
      'downstream',
      sendsBody ? body.length : 0,
    );
  }
}
