// From the two ways of "send through both" to their flows in the list.
import type { ApiResults } from '../../../main/contract/api';
import type { SentWay } from '../../../main/contract/bothApi';
import type { Flow } from '../../../main/contract/flow';
import type { FlowStore } from '../../stores/flowState';

/**
 * The flow to be compared, once all of its connection are there; null = not yet. `flows` newest first. `isOver` = only when it
 * is over, too.
 */
export function flowOfWay(flows: readonly Flow[], way: SentWay, isOver: boolean): Flow | null {
  const own = flows.filter(
    ({ listener, client }) => listener === way.listener && client?.port === way.clientPort,
  );
  const newest = own[0];
  // A relayed connection is one flow, whatever it carries.
  if (newest === undefined || (newest.kind === 'http' && own.length < way.requests)) return null;
  return isOver && newest.durationMicroseconds === null ? null : newest;
}

/** So long for their ends: a relayed connection may stay open as long as its endpoint likes. */
const endMs = 1500;
const waitMs = 5000;

/** Puts both into the comparison as soon as their events are here. False = they did not come, e.g. left out of a sample. */
export function compareWays(flowStore: FlowStore, { a, b }: ApiResults['sendThroughBoth']): Promise<boolean> {
  return new Promise((resolve) => {
    let isOver = true;
    const look = () => {
      const { flows, endComparison, toggleCompared } = flowStore.getState();
      const [first, second] = [flowOfWay(flows, a, isOver), flowOfWay(flows, b, isOver)];
      if (first === null || second === null) return;
      end(true);
      endComparison();
      toggleCompared(first.id);
      toggleCompared(second.id);
    };
    const end = (isFound: boolean) => {
      clearTimeout(patience);
      clearTimeout(timer);
      stop();
      resolve(isFound);
    };
    const patience = setTimeout(() => {
      isOver = false;
      look();
    }, endMs);
    const timer = setTimeout(() => end(false), waitMs);
    const stop = flowStore.subscribe(look);
    look();
  });
}
