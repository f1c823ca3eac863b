import { type CapturedFrom, captureBytes } from '../bodyCapture';
import { ChunkPiece } from './chunkedScanner';
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
