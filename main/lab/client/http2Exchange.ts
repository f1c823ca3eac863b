// Requests and their responses as streams of one HTTP/2 connection (RFC 9113), on Node's own client.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type Settings,
} from 'node:http2';
import type { HttpMessage } from '../../contract/clientRequest';
import type { RawHeaders } from '../../contract/flowEvent';
import { errorName } from '../../engine/http2/frame';
import { errorCode } from '../../engine/upstream/connectError';
import { type ClientConnection, lossOf } from './connection';
import { type ExchangeOutcome, type ExchangeWatch, GrowingResponse, tooLong } from './exchange';
import { GivingUp } from './givingUp';
import { grouped, http2Headers, listed, pairs } from './http2Fields';
import { atLeast, writePieces } from './pieces';
import type { PreparedHttp } from './preparedHttp';
import { SendError } from './sendError';

/** One connection that speaks HTTP/2. */
export class Http2Client {
  /** Why it is gone, in words; null = it is open, or was closed without a reason. */
  #problem: string | null = null;
  #isSpoken = false;

  private constructor(
    readonly connection: ClientConnection,
    readonly session: ClientHttp2Session,
  ) {
    // Its first frame (RFC 9113 3.4).
    session.on('remoteSettings', () => {
      this.#isSpoken = true;
    });
    session.on('error', (error: Error) => {
      this.#problem ??= this.#lossOf(error);
    });
    session.on('goaway', (code) => {
      if (code !== constants.NGHTTP2_NO_ERROR)
        this.#problem ??= `the server ended the connection: ${errorName(code)}`;
    });
  }

  static open(connection: ClientConnection): Http2Client {
    const session = connect('http://localhost', {
      createConnection: () => connection.socket,
      settings: { enablePush: false },
    });
    return new Http2Client(connection, session);
  }

  get isClosed(): boolean {
    return this.session.closed || this.session.destroyed || this.connection.isClosed;
  }

  /** What the server says of itself. Rejects with a `SendError` when the connection is gone before, or it is cancelled. */
  settings(signal: AbortSignal): Promise<Settings> {
    if (this.#isSpoken) return Promise.resolve(this.session.remoteSettings);
    return new Promise((resolve, reject) => {
      const fail = () => reject(new SendError(this.#problem ?? 'what answers there does not speak HTTP/2'));
      this.session.once('remoteSettings', resolve);
      this.session.once('close', fail);
      signal.addEventListener('abort', fail, { once: true });
      if (signal.aborted) fail();
    });
  }

  /** Why a stream ended before its end, in words. */
  reasonOf({ rstCode }: ClientHttp2Stream): string {
    if (this.#problem !== null) return this.#problem;
    const code = rstCode ?? constants.NGHTTP2_NO_ERROR;
    return code === constants.NGHTTP2_NO_ERROR
      ? 'the connection was closed'
      : `the server reset the stream: ${errorName(code)}`;
  }

  close(): void {
    this.session.destroy();
    this.connection.close();
  }

  /** Never rejects: what goes wrong is the response's `problem`. */
  async exchange(options: {
    readonly prepared: PreparedHttp;
    readonly scheme: 'http' | 'https';
    readonly stream: number;
    readonly watch: ExchangeWatch;
    readonly signal: AbortSignal;
    readonly keptBytes?: number;
  }): Promise<ExchangeOutcome> {
    const { prepared, watch, signal } = options;
    const { message, bodyPieces: plan } = prepared;
    const response = new GrowingResponse(options.stream, watch, options.keptBytes);
    let stream: ClientHttp2Stream;
    try {
      stream = this.session.request(http2Headers(prepared, options.scheme), {
        endStream: plan.length === 0 && message.trailers.length === 0,
        waitForTrailers: message.trailers.length > 0,
      });
    } catch (error) {
      return outcome(response, this.#words(error), [], this.isClosed);
    }
    const over = new AbortController();
    const goAhead = new AbortController();
    const trailers: [string, string][] = [];
    let givenUp: string | null = null;
    const givingUp = new GivingUp(message.giveUp, (words) => {
      givenUp = `${words}: the stream was reset (${message.resetCode})`;
      watch.gaveUp?.(options.stream, givenUp);
      resetStream(stream, resetCodes[message.resetCode]);
    });
    const cut = (problem: string) => {
      this.#problem ??= problem;
      resetStream(stream, constants.NGHTTP2_CANCEL);
    };
    const cancel = () => cut('cancelled');
    signal.addEventListener('abort', cancel, { signal: over.signal });
    if (signal.aborted) cancel();
    const ended = new Promise<string | null>((resolve) => {
      follow(stream, response, { trailers, goAhead, cut, givingUp });
      let error: Error | null = null;
      stream.on('error', (cause: Error) => {
        error = cause;
      });
      stream.on('close', () => {
        over.abort();
        goAhead.abort();
        givingUp.end();
        resolve(givenUp ?? this.#endOf(stream, response, error));
      });
    });
    stream.on('wantTrailers', () => stream.sendTrailers(grouped(message.trailers)));
    givingUp.wrote(0);
    const signals = { over: over.signal, goAhead: goAhead.signal };
    await this.#write(stream, plan, message, response, givingUp, signals);
    const problem = await ended;
    const isUnprocessed = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    return { ...outcome(response, problem, trailers, isUnprocessed), isGivenUp: givenUp !== null };
  }

  async #write(
    stream: ClientHttp2Stream,
    pieces: readonly Buffer[],
    { pieces: { pauseMs, headApart }, expectContinue, trailers }: HttpMessage,
    response: GrowingResponse,
    givingUp: GivingUp,
    signals: { readonly over: AbortSignal; readonly goAhead: AbortSignal },
  ): Promise<void> {
    if (pieces.length === 0 && trailers.length === 0) return;
    let piece = 0;
    const sink = {
      write: async (bytes: Buffer) => {
        await new Promise<void>((resolve, reject) => {
          stream.write(bytes, (error) => (error == null ? resolve() : reject(error)));
        });
        response.sent(++piece, pieces.length, bytes.length);
        givingUp.wrote(piece);
      },
    };
    try {
      if (expectContinue) await atLeast(1000, signals.goAhead);
      else if (headApart) await atLeast(pauseMs, signals.over);
      if (expectContinue && response.status >= 300) stream.close(constants.NGHTTP2_NO_ERROR);
      else await writePieces(pieces, pauseMs, sink, signals.over, () => givingUp.isDue);
      if (!givingUp.isDue) stream.end();
    } catch {
      // The stream is gone; its end says why.
    }
  }

  #endOf(stream: ClientHttp2Stream, response: GrowingResponse, error: Error | null): string | null {
    const isWhole = stream.readableEnded || (stream.endAfterHeaders && response.status !== 0);
    const code = stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    if (response.status !== 0 && isWhole && code === constants.NGHTTP2_NO_ERROR) return null;
    if (this.#problem !== null) return this.#problem;
    if (errorCode(error) === 'ERR_HTTP2_ERROR') return this.#words(error);
    // What Node.js gives to the streams of a connection that is gone.
    const isOfConnection = code === constants.NGHTTP2_CANCEL && this.isClosed;
    if (code !== constants.NGHTTP2_NO_ERROR && !isOfConnection) {
      return `the server reset the stream: ${errorName(code)}`;
    }
    if (error !== null) return this.#words(error);
    return 'the connection was closed before the response was complete';
  }

  #words(error: unknown): string {
    if (this.#problem !== null) return this.#problem;
    return error instanceof Error ? this.#lossOf(error) : String(error);
  }

  #lossOf(error: Error): string {
    if (errorCode(error) !== 'ERR_HTTP2_ERROR') return lossOf(error);
    if (!this.#isSpoken) return 'what answers there does not speak HTTP/2';
    return `the server broke the rules of HTTP/2: ${error.message}`;
  }
}

const resetCodes = {
  CANCEL: constants.NGHTTP2_CANCEL,
  NO_ERROR: constants.NGHTTP2_NO_ERROR,
  INTERNAL_ERROR: constants.NGHTTP2_INTERNAL_ERROR,
  PROTOCOL_ERROR: constants.NGHTTP2_PROTOCOL_ERROR,
} as const;

/** Node.js would end the request first, with END_STREAM: a server would take what is cut for whole. */
function resetStream(stream: ClientHttp2Stream, code: number): void {
  if (!stream.writableEnded) stream._final = (done) => done();
  stream.close(code);
}

function follow(
  stream: ClientHttp2Stream,
  response: GrowingResponse,
  to: {
    readonly trailers: [string, string][];
    readonly goAhead: AbortController;
    readonly givingUp: GivingUp;
    readonly cut: (problem: string) => void;
  },
): void {
  const tellNumber = () => response.requested(stream.id ?? 0);
  if (stream.pending) stream.once('ready', tellNumber);
  else tellNumber();
  stream.on('headers', (headers, _flags) => {
    const status = Number(headers[':status'] ?? 0);
    response.received(0);
    response.informational({ status, reason: '', version: 'HTTP/2', headers: listed(headers) });
    if (status === 100) to.goAhead.abort();
  });
  stream.on('response', (headers, _flags, raw?: string[]) => {
    response.received(0);
    const fields = raw === undefined ? listed(headers) : pairs(raw);
    response.head({ status: Number(headers[':status']), reason: '', version: 'HTTP/2', headers: fields });
    to.goAhead.abort();
    to.givingUp.gotHead();
  });
  stream.on('data', (bytes: Buffer) => {
    response.received(bytes.length);
    response.body(bytes);
    if (response.isTooLong) to.cut(tooLong);
  });
  stream.on('trailers', (headers) => to.trailers.push(...listed(headers)));
}

function outcome(
  response: GrowingResponse,
  problem: string | null,
  trailers: RawHeaders,
  isUnprocessed: boolean,
): ExchangeOutcome {
  return {
    response: response.finish(problem, trailers),
    isReusable: problem === null,
    isUnprocessed,
    isGivenUp: false,
  };
}
