import { describe, expect, it } from 'vitest';
import { EngineMetrics } from '../../../main/engine/engineMetrics';
import { TrafficWindow } from '../../../main/services/trafficWindow';

describe('TrafficWindow', () => {
  it('shows the latencies of late, and what is counted since the start', () => {
    const metrics = new EngineMetrics();
    const window = new TrafficWindow(metrics);
    const web = metrics.counters('listener', 'web');
    const at = (now: number) => window.read(now).counts.find(({ id }) => id === 'web')!;
    expect(window.read(0).counts).toEqual([]);
    web.connections = 3;
    web.openConnections = 2;
    for (let round = 0; round < 99; round++) web.countFlow(200, false, 2);
    web.countFlow(502, true, 900);
    web.responseBytes = 500;
    const first = at(1000);
    expect(first).toMatchObject({ flows: 100, errors: 1, openConnections: 2, responseBytes: 500 });
    expect(first.latency!.p50Ms).toBeCloseTo(2, 0);
    expect(first.latency!.p99Ms).toBeCloseTo(2, 0);
    at(31_000);
    expect(at(61_000).latency).toBeNull();
    web.countFlow(200, false, 50);
    expect(at(62_000).latency!.p50Ms).toBeGreaterThan(45);
    // Nobody asked for long: what came meanwhile is not of late.
    expect(at(500_000)).toMatchObject({ flows: 101, latency: null });
  });
});
