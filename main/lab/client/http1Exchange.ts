// One request and its response on an HTTP/1.1 connection (RFC 9112), written in the pieces that were asked for.
import type { HttpMessage } from '../../contract/clientRequest';
import { type ClientConnection, lossOf } from './connection';
import { type ExchangeOutcome, type ExchangeWatch, GrowingResponse, tooLong } from './exchange';
import { GivingUp } from './givingUp';
import type { Http1Message } from './http1Message';
import { atLeast, writePieces } from './pieces';
import { ResponseReader } from './responseReader';

export interface Http1ExchangeOptions {
  readonly connection: ClientConnection;
  readonly method: string;
  readonly message: Http1Message;
  readonly pauseMs: number;
  readonly giveUp?: HttpMessage['giveUp'];
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
  let givenUp: string | null = null;
  let finish: (problem: string | null) => void = () => undefined;
  const givingUp = new GivingUp(options.giveUp, (words) => {
    givenUp = `${words}: the connection was reset`;
    watch.gaveUp?.(0, givenUp);
    connection.reset();
    finish(givenUp);
  });
  const reader = new ResponseReader(method, {
    informational: (head) => {
      response.informational(head);
      if (head.status === 100) goAhead.abort();
    },
    head: (head) => {
      response.head(head);
      isRefused = !goAhead.signal.aborted && head.status >= 300;
      goAhead.abort();
      givingUp.gotHead();
    },
    body: (bytes) => response.body(bytes),
  });
  const answered = new Promise<string | null>((resolve) => {
    finish = (problem) => {
      givingUp.end();
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
    givingUp,
    { over: over.signal, goAhead: goAhead.signal },
    () => isRefused,
  );
  const problem = await answered;
  const isWhole = written === message.pieces.length;
  return {
    response: response.finish(problem, reader.trailers),
    isUnprocessed: false,
    isGivenUp: givenUp !== null,
    isReusable: problem === null && reader.isPersistent && isWhole && !connection.isClosed,
  };
}

/** Returns how many pieces went out. An error is told by the reader's end. */
async function write(
  { connection, message, pauseMs }: Http1ExchangeOptions,
  response: GrowingResponse,
  givingUp: GivingUp,
  signals: { readonly over: AbortSignal; readonly goAhead: AbortSignal },
  isRefused: () => boolean,
): Promise<number> {
  const { pieces, headPieces } = message;
  let piece = 0;
  const sink = {
    write: async (bytes: Buffer) => {
      await connection.write(bytes);
      response.sent(++piece, pieces.length, bytes.length);
      givingUp.wrote(piece);
    },
  };
  try {
    const isOver = () => givingUp.isDue;
    if (!message.waitsForContinue) return await writePieces(pieces, pauseMs, sink, signals.over, isOver);
    await writePieces(pieces.slice(0, headPieces), pauseMs, sink, signals.over, isOver);
    await atLeast(continueWaitMs, signals.goAhead);
    if (isRefused() || signals.over.aborted) return piece;
    const isCutShort = () => isRefused() || givingUp.isDue;
    await writePieces(pieces.slice(headPieces), pauseMs, sink, signals.over, isCutShort);
  } catch {
    // The connection is gone; its end says why.
  }
  return piece;
}
