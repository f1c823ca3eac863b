// One stream as the protocol sees it: its state, its two windows, and the bytes that wait for room.
import { FieldBlock, mostFieldBytes } from './fieldBlock';
import { addFieldLines, bytesOfText } from './fieldLines';
import { defaultWindow } from './frame';
import type { Http2Session } from './http2Session';
import { maySend, StreamEvent, StreamState, stateAfter } from './streamState';

/** What a stream tells whoever uses it. Buffers and fields are valid during the call only. */
export interface StreamOwner {
  /** Client role: a head of the response; several while the status is 1xx. */
  onHead(fields: FieldBlock, blockBytes: number, isEnd: boolean): void;
  onData(buffer: Buffer, start: number, end: number, isEnd: boolean): void;
  /** The end, with fields. */
  onTrailers(fields: FieldBlock, blockBytes: number): void;
  /** Ended in the middle, by the peer or (`isOurs`) because of what the peer sent; with the code of the error. */
  onReset(code: number, isOurs: boolean, message: string): void;
  /** What waited to be sent has become little. */
  onSendDrain(): void;
  /** We have said all, and the peer has not. */
  onSentEnd(): void;
}

/** As many waiting bytes or more: do not give more, `onSendDrain` will be called. */
export const streamHighWaterBytes = 65_536;
const lowWaterBytes = 16_384;

export class SessionStream {
  owner: StreamOwner | null = null;
  state: number = StreamState.open;
  sendWindow: number;
  /** What the peer may still send. */
  receiveWindow: number;
  /** Bytes that the head announced; −1 = nothing. What comes must be exactly as much (RFC 9113 8.1.1). */
  expectedBytes = -1;
  receivedBytes = 0;
  /** In the session's round of streams that wait to send. */
  isInRound = false;
  /** Client role: the final head has come, so fields that follow are trailers. */
  hasFinalHead = false;
  /** Bytes that wait to be sent. */
  queuedBytes = 0;
  /** Bytes were sent or taken since the last tick. */
  isActive = true;
  /** Received and taken, not yet given back to the peer as window. */
  #owedWindow = 0;
  #queue: Buffer[] = [];
  #endsAfterQueue = false;
  #trailers: string | null = null;
  #isFull = false;

  constructor(
    private readonly session: Http2Session,
    readonly id: number,
    sendWindow: number,
    readonly receiveWindowSize = defaultWindow,
  ) {
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindowSize;
  }

  get isClosed(): boolean {
    return this.state === StreamState.closed;
  }

  /** The peer has said all. */
  get hasReceivedEnd(): boolean {
    return this.state === StreamState.halfClosedRemote || this.state === StreamState.closed;
  }

  /** Nothing waits to be sent. */
  get hasSentAll(): boolean {
    return this.queuedBytes === 0 && !this.#endsAfterQueue;
  }

  /** More than enough waits; asking promises an `onSendDrain`. */
  get isCongested(): boolean {
    if (this.queuedBytes < streamHighWaterBytes && !this.session.sender.isQueueFull) return false;
    if (this.queuedBytes === 0) return false;
    this.#isFull = true;
    return true;
  }

  // ---- sending

  /** Sends a head. Returns the bytes of the block; 0 = too late for it. */
  sendHead(fields: FieldBlock, isEnd: boolean): number {
    return maySend(this.state) && !this.#endsAfterQueue
      ? this.session.sender.writeFields(this, fields, isEnd)
      : 0;
  }

  /** Sends DATA, now as far as the windows and the connection allow, the rest when they do. Bytes that wait are copied. */
  sendData(buffer: Buffer, start: number, end: number, isEnd: boolean): void {
    if (!maySend(this.state) || this.#endsAfterQueue) return;
    let position = start;
    if (this.queuedBytes === 0) {
      position = this.session.sender.writeData(this, buffer, start, end, isEnd);
      if (position === end) return;
    }
    if (position < end) {
      this.#queue.push(Buffer.from(buffer.subarray(position, end)));
      this.queuedBytes += end - position;
      this.session.sender.queuedBytes += end - position;
      if (this.queuedBytes >= streamHighWaterBytes) this.#isFull = true;
    }
    this.#endsAfterQueue = isEnd;
    this.session.sender.joinRound(this);
  }

  /** Ends the message; `trailers` = field lines, '' = none. */
  sendEnd(trailers: string): void {
    if (!maySend(this.state) || this.#endsAfterQueue) return;
    if (this.queuedBytes === 0) this.#writeEnd(trailers);
    else {
      this.#endsAfterQueue = true;
      this.#trailers = trailers === '' ? null : trailers;
    }
  }

  /** Called in the session's round: sends up to one frame. False = nothing can be sent for now. */
  sendSome(): boolean {
    const first = this.#queue[0];
    if (first === undefined) return false;
    const isLast = this.#endsAfterQueue && this.#trailers === null && this.#queue.length === 1;
    const sent = this.session.sender.writeSome(this, first, 0, first.length, isLast);
    if (sent === 0) return false;
    if (this.isClosed) return true;
    if (sent === first.length) this.#queue.shift();
    else this.#queue[0] = first.subarray(sent);
    this.queuedBytes -= sent;
    this.session.sender.queuedBytes -= sent;
    if (this.queuedBytes === 0 && this.#endsAfterQueue) {
      this.#endsAfterQueue = false;
      if (!isLast) this.#writeEnd(this.#trailers ?? '');
    }
    this.#tellDrain();
    return true;
  }

  #writeEnd(trailers: string): void {
    if (trailers === '') this.session.sender.writeData(this, emptyBuffer, 0, 0, true);
    else this.session.sender.writeFields(this, trailerFields(trailers), true);
  }

  #tellDrain(): void {
    if (!this.#isFull || this.queuedBytes > lowWaterBytes) return;
    this.#isFull = false;
    this.owner?.onSendDrain();
  }

  // ---- receiving

  /** The owner is done with bytes that it was given: the peer may send as many again. */
  giveBack(bytes: number): void {
    this.session.giveBack(bytes);
    if (this.hasReceivedEnd) return;
    this.#owedWindow += bytes;
    if (this.#owedWindow * 2 < this.receiveWindowSize) return;
    this.session.sendWindowUpdate(this.id, this.#owedWindow);
    this.receiveWindow += this.#owedWindow;
    this.#owedWindow = 0;
  }

  /** Ends the stream in the middle. */
  reset(code: number): void {
    this.session.resetStream(this, code);
  }

  /** For the session. */
  noteEnd(event: number, isOurReset = false): void {
    const before = this.state;
    this.state = stateAfter(before, event);
    if (this.state === StreamState.halfClosedLocal && event === StreamEvent.sendEnd) this.owner?.onSentEnd();
    if (this.state !== StreamState.closed || before === StreamState.closed) return;
    this.#dropQueue();
    this.session.forgetStream(this, isOurReset);
  }

  #dropQueue(): void {
    this.#queue = [];
    this.#endsAfterQueue = false;
    this.session.sender.queuedBytes -= this.queuedBytes;
    this.queuedBytes = 0;
  }
}

const emptyBuffer = Buffer.alloc(0);

/** What is sent is written at once, so one is enough for all. */
const trailing = new FieldBlock(mostFieldBytes);

/** Of field lines, each with its line end. */
function trailerFields(trailers: string): FieldBlock {
  trailing.clear();
  addFieldLines(trailing, bytesOfText(trailers), 0, trailers.length, []);
  return trailing;
}
