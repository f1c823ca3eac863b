// From the two ways of "send through both" to their flows in the list.
import type { ApiResults } from '../../../main/contract/api';
import type { SentWay } from '../../../main/contract/bothApi';
import type { Flow } from '../../../main/contract/flow';
import type { FlowStore } from '../../stores/flowState';

/** The flow to be compared, once all of its connection are there and it is over; null = not yet. `flows` newest first. */
export function flowOfWay(flows: readonly Flow[], way: SentWay): Flow | null {
  const own = flows.filter(
    ({ listener, client }) => listener === way.listener && client?.port === way.clientPort,
  );
  const newest = own[0];
  // A relayed connection is one flow, whatever it carries.
  if (newest === undefined || (newest.kind === 'http' && own.length < way.requests)) return null;
  return newest.durationMicroseconds === null ? null : newest;
}

const waitMs = 5000;

/** Puts both into the comparison as soon as their events are here. False = they did not come, e.g. left out of a sample. */
export function compareWays(flowStore: FlowStore, { a, b }: ApiResults['sendThroughBoth']): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      const { flows, endComparison, toggleCompared } = flowStore.getState();
      const [first, second] = [flowOfWay(flows, a), flowOfWay(flows, b)];
      if (first === null || second === null) return;
      end(true);
      endComparison();
      toggleCompared(first.id);
      toggleCompared(second.id);
    };
    const end = (isFound: boolean) => {
      clearTimeout(timer);
      stop();
      resolve(isFound);
    };
    const timer = setTimeout(() => end(false), waitMs);
    const stop = flowStore.subscribe(look);
    look();
  });
}
