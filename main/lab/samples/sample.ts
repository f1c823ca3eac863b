// What a kind of sample server is: a real server on a loopback port. Each kind is a file beside this one.
import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:net';
import type { SampleServer } from '../../contract/sampleApi';

export interface OpenSample {
  readonly server: Server;
  /** PEM of the authority that a client must trust. */
  readonly trusted?: string;
}

export interface SampleKind {
  readonly kind: SampleServer['kind'];
  /**
   * Taken if it is free, else any: so a workspace finds its samples again after a restart. Below the ports that systems give
   * to clients.
   */
  readonly port: number;
  readonly about: string;
  hint(port: number): string;
  /** Makes the server, not listening yet. `served` is to be called for each answer. */
  open(served: () => void): OpenSample | Promise<OpenSample>;
}

export const sampleAddress = '127.0.0.1';

/** A request may take so long to arrive, and a connection may be so long without a byte either way. */
const patienceMs = 300_000;

export function openHttp(served: () => void, listener: RequestListener): { readonly server: HttpServer } {
  const server = createServer((request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    response.once('close', served);
    listener(request, response);
  });
  server.requestTimeout = patienceMs;
  server.timeout = patienceMs;
  return { server };
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
