import { describe, expect, it } from 'vitest';
import type { WorkspaceDocument } from '../../../../main/contract/config';
import { EngineMetrics } from '../../../../main/engine/engineMetrics';
import { backendsOf, pickBackend } from '../../../../main/engine/upstream/pickBackend';
import { PoolRuntimes } from '../../../../main/engine/upstream/poolRuntimes';
import { compileDocument } from '../routing/routeFixtures';

type PoolDocument = NonNullable<WorkspaceDocument['pools']>[number];

function config(pools: readonly PoolDocument[]) {
  return compileDocument({ schemaVersion: 1, pools: [...pools] });
}

const pool = (
  ports: readonly number[],
  policy: 'roundRobin' | 'leastRequest' = 'roundRobin',
): PoolDocument => ({
  id: 'p',
  endpoints: ports.map((port) => ({ address: '::1', port })),
  loadBalancing: { policy },
});
const request = { clientAddress: '127.0.0.1' };

describe('PoolRuntimes', () => {
  it('picks in turn and says why', () => {
    const { pools } = config([pool([1, 2])]);
    const runtime = new PoolRuntimes(new EngineMetrics(), Math.random).runtime(pools.get('p')!);
    const picks = Array.from({ length: 3 }, () => runtime.pick(request)!);
    expect(picks.map((pick) => [pick.endpoint.compiled.key, pick.reason])).toEqual([
      ['[::1]:1', 'round robin: turn 1 of 2'],
      ['[::1]:2', 'round robin: turn 2 of 2'],
      ['[::1]:1', 'round robin: turn 1 of 2'],
    ]);
    expect(picks[0]!.candidates()).toEqual([
      { endpoint: '[::1]:1', weight: 1, health: 'unknown', activeRequests: 0 },
      { endpoint: '[::1]:2', weight: 1, health: 'unknown', activeRequests: 0 },
    ]);
  });

  it('has nobody for a flow that tried everybody', () => {
    const { pools } = config([pool([1])]);
    const runtime = new PoolRuntimes(new EngineMetrics(), Math.random).runtime(pools.get('p')!);
    expect(runtime.pick({ ...request, exclude: new Set(['[::1]:1']) })).toBeNull();
  });

  it('keeps the turn and the activity over a reload that does not change the pool', () => {
    const runtimes = new PoolRuntimes(new EngineMetrics(), Math.random);
    const first = config([pool([1, 2])]);
    runtimes.retain(first);
    const pick = runtimes.runtime(first.pools.get('p')!).pick(request)!;
    pick.endpoint.activeRequests = 7;
    const second = config([pool([1, 2])]);
    runtimes.retain(second);
    const next = runtimes.runtime(second.pools.get('p')!).pick(request)!;
    expect(next.endpoint.compiled.key).toBe('[::1]:2');
    expect(next.candidates()[0]).toMatchObject({ activeRequests: 7 });
  });

  it('shares endpoint state between the old and the new revision and forgets what nobody names', () => {
    const runtimes = new PoolRuntimes(new EngineMetrics(), Math.random);
    const first = config([pool([1, 2], 'leastRequest')]);
    runtimes.retain(first);
    const old = runtimes.runtime(first.pools.get('p')!);
    const [one, two] = [old.members[0]!.runtime, old.members[1]!.runtime];
    const forgotten: string[] = [];
    one.onForgotten = () => forgotten.push('one');
    two.onForgotten = () => forgotten.push('two');
    const second = config([pool([2, 3], 'leastRequest')]);
    runtimes.retain(second);
    expect(forgotten).toEqual(['one']);
    expect(runtimes.runtime(second.pools.get('p')!).members[0]!.runtime).toBe(two);
    expect([...runtimes.endpoints()].map(({ compiled }) => compiled.port).sort()).toEqual([2, 3]);
    // A flow that began before the reload still picks from what it knew.
    expect(old.pick(request)?.endpoint).toBe(one);
  });

  it('shows at most 64 candidates and the picked one among them', () => {
    const ports = Array.from({ length: 200 }, (_, index) => index + 1);
    const { pools } = config([pool(ports)]);
    const runtime = new PoolRuntimes(new EngineMetrics(), Math.random).runtime(pools.get('p')!);
    const picks = ports.map(() => runtime.pick(request)!);
    const candidates = picks[150]!.candidates();
    expect(candidates).toHaveLength(64);
    expect(candidates.at(-1)?.endpoint).toBe('[::1]:151');
  });
});

describe('pickBackend', () => {
  const backends = (...weights: number[]) => {
    const { pools } = config(weights.map((_, index) => ({ ...pool([1]), id: `p${index}` })));
    return backendsOf(
      'r',
      [...pools.values()].map((each, index) => ({ pool: each, weight: weights[index]! })),
    );
  };

  it.each([
    [[90, 10], 0.89, 'p0', 'weight 90 of 100'],
    [[90, 10], 0.9, 'p1', 'weight 10 of 100'],
    [[0, 10], 0, 'p1', 'the only backend'],
    [[1], 0.5, 'p0', 'the only backend'],
    [[0.1, 0.2, 0.3], 0.9999999999999999, 'p2', 'weight 0.3 of 0.6000000000000001'],
  ] as const)('of weights %j at %d takes %s', (weights, random, expected, reason) => {
    const pick = pickBackend(backends(...weights), () => random);
    expect([pick?.pool.id, pick?.reason]).toEqual([expected, reason]);
  });

  it('takes none when all weights are 0', () => {
    expect(pickBackend(backends(0, 0), () => 0)).toBeNull();
    expect(pickBackend(backends(), () => 0)).toBeNull();
  });
});
