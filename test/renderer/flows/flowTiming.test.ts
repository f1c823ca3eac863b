import { describe, expect, it } from 'vitest';
import { type Flow, foldFlow } from '../../../main/contract/flow';
import { flowTiming } from '../../../renderer/flows/flowTiming';
import { type EventSketch, flowEvents, httpExchange } from '../../helpers/flowEvents';

function timing(sketches: readonly EventSketch[]) {
  const events = flowEvents(sketches);
  const flow = events
    .filter((event) => event.flowId === 1)
    .reduce<Flow | undefined>((folded, event) => foldFlow(folded, event), undefined)!;
  return flowTiming(flow, events);
}

describe('flowTiming', () => {
  it('tells the phases of an exchange in the order in which they began, each from event to event', () => {
    const { phases } = timing(httpExchange([1000]));
    expect(phases.map(({ label }) => label)).toEqual([
      'Accept',
      'Request head',
      'Route',
      'Connect',
      'Send request',
      'Wait',
      'Response',
    ]);
    for (const phase of phases) expect(phase.to).toBeGreaterThanOrEqual(phase.from);
  });

  it('leaves out what was not seen and leaves open what goes on', () => {
    const { phases } = timing(httpExchange().slice(1, 4));
    expect(phases.map(({ label, to }) => [label, to])).toEqual([['Request head', 300]]);
  });
});
