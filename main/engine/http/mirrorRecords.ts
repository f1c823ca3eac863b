import type { RequestMirrored } from '../../contract/flowEvent';
import type { FlowEmitter, RecordType } from '../flowEmitter';

type MirrorFields = Pick<RequestMirrored, 'mirrorPool' | 'mirrorEndpoint' | 'outcome' | 'reason' | 'index'>;

/** Calls while nobody watches record nothing. */
export function recordRequestMirrored(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  fields: MirrorFields,
): void {
  if (emitter.isWatched) emitter.record(requestMirrored, flowId, connectionId, 0, 0, 0, fields, 200);
}

const requestMirrored: RecordType<MirrorFields> = {
  build: (base, _a, _b, _c, fields) => ({ ...base, kind: 'request.mirrored', ...fields }),
};
