// Answers from the cache: whole, as a part, as 304, without a body for HEAD. A plain hit is one look at what was
// prepared by the hit before it in the same second, and one write.

import type { RawHeaders } from '../../contract/flowEvent';
import { captureBytes } from '../bodyCapture';
import type { ByteRange } from '../cache/byteRange';
import { isNotModified, rangeWanted } from '../cache/conditions';
import { maxPreparedBytes, type StoredResponse } from '../cache/storedResponse';
import type { CachePlace, HeaderEdits } from '../compiledConfig';
import { type CacheStatus, cacheHit, hitLine, ttlOf, wholeAge } from './cacheStatus';
import type { CacheQuestion } from './cacheUse';
import { captureSentBody } from './captureBody';
import type { Exchange } from './exchange';
import { finishExchange } from './finishExchange';
import { recordMessageEnd, recordResponseHead } from './httpRecords';
import { recordSentHead } from './responseRecords';
import { composeHead, connectionLine } from './storedHead';

/** The fields that a 304 repeats (RFC 9110 15.4.5). */
const notModifiedFields: ReadonlySet<string> = new Set([
  'cache-control',
  'cdn-cache-control',
  'content-location',
  'date',
  'etag',
  'expires',
  'last-modified',
  'vary',
]);

/** What plain hits within one second are answered. */
interface PreparedAnswer {
  readonly edits: HeaderEdits | null;
  readonly ageSeconds: number;
  readonly head: string;
  /** With the body, as HTTP/1.1 sends it; '' = the body is written by itself. */
  readonly whole: string;
}

const noBody = Buffer.alloc(0);

/** Ends the exchange, or begins to replay the stored response where a filter has to see its body. */
export function answerFromStored(
  exchange: Exchange,
  question: CacheQuestion,
  stored: StoredResponse,
  status: CacheStatus,
): void {
  const now = exchange.context.clock.wallTime();
  const { conditions, cache } = question;
  cache.store.touch(stored);
  const answer = { exchange, place: question.place, stored, cacheStatus: status, now };
  const isSuccess = stored.status >= 200 && stored.status < 300;
  if (isSuccess && isNotModified(conditions, stored.facts, now)) {
    sendNotModified(answer);
    return;
  }
  const canBePart = stored.status === 200 && exchange.head.method === 'GET';
  const range = canBePart ? rangeWanted(conditions, stored.facts, stored.body.length) : 'whole';
  if (range === 'unsatisfiable') sendUnsatisfiable(answer);
  else if (range !== 'whole') sendPart(answer, range);
  else if (exchange.needsStages) exchange.replay(stored, linesOf(stored, status, now));
  else sendWhole(answer);
}

/** HTTP/1.1 on a connection that stays open, and no filter that has to see the body. */
export function canAnswerPlainly(exchange: Exchange): boolean {
  const { host, head } = exchange;
  return host.streamId === 0 && head.minorVersion === 1 && !exchange.needsStages && host.keepsOpen(exchange);
}

/** A fresh entry for a GET that asks for nothing special, where `canAnswerPlainly` says so. */
export function answerPlainHit(
  exchange: Exchange,
  place: CachePlace,
  stored: StoredResponse,
  ageSeconds: number,
): void {
  const edits = place.outerEdits;
  let prepared = stored.prepared as PreparedAnswer | null;
  if (prepared === null || prepared.ageSeconds !== ageSeconds || prepared.edits !== edits) {
    prepared = prepare(stored, edits, ageSeconds);
    stored.prepared = prepared;
  }
  exchange.keepsClient = true;
  if (prepared.whole === '') send(exchange, stored.status, prepared.head, stored.body);
  else sendPrepared(exchange, stored, prepared);
}

function prepare(stored: StoredResponse, edits: HeaderEdits | null, ageSeconds: number): PreparedAnswer {
  const head = composeHead({
    status: stored.status,
    reason: stored.reason,
    headers: stored.headers,
    edits,
    ownLines: `Age: ${ageSeconds}\r\n${hitLine(cacheHit, ttlOf(stored, ageSeconds))}`,
    framingLines: lengthLine(stored),
  });
  const isSmall = stored.body.length <= maxPreparedBytes;
  return { edits, ageSeconds, head, whole: isSmall ? head + stored.body.toString('latin1') : '' };
}

function sendPrepared(exchange: Exchange, stored: StoredResponse, { head, whole }: PreparedAnswer): void {
  const { host, emitter, flowId } = exchange;
  exchange.status = stored.status;
  const writer = host.newResponseSink(exchange);
  exchange.responseWriter = writer;
  writer.head(whole, true);
  if (emitter.isWatched) {
    emitter.moveTime();
    recordResponseHead(emitter, flowId, host.connectionId, 'downstream', head, false, 0, 0);
  }
  writer.end('');
  if (emitter.isWatched) recordEnd(exchange, stored.body);
  finishExchange(exchange);
}

/** What the four answers that are put together for one request have in common. */
interface StoredAnswer {
  readonly exchange: Exchange;
  readonly place: CachePlace;
  readonly stored: StoredResponse;
  readonly cacheStatus: CacheStatus;
  readonly now: number;
}

interface AnswerParts {
  readonly status: number;
  readonly reason: string;
  readonly headers: RawHeaders;
  /** Content-Length and Content-Range, each with its line end. */
  readonly lengthLines: string;
  readonly body: Buffer;
}

function sendWhole(answer: StoredAnswer): void {
  const { exchange, stored } = answer;
  compose(answer, {
    status: stored.status,
    reason: stored.reason,
    headers: stored.headers,
    lengthLines: lengthLine(stored),
    body: exchange.head.method === 'HEAD' ? noBody : stored.body,
  });
}

function sendNotModified(answer: StoredAnswer): void {
  compose(answer, {
    status: 304,
    reason: 'Not Modified',
    headers: answer.stored.headers.filter(([name]) => notModifiedFields.has(name.toLowerCase())),
    lengthLines: '',
    body: noBody,
  });
}

function sendPart(answer: StoredAnswer, { first, last }: ByteRange): void {
  const { headers, body } = answer.stored;
  compose(answer, {
    status: 206,
    reason: 'Partial Content',
    headers: headers.filter(([name]) => name.toLowerCase() !== 'content-range'),
    lengthLines: `Content-Range: bytes ${first}-${last}/${body.length}\r\nContent-Length: ${last - first + 1}\r\n`,
    body: body.subarray(first, last + 1),
  });
}

function sendUnsatisfiable(answer: StoredAnswer): void {
  compose(answer, {
    status: 416,
    reason: 'Range Not Satisfiable',
    headers: [['Date', new Date(answer.now).toUTCString()]],
    lengthLines: `Content-Range: bytes */${answer.stored.body.length}\r\nContent-Length: 0\r\n`,
    body: noBody,
  });
}

function compose(
  { exchange, place, stored, cacheStatus, now }: StoredAnswer,
  { status, reason, headers, lengthLines, body }: AnswerParts,
): void {
  exchange.keepsClient = exchange.host.keepsOpen(exchange);
  const text = composeHead({
    status,
    reason,
    headers,
    edits: place.outerEdits,
    ownLines: linesOf(stored, cacheStatus, now),
    framingLines: lengthLines + connectionLine(exchange.keepsClient, exchange.head.minorVersion),
  });
  send(exchange, status, text, body);
}

/** Age and Cache-Status. */
function linesOf(stored: StoredResponse, status: CacheStatus, now: number): string {
  const ageSeconds = wholeAge(stored, now);
  return `Age: ${ageSeconds}\r\n${hitLine(status, ttlOf(stored, ageSeconds))}`;
}

/** No content has no length (RFC 9110 8.6). */
function lengthLine({ status, body }: StoredResponse): string {
  return status === 204 ? '' : `Content-Length: ${body.length}\r\n`;
}

function send(exchange: Exchange, status: number, text: string, body: Buffer): void {
  const { host, emitter } = exchange;
  exchange.status = status;
  const writer = host.newResponseSink(exchange);
  exchange.responseWriter = writer;
  writer.head(text, body.length > 0);
  if (emitter.isWatched) {
    emitter.moveTime();
    recordSentHead(exchange, writer, false);
  }
  if (body.length > 0) {
    writer.held(body);
    captureSentBody(exchange, body);
  }
  writer.end('');
  if (emitter.isWatched) recordEnd(exchange, body);
  finishExchange(exchange);
}

function recordEnd({ emitter, flowId, host }: Exchange, body: Buffer): void {
  const { connectionId } = host;
  const from = { emitter, flowId, connectionId, direction: 'response', leg: 'downstream' } as const;
  captureBytes(from, 0, body, 0, body.length);
  recordMessageEnd(emitter, flowId, connectionId, 'response', 'downstream', body.length);
}
