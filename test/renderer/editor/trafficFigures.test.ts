import { describe, expect, it } from 'vitest';
import type { TrafficCount } from '../../../main/contract/api';
import { trafficFigures } from '../../../renderer/editor/trafficFigures';

const count = (id: string, change: Partial<TrafficCount> = {}): TrafficCount => ({
  scope: 'endpoint',
  id,
  flows: 0,
  errors: 0,
  openConnections: 0,
  requestBytes: 0,
  responseBytes: 0,
  latency: null,
  ...change,
});
const shown = (...args: Parameters<typeof trafficFigures>) =>
  Object.fromEntries((trafficFigures(...args) ?? []).map(({ label, value }) => [label, value]));

describe('trafficFigures', () => {
  it('says what flows now and how long it takes', () => {
    const latency = { p50Ms: 1.5, p95Ms: 20, p99Ms: 1500 };
    const before = {
      at: 1000,
      counts: [count('p/a:1', { flows: 10, requestBytes: 1000, responseBytes: 0 })],
    };
    const now = {
      at: 3000,
      counts: [
        count('p/a:1', {
          flows: 34,
          errors: 17,
          openConnections: 3,
          requestBytes: 5096,
          responseBytes: 4096,
          latency,
        }),
      ],
    };
    expect(shown(before, now, 'endpoint', 'p/a:1')).toEqual({
      Rate: '12/s',
      'In all': '34 flows',
      Errors: '17 (50 %)',
      'Median (p50)': '1.5 ms',
      p95: '20 ms',
      p99: '1.5 s',
      'Open connections': '3',
      'Towards endpoints': '2 KB/s',
      'Towards clients': '2 KB/s',
    });
  });

  it('adds up the addresses of a name, and takes no other endpoint in', () => {
    const counts = [
      count('p/a:1@10.0.0.1', { flows: 2 }),
      count('p/a:1@10.0.0.2', { flows: 3 }),
      count('p/a:10', { flows: 9 }),
    ];
    expect(shown({ at: 0, counts: [] }, { at: 1000, counts }, 'endpoint', 'p/a:1')).toMatchObject({
      Rate: '5/s',
      Errors: 'none',
    });
    expect(trafficFigures({ at: 0, counts }, { at: 1000, counts }, 'endpoint', 'p/b:1')).toBeNull();
  });
});
