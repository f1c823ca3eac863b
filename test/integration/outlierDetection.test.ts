import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import { EngineHarness, freePort, TestClient, TestServer } from '../helpers/engineHarness';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startOrigin(status: () => number): Promise<number> {
  const server: Server = createServer((_request, response) => {
    response.statusCode = status();
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

const outlierDetection = { consecutiveFailures: 3, ejectMs: 60_000, maxEjectedPercent: 50 };

function document(ports: readonly number[], pool: Partial<PoolDocument> = {}): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [
      { id: 'web', port: 0, protocol: 'http' },
      { id: 'raw', port: 0, protocol: 'tcp' },
    ],
    routes: [
      { id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] },
      { id: 'bytes', kind: 'tcp', listeners: ['raw'], backends: [{ pool: 'p' }] },
    ],
    pools: [
      {
        id: 'p',
        endpoints: ports.map((port) => ({ address: '127.0.0.1', port })),
        outlierDetection,
        ...pool,
      },
    ],
  };
}

async function start(workspace: WorkspaceDocument): Promise<EngineHarness> {
  const harness = new EngineHarness();
  closers.push(() => harness.close());
  await harness.run(workspace);
  return harness;
}

async function statuses(harness: EngineHarness, count: number): Promise<number[]> {
  const found: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const reply = await fetch(`http://127.0.0.1:${harness.port('web')}/`);
    await reply.text();
    found.push(reply.status);
  }
  return found;
}

describe('outlier detection', () => {
  it('ejects an endpoint after its failures in a row and leaves it out', async () => {
    const good = await startOrigin(() => 200);
    const bad = await startOrigin(() => 500);
    const harness = await start(document([good, bad]));
    expect(await statuses(harness, 10)).toEqual([200, 500, 200, 500, 200, 500, 200, 200, 200, 200]);
    expect(await harness.waitFor('endpoint.health')).toMatchObject({
      endpoint: `127.0.0.1:${bad}`,
      from: 'unknown',
      to: 'ejected',
      reason: '3 failures in a row; it is left out for 60000 ms',
    });
    expect(harness.engine.metrics.availability.get(`p/127.0.0.1:${bad}`)).toBe(false);
  });

  it('keeps an endpoint ejected over a reload and takes it back when nobody watches any more', async () => {
    const good = await startOrigin(() => 200);
    const bad = await startOrigin(() => 503);
    const harness = await start(document([good, bad]));
    await statuses(harness, 6);
    await harness.run(document([good, bad], { name: 'renamed' }));
    expect(await statuses(harness, 3)).toEqual([200, 200, 200]);
    const { outlierDetection: _none, ...unwatched } = document([good, bad]).pools![0]!;
    await harness.run({ ...document([]), pools: [unwatched] });
    expect((await statuses(harness, 2)).sort()).toEqual([200, 503]);
    expect(await harness.waitFor('endpoint.health', ({ from }) => from === 'ejected')).toMatchObject({
      to: 'unknown',
      reason: 'its failures are not watched any more',
    });
  });

  it('takes an endpoint back after its time', async () => {
    const good = await startOrigin(() => 200);
    let status = 500;
    const bad = await startOrigin(() => status);
    const harness = await start(
      document([good, bad], { outlierDetection: { ...outlierDetection, ejectMs: 20 } }),
    );
    await statuses(harness, 6);
    status = 201;
    await harness.waitFor('endpoint.health', ({ from }) => from === 'ejected');
    expect((await statuses(harness, 2)).sort()).toEqual([200, 201]);
  });

  it('counts only failures in a row', async () => {
    const answers = [500, 500, 200, 500, 500, 200, 500];
    const flaky = await startOrigin(() => answers.shift() ?? 200);
    const other = await startOrigin(() => 204);
    const harness = await start(document([flaky, other]));
    const found = await statuses(harness, 14);
    expect(found.filter((status) => status === 204)).toHaveLength(7);
    expect(harness.engine.endpointHealth().map(({ health }) => health)).toEqual(['unknown', 'unknown']);
  });

  it('never ejects more of a pool than it may', async () => {
    const ports = [await startOrigin(() => 500), await startOrigin(() => 500), await startOrigin(() => 500)];
    const harness = await start(document(ports));
    await statuses(harness, 20);
    const ejected = harness.engine.endpointHealth().filter(({ health }) => health === 'ejected');
    expect(ejected).toHaveLength(1);
  });

  it('counts refused connections, of HTTP and of TCP routes', async () => {
    const good = await TestServer.start((socket) => socket.end('hello'));
    closers.push(() => good.close());
    const closed = await freePort();
    const harness = await start(document([closed, good.port]));
    // A TCP flow that was refused goes on to the next endpoint.
    for (let turn = 0; turn < 6; turn++) {
      const client = await TestClient.connect(harness.port('raw'));
      await client.until(() => client.hasEnded);
      client.socket.destroy();
    }
    expect(await harness.waitFor('endpoint.health')).toMatchObject({
      endpoint: `127.0.0.1:${closed}`,
      to: 'ejected',
    });
    const web = await start(document([closed, await startOrigin(() => 200)]));
    expect(await statuses(web, 8)).toEqual([502, 200, 502, 200, 502, 200, 200, 200]);
  });
});
