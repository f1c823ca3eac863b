import { describe, expect, it } from 'vitest';
import { foldFlow } from '../../../main/contract/flow';
import type { FlowEvent } from '../../../main/contract/flowEvent';
import { configPlacesOf, configPlacesOfAll } from '../../../renderer/flows/configPlaces';
import { everyEvent } from '../../helpers/everyEvent';

const events = everyEvent();
const flow = events.filter(({ kind }) => kind !== 'gap').reduce(foldFlow, undefined as never);
const of = (kind: FlowEvent['kind'], change: object = {}) => {
  const event = { ...events.find((each) => each.kind === kind)!, ...change } as FlowEvent;
  return configPlacesOf(event, flow).map(({ node, at, label }) => [node, at, label]);
};

describe('the way from an event to the configuration', () => {
  it('leads to the field that decided it', () => {
    expect(of('route.matched')).toEqual([
      ['route:pictures', 'matches.0.path', 'routes › pictures › matches › 1 › path'],
    ]);
    expect(of('filter.applied')).toEqual([
      ['route:pictures', 'filters.0', 'routes › pictures › filters › 1'],
    ]);
    expect(of('timeout')).toEqual([
      ['route:pictures', 'timeouts.backendMs', 'routes › pictures › timeouts › backendMs'],
    ]);
    expect(of('timeout', { timeout: 'clientHello' })).toEqual([
      ['listener:web', 'limits.headerTimeoutMs', 'listeners › web › limits › headerTimeoutMs'],
    ]);
    expect(of('upstream.reused')).toEqual([
      ['pool:pictures', 'connections.reuse', 'pools › pictures › connections › reuse'],
    ]);
    expect(of('retry.scheduled')).toEqual([
      ['route:pictures', 'retry.attempts', 'routes › pictures › retry › attempts'],
    ]);
  });

  it('names each place once', () => {
    const labels = configPlacesOfAll(events, flow).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.length).toBeGreaterThan(8);
  });
});
