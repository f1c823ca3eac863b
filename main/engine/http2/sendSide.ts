// The sending half of a session: frames, the connection's window, and whose turn it is when bytes wait.
import type { FieldBlock } from './fieldBlock';
import { type FloodGuard, Nuisance } from './floodGuard';
import { defaultWindow, maxFrameBytes } from './frame';
import { FrameWriter } from './frameWriter';
import { HpackEncoder } from './hpackEncoder';
import type { SessionStream } from './sessionStream';
import { StreamEvent } from './streamState';

export interface Outlet {
  /** Bytes that the socket has not sent yet. */
  unsentBytes(): number;
  /** Frames wait in `frames`. */
  onOutput(): void;
}

/** DATA is not put behind more unsent bytes than this: what waits, waits in its stream, where turns are fair. */
const socketHighWaterBytes = 131_072;
/** More than this waiting in all streams together: none of them takes more. */
const maxQueuedBytes = 1_048_576;

export class SendSide {
  readonly frames = new FrameWriter();
  readonly encoder = new HpackEncoder();
  window = defaultWindow;
  /** Bytes that wait in all streams together. */
  queuedBytes = 0;
  /** Streams in which bytes wait; the first is the next. */
  #round: SessionStream[] = [];

  constructor(
    private readonly outlet: Outlet,
    private readonly guard: FloodGuard,
  ) {}

  get isQueueFull(): boolean {
    return this.queuedBytes >= maxQueuedBytes;
  }

  /** A header block: a head, or trailers. Returns its bytes. */
  writeFields(stream: SessionStream, fields: FieldBlock, isEnd: boolean): number {
    const bytes = this.frames.headers(stream.id, this.encoder, fields, isEnd);
    stream.isActive = true;
    this.outlet.onOutput();
    if (isEnd) stream.noteEnd(StreamEvent.sendEnd);
    return bytes;
  }

  /** Sends DATA as far as windows and socket allow; returns up to where. An end alone always goes. */
  writeData(stream: SessionStream, buffer: Buffer, start: number, end: number, isEnd: boolean): number {
    if (start === end) {
      if (!isEnd) return end;
      this.frames.data(stream.id, buffer, start, end, true);
      this.outlet.onOutput();
      stream.noteEnd(StreamEvent.sendEnd);
      return end;
    }
    let position = start;
    while (position < end) {
      const sent = this.writeSome(stream, buffer, position, end, isEnd);
      if (sent === 0) break;
      position += sent;
    }
    return position;
  }

  /** At most one frame of DATA; returns the bytes that went, 0 = there is no room. `isEnd` = the stream ends at `end`. */
  writeSome(stream: SessionStream, buffer: Buffer, start: number, end: number, isEnd: boolean): number {
    const length = Math.min(end - start, maxFrameBytes, this.window, stream.sendWindow);
    if (length <= 0 || !this.#hasRoom()) return 0;
    const isLast = isEnd && start + length === end;
    this.frames.data(stream.id, buffer, start, start + length, isLast);
    this.window -= length;
    stream.sendWindow -= length;
    stream.isActive = true;
    this.guard.credit(Nuisance.windowUpdate, 4);
    this.outlet.onOutput();
    if (isLast) stream.noteEnd(StreamEvent.sendEnd);
    return length;
  }

  joinRound(stream: SessionStream): void {
    if (stream.isInRound) return;
    stream.isInRound = true;
    this.#round.push(stream);
  }

  /** There may be room again: lets the streams send in turns, a frame each. */
  pump(): void {
    let isMoving = this.#round.length > 0;
    while (isMoving && this.window > 0 && this.#hasRoom()) {
      isMoving = false;
      const round = this.#round;
      this.#round = [];
      for (let index = 0; index < round.length; index++) {
        const stream = round[index]!;
        if (!this.#hasRoom()) {
          // Who did not get a turn is first the next time.
          this.#round = [...round.slice(index), ...this.#round];
          return;
        }
        if (stream.sendSome()) isMoving = true;
        if (stream.hasSentAll) stream.isInRound = false;
        else this.#round.push(stream);
      }
    }
  }

  #hasRoom(): boolean {
    return this.outlet.unsentBytes() + this.frames.length < socketHighWaterBytes;
  }
}
