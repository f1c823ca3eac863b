// Whether the endpoints of a draft answer, asked gently: one TCP connect each that is closed at once, to loopback and
// private addresses only (nobody else's machine hears of a half-typed address), few at a time, and not again for a while.
import { connect } from 'node:net';
import { isInRange, parseAddress, parseAddressRange } from '../contract/addressRange';
import type { ConfigIssue } from '../contract/configIssue';

const connectMs = 1000;
const mostEndpoints = 64;
const mostAtOnce = 8;
/** An answer counts this long. */
const keptMs = 5000;
const mostKept = 256;

const gentleRanges = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
].map((text) => parseAddressRange(text)!);

interface Target {
  readonly address: string;
  readonly port: number;
  readonly path: readonly (string | number)[];
}

interface Answer {
  readonly at: number;
  /** null = it answered. */
  readonly problem: string | null;
}

export class EndpointChecks {
  readonly #answers = new Map<string, Answer>();

  /** A warning for each endpoint that does not answer. Ends early, with what it knows, when the signal fires. */
  async check(document: unknown, signal: AbortSignal): Promise<readonly ConfigIssue[]> {
    const targets = targetsOf(document);
    const problems = new Map<Target, string>();
    const waiting = [...targets];
    const work = async () => {
      for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
        if (signal.aborted) return;
        const problem = await this.#ask(target, signal);
        if (problem !== null) problems.set(target, problem);
      }
    };
    await Promise.all(Array.from({ length: mostAtOnce }, work));
    return targets.flatMap((target) => {
      const problem = problems.get(target);
      return problem === undefined ? [] : [issueOf(target, problem)];
    });
  }

  async #ask(target: Target, signal: AbortSignal): Promise<string | null> {
    const key = `${target.address} ${target.port}`;
    const known = this.#answers.get(key);
    if (known !== undefined && performance.now() - known.at < keptMs) return known.problem;
    const problem = await connectProblem(target, signal);
    if (signal.aborted) return null;
    this.#answers.delete(key);
    this.#answers.set(key, { at: performance.now(), problem });
    if (this.#answers.size > mostKept) this.#answers.delete(this.#answers.keys().next().value!);
    return problem;
  }
}

/** What is half-typed is left out; the rest is still asked. */
function targetsOf(document: unknown): Target[] {
  const targets: Target[] = [];
  for (const [pool, { endpoints }] of listOf(document, 'pools').entries()) {
    if (!Array.isArray(endpoints)) continue;
    for (const [index, endpoint] of endpoints.entries()) {
      const { address, port } = (endpoint ?? {}) as { address?: unknown; port?: unknown };
      if (typeof address !== 'string' || typeof port !== 'number') continue;
      if (!Number.isInteger(port) || port < 1 || port > 65_535 || !isGentle(address)) continue;
      targets.push({ address, port, path: ['pools', pool, 'endpoints', index] });
    }
  }
  return targets.slice(0, mostEndpoints);
}

function listOf(document: unknown, name: string): readonly Record<string, unknown>[] {
  const list = (document as Record<string, unknown> | null)?.[name];
  return Array.isArray(list) ? list.map((item) => (item ?? {}) as Record<string, unknown>) : [];
}

function isGentle(address: string): boolean {
  if (address === 'localhost') return true;
  const parsed = parseAddress(address);
  return parsed !== null && gentleRanges.some((range) => isInRange(parsed, range));
}

function connectProblem({ address, port }: Target, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (problem: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(problem);
    };
    const onAbort = () => end(null);
    const timer = setTimeout(() => end(`nothing answered within ${connectMs} ms`), connectMs);
    signal.addEventListener('abort', onAbort);
    socket.once('connect', () => end(null));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' ? 'nothing listens there' : `it cannot be reached (${error.code})`),
    );
  });
}

function issueOf({ address, port, path }: Target, problem: string): ConfigIssue {
  const message = `${address}:${port} does not answer: ${problem}; start that server, or the route answers 502`;
  return { code: 'endpoint_unreachable', severity: 'warning', path, message };
}
