// One request and its response on an HTTP/1.1 connection (RFC 9112), written in the pieces that were asked for.
import { type ClientConnection, lossOf } from './connection';
import { type ExchangeOutcome, type ExchangeWatch, GrowingResponse, tooLong } from './exchange';
import type { Http1Message } from './http1Message';
import { atLeast, writePieces } from './pieces';
import { ResponseReader } from './responseReader';

export interface Http1ExchangeOptions {
  readonly connection: ClientConnection;
  readonly method: string;
  readonly message: Http1Message;
  readonly pauseMs: number;
  readonly watch: ExchangeWatch;
  readonly signal: AbortSignal;
  readonly keptBytes?: number;
}

/** How long the body waits for 100 Continue before it goes without, as curl does. */
const continueWaitMs = 1000;

/** Never rejects: what goes wrong is the response's `problem`. */
export async function exchangeHttp1(options: Http1ExchangeOptions): Promise<ExchangeOutcome> {
  const { connection, method, message, watch, keptBytes } = options;
  const response = new GrowingResponse(0, watch, keptBytes);
  const over = new AbortController();
  /** The go-ahead for the body, or a final answer in its place. */
  const goAhead = new AbortController();
  let isRefused = false;
  const reader = new ResponseReader(method, {
    informational: (head) => {
      response.informational(head);
      if (head.status === 100) goAhead.abort();
    },
    head: (head) => {
      response.head(head);
      isRefused = !goAhead.signal.aborted && head.status >= 300;
      goAhead.abort();
    },
    body: (bytes) => response.body(bytes),
  });
  const answered = new Promise<string | null>((resolve) => {
    const finish = (problem: string | null) => {
      over.abort();
      goAhead.abort();
      resolve(problem);
    };
    connection.readWith({
      read: (bytes) => {
        response.received(bytes.length);
        const goesOn = reader.read(bytes);
        if (response.isTooLong) finish(tooLong);
        else if (!goesOn) finish(reader.problem);
      },
      end: (error) => {
        reader.end();
        finish(reader.isDone ? null : error === null ? reader.problem : lossOf(error));
      },
    });
    options.signal.addEventListener('abort', () => finish('cancelled'), { signal: over.signal });
    if (options.signal.aborted) finish('cancelled');
  });
  const written = await write(
    options,
    response,
    { over: over.signal, goAhead: goAhead.signal },
    () => isRefused,
  );
  const problem = await answered;
  const isWhole = written === message.pieces.length;
  return {
    response: response.finish(problem, reader.trailers),
    isUnprocessed: false,
    isReusable: problem === null && reader.isPersistent && isWhole && !connection.isClosed,
  };
}

/** Returns how many pieces went out. An error is told by the reader's end. */
async function write(
  { connection, message, pauseMs }: Http1ExchangeOptions,
  response: GrowingResponse,
  signals: { readonly over: AbortSignal; readonly goAhead: AbortSignal },
  isRefused: () => boolean,
): Promise<number> {
  const { pieces, headPieces } = message;
  let piece = 0;
  const sink = {
    write: async (bytes: Buffer) => {
      await connection.write(bytes);
      response.sent(++piece, pieces.length, bytes.length);
    },
  };
  try {
    if (!message.waitsForContinue) return await writePieces(pieces, pauseMs, sink, signals.over);
    await writePieces(pieces.slice(0, headPieces), pauseMs, sink, signals.over);
    await atLeast(continueWaitMs, signals.goAhead);
    if (isRefused() || signals.over.aborted) return piece;
    await writePieces(pieces.slice(headPieces), pauseMs, sink, signals.over, isRefused);
  } catch {
    // The connection is gone; its end says why.
  }
  return piece;
}
