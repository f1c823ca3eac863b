import type { FaultInjected } from '../../contract/flowEvent';
import type { FlowEmitter, RecordType } from '../flowEmitter';

/** Callers check `emitter.isWatched` first. */
export function recordFaultInjected(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fault: FaultInjected['fault'],
  detail: string,
): void {
  emitter.record(faultInjected, flowId, connectionId, 0, 0, 0, { fault, detail }, detail.length);
}

const faultInjected: RecordType<Pick<FaultInjected, 'fault' | 'detail'>> = {
  build: (base, _a, _b, _c, { fault, detail }) => ({ ...base, kind: 'fault.injected', fault, detail }),
};
