import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { EndpointHealthChanged } from '../../main/contract/flowEvent';
import { EngineHarness, freePort, TestServer } from '../helpers/engineHarness';
import { startTlsOrigin } from '../helpers/origins';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Answers everything with its port; its health with `status`, which the test may change. */
class CheckedOrigin {
  status = 200;
  checks = 0;
  readonly #waiting = new Set<() => void>();
  private constructor(readonly server: Server) {}

  static async start(port = 0): Promise<CheckedOrigin> {
    const server = createServer({ keepAliveTimeout: 1 });
    const origin = new CheckedOrigin(server);
    server.on('request', (request, response) => {
      if (request.url === '/healthz') {
        origin.checks++;
        response.statusCode = origin.status;
        for (const wake of origin.#waiting) wake();
      }
      response.end(String(origin.port));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    });
    return origin;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get key(): string {
    return `127.0.0.1:${this.port}`;
  }

  async untilChecked(more: number): Promise<void> {
    const wanted = this.checks + more;
    while (this.checks < wanted) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }
}

const check = { intervalMs: 2, timeoutMs: 5000, healthyAfter: 2, unhealthyAfter: 2 };

function document(ports: readonly number[], pool: Partial<PoolDocument> = {}): WorkspaceDocument {
  const endpoints = ports.map((port) => ({ address: '127.0.0.1', port }));
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
    pools: [{ id: 'p', endpoints, healthCheck: check, ...pool }],
  };
}

async function start(workspace: WorkspaceDocument): Promise<EngineHarness> {
  const harness = new EngineHarness({ random: () => 0 });
  closers.push(() => harness.close());
  await harness.run(workspace);
  return harness;
}

const ask = async (harness: EngineHarness) =>
  (await fetch(`http://127.0.0.1:${harness.port('web')}/`)).text();

function becomes(harness: EngineHarness, endpoint: string, to: EndpointHealthChanged['to']) {
  return harness.waitFor('endpoint.health', (event) => event.endpoint === endpoint && event.to === to);
}

describe('active health checks', () => {
  it('skip an endpoint that fails, say so, and use it again when it recovers', async () => {
    const [good, bad] = [await CheckedOrigin.start(), await CheckedOrigin.start()];
    bad.status = 503;
    const harness = await start(document([good.port, bad.port]));
    await becomes(harness, good.key, 'healthy');
    expect(await becomes(harness, bad.key, 'unhealthy')).toMatchObject({
      flowId: 0,
      pool: 'p',
      from: 'unknown',
      reason: 'GET /healthz answered 503, expected 200',
    });
    for (let turn = 0; turn < 4; turn++) expect(await ask(harness)).toBe(String(good.port));
    const picked = await harness.waitFor('endpoint.picked');
    expect(picked).toMatchObject({
      panic: false,
      reason: 'the only healthy endpoint; 1 of 2 skipped as not healthy',
    });
    expect(picked.candidates.map(({ health }) => health)).toEqual(['healthy', 'unhealthy']);
    expect(harness.engine.metrics.availability.get(`p/${bad.key}`)).toBe(false);
    bad.status = 200;
    await becomes(harness, bad.key, 'healthy');
    const answers = [await ask(harness), await ask(harness)];
    expect(answers.sort()).toEqual([String(good.port), String(bad.port)].sort());
    expect(harness.engine.endpointHealth()).toEqual([
      { pool: 'p', endpoint: good.key, health: 'healthy', reason: 'GET /healthz answered 200' },
      { pool: 'p', endpoint: bad.key, health: 'healthy', reason: 'GET /healthz answered 200' },
    ]);
  });

  it('use the pool anyway when every endpoint is unhealthy, and call it panic', async () => {
    const origin = await CheckedOrigin.start();
    origin.status = 500;
    const harness = await start(document([origin.port]));
    await becomes(harness, origin.key, 'unhealthy');
    expect(await ask(harness)).toBe(String(origin.port));
    expect(await harness.waitFor('endpoint.picked')).toMatchObject({
      panic: true,
      reason: 'panic, no endpoint is healthy: the only endpoint',
    });
  });

  it('take as many bad checks in a row as asked for', async () => {
    const origin = await CheckedOrigin.start();
    const harness = await start(document([origin.port], { healthCheck: { ...check, unhealthyAfter: 4 } }));
    await becomes(harness, origin.key, 'healthy');
    const before = origin.checks;
    origin.status = 500;
    await becomes(harness, origin.key, 'unhealthy');
    expect(origin.checks - before).toBeGreaterThanOrEqual(4);
  });

  it('of type tcp tell a refused connection from an accepted one', async () => {
    const open = await TestServer.start(() => undefined);
    closers.push(() => open.close());
    const closed = await freePort();
    const harness = await start(document([open.port, closed], { healthCheck: { ...check, type: 'tcp' } }));
    const key = `127.0.0.1:${closed}`;
    expect((await becomes(harness, key, 'unhealthy')).reason).toContain('nothing listens there');
    expect((await becomes(harness, `127.0.0.1:${open.port}`, 'healthy')).reason).toContain('accepted');
  });

  it('speak TLS to a pool that does, and fail a certificate that nobody trusts', async () => {
    const origin = await startTlsOrigin('sealed', 'origin.test');
    closers.push(() => origin.close());
    const key = `127.0.0.1:${origin.port}`;
    const trusting = await start(document([origin.port], { tls: { verify: false } }));
    expect((await becomes(trusting, key, 'healthy')).reason).toBe('GET /healthz answered 200');
    const strict = await start(document([origin.port], { tls: { serverName: 'origin.test' } }));
    expect((await becomes(strict, key, 'unhealthy')).reason).toContain('self-signed certificate');
  });

  it('fail an endpoint that accepts and stays silent, after the timeout', async () => {
    const silent = await TestServer.start((socket) => socket.resume());
    closers.push(() => silent.close());
    const harness = await start(document([silent.port], { healthCheck: { ...check, timeoutMs: 5 } }));
    expect((await becomes(harness, `127.0.0.1:${silent.port}`, 'unhealthy')).reason).toContain('within 5 ms');
  });

  it('keep what they know over a reload, and forget it when the pool is no longer checked', async () => {
    const [one, two] = [await CheckedOrigin.start(), await CheckedOrigin.start()];
    two.status = 500;
    const harness = await start(document([one.port, two.port]));
    await becomes(harness, two.key, 'unhealthy');
    await harness.run(document([one.port, two.port], { healthCheck: { ...check, intervalMs: 3 } }));
    expect(harness.engine.endpointHealth()[1]).toMatchObject({ endpoint: two.key, health: 'unhealthy' });
    await two.untilChecked(1);
    const { healthCheck: _none, ...unchecked } = document([one.port, two.port]).pools![0]!;
    await harness.run({ ...document([]), pools: [unchecked] });
    expect(harness.engine.endpointHealth()).toEqual([]);
    expect(harness.engine.metrics.availability.size).toBe(0);
    expect(await becomes(harness, two.key, 'unknown')).toMatchObject({ from: 'unhealthy' });
  });

  it('stop when the engine closes', async () => {
    const origin = await CheckedOrigin.start();
    const harness = await start(document([origin.port]));
    await origin.untilChecked(2);
    await harness.engine.close({ drainMs: 0 });
    const checks = origin.checks;
    // A request that the origin answers afterwards proves that time has passed for it.
    for (let turn = 0; turn < 20; turn++) await (await fetch(`http://${origin.key}/`)).text();
    expect(origin.checks).toBeLessThanOrEqual(checks + 1);
  });

  it('tell whoever shows the health of each change', async () => {
    const origin = await CheckedOrigin.start();
    const harness = await start(document([origin.port]));
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const stop = harness.engine.onHealthChange(() => {
        seen.push(harness.engine.endpointHealth()[0]!.health);
        origin.status = 500;
        if (seen.at(-1) !== 'unhealthy') return;
        stop();
        resolve();
      });
    });
    expect(seen).toEqual(['healthy', 'unhealthy']);
  });
});
