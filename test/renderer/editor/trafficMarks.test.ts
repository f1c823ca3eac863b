import { describe, expect, it } from 'vitest';
import type { TrafficCount } from '../../../main/contract/api';
import type { WorkspaceDocument } from '../../../main/contract/config';
import { durationWords, measuredShares, trafficMarks } from '../../../renderer/editor/trafficMarks';

const document: WorkspaceDocument = {
  schemaVersion: 1,
  routes: [
    { id: 'shop', kind: 'http', listeners: ['web'], backends: [{ pool: 'new' }, { pool: 'shared' }] },
    { id: 'blog', kind: 'http', listeners: ['web'], backends: [{ pool: 'shared' }] },
  ],
  pools: [
    { id: 'new', endpoints: [{ address: '::1', port: 3000 }] },
    { id: 'shared', endpoints: [{ address: '127.0.0.1', port: 4000 }] },
  ],
};
const count = (scope: TrafficCount['scope'], id: string, flows: number, errors = 0): TrafficCount => ({
  scope,
  id,
  flows,
  errors,
  openConnections: 0,
  requestBytes: 0,
  responseBytes: 0,
  latency: null,
});

describe('trafficMarks', () => {
  it('gives rates and error shares by node and line, and guesses none', () => {
    const before = { at: 1000, counts: [count('route', 'shop', 100, 50)] };
    const now = {
      at: 3000,
      counts: [
        count('route', 'shop', 4100, 90),
        count('route', 'blog', 3, 3),
        count('pool', 'new', 24, 6),
        count('pool', 'shared', 4003),
        count('endpoint', 'new/[::1]:3000', 24, 6),
      ],
    };
    const words = [...trafficMarks(document, before, now)].map(([id, { rate, errors }]) => [
      id,
      { rate, errors },
    ]);
    expect(Object.fromEntries(words)).toEqual({
      'route:shop': { rate: '2,000/s', errors: '1 % errors' },
      'route:blog': { rate: '1.5/s', errors: '100 % errors' },
      'listener:web>route:shop': { rate: '2,000/s', errors: '1 % errors' },
      'listener:web>route:blog': { rate: '1.5/s', errors: '100 % errors' },
      'route:shop>pool:new': { rate: '12/s', errors: '25 % errors' },
      'route:blog>pool:shared': { rate: '1.5/s', errors: '100 % errors' },
      'pool:new': { rate: '12/s', errors: '25 % errors' },
      'pool:shared': { rate: '2,002/s', errors: null },
      'pool:new>endpoint:new:0': { rate: '12/s', errors: '25 % errors' },
      'endpoint:new:0': { rate: '12/s', errors: '25 % errors' },
    });
  });

  it('gives a route of several listeners to the line from the only one that is busy', () => {
    const shared: WorkspaceDocument = {
      schemaVersion: 1,
      listeners: [
        { id: 'web', port: 1, protocol: 'http' },
        { id: 'api', port: 2, protocol: 'http' },
      ],
      routes: [{ id: 'shop', kind: 'http', listeners: ['web', 'api'] }],
    };
    const before = { at: 1000, counts: [] };
    const lines = (...counts: TrafficCount[]) =>
      [...trafficMarks(shared, before, { at: 2000, counts }).keys()].filter((id) => id.includes('>route'));
    expect(lines(count('listener', 'api', 3), count('route', 'shop', 3))).toEqual([
      'listener:api>route:shop',
    ]);
    expect(
      lines(count('listener', 'api', 3), count('listener', 'web', 1), count('route', 'shop', 4)),
    ).toEqual([]);
  });
  it('shows nothing for what stands still, and after a restart of the engine', () => {
    const still = { at: 1000, counts: [count('pool', 'new', 5)] };
    expect(trafficMarks(document, still, { ...still, at: 2000 }).size).toBe(0);
    expect(trafficMarks(document, still, { at: 2000, counts: [count('pool', 'new', 1)] }).size).toBe(0);
    expect(trafficMarks(document, still, still).size).toBe(0);
  });
});

describe('measuredShares', () => {
  const canary: WorkspaceDocument = {
    schemaVersion: 1,
    routes: [{ id: 'shop', kind: 'http', listeners: [], backends: [{ pool: 'v1' }, { pool: 'v2' }] }],
  };
  const before = { at: 0, counts: [count('pool', 'v1', 10)] };
  it('is what each backend really got, also nothing', () => {
    const now = {
      at: 1000,
      counts: [count('route', 'shop', 9), count('pool', 'v1', 19), count('pool', 'v2', 0)],
    };
    expect(measuredShares(canary, before, now).get('shop')).toEqual(
      new Map([
        ['v1', 100],
        ['v2', 0],
      ]),
    );
  });
  it('is not told where another busy route uses the same pool', () => {
    const now = { at: 1000, counts: ['shop', 'blog'].map((id) => count('route', id, 9)) };
    expect(measuredShares(document, before, now).size).toBe(0);
  });
});

describe('durationWords', () => {
  it.each([
    [0.42, '0.4 ms'],
    [12.4, '12 ms'],
    [1440, '1.4 s'],
  ])('%s ms', (milliseconds, words) => {
    expect(durationWords(milliseconds)).toBe(words);
  });
});
