// The corpus of raw requests against the real engine: what it refuses must not reach the endpoint, what reaches the endpoint
// must be the same messages to every kind of parser, and nobody's next request may be touched by it.
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawRequest, rawRequests } from '../corpus/rawRequests';
import { canRead, type Reading, readerModes, readRequests } from '../corpus/requestReaders';
import { EngineHarness, TestServer } from '../helpers/engineHarness';

const strict = readerModes[0]!;

/** Keeps what it is sent, connection by connection, and answers every request that a strict server reads in it. */
class RecordingOrigin {
  readonly streams: string[] = [];
  readonly #server: Promise<TestServer>;

  constructor() {
    this.#server = TestServer.start((socket) => this.#record(socket));
  }

  async port(): Promise<number> {
    return (await this.#server).port;
  }

  async close(): Promise<void> {
    await (await this.#server).close();
  }

  #record(socket: Socket): void {
    const index = this.streams.push('') - 1;
    let unread = '';
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      this.streams[index] += text;
      unread += text;
      const { requests, rest } = readRequests(unread, strict);
      unread = rest;
      for (const { method } of requests) socket.write(answer(method));
    });
    socket.on('end', () => socket.end());
  }
}

function answer(method: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`;
}

/** Sends it, says that this is all, and reads until the proxy closes too. */
function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answered = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      answered += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answered));
    socket.end(Buffer.from(bytes, 'latin1'));
  });
}

const finalStatuses = (answered: string) =>
  [...answered.matchAll(/^(?:ok)?HTTP\/1\.1 (\d{3}) /gm)]
    .map((match) => Number(match[1]))
    .filter((status) => status >= 200);

interface Outcome {
  readonly request: RawRequest;
  readonly statuses: readonly number[];
  /** What came to the endpoint, by connection, with the innocent request that followed. */
  readonly streams: readonly string[];
  readonly probe: string;
  readonly probeStatuses: readonly number[];
}

let harness: EngineHarness;
const origin = new RecordingOrigin();
const corpus = rawRequests();

beforeAll(async () => {
  harness = new EngineHarness();
  const port = await origin.port();
  await harness.run({
    schemaVersion: 1,
    listeners: [
      { id: 'full', port: 0, protocol: 'http' },
      { id: 'stream', port: 0, protocol: 'http' },
    ],
    routes: (['full', 'stream'] as const).map((requestBuffering) => ({
      id: requestBuffering,
      kind: 'http' as const,
      listeners: [requestBuffering],
      requestBuffering,
      backends: [{ pool: 'origin' }],
    })),
    pools: [{ id: 'origin', endpoints: [{ address: '127.0.0.1', port }] }],
  });
});

afterAll(async () => {
  await harness.close();
  await origin.close();
});

async function run(listener: string, request: RawRequest, number: number): Promise<Outcome> {
  const before = origin.streams.map((stream) => stream.length);
  const port = harness.port(listener);
  const statuses = finalStatuses(await exchange(port, request.bytes));
  const probe = `/probe-${listener}-${number}`;
  const probeStatuses = finalStatuses(
    await exchange(port, `GET ${probe} HTTP/1.1\r\nHost: probe.test\r\nConnection: close\r\n\r\n`),
  );
  const streams = origin.streams
    .map((stream, index) => stream.slice(before[index] ?? 0))
    .filter((stream) => stream !== '');
  return { request, statuses, streams, probe, probeStatuses };
}

interface Counts {
  hard: string[];
  soft: string[];
  forwardedAfterError: string[];
  refusedValid: string[];
  passedInvalid: string[];
  hurtBystander: string[];
}

function judge(
  { request, statuses, streams, probe, probeStatuses }: Outcome,
  counts: Counts,
  isStreamed: boolean,
): void {
  const { name, verdict } = request;
  const readings = readerModes.map((mode) =>
    streams.map((stream) => (canRead(mode, stream) ? readRequests(stream, mode) : null)),
  );
  const read = readings[0]!.flatMap((reading) => reading!.requests).filter(({ target }) => target !== probe);
  if (probeStatuses.join() !== '200') counts.hurtBystander.push(name);
  if (
    readings.some((reading) =>
      reading.some((each, index) => each !== null && differs(each, readings[0]![index]!)),
    )
  )
    counts.hard.push(name);
  else if (
    readings.some((reading) =>
      reading.some((each, index) => each !== null && differsInHost(each, readings[0]![index]!)),
    )
  )
    counts.soft.push(name);
  const answered = statuses.filter((status) => status < 400).length;
  const cut = readings[0]!.some((reading) => reading!.rest !== '');
  // With `stream` the head is on its way before the body is seen; then the message must stay incomplete.
  if (answered !== read.length || (cut && !isStreamed)) counts.forwardedAfterError.push(name);
  if (verdict === 'refuse' && answered > 0) counts.passedInvalid.push(name);
  if (verdict === 'pass' && answered !== request.messages) counts.refusedValid.push(name);
}

function differs(a: Reading, b: Reading): boolean {
  const essence = ({ requests, rest }: Reading) =>
    JSON.stringify([requests.map(({ method, target, body }) => [method, target, body]), rest]);
  return essence(a) !== essence(b);
}

function differsInHost(a: Reading, b: Reading): boolean {
  const essence = ({ requests }: Reading) =>
    JSON.stringify(requests.map(({ hosts, forwardedFor }) => [hosts, forwardedFor]));
  return essence(a) !== essence(b) || a.requests.some(({ hosts }) => hosts[0] !== hosts[1]);
}

describe('the corpus of raw requests', () => {
  it('has at least 600, each under a name of its own', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(600);
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
  });

  it('holds what would be read differently if a proxy passed it on as it is', () => {
    const split = corpus.filter(({ bytes }) => {
      const readings = readerModes
        .filter((mode) => canRead(mode, bytes))
        .map((mode) => readRequests(bytes, mode));
      return readings.some((reading) => differs(reading, readings[0]!));
    });
    expect(split.length).toBeGreaterThan(200);
  });

  it.each(['full', 'stream'])(
    'is read by every parser as what the proxy read, or never passed on (%s)',
    async (listener) => {
      const counts: Counts = {
        hard: [],
        soft: [],
        forwardedAfterError: [],
        refusedValid: [],
        passedInvalid: [],
        hurtBystander: [],
      };
      for (const [number, request] of corpus.entries())
        judge(await run(listener, request, number), counts, listener === 'stream');
      const told = Object.entries(counts).map(([what, names]) => `${what} ${names.length}`);
      console.log(
        `${listener}: ${corpus.length} requests, ${readerModes.length} ways to read; ${told.join(', ')}`,
      );
      expect(counts).toEqual({
        hard: [],
        soft: [],
        forwardedAfterError: [],
        refusedValid: [],
        passedInvalid: [],
        hurtBystander: [],
      });
    },
  );
});
