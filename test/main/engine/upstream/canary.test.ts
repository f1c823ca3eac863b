import { describe, expect, it } from 'vitest';
import { pickBackend } from '../../../../main/engine/upstream/pickBackend';
import { compileDocument } from '../routing/routeFixtures';

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const config = compileDocument({
  schemaVersion: 1,
  listeners: [{ id: 'web', port: 80, protocol: 'http' }],
  routes: [
    {
      id: 'shop',
      kind: 'http',
      listeners: ['web'],
      backends: [
        { pool: 'stable', weight: 90 },
        { pool: 'canary', weight: 10 },
      ],
    },
  ],
  pools: ['stable', 'canary'].map((id) => ({ id, endpoints: [{ address: '127.0.0.1', port: 1 }] })),
});
const { backends } = config.listeners.get('web')!.httpRoutes.routes[0]!;

function picks(seed: number): string[] {
  const random = seeded(seed);
  return Array.from({ length: 10_000 }, () => pickBackend(backends, random)!.pool.id);
}

describe('a canary of 10 in 100', () => {
  it.each([1, 2, 3, 4, 5])('gets its share of 10,000 picks to within 1 % (seed %d)', (seed) => {
    const canary = picks(seed).filter((id) => id === 'canary').length;
    expect(Math.abs(canary / 10_000 - 0.1)).toBeLessThanOrEqual(0.01);
  });

  it('gets the same requests under the same seed, and others under another', () => {
    expect(picks(7)).toEqual(picks(7));
    expect(picks(7)).not.toEqual(picks(8));
  });
});
