// Endpoints given by name, with a look-up that the test answers: what DNS says is outside of us.
import { afterEach, describe, expect, it } from 'vitest';
import type { PoolDocument } from '../../main/contract/config';
import { EngineHarness, TestServer } from '../helpers/engineHarness';

let known: string[] | Error = [];
let harness: EngineHarness;
const servers: TestServer[] = [];

afterEach(async () => {
  await harness.close();
  for (const server of servers.splice(0)) await server.close();
});

/** Answers with the address that it was reached at, on 127.0.0.x and one port. */
async function startOrigins(addresses: readonly string[]): Promise<number> {
  const answer = (socket: import('node:net').Socket) =>
    socket.on('data', () => {
      const body = socket.localAddress ?? '';
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  const first = await TestServer.start(answer, addresses[0]);
  servers.push(first);
  for (const address of addresses.slice(1)) {
    servers.push(await TestServer.start(answer, address, first.port));
  }
  return first.port;
}

async function run(port: number, pool: Partial<PoolDocument> = {}): Promise<void> {
  harness = new EngineHarness({
    lookUp: async () => {
      if (known instanceof Error) throw known;
      return known;
    },
  });
  await harness.run({
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
    pools: [
      {
        id: 'p',
        endpoints: [{ address: 'origin.test', port }],
        connections: { reuse: false },
        dns: { refreshMs: 100 },
        ...pool,
      },
    ],
  });
}

const ask = async (init: RequestInit = {}) =>
  (await fetch(`http://127.0.0.1:${harness.port('web')}/`, init)).text();

const askTimes = async (times: number) => {
  const answers: string[] = [];
  for (let turn = 0; turn < times; turn++) answers.push(await ask());
  return answers.sort();
};

const resolved = (addresses: readonly string[], failure: string | null = null) =>
  harness.waitFor(
    'endpoint.resolved',
    (event) => event.addresses.join() === addresses.join() && event.failure === failure,
  );

describe('how long an address holds', () => {
  it('lets a name be looked up again sooner than the pool says', async () => {
    const looks: number[] = [];
    harness = new EngineHarness({
      lookUp: async () => [`127.0.0.${looks.push(1)}`],
      timeToLive: async () => 10,
    });
    await harness.run({
      schemaVersion: 1,
      pools: [{ id: 'p', endpoints: [{ address: 'origin.test', port: 1 }], dns: { refreshMs: 86_400_000 } }],
    });
    const first = await harness.waitFor('endpoint.resolved', ({ addresses }) => addresses[0] === '127.0.0.1');
    const second = await harness.waitFor(
      'endpoint.resolved',
      ({ addresses }) => addresses[0] === '127.0.0.2',
    );
    // Never more often than once a second, whatever the DNS says.
    expect(second.at - first.at).toBeGreaterThan(950_000);
  });
});

describe.runIf(process.platform === 'linux')('an endpoint given by name', () => {
  it('is all addresses of the name, follows changes, and keeps the last ones while nothing can be looked up', async () => {
    const port = await startOrigins(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    known = ['127.0.0.2', '127.0.0.1'];
    await run(port);
    await resolved(['127.0.0.1', '127.0.0.2']);
    expect(await askTimes(4)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', '127.0.0.2']);
    const picked = await harness.waitFor('endpoint.picked');
    expect(picked.candidates.map(({ endpoint }) => endpoint)).toEqual([
      `origin.test:${port}@127.0.0.1`,
      `origin.test:${port}@127.0.0.2`,
    ]);
    known = ['127.0.0.3'];
    await resolved(['127.0.0.3']);
    expect(await askTimes(2)).toEqual(['127.0.0.3', '127.0.0.3']);
    known = Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' });
    await resolved(['127.0.0.3'], 'the name cannot be looked up now');
    expect(await ask()).toBe('127.0.0.3');
    known = ['127.0.0.1'];
    await resolved(['127.0.0.1']);
    expect(await ask()).toBe('127.0.0.1');
    const counted = [...harness.engine.metrics.all()].filter(({ scope }) => scope === 'endpoint');
    const configured = `p/origin.test:${port}`;
    expect(counted.map(({ id }) => id)).toEqual([configured, `${configured}@127.0.0.1`]);
  });

  it('goes to the next address when one cannot be reached, also with a POST', async () => {
    const port = await startOrigins(['127.0.0.2']);
    known = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
    await run(port);
    await resolved(known);
    expect(await askTimes(3)).toEqual(['127.0.0.2', '127.0.0.2', '127.0.0.2']);
    expect(await ask({ method: 'POST', body: 'once' })).toBe('127.0.0.2');
  });

  it('keeps the state of its addresses over a reload, and is asked no more once nobody names it', async () => {
    const port = await startOrigins(['127.0.0.1', '127.0.0.2']);
    known = ['127.0.0.1', '127.0.0.2'];
    const pool = { outlierDetection: { consecutiveFailures: 1, ejectMs: 60_000 } };
    await run(port, pool);
    await resolved(known);
    await servers[1]!.close();
    servers.splice(1);
    await askTimes(3);
    const ejected = () => harness.engine.endpointHealth().filter(({ health }) => health === 'ejected');
    expect(ejected()).toHaveLength(1);
    await harness.run({
      schemaVersion: 1,
      listeners: [{ id: 'web', port: 0, protocol: 'http' }],
      routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
      pools: [{ id: 'p', endpoints: [{ address: 'origin.test', port }], dns: { refreshMs: 200 }, ...pool }],
    });
    expect(ejected()).toHaveLength(1);
    await harness.run({ schemaVersion: 1 });
    known = ['127.0.0.9'];
    expect(harness.engine.endpointHealth()).toEqual([]);
  });
});
