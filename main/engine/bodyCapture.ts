// `body.captured`: the bytes themselves, only while capture.bodies is on and somebody watches. At most
// `emitter.capturedBodyBytes` of each direction of a flow are copied; the ring bounds what is kept of all flows together.
import type { Direction, Leg } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';

/** Whose bytes they are. */
export interface CapturedFrom {
  readonly emitter: FlowEmitter;
  readonly flowId: number;
  readonly connectionId: number;
  readonly direction: Direction;
  readonly leg: Leg;
}

const isResponseBit = 1;
const isUpstreamBit = 2;

/** Bytes start…end of `buffer` are those from `offset` on in the body. */
export function captureBytes(
  { emitter, flowId, connectionId, direction, leg }: CapturedFrom,
  offset: number,
  buffer: Uint8Array,
  start: number,
  end: number,
): void {
  const room = emitter.capturedBodyBytes - offset;
  if (!emitter.isWatched || room <= 0 || end <= start) return;
  // A copy: the buffer will be read into again.
  const kept = Buffer.from(buffer.subarray(start, Math.min(end, start + room)));
  const packed = (direction === 'response' ? isResponseBit : 0) | (leg === 'upstream' ? isUpstreamBit : 0);
  emitter.record(bodyCaptured, flowId, connectionId, packed, offset, end - start, kept, kept.length);
}

const bodyCaptured: RecordType<Buffer> = {
  build: (base, packed, offset, bytes, kept) => ({
    ...base,
    kind: 'body.captured',
    direction: (packed & isResponseBit) === 0 ? 'request' : 'response',
    leg: (packed & isUpstreamBit) === 0 ? 'downstream' : 'upstream',
    offset,
    bytes,
    data: kept.toString('base64'),
  }),
};
