import { afterEach, describe, expect, it } from 'vitest';
import type { PoolDocument, WorkspaceDocument } from '../../main/contract/config';
import type { EndpointDocument } from '../../main/contract/configEdit';
import { EngineHarness } from '../helpers/engineHarness';
import { startHttpOrigin } from '../helpers/origins';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function document(endpoints: EndpointDocument[], pool: Partial<PoolDocument> = {}): WorkspaceDocument {
  return {
    schemaVersion: 1,
    listeners: [{ id: 'web', port: 0, protocol: 'http' }],
    routes: [{ id: 'all', kind: 'http', listeners: ['web'], backends: [{ pool: 'p' }] }],
    pools: [{ id: 'p', endpoints, stickiness: { cookie: 'sid', ttlSeconds: 60 }, ...pool }],
  };
}

async function startPool(pool: Partial<PoolDocument> = {}) {
  const origins = await Promise.all(['a', 'b', 'c'].map((name) => startHttpOrigin(name)));
  for (const origin of origins) closers.push(() => origin.close());
  const endpoints = origins.map(({ port }) => ({ address: '127.0.0.1', port }));
  const harness = new EngineHarness();
  closers.push(() => harness.close());
  await harness.run(document(endpoints, pool));
  return { harness, endpoints };
}

/** Who answered and which cookie was set, if any. */
async function ask(harness: EngineHarness, cookie?: string) {
  const headers: Record<string, string> = cookie === undefined ? {} : { cookie: `other=1; ${cookie}; x=2` };
  const reply = await fetch(`http://127.0.0.1:${harness.port('web')}/`, { headers });
  return { name: (await reply.text())[0]!, set: reply.headers.get('set-cookie') };
}

const pairOf = (set: string | null) => set!.split(';', 1)[0]!;

async function lastReason(harness: EngineHarness, flowId: number): Promise<string> {
  return (await harness.waitFor('endpoint.picked', (event) => event.flowId === flowId)).reason;
}

describe('stickiness', () => {
  it('sets an opaque, protected cookie once and then keeps the client on its endpoint', async () => {
    const { harness, endpoints } = await startPool();
    const first = await ask(harness);
    expect(first.set).toMatch(/^sid=[\w-]{16}; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/);
    for (const { port } of endpoints) expect(first.set).not.toContain(String(port));
    for (let turn = 0; turn < 5; turn++) {
      expect(await ask(harness, pairOf(first.set))).toEqual({ name: first.name, set: null });
    }
    expect(await lastReason(harness, 1)).toBe('no cookie "sid" yet, so round robin: turn 1 of 3');
    expect(await lastReason(harness, 2)).toBe('the cookie "sid" names it');
    expect((await ask(harness)).name).not.toBe(first.name);
  });

  it('gives a client whose endpoint is gone a new one and a new cookie', async () => {
    const { harness, endpoints } = await startPool();
    const first = await ask(harness);
    await harness.run(document(endpoints.slice(1)));
    const second = await ask(harness, pairOf(first.set));
    expect(second.name).not.toBe(first.name);
    expect(pairOf(second.set)).not.toBe(pairOf(first.set));
    expect(await lastReason(harness, 2)).toContain('the endpoint that the cookie "sid" names is gone, so ');
    expect(await ask(harness, pairOf(second.set))).toEqual({ name: second.name, set: null });
  });

  it('moves a client whose endpoint is unhealthy', async () => {
    const { harness, endpoints } = await startPool({
      healthCheck: { type: 'tcp', intervalMs: 2, unhealthyAfter: 1 },
    });
    const first = await ask(harness);
    const key = `127.0.0.1:${endpoints['abc'.indexOf(first.name)]!.port}`;
    await closers.splice('abc'.indexOf(first.name), 1)[0]!();
    await harness.waitFor('endpoint.health', ({ endpoint, to }) => endpoint === key && to === 'unhealthy');
    const second = await ask(harness, pairOf(first.set));
    expect(second.name).not.toBe(first.name);
    expect(second.set).not.toBeNull();
    expect(await lastReason(harness, 2)).toContain(
      'the endpoint that the cookie "sid" names cannot be used now',
    );
  });

  it('moves a client whose endpoint was taken down to weight 0', async () => {
    const { harness, endpoints } = await startPool();
    const first = await ask(harness);
    const index = 'abc'.indexOf(first.name);
    await harness.run(document(endpoints.map((item, at) => (at === index ? { ...item, weight: 0 } : item))));
    expect((await ask(harness, pairOf(first.set))).name).not.toBe(first.name);
  });

  it('knows its own cookies after a restart and takes no made-up one', async () => {
    const { harness, endpoints } = await startPool();
    const first = await ask(harness);
    const again = new EngineHarness();
    closers.push(() => again.close());
    await again.run(document([...endpoints].reverse()));
    expect(await ask(again, pairOf(first.set))).toEqual({ name: first.name, set: null });
    expect((await ask(again, 'sid=127.0.0.1')).set).not.toBeNull();
  });

  it('without a life sets a cookie of the session', async () => {
    const { harness } = await startPool({ stickiness: { ttlSeconds: 0 } });
    expect((await ask(harness)).set).toMatch(/^hop=[\w-]{16}; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});
