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

/** A request and its answer may take so long. */
const requestMs = 300_000;

export function openHttp(served: () => void, listener: RequestListener): { readonly server: HttpServer } {
  const server = createServer((request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    response.once('close', served);
    listener(request, response);
  });
  server.requestTimeout = requestMs;
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

/** Calls `step` with 0, 1, … so many times with pauses between, and `done` after the last; ends when `isGone` says so. */
export function inSteps(
  { times, pauseMs }: { readonly times: number; readonly pauseMs: number },
  step: (index: number) => void,
  done: () => void,
  isGone: () => boolean,
): void {
  let index = 0;
  const next = () => {
    if (isGone()) return;
    step(index++);
    if (index >= times) done();
    else setTimeout(next, pauseMs);
  };
  next();
}
