import { type CapturedFrom, captureBytes } from '../bodyCapture';
import { ChunkPiece } from './chunkedScanner';
import type { Exchange } from './exchange';
import { BodyKind, type MessageBody } from './messageBody';

/** What `body` just read from start…end, without the framing of a chunked body. */
export function captureBody(
  from: CapturedFrom,
  body: MessageBody,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (body.kind !== BodyKind.chunked) {
    captureBytes(from, body.bytes - (end - start), buffer, start, end);
    return;
  }
  const { pieces, pieceCount, dataBytes } = body.scanner;
  let offset = body.bytes - dataBytes;
  for (let slot = 0; slot < pieceCount * 3; slot += 3) {
    if (pieces[slot] !== ChunkPiece.data) continue;
    const [first, to] = [pieces[slot + 1]!, pieces[slot + 2]!];
    captureBytes(from, offset, buffer, first, to);
    offset += to - first;
  }
}

/** A body that Hopscope sends of its own, or from its cache, as a whole. */
export function captureSentBody({ emitter, flowId, host }: Exchange, body: Buffer): void {
  if (emitter.capturedBodyBytes === 0) return;
  const { connectionId } = host;
  captureBytes(
    { emitter, flowId, connectionId, direction: 'response', leg: 'downstream' },
    0,
    body,
    0,
    body.length,
  );
}
