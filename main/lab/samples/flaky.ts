// Fails for a share of its requests in the ways that a proxy meets. By counting, or by chance from a seed: either way the
// same order of requests fails in the same places every time.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chance } from './chance';
import { Outage } from './outage';
import { inSteps, manyConnections, numberOf, openHttp, queryOf, type SampleKind } from './sample';

const failureWays = ['reset', 'status', 'cut', 'slow', 'hang', 'drop', 'refuse'] as const;
type FailureWay = (typeof failureWays)[number];
/** Those that concern one request only and take no time. */
const usualWays: readonly FailureWay[] = ['reset', 'status', 'cut'];
const mostSeeds = 100;

/** Whether the request with this number (from 1) fails, where `share` of 100 do, spread evenly. */
export function isFailure(number: number, share: number): boolean {
  return Math.floor((number * share) / 100) > Math.floor(((number - 1) * share) / 100);
}

export const flakySample: SampleKind = {
  kind: 'http',
  maxConnections: manyConnections,
  about:
    'fails for ?share=50 of 100 requests, in turn or as ?how= says: reset, status (?status=503), cut (in the body), ' +
    'slow (then cut), hang (no answer), drop or refuse (all connections for ?for=2000 ms); with ?seed=1 by chance, but ' +
    'always the same',
  hint: (port) => `curl -i 'http://127.0.0.1:${port}/?share=100&how=status&status=503'`,
  open: (served) => {
    const plan = new FailurePlan();
    const { server } = openHttp(served, (request, response) => {
      request.resume();
      const { number, way } = plan.next(request);
      if (way !== null) {
        failures[way]({ number, request, response, outage });
        return;
      }
      response.writeHead(200, head);
      response.end(`request ${number}: fine\n`);
    });
    const outage = new Outage(server);
    return { server, close: () => outage.close() };
  },
};

class FailurePlan {
  #requests = 0;
  #failures = 0;
  readonly #bySeed = new Map<number, number>();

  /** `way` null = this one is answered. */
  next(request: IncomingMessage): { readonly number: number; readonly way: FailureWay | null } {
    const share = numberOf(request, 'share', { least: 0, most: 100, usual: 50 });
    const seed = numberOf(request, 'seed', { least: 0, most: 1_000_000_000, usual: 0 });
    const asked = failureWays.find((way) => way === queryOf(request).get('how'));
    if (seed !== 0) {
      const number = this.#nextOf(seed);
      const isFailing = chance(seed, number) * 100 < share;
      const drawn = usualWays[Math.floor(chance(seed, -number) * usualWays.length)]!;
      return { number, way: isFailing ? (asked ?? drawn) : null };
    }
    const number = ++this.#requests;
    if (!isFailure(number, share)) return { number, way: null };
    return { number, way: asked ?? usualWays[this.#failures++ % usualWays.length]! };
  }

  /** Every seed counts for itself. The oldest one begins anew when there are too many. */
  #nextOf(seed: number): number {
    const number = (this.#bySeed.get(seed) ?? 0) + 1;
    this.#bySeed.delete(seed);
    this.#bySeed.set(seed, number);
    for (const oldest of this.#bySeed.keys()) {
      if (this.#bySeed.size <= mostSeeds) break;
      this.#bySeed.delete(oldest);
    }
    return number;
  }
}

interface Failing {
  readonly number: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly outage: Outage;
}

const head = { 'content-type': 'text/plain', 'x-served-by': 'flaky' };
const cutHead = { ...head, 'content-length': '1000' };

const failures: Readonly<Record<FailureWay, (failing: Failing) => void>> = {
  reset: ({ request }) => request.socket.resetAndDestroy(),
  status: ({ number, request, response }) => {
    response.writeHead(numberOf(request, 'status', { least: 400, most: 599, usual: 503 }), head);
    response.end(`request ${number}: failed on purpose\n`);
  },
  cut: ({ number, request, response }) => {
    response.writeHead(200, cutHead);
    response.write(`request ${number}: cut here\n`, () => request.socket.destroySoon());
  },
  slow: ({ number, request, response }) => {
    response.writeHead(200, cutHead);
    inSteps(
      response,
      { times: 3, pauseMs: numberOf(request, 'pause', { least: 0, most: 10_000, usual: 500 }) },
      (index) => `request ${number}: part ${index + 1} of 3, then cut\n`,
      () => request.socket.destroySoon(),
    );
  },
  // The client's patience ends it, or that of every sample.
  hang: () => undefined,
  drop: (failing) => announce(failing, 'reset', (ms) => failing.outage.drop(ms)),
  refuse: (failing) => announce(failing, 'refused', (ms) => failing.outage.refuse(ms)),
};

function announce({ number, request, response }: Failing, what: string, begin: (ms: number) => void): void {
  const ms = numberOf(request, 'for', { least: 1, most: 60_000, usual: 2000 });
  response.writeHead(503, { ...head, connection: 'close', 'retry-after': String(Math.ceil(ms / 1000)) });
  response.end(`request ${number}: connections are ${what} for ${ms} ms from now\n`);
  // Not before this answer is out.
  request.socket.once('close', () => begin(ms));
}
