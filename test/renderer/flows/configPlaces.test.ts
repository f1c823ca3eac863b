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

  it.each([
    ['fault.injected', { fault: 'delay' }, 'filters.2.delay.ms'],
    ['fault.injected', { fault: 'abort' }, 'filters.2.abort.status'],
    ['fault.injected', { fault: 'bandwidth' }, 'filters.2.bandwidthBytesPerSecond'],
    ['request.mirrored', {}, 'filters.2'],
    ['cache.lookup', {}, 'filters.2'],
    ['cache.stored', {}, 'filters.2'],
    ['cache.notStored', {}, 'filters.2'],
    ['cache.invalidated', {}, 'filters.2'],
  ] as const)('leads from %s %o to the filter that did it', (kind, change, at) => {
    expect(of(kind, { ...change, index: 2 })).toEqual([
      ['route:pictures', at, `routes › pictures › ${at.replace('.2', '.3').replaceAll('.', ' › ')}`],
    ]);
    // A capture file may not say which.
    expect(of(kind, { ...change, index: undefined })[0]![1]).toBe('filters');
  });

  it.each([
    ['no_route', 'listener:web', null],
    ['body_too_large', 'listener:web', 'limits.maxBodyBytes'],
    ['destination_refused', 'listener:web', 'forward.allow'],
    ['upstream_connect_failed', 'pool:pictures', 'endpoints'],
    ['upstream_connect_timeout', 'pool:pictures', 'connections.connectTimeoutMs'],
    ['upstream_tls_failed', 'pool:pictures', 'tls'],
    ['upstream_timeout', 'route:pictures', 'timeouts.backendMs'],
  ] as const)('leads from the failure %s to what allowed it', (code, node, at) => {
    expect(of('flow.failed', { code }).map((place) => place.slice(0, 2))).toEqual([[node, at]]);
  });

  it('names no place for what only a peer did', () => {
    expect([of('flow.failed', { code: 'downstream_reset' }), of('stream.reset')]).toEqual([[], []]);
  });

  it('names each place once', () => {
    const labels = configPlacesOfAll(events, flow).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.length).toBeGreaterThan(8);
  });
});
