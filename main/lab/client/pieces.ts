// A message cut into the pieces in which it is written, byte for byte.

import { AppError } from '../../contract/appError';
import type { ClientBytes, PiecePlan } from '../../contract/clientRequest';
import { clientBounds } from '../../contract/clientRequest';

/** The pieces put together are `bytes`; none is empty. Throws `invalid_input` where there would be more than 1,000. */
export function splitBytes(bytes: Buffer, split: PiecePlan['split']): Buffer[] {
  if (bytes.length === 0) return [];
  switch (split.by) {
    case 'none':
      return [bytes];
    case 'count':
      return byCount(bytes, Math.min(split.count, bytes.length));
    case 'size':
      return bySize(bytes, split.bytes);
    case 'offsets':
      return byOffsets(bytes, split.offsets);
  }
}

/** "piece 2 of 5" needs the number before the first is written. */
export interface PieceSink {
  /** Resolves when the system has taken the bytes. Rejects when the connection is gone. */
  write(piece: Buffer): Promise<void>;
}

/**
 * Writes pieces one after the other, at least `pauseMs` apart. `isOver` is asked before each: true leaves the rest out.
 * Returns how many were written.
 */
export async function writePieces(
  pieces: readonly Buffer[],
  pauseMs: number,
  sink: PieceSink,
  signal: AbortSignal,
  isOver: () => boolean = () => false,
): Promise<number> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await atLeast(pauseMs, signal);
    if (isOver() || signal.aborted) return index;
    await sink.write(piece);
  }
  return pieces.length;
}

/** Resolves after `ms`, never before; at once when it is cancelled. */
export async function atLeast(ms: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + ms;
  for (;;) {
    const left = until - performance.now();
    if (signal.aborted) return;
    // Also without a pause others get a turn, so that a reader in this process can read before the next piece.
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, Math.ceil(left)));
      signal.addEventListener('abort', done, { once: true });
    });
    // A timer may be a fraction of a millisecond early.
    if (performance.now() >= until) return;
  }
}

export function bytesOf(bytes: ClientBytes): Buffer {
  switch (bytes.kind) {
    case 'text':
      return Buffer.from(bytes.text, 'utf8');
    case 'base64':
      return Buffer.from(bytes.data, 'base64');
    case 'fill':
      return filler(bytes.bytes);
  }
}

/** "      16 ……………\n": 64 bytes a line, each with its own offset, so that a piece can be told from another. */
function filler(length: number): Buffer {
  const lines: string[] = [];
  for (let offset = 0; offset < length; offset += 64) {
    lines.push(`${String(offset).padStart(9, ' ')} ${'.'.repeat(53)}\n`);
  }
  return Buffer.from(lines.join(''), 'latin1').subarray(0, length);
}

function byCount(bytes: Buffer, count: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const from = Math.round((bytes.length * index) / count);
    pieces.push(bytes.subarray(from, Math.round((bytes.length * (index + 1)) / count)));
  }
  return pieces;
}

function bySize(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  if (count > clientBounds.pieces) {
    throw new AppError(
      'invalid_input',
      `${bytes.length} bytes in pieces of ${size} would be ${count} pieces; at most ${clientBounds.pieces} are sent: take larger ones`,
    );
  }
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

function byOffsets(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const places = [...new Set(offsets)].filter((offset) => offset < bytes.length).sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}
