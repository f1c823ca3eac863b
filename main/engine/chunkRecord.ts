// The `chunk` event: one read from or one write to a socket, in three numbers, no reference.
import type { Chunk, Direction, Leg } from '../contract/flowEvent';
import type { FlowEmitter, RecordType } from './flowEmitter';

const dispositions: readonly Chunk['disposition'][] = ['forwarded', 'held', 'consumed', 'generated'];
const isResponseBit = 1;
const isUpstreamBit = 2;
const isWriteBit = 4;
const dispositionShift = 3;

const chunkRecord: RecordType<null> = {
  build: (base, bytes, packed, stream) => ({
    ...base,
    kind: 'chunk',
    direction: (packed & isResponseBit) === 0 ? 'request' : 'response',
    leg: (packed & isUpstreamBit) === 0 ? 'downstream' : 'upstream',
    operation: (packed & isWriteBit) === 0 ? 'read' : 'write',
    disposition: dispositions[packed >> dispositionShift]!,
    bytes,
    ...(stream === 0 ? {} : { stream }),
  }),
};

/** Call only behind `emitter.isWatched`. */
export function recordChunk(
  emitter: FlowEmitter,
  flowId: number,
  connectionId: number,
  direction: Direction,
  leg: Leg,
  operation: Chunk['operation'],
  disposition: Chunk['disposition'],
  bytes: number,
  streamId = 0,
): void {
  const packed =
    (direction === 'response' ? isResponseBit : 0) |
    (leg === 'upstream' ? isUpstreamBit : 0) |
    (operation === 'write' ? isWriteBit : 0) |
    (dispositions.indexOf(disposition) << dispositionShift);
  emitter.record(chunkRecord, flowId, connectionId, bytes, packed, streamId, null);
}
