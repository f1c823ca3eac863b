// Responses that cache or compress have a part in: the head is composed from fields, the body goes through stages.
import type { RawHeaders } from '../../contract/flowEvent';
import type { StoredResponse } from '../cache/storedResponse';
import type { BodyStage } from './bodyStage';
import { takeEndpointHead } from './cacheStoring';
import { ChunkPiece } from './chunkedScanner';
import { completeResponse } from './completeResponse';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { FieldId } from './fieldId';
import { BodyKind } from './messageBody';
import type { ResponseHead } from './responseHead';
import { recordResponseFilters } from './responseRecords';
import { type ResponseShape, type ShapedResponse, shapeResponse } from './responseShape';
import { stickyCookieOf } from './stickyCookie';
import { composeHead, connectionLine } from './storedHead';

/** The endpoint's final head is there and `responseBody` is started. The cache may answer in its place. */
export function beginStagedResponse(exchange: Exchange, hasMoreBytes: boolean): void {
  const { host, cacheUse, head: request } = exchange;
  const { responseHead: head, responseBody: body } = host;
  if (cacheUse !== null) {
    if (hasMoreBytes && body.isDone) exchange.keepsUpstream = false;
    if (takeEndpointHead(exchange, cacheUse)) return;
  }
  const isBodiless = head.isBodiless(request.method);
  const { contentLength } = head.framing;
  const hasLength = isBodiless || body.kind === BodyKind.length;
  const response: ShapedResponse = {
    status: head.status,
    reason: head.reason,
    headers: endToEndFields(head),
    length: hasLength ? contentLength : body.kind === BodyKind.none ? 0 : -1,
    isBodiless,
    isFromCache: false,
  };
  const sticky = exchange.stickyKey === null ? '' : stickyCookieOf(exchange);
  const shape = shapeResponse(exchange, response);
  sendHead(exchange, response, shape, sticky + shape.cacheLine);
}

/** What is stored goes out through the stages before the cache; `lines` = Age and Cache-Status. */
export function beginReplay(exchange: Exchange, stored: StoredResponse, lines: string): void {
  const isBodiless = exchange.head.method === 'HEAD' || stored.status === 204;
  exchange.isReplaying = true;
  exchange.hasResponseHead = true;
  exchange.phase = Phase.responding;
  exchange.host.responseBody.start(isBodiless ? BodyKind.none : BodyKind.length, stored.body.length);
  const response: ShapedResponse = {
    status: stored.status,
    reason: stored.reason,
    headers: stored.headers,
    length: stored.status === 204 ? -1 : stored.body.length,
    isBodiless,
    isFromCache: true,
  };
  sendHead(exchange, response, shapeResponse(exchange, response), lines);
}

function sendHead(
  exchange: Exchange,
  response: ShapedResponse,
  shape: ResponseShape,
  ownLines: string,
): void {
  const { host, head: request, emitter } = exchange;
  const { responseBody: body } = host;
  const isLengthUnknown = !response.isBodiless && (shape.isCompressed || response.length === -1);
  const isChunked = isLengthUnknown && request.minorVersion === 1;
  exchange.keepsClient = host.keepsOpen(exchange) && (isChunked || !isLengthUnknown);
  const keepsLength = !shape.isCompressed && response.length !== -1 && response.status !== 204;
  const length = keepsLength ? `Content-Length: ${response.length}\r\n` : '';
  const framing = isChunked ? 'Transfer-Encoding: chunked\r\n' : length;
  const text = composeHead({
    status: response.status,
    reason: response.reason,
    headers: response.headers,
    edits: shape.edits,
    ownLines,
    framingLines: framing + connectionLine(exchange.keepsClient, request.minorVersion),
  });
  exchange.status = response.status;
  const writer = host.newResponseSink(exchange);
  writer.isChunked = isChunked;
  exchange.responseWriter = writer;
  exchange.bodyStage = shape.stage;
  writer.head(text, !body.isDone || shape.isCompressed);
  if (!emitter.isWatched) return;
  const before = rawHead(response.status, response.reason, shape.stagedHeaders);
  const end = response.isFromCache ? exchange.route!.cache?.position : undefined;
  recordResponseFilters(exchange, before, writer, text, end);
}

function rawHead(status: number, reason: string, headers: RawHeaders): string {
  return `HTTP/1.1 ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** Gives the bytes that `responseBody` just read to the stages. True = the buffer is still held by a pending write. */
export function passThroughStages(
  exchange: Exchange,
  stage: BodyStage,
  buffer: Buffer,
  start: number,
  end: number,
): boolean {
  const body = exchange.host.responseBody;
  exchange.isStagedBufferHeld = false;
  if (body.kind !== BodyKind.chunked) stage.take(buffer, start, end);
  else {
    const { pieces, pieceCount } = body.scanner;
    for (let slot = 0; slot < pieceCount * 3; slot += 3) {
      if (pieces[slot] === ChunkPiece.data) stage.take(buffer, pieces[slot + 1]!, pieces[slot + 2]!);
    }
  }
  return exchange.isStagedBufferHeld;
}

/** Everything has passed the stages. */
export function endStaged(exchange: Exchange): void {
  if (exchange.isDone) return;
  exchange.responseWriter!.end(exchange.host.responseBody.trailers);
  completeResponse(exchange);
}

/** The fields that are for the client: neither framing nor of this connection only (RFC 9110 7.6.1). */
function endToEndFields({ raw, fields, connection }: ResponseHead): RawHeaders {
  const headers: (readonly [string, string])[] = [];
  for (let index = 0; index < fields.count; index++) {
    if (ofConnection.has(fields.id(index))) continue;
    const name = fields.name(raw, index);
    if (connection.namedFields?.has(name.toLowerCase()) === true) continue;
    headers.push([name, fields.value(raw, index)]);
  }
  return headers;
}

const ofConnection: ReadonlySet<number> = new Set([
  FieldId.connection,
  FieldId.contentLength,
  FieldId.http2Settings,
  FieldId.keepAlive,
  FieldId.proxyConnection,
  FieldId.te,
  FieldId.transferEncoding,
  FieldId.upgrade,
]);
