// What a kind of sample server is: a real server on a loopback port. Each kind is a file beside this one. Whatever a client
// does, a sample has bounds: connections, bytes that are held, and time.
import type { Server as HttpServer, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import type { SampleServer } from '../../contract/sampleApi';

export interface OpenSample {
  readonly server: Server;
  /** PEM of the authority that a client must trust. */
  readonly trusted?: string;
  /** Ends what would open the server again, before it is stopped for good. */
  readonly close?: () => void;
}

export interface SampleKind {
  readonly kind: SampleServer['kind'];
  readonly about: string;
  /** More connections than this are closed at once. */
  readonly maxConnections: number;
  hint(port: number): string;
  /** Makes the server, not listening yet. `served` is to be called for each answer. */
  open(served: () => void): OpenSample | Promise<OpenSample>;
}

export const sampleAddress = '127.0.0.1';

/** Of servers that hold next to nothing for a connection: enough for load generators. */
export const manyConnections = 1000;
/** Of servers that hold messages. */
export const fewConnections = 200;

/** How long clients may take. In milliseconds. */
export const patience = {
  /** Without a byte either way. */
  silenceMs: 300_000,
  /** Until a request is there as a whole. */
  requestMs: 300_000,
  /** Until an answer, a WebSocket or a raw connection is over, however busy it is. */
  wholeMs: 3_600_000,
} as const;

export function openHttp(served: () => void, listener: RequestListener): { readonly server: HttpServer } {
  const server = createServer(answering(served, listener));
  limitTime(server);
  return { server };
}

/** `listener` with what every answer of a sample has: it is counted, may break, and comes to an end. */
export function answering(
  served: () => void,
  listener: RequestListener,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const timer = setTimeout(() => response.destroy(), patience.wholeMs);
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    response.once('close', () => {
      clearTimeout(timer);
      served();
    });
    listener(request, response);
  };
}

export function limitTime(server: Pick<HttpServer, 'requestTimeout' | 'timeout'>): void {
  server.requestTimeout = patience.requestMs;
  server.timeout = patience.silenceMs;
}

/** A whole number of the query, brought within its bounds; the default where there is none. */
export function numberOf(
  request: Pick<IncomingMessage, 'url'>,
  name: string,
  { least, most, usual }: { readonly least: number; readonly most: number; readonly usual: number },
): number {
  const text = queryOf(request).get(name);
  const number = text === null || text.trim() === '' ? Number.NaN : Math.trunc(Number(text));
  return Number.isNaN(number) ? usual : Math.min(most, Math.max(least, number));
}

export function queryOf({ url = '' }: Pick<IncomingMessage, 'url'>): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : url.slice(start + 1));
}

/** What `inSteps` writes to: a response of either version of HTTP. */
export interface StepSink {
  readonly destroyed: boolean;
  write(part: string | Uint8Array): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/**
 * Writes what `part` gives for 0, 1, … so many times with pauses between, and calls `done` after the last. Who does not read
 * is waited for, so nothing piles up; ends when the sink is gone.
 */
export function inSteps(
  sink: StepSink,
  { times, pauseMs }: { readonly times: number; readonly pauseMs: number },
  part: (index: number) => string | Uint8Array,
  done: () => void,
): void {
  let index = 0;
  const pause = () => {
    if (index >= times) done();
    else setTimeout(next, pauseMs);
  };
  const next = () => {
    if (sink.destroyed) return;
    if (sink.write(part(index++))) pause();
    else sink.once('drain', pause);
  };
  next();
}
