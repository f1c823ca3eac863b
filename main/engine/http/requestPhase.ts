// Match, request filters, and the reading of the request's body: passed on as it comes, or held until it is whole.
import type { CompiledHttpRoute } from '../compiledConfig';
import { sendAnswer } from './answer';
import { captureBody } from './captureBody';
import { ChunkPiece } from './chunkedScanner';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { finishExchange } from './finishExchange';
import { startForward } from './forwardRequest';
import { HeldBody } from './heldBody';
import { recordBufferHeld, recordBufferReleased, recordRequestHead, recordRouting } from './httpRecords';
import { BodyKind } from './messageBody';
import type { MirrorCopy } from './mirrorCopy';
import { type Refusal, refused } from './refusal';
import { runRequestFilters } from './requestFilters';
import { noteRequestSent, recordRequestEnd } from './requestRecords';
import { rescue } from './rescue';
import { startUpstream } from './upstreamPhase';

const bodyTooLarge: Refusal = {
  status: 413,
  code: 'body_too_large',
  message: 'the request body is larger than this listener allows',
};

/**
 * Decides, without recording anything: which route, and what becomes of the body. Apart from `beginRequest` so that
 * the chunk that brought the head can be recorded with its fate before the head is.
 */
export function prepareRequest(exchange: Exchange): void {
  const { head } = exchange;
  const body = exchange.host.requestBody;
  exchange.host.startRequestBody();
  exchange.isRequestComplete = body.isDone;
  exchange.target = head.target;
  exchange.requestHeadBytes = exchange.host.travelledHeadBytes || head.raw.length;
  exchange.route = exchange.listener.httpRoutes.match(head);
  exchange.holdsBody = !body.isDone && exchange.route?.config.requestBuffering === 'full';
}

/** The head is whole: match, filters, and on to the endpoint or to the body. */
export function beginRequest(exchange: Exchange): void {
  const { route } = exchange;
  const isForward = exchange.listener.config.protocol === 'forward';
  if (exchange.emitter.isWatched) recordHead(exchange, !isForward);
  if (isForward) {
    startForward(exchange);
    return;
  }
  if (exchange.context.challenges.answersHttp && answerChallenge(exchange)) return;
  if (route === null) {
    rescue(exchange, 'no_route', 404, 'no route of this listener matches the request');
    return;
  }
  if (route.filters.length === 0) continueRequest(exchange, route);
  else runRequestFilters(exchange, route, continueRequest);
}

/** A certificate authority asks whether a name is ours (RFC 8555 8.3); no route may keep it from the answer. */
function answerChallenge(exchange: Exchange): boolean {
  const body = exchange.context.challenges.httpAnswer(exchange.target);
  if (body === null) return false;
  sendAnswer(exchange, { status: 200, headers: [['content-type', 'application/octet-stream']], body }, null);
  finishExchange(exchange);
  return true;
}

/** The filters let it pass. */
function continueRequest(exchange: Exchange, route: CompiledHttpRoute): void {
  if (route.backends.totalWeight <= 0) {
    rescue(exchange, 'no_backend', 503, 'the route has no pool to send requests to');
    return;
  }
  if (exchange.host.requestBody.announcedBytes > exchange.listener.config.limits.maxBodyBytes) {
    refuse(exchange, bodyTooLarge);
    return;
  }
  if (exchange.holdsBody) beginHolding(exchange, route);
  else startUpstream(exchange);
  if (exchange.mirror !== null && exchange.isRequestComplete) exchange.mirror.send();
}

/** Ends the exchange because of what the client sent. */
export function refuse(exchange: Exchange, refusal: Refusal): void {
  exchange.isRequestComplete = false;
  rescue(exchange, refusal.code, refusal.status, refusal.message);
}

/** Returns where the request ends or `end`; `refused` = the exchange is over. */
export function readRequestBytes(exchange: Exchange, buffer: Buffer, start: number, end: number): number {
  const body = exchange.host.requestBody;
  exchange.isActive = true;
  const position = body.read(buffer, start, end);
  if (position < 0) {
    refuse(exchange, body.refusal);
    return refused;
  }
  if (body.announcedBytes > exchange.listener.config.limits.maxBodyBytes) {
    refuse(exchange, bodyTooLarge);
    return refused;
  }
  if (body.isDone) exchange.isRequestComplete = true;
  if (exchange.emitter.capturedBodyBytes > 0) captureRequest(exchange, buffer, start, position);
  if (exchange.mirror !== null) mirrorBody(exchange, exchange.mirror, buffer, start, position);
  if (exchange.holdsBody) hold(exchange, buffer, start, position);
  else forward(exchange, buffer, start, position);
  return position;
}

function captureRequest(
  { emitter, flowId, host }: Exchange,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const { connectionId, requestBody } = host;
  const from = { emitter, flowId, connectionId, direction: 'request', leg: 'downstream' } as const;
  captureBody(from, requestBody, buffer, start, end);
}

function mirrorBody(
  exchange: Exchange,
  mirror: MirrorCopy,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  mirror.take(buffer, start, end);
  if (exchange.isRequestComplete) mirror.send();
}

/** The disk is done with what was held; goes on reading, or sends the request if it is whole. */
export function continueAfterHolding(exchange: Exchange): void {
  if (exchange.isDone || exchange.phase !== Phase.holding) return;
  if (exchange.isRequestComplete) release(exchange);
  else exchange.host.resumeReading();
}

function beginHolding(exchange: Exchange, route: CompiledHttpRoute): void {
  exchange.held = new HeldBody(route.config.bufferBytes, exchange);
  exchange.holdingSince = exchange.emitter.now();
  exchange.takesBody = true;
  // The body is ours to ask for: the endpoint does not know of the request yet (RFC 9110 10.1.1).
  if (exchange.head.expectsContinue && !exchange.host.hasUnreadBytes) exchange.host.writeContinue();
  // After a filter that held the request up, what came meanwhile is still to be read.
  exchange.host.resumeReading();
}

function hold(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
  const { held, emitter, host } = exchange;
  const body = host.requestBody;
  if (held === null) return;
  if (body.kind !== BodyKind.chunked) held.append(buffer, start, end);
  else {
    const { pieces, pieceCount } = body.scanner;
    for (let slot = 0; slot < pieceCount * 3; slot += 3) {
      if (pieces[slot] === ChunkPiece.data) held.append(buffer, pieces[slot + 1]!, pieces[slot + 2]!);
    }
  }
  held.countChunk();
  if (emitter.isWatched) {
    recordBufferHeld(emitter, exchange.flowId, host.connectionId, held.bytes, held.chunks, held.isSpilled);
  }
  held.keepWithinMemory();
  if (exchange.phase !== Phase.holding) return;
  if (held.isBusy) host.pauseReading();
  else if (exchange.isRequestComplete) release(exchange);
}

/** The request is whole: only now an endpoint hears of it. */
function release(exchange: Exchange): void {
  const { held, emitter, host } = exchange;
  exchange.takesBody = false;
  recordRequestEnd(exchange);
  if (held !== null && emitter.isWatched) {
    emitter.moveTime();
    const duration = emitter.time - exchange.holdingSince;
    recordBufferReleased(
      emitter,
      exchange.flowId,
      host.connectionId,
      held.bytes,
      held.chunks,
      duration,
      held.isSpilled,
    );
  }
  startUpstream(exchange);
}

function forward(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
  const { requestWriter, upstream } = exchange;
  const body = exchange.host.requestBody;
  if (requestWriter === null || upstream === null) return;
  if (exchange.isRequestComplete) recordRequestEnd(exchange);
  requestWriter.body(body, buffer, start, end);
  if (exchange.isRequestComplete) {
    exchange.takesBody = false;
    requestWriter.end(body.trailers);
    noteRequestSent(exchange);
  } else if (requestWriter.isCongested) exchange.host.pauseReading();
}

function recordHead(exchange: Exchange, isRouted: boolean): void {
  const { emitter, flowId, host, listener, route } = exchange;
  const { connectionId, streamId, travelledHead, travelledHeadBytes } = host;
  recordRequestHead(emitter, flowId, connectionId, 'downstream', travelledHead, streamId, travelledHeadBytes);
  if (exchange.isRequestComplete) recordRequestEnd(exchange);
  if (isRouted) recordRouting(emitter, flowId, host.connectionId, listener, route, host.toldHead);
}
