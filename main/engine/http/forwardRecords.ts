import type { ForwardDestinationDecided } from '../../contract/flowEvent';
import type { FlowEmitter, RecordType } from '../flowEmitter';

export type DestinationFields = Pick<
  ForwardDestinationDecided,
  'hostname' | 'port' | 'addresses' | 'allowedBy' | 'failure'
>;

/** Call only behind `emitter.isWatched`. */
export function recordDestination(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: DestinationFields,
): void {
  emitter.record(destination, flowId, connectionId, 0, 0, 0, fields, 300 + 50 * fields.addresses.length);
}

const destination: RecordType<DestinationFields> = {
  build: (base, _a, _b, _c, fields) => ({ ...base, kind: 'forward.destination', ...fields }),
};
