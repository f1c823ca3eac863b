// Reads what the endpoint answers, strictly, and passes it to the client as it comes.
import { recordChunk } from '../chunkRecord';
import {
  BadMessageError,
  NoTunnelError,
  OverloadedError,
  UnprocessedError,
} from '../upstream/upstreamErrors';
import { UpstreamTlsError } from '../upstream/upstreamHandshake';
import { recordUpstreamFailed } from '../upstream/upstreamRecords';
import { captureBody } from './captureBody';
import { completeResponse } from './completeResponse';
import type { Exchange } from './exchange';
import { Phase } from './exchangePhase';
import { forwardedResponseHead } from './forwardedResponseHead';
import { BodyKind } from './messageBody';
import { PartialHead } from './partialHead';
import { refused } from './refusal';
import { rescue } from './rescue';
import { recordReadHead, recordResponseFilters, recordSentHead } from './responseRecords';
import { retryOrReason } from './retry';
import { beginStagedResponse, passThroughStages } from './stagedResponse';
import { stickyCookieOf } from './stickyCookie';
import { trailerLinesOf } from './trailerLines';
import { startUpgrade } from './upgradeRelay';
import { canRetryOnFreshConnection, canSendAgain, retryOnFreshConnection } from './upstreamPhase';

/** An endpoint's head may be this long; longer is a bad response. */
const maxResponseHeadBytes = 65_536;
/** 1xx responses before the final one. */
const maxInterimResponses = 32;

/** True = the buffer is still held by a pending write. */
export function readResponseBytes(exchange: Exchange, buffer: Buffer, length: number): boolean {
  if (exchange.isDone) return false;
  if (exchange.isReplaying) {
    exchange.keepsUpstream = false;
    return false;
  }
  exchange.isActive = true;
  exchange.hasResponseBytes = true;
  if (exchange.emitter.isWatched && exchange.upstream!.streamId === 0) recordRead(exchange, length);
  if (exchange.hasResponseHead) return readBody(exchange, buffer, 0, length);
  const partial = exchange.partialResponse;
  if (partial === null) return readHead(exchange, buffer, length);
  partial.append(buffer, 0, length);
  if (partial.isWorthParsing()) {
    exchange.partialResponse = null;
    readHead(exchange, partial.bytes, partial.length);
  } else if (partial.length > maxResponseHeadBytes) badResponse(exchange, 'the head is too long');
  return false;
}

/** The endpoint ended the response, with these field lines behind it. */
export function readResponseEnd(exchange: Exchange, trailers: string): void {
  if (trailers !== '' && trailerLinesOf(trailers) === null) {
    badResponse(exchange, 'a trailer that must not be one');
    return;
  }
  if (trailers !== '') exchange.host.responseBody.trailers = trailers;
  readUpstreamEnd(exchange, null);
}

/** The endpoint ended what it had to say (`error` null), or it was lost in the middle. */
export function readUpstreamEnd(exchange: Exchange, error: Error | null): void {
  if (exchange.isDone) return;
  const { endpoint, upstream, host, pool } = exchange;
  exchange.keepsUpstream = false;
  if (exchange.isReplaying || exchange.isBodyEnded) return;
  if (exchange.pacer?.holdsBytes === true) {
    exchange.pacer.end(error);
    return;
  }
  if (exchange.phase === Phase.connecting && error instanceof NoTunnelError) {
    const told = 'the endpoint does not take WebSockets';
    rescue(exchange, 'not_implemented', 501, told, error.message);
    return;
  }
  if (exchange.phase === Phase.connecting && error instanceof OverloadedError) {
    rescue(exchange, 'upstream_overloaded', 503, error.message);
    return;
  }
  if (exchange.phase === Phase.connecting) {
    const message = error === null ? 'the connection was closed' : error.message;
    const isTls = error instanceof UpstreamTlsError;
    const code = isTls ? 'upstream_tls_failed' : 'upstream_connect_failed';
    failUpstream(exchange, upstream?.id ?? 0, code, message);
    const unretried = retryOrReason(exchange, 'connectFailure', message);
    if (unretried === null) return;
    const told = isTls ? 'no trusted TLS connection to the endpoint' : 'the endpoint could not be reached';
    rescue(exchange, code, 502, told, message + unretried);
    return;
  }
  if (endpoint === null || pool === null) return;
  if (error instanceof BadMessageError) {
    badResponse(exchange, error.message);
    return;
  }
  if (error instanceof UnprocessedError && canSendAgain(exchange)) {
    retryOnFreshConnection(exchange, error.message);
    return;
  }
  if (canRetryOnFreshConnection(exchange)) {
    retryOnFreshConnection(exchange);
    return;
  }
  // What was lost has no end, also where nothing but the end of the connection would have told it (RFC 9112 8).
  if (error === null && exchange.hasResponseHead && host.responseBody.readEnd()) {
    if (exchange.bodyStage !== null) {
      exchange.isBodyEnded = true;
      exchange.bodyStage.end();
      return;
    }
    exchange.responseWriter?.end(host.responseBody.trailers);
    completeResponse(exchange);
    return;
  }
  const where = exchange.hasResponseHead ? 'in the middle of the response' : 'before it had answered';
  const message = `the endpoint closed the connection ${where}`;
  failUpstream(exchange, upstream?.id ?? 0, 'upstream_reset', error?.message ?? message);
  const detail = error === null ? message : `${message}: ${error.message}`;
  const unretried = exchange.hasResponseHead ? '' : retryOrReason(exchange, 'reset', detail);
  if (unretried === null) return;
  rescue(exchange, 'upstream_reset', 502, message, detail + unretried);
}

function readHead(exchange: Exchange, buffer: Buffer, length: number): boolean {
  const head = exchange.host.responseHead;
  let position = 0;
  for (;;) {
    const after = head.parse(buffer, position, length);
    if (after === refused) {
      badResponse(exchange, head.refusal.message);
      return false;
    }
    if ((after < 0 ? length : after) - position > maxResponseHeadBytes) {
      badResponse(exchange, 'the head is too long');
      return false;
    }
    if (after < 0) {
      if (length > position) exchange.partialResponse = new PartialHead(buffer, position, length);
      return false;
    }
    if (exchange.emitter.isWatched) recordReadHead(exchange, head.raw);
    position = after;
    if (head.status === 101) {
      startUpgrade(exchange, buffer, position, length);
      return false;
    }
    if (head.status >= 200) break;
    if (!passInterim(exchange)) return false;
    if (position === length) return false;
  }
  if (exchange.host.asksTunnel && head.status < 300) {
    badResponse(exchange, `it answered ${head.status} to a request to switch protocols`);
    return false;
  }
  if (head.status >= 500 && retriesStatus(exchange, head.status)) return false;
  beginResponse(exchange, position < length);
  return exchange.isDone || exchange.isReplaying ? false : readBody(exchange, buffer, position, length);
}

/** The client never sees the answer: the request goes out again. */
function retriesStatus(exchange: Exchange, status: number): boolean {
  const { endpoint } = exchange;
  if (exchange.route?.config.retry === undefined) return false;
  if (retryOrReason(exchange, String(status), `the endpoint answered ${status}`) !== null) return false;
  endpoint?.onServerError();
  return true;
}

/** 1xx (RFC 9110 15.2): passed on to whom can read it. */
function passInterim(exchange: Exchange): boolean {
  if (++exchange.interimResponses > maxInterimResponses) {
    badResponse(exchange, 'too many interim responses');
    return false;
  }
  const { head, host, emitter } = exchange;
  if (head.minorVersion === 0) return true;
  const text = forwardedResponseHead(host.responseHead, {
    edits: null,
    isChunked: false,
    keepsLength: false,
    closesAfter: false,
    saysKeepAlive: false,
    ownLines: '',
    isUpgrade: false,
    isFromHttp2: exchange.upstream?.streamId !== 0,
  });
  const writer = host.newResponseSink(exchange);
  writer.head(text, true);
  if (emitter.isWatched) recordSentHead(exchange, writer, false);
  writer.flush();
  return true;
}

/** The final head: response filters, framing for the client, and whether the connections live on. */
function beginResponse(exchange: Exchange, hasMoreBytes: boolean): void {
  const { head: request, host, emitter } = exchange;
  const { responseHead: head, responseBody: body } = host;
  exchange.hasResponseHead = true;
  exchange.phase = Phase.responding;
  const isBodiless = head.isBodiless(request.method);
  if (isBodiless || exchange.upstream?.hasEnded === true) body.start(BodyKind.none, 0);
  else if (head.framing.isChunked) body.start(BodyKind.chunked, 0);
  else if (head.framing.contentLength !== -1) body.start(BodyKind.length, head.framing.contentLength);
  else body.start(BodyKind.untilClose, 0);
  exchange.keepsUpstream =
    head.isPersistent && body.kind !== BodyKind.untilClose && exchange.isRequestComplete;
  if (exchange.cacheUse !== null || exchange.compression !== null) {
    beginStagedResponse(exchange, hasMoreBytes);
    return;
  }
  const isLengthUnknown = body.kind === BodyKind.chunked || body.kind === BodyKind.untilClose;
  const isChunked = isLengthUnknown && request.minorVersion === 1;
  exchange.keepsClient = host.keepsOpen(exchange) && (isChunked || !isLengthUnknown);
  // An HTTP/2 stream that ends with its head: a client of HTTP/1.1 would wait for a body until the connection closes.
  const isEmpty = body.kind === BodyKind.none && !isBodiless;
  const emptyLine = isEmpty && head.framing.contentLength === -1 ? 'Content-Length: 0\r\n' : '';
  const text = forwardedResponseHead(head, {
    edits: exchange.route!.responseEdits,
    isChunked,
    keepsLength:
      body.kind === BodyKind.length ||
      isEmpty ||
      (isBodiless && (head.status === 304 || request.method === 'HEAD')),
    closesAfter: !exchange.keepsClient,
    saysKeepAlive: exchange.keepsClient && request.minorVersion === 0,
    ownLines: exchange.stickyKey === null ? emptyLine : emptyLine + stickyCookieOf(exchange),
    isUpgrade: false,
    isFromHttp2: exchange.upstream?.streamId !== 0,
  });
  exchange.status = head.status;
  const writer = host.newResponseSink(exchange);
  writer.isChunked = isChunked;
  exchange.responseWriter = writer;
  writer.head(text, !body.isDone);
  if (emitter.isWatched) {
    emitter.moveTime();
    recordResponseFilters(exchange, head.raw, writer, text);
  }
}

/** Also for what the cache answers as if it were an endpoint. */
export function readBody(exchange: Exchange, buffer: Buffer, start: number, end: number): boolean {
  const { pacer } = exchange;
  if (pacer === null || exchange.host.responseBody.isDone) {
    if (exchange.upstream?.hasEnded === true) exchange.host.responseBody.endsNow = true;
    return forwardBody(exchange, buffer, start, end);
  }
  exchange.responseWriter!.flush();
  pacer.take(buffer, start, end, exchange.emitter.now());
  return false;
}

/** True = the buffer is still held by a pending write. */
export function forwardBody(exchange: Exchange, buffer: Buffer, start: number, end: number): boolean {
  const body = exchange.host.responseBody;
  const writer = exchange.responseWriter!;
  const stage = exchange.bodyStage;
  let isHeld = false;
  let position = start;
  if (exchange.isBodyEnded) {
    exchange.keepsUpstream = false;
    return false;
  }
  if (!body.isDone && end > start) {
    position = body.read(buffer, start, end);
    if (position < 0) {
      writer.flush();
      badResponse(exchange, body.refusal.message);
      return false;
    }
    if (exchange.emitter.capturedBodyBytes > 0) captureResponse(exchange, buffer, start, position);
    if (stage !== null) isHeld = passThroughStages(exchange, stage, buffer, start, position);
    else {
      writer.body(body, buffer, start, position);
      isHeld = writer.isBufferHeld;
    }
  }
  if (body.isDone) {
    // Bytes after the end: whatever they are, they must not become the next answer.
    if (position < end || exchange.pacer?.holdsBytes === true) exchange.keepsUpstream = false;
    if (stage !== null) {
      exchange.isBodyEnded = true;
      stage.end();
      return isHeld;
    }
    writer.end(body.trailers);
    completeResponse(exchange);
    return isHeld;
  }
  // A compressor gives its first bytes later: a head whose body is on its way waits for them.
  if (stage === null || body.kind !== BodyKind.length) writer.flush();
  if (writer.isCongested) exchange.pauseEndpoint();
  return isHeld;
}

function captureResponse(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
  const { emitter, flowId, upstream, host, isReplaying } = exchange;
  const from = {
    emitter,
    flowId,
    connectionId: isReplaying ? host.connectionId : (upstream?.id ?? 0),
    direction: 'response',
    leg: isReplaying ? 'downstream' : 'upstream',
  } as const;
  captureBody(from, host.responseBody, buffer, start, end);
}

function badResponse(exchange: Exchange, detail: string): void {
  failUpstream(exchange, exchange.upstream?.id ?? 0, 'upstream_bad_response', detail);
  const message = 'the endpoint did not answer with a valid HTTP response';
  rescue(exchange, 'upstream_bad_response', 502, message, `${message}: ${detail}`);
}

function failUpstream(
  exchange: Exchange,
  connectionId: number,
  code: 'upstream_connect_failed' | 'upstream_tls_failed' | 'upstream_reset' | 'upstream_bad_response',
  message: string,
): void {
  const { endpoint } = exchange;
  if (endpoint === null) return;
  endpoint.onFailure();
  recordUpstreamFailed(exchange.emitter, exchange.flowId, connectionId, endpoint, code, message);
}

function recordRead(exchange: Exchange, length: number): void {
  recordChunk(
    exchange.emitter,
    exchange.flowId,
    exchange.upstream!.id,
    'response',
    'upstream',
    'read',
    'forwarded',
    length,
  );
}
