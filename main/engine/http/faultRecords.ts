import type { FaultInjected } from '../../contract/flowEvent';
import type { FlowEmitter, RecordType } from '../flowEmitter';

/** Callers check `emitter.isWatched` first. */
export function recordFaultInjected(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  index: number,
  fault: FaultInjected['fault'],
  detail: string,
): void {
  emitter.record(faultInjected, flowId, connectionId, index, 0, 0, { fault, detail }, detail.length);
}

const faultInjected: RecordType<Pick<FaultInjected, 'fault' | 'detail'>> = {
  build: (base, index, _b, _c, { fault, detail }) => ({
    ...base,
    kind: 'fault.injected',
    fault,
    detail,
    index,
  }),
};
