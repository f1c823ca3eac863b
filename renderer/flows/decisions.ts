// The decisions of one flow, picked out of its events in order.
import type { FlowEvent, FlowEventOf } from '../../main/contract/flowEvent';

export type DecisionEvent = FlowEventOf<
  | 'route.matched'
  | 'route.missed'
  | 'forward.destination'
  | 'backend.picked'
  | 'endpoint.picked'
  | 'filter.applied'
  | 'cache.lookup'
  | 'cache.stored'
  | 'cache.notStored'
  | 'cache.invalidated'
  | 'upstream.waiting'
  | 'upstream.reused'
  | 'upstream.connected'
  | 'upstream.failed'
  | 'retry.scheduled'
  | 'timeout'
  | 'fault.injected'
  | 'request.mirrored'
  | 'flow.failed'
>;

const decisionKinds: ReadonlySet<FlowEvent['kind']> = new Set<DecisionEvent['kind']>([
  'route.matched',
  'route.missed',
  'forward.destination',
  'backend.picked',
  'endpoint.picked',
  'filter.applied',
  'cache.lookup',
  'cache.stored',
  'cache.notStored',
  'cache.invalidated',
  'upstream.waiting',
  'upstream.reused',
  'upstream.connected',
  'upstream.failed',
  'retry.scheduled',
  'timeout',
  'fault.injected',
  'request.mirrored',
  'flow.failed',
]);

export function decisionsOf(events: readonly FlowEvent[]): DecisionEvent[] {
  return events.filter((event): event is DecisionEvent => decisionKinds.has(event.kind));
}
