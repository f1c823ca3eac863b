// One HTTP/2 connection as a protocol (RFC 9113): bytes in → calls to the handler and to the streams' owners; frames
// gathered in `frames` for whoever owns the socket. Both roles. No I/O, no clock.
import { takeControlFrame } from './controlFrames';
import { FieldBlock } from './fieldBlock';
import { FloodGuard, Nuisance } from './floodGuard';
import {
  clientPreface,
  defaultWindow,
  ErrorCode,
  Flag,
  FrameType,
  maxFrameBytes,
  maxStreamId,
  Setting,
} from './frame';
import { type FrameHandler, FrameReader } from './frameReader';
import { Assembly, HeaderAssembly } from './headerAssembly';
import { HpackDecoder } from './hpackDecoder';
import { PeerSettings } from './peerSettings';
import { RecentStreams } from './recentStreams';
import { type Outlet, SendSide } from './sendSide';
import { SessionStream } from './sessionStream';
import { mayReceive, StreamEvent } from './streamState';
import { areTrailersValid } from './trailerFields';

export interface SessionHandler extends Outlet {
  /** Server role: a request; `fields` are valid during the call only. Give the stream its owner. */
  onRequest(stream: SessionStream, fields: FieldBlock, blockBytes: number, isEnd: boolean): void;
  /** The peer will take no stream above `lastStreamId`. */
  onGoaway(lastStreamId: number, code: number): void;
  onPingAck(): void;
  /** The peer's settings have come or changed. */
  onSettings(): void;
  /** A stream is over, and its place is free. */
  onStreamGone(stream: SessionStream): void;
  /** The session is over because of what the peer sent; a GOAWAY waits in the frames. */
  onFailed(code: number, message: string): void;
}

export interface SessionOptions {
  readonly role: 'server' | 'client';
  readonly maxHeaderBytes: number;
  /** Streams that the peer may have open at once. */
  readonly maxConcurrentStreams: number;
  readonly streamWindow: number;
  readonly connectionWindow: number;
  /** RFC 8441: say that extended CONNECT is understood. */
  readonly enablesConnectProtocol: boolean;
}

export class Http2Session implements FrameHandler {
  readonly sender: SendSide;
  readonly streams = new Map<number, SessionStream>();
  readonly peer: PeerSettings;
  readonly guard = new FloodGuard();
  /** Streams that the peer opened and that are not over. */
  peerStreams = 0;
  lastPeerStreamId = 0;
  /** Of the streams that we opened. */
  lastOwnStreamId = -1;
  /** The peer's SETTINGS have come. */
  hasPeerSettings = false;
  /** What ended the session; null = it lives. */
  failure: { readonly code: number; readonly message: string } | null = null;
  /** Server role: streams above are not taken any more. */
  lastTakenStreamId = maxStreamId;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new HpackDecoder();
  readonly #assembly = new HeaderAssembly();
  readonly #fields = new FieldBlock();
  readonly #recent = new RecentStreams();
  readonly isServer: boolean;
  #prefaceBytes = 0;
  #receiveWindow: number;
  #owedWindow = 0;

  constructor(
    readonly handler: SessionHandler,
    private readonly options: SessionOptions,
  ) {
    this.isServer = options.role === 'server';
    this.sender = new SendSide(handler, this.guard);
    this.peer = new PeerSettings(!this.isServer);
    this.#fields.maxBytes = options.maxHeaderBytes;
    this.#assembly.setLimit(options.maxHeaderBytes);
    this.#receiveWindow = options.connectionWindow;
  }

  /** Our preface (RFC 9113 3.4). */
  start(): void {
    const { maxConcurrentStreams, streamWindow, connectionWindow, maxHeaderBytes } = this.options;
    if (!this.isServer) this.sender.frames.raw(clientPreface);
    const settings: [number, number][] = [
      [Setting.initialWindowSize, streamWindow],
      [Setting.maxHeaderListSize, maxHeaderBytes],
    ];
    if (this.isServer) settings.push([Setting.maxConcurrentStreams, maxConcurrentStreams]);
    else settings.push([Setting.enablePush, 0]);
    if (this.options.enablesConnectProtocol) settings.push([Setting.enableConnectProtocol, 1]);
    this.sender.frames.settings(settings);
    this.sender.frames.windowUpdate(0, connectionWindow - defaultWindow);
    this.handler.onOutput();
  }

  /** The peer's preface or a header block has begun and is not whole. */
  get isInHead(): boolean {
    return !this.hasPeerSettings || this.#assembly.streamId !== 0;
  }

  // ---- bytes in

  receive(chunk: Buffer): void {
    if (this.failure !== null) return;
    let from = 0;
    if (this.isServer && this.#prefaceBytes < clientPreface.length) {
      while (from < chunk.length && this.#prefaceBytes < clientPreface.length) {
        if (chunk[from++] !== clientPreface[this.#prefaceBytes++]) {
          this.fail(ErrorCode.protocolError, 'the client did not begin with the HTTP/2 preface');
          return;
        }
      }
    }
    this.#reader.read(chunk, from);
  }

  onFrameTooLong(): void {
    this.fail(ErrorCode.frameSizeError, `a frame longer than ${maxFrameBytes} bytes`);
  }

  onFrame(
    type: number,
    flags: number,
    streamId: number,
    buffer: Buffer,
    start: number,
    end: number,
  ): boolean {
    if (
      this.#assembly.streamId !== 0 &&
      (type !== FrameType.continuation || streamId !== this.#assembly.streamId)
    )
      this.fail(ErrorCode.protocolError, 'another frame in the middle of a header block');
    else if (!this.hasPeerSettings && type !== FrameType.settings)
      this.fail(ErrorCode.protocolError, 'the first frame is not SETTINGS');
    else this.#dispatch(type, flags, streamId, buffer, start, end);
    return this.failure === null;
  }

  #dispatch(type: number, flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    switch (type) {
      case FrameType.data:
        this.#onData(flags, streamId, buffer, start, end);
        break;
      case FrameType.headers:
        this.#onHeaders(flags, streamId, buffer, start, end);
        break;
      case FrameType.continuation:
        if (this.#assembly.streamId === 0)
          this.fail(ErrorCode.protocolError, 'CONTINUATION without a header block');
        else this.#onAssembled(this.#assembly.append(flags, buffer, start, end), streamId);
        break;
      case FrameType.pushPromise:
        this.fail(ErrorCode.protocolError, 'PUSH_PROMISE, which nobody asked for');
        break;
      default:
        takeControlFrame(this, type, flags, streamId, buffer, start, end);
    }
  }

  #onData(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    const stream = this.streams.get(streamId);
    if (stream === undefined && !this.isKnown(streamId)) {
      this.fail(ErrorCode.protocolError, 'DATA on a stream that was never opened');
      return;
    }
    let from = start;
    let to = end;
    if ((flags & Flag.padded) !== 0) {
      to -= buffer[from] ?? 0;
      from++;
      if (to < from) {
        this.fail(ErrorCode.protocolError, 'the padding is longer than the DATA frame');
        return;
      }
    }
    this.#receiveWindow -= end - start;
    if (this.#receiveWindow < 0) {
      this.fail(ErrorCode.flowControlError, 'more DATA than the connection window allows');
      return;
    }
    if (stream === undefined || !mayReceive(stream.state)) {
      this.giveBack(end - start);
      if (stream !== undefined)
        this.streamError(stream, ErrorCode.streamClosed, 'DATA after the end of the stream');
      else if (!this.#recent.wasResetByUs(streamId)) this.refuseStream(streamId, ErrorCode.streamClosed);
      return;
    }
    const isEnd = (flags & Flag.endStream) !== 0;
    if (to === from && !isEnd) this.nuisance(Nuisance.emptyData);
    stream.receiveWindow -= end - start;
    if (stream.receiveWindow < 0) {
      this.giveBack(end - start);
      this.streamError(stream, ErrorCode.flowControlError, 'more DATA than the stream window allows');
      return;
    }
    // Padding is nobody's: the peer gets it back at once.
    if (end - start > to - from) stream.giveBack(end - start - (to - from));
    this.#takeData(stream, buffer, from, to, isEnd);
  }

  #takeData(stream: SessionStream, buffer: Buffer, from: number, to: number, isEnd: boolean): void {
    stream.receivedBytes += to - from;
    stream.isActive = true;
    const { expectedBytes, receivedBytes } = stream;
    if (expectedBytes !== -1 && (receivedBytes > expectedBytes || (isEnd && receivedBytes < expectedBytes))) {
      this.giveBack(to - from);
      this.streamError(stream, ErrorCode.protocolError, 'the DATA frames do not add up to Content-Length');
      return;
    }
    const { owner } = stream;
    if (isEnd) stream.noteEnd(StreamEvent.receiveEnd);
    if (owner === null) this.giveBack(to - from);
    else if (to > from || isEnd) owner.onData(buffer, from, to, isEnd);
  }

  #onHeaders(flags: number, streamId: number, buffer: Buffer, start: number, end: number): void {
    if (streamId === 0 || (this.isServer && streamId % 2 === 0)) {
      this.fail(ErrorCode.protocolError, 'HEADERS on a stream with a number that a client cannot use');
      return;
    }
    this.#onAssembled(this.#assembly.begin(flags, streamId, buffer, start, end), streamId);
  }

  #onAssembled(result: number, streamId: number): void {
    const { block, start, end, isEndStream, dependsOnItself } = this.#assembly;
    if (result === Assembly.needMore) return;
    if (result === Assembly.failed) {
      this.fail(this.#assembly.code, this.#assembly.message);
      return;
    }
    // Every block is decoded, whatever becomes of its stream, so that both tables stay the same.
    if (!this.#decoder.decode(block, start, end, this.#fields)) {
      this.fail(ErrorCode.compressionError, 'a header block that cannot be decoded');
      return;
    }
    const stream = this.streams.get(streamId);
    if (stream !== undefined) this.#onFields(stream, end - start, isEndStream);
    else if (this.isServer && streamId > this.lastPeerStreamId)
      this.#openPeerStream(streamId, end - start, isEndStream, dependsOnItself);
    else this.#onFieldsOfClosed(streamId);
  }

  #openPeerStream(streamId: number, blockBytes: number, isEnd: boolean, dependsOnItself: boolean): void {
    this.lastPeerStreamId = streamId;
    // After our GOAWAY; the client knows that it has to ask elsewhere (RFC 9113 6.8).
    if (streamId > this.lastTakenStreamId) return;
    if (dependsOnItself) {
      this.refuseStream(streamId, ErrorCode.protocolError);
      return;
    }
    if (this.peerStreams >= this.options.maxConcurrentStreams) {
      this.refuseStream(streamId, ErrorCode.refusedStream);
      return;
    }
    const stream = new SessionStream(this, streamId, this.peer.initialWindowSize, this.options.streamWindow);
    this.streams.set(streamId, stream);
    this.peerStreams++;
    if (isEnd) stream.noteEnd(StreamEvent.receiveEnd);
    this.handler.onRequest(stream, this.#fields, blockBytes, isEnd);
  }

  /** A head of a response, or trailers. */
  #onFields(stream: SessionStream, blockBytes: number, isEnd: boolean): void {
    if (!mayReceive(stream.state)) {
      this.streamError(stream, ErrorCode.streamClosed, 'HEADERS after the end of the stream');
      return;
    }
    const { owner } = stream;
    const isHead = !this.isServer && !stream.hasFinalHead;
    if (!isHead) {
      const { expectedBytes, receivedBytes } = stream;
      const isShort = expectedBytes !== -1 && receivedBytes < expectedBytes;
      if (!isEnd || isShort || this.#fields.isTooLarge || !areTrailersValid(this.#fields)) {
        this.streamError(
          stream,
          ErrorCode.protocolError,
          'trailers that are not valid or come before the end',
        );
        return;
      }
    }
    stream.isActive = true;
    if (isEnd) stream.noteEnd(StreamEvent.receiveEnd);
    if (isHead) owner?.onHead(this.#fields, blockBytes, isEnd);
    else owner?.onTrailers(this.#fields, blockBytes);
  }

  #onFieldsOfClosed(streamId: number): void {
    if (this.#recent.wasResetByUs(streamId)) return;
    if (!this.isKnown(streamId) || !this.#recent.has(streamId))
      this.fail(ErrorCode.protocolError, 'HEADERS with the number of an earlier stream, or of none');
    else this.fail(ErrorCode.streamClosed, 'HEADERS on a stream that is over');
  }

  // ---- towards the peer

  /** Client role: the next stream; null = the peer takes no more of them. */
  openStream(): SessionStream | null {
    const id = this.lastOwnStreamId + 2;
    if (this.failure !== null || id > maxStreamId) return null;
    this.lastOwnStreamId = id;
    const stream = new SessionStream(this, id, this.peer.initialWindowSize, this.options.streamWindow);
    this.streams.set(id, stream);
    return stream;
  }

  /** Server role: takes no stream above the last one any more; or, with the highest number, only announces it. */
  goaway(lastStreamId: number): void {
    this.lastTakenStreamId = lastStreamId;
    this.sender.frames.goaway(lastStreamId, ErrorCode.noError, '');
    this.handler.onOutput();
  }

  ping(): void {
    this.sender.frames.ping(false, pingBytes, 0);
    this.handler.onOutput();
  }

  resetStream(stream: SessionStream, code: number): void {
    if (stream.isClosed) return;
    this.sender.frames.rstStream(stream.id, code);
    this.handler.onOutput();
    stream.noteEnd(StreamEvent.reset, true);
  }

  /** The peer broke a rule on one stream. */
  streamError(stream: SessionStream, code: number, message: string): void {
    const { owner } = stream;
    this.resetStream(stream, code);
    this.nuisance(Nuisance.streamError);
    owner?.onReset(code, true, message);
  }

  /** The peer broke a rule that the connection does not survive. */
  fail(code: number, message: string): void {
    if (this.failure !== null) return;
    this.failure = { code, message };
    this.sender.frames.goaway(this.lastPeerStreamId, code, message);
    this.handler.onFailed(code, message);
  }

  giveBack(bytes: number): void {
    this.#owedWindow += bytes;
    if (this.#owedWindow * 2 < this.options.connectionWindow) return;
    this.#receiveWindow += this.#owedWindow;
    this.sendWindowUpdate(0, this.#owedWindow);
    this.#owedWindow = 0;
  }

  sendWindowUpdate(streamId: number, increment: number): void {
    this.sender.frames.windowUpdate(streamId, increment);
    this.handler.onOutput();
  }

  /** For the stream, when it is closed. */
  forgetStream(stream: SessionStream, isOurReset: boolean): void {
    if (!this.streams.delete(stream.id)) return;
    this.#recent.add(stream.id, isOurReset);
    if (this.isServer) this.peerStreams--;
    this.handler.onStreamGone(stream);
  }

  /** A stream that has no object, or none any more. */
  refuseStream(streamId: number, code: number): void {
    const stream = this.streams.get(streamId);
    if (stream !== undefined) {
      this.streamError(stream, code, 'a frame that breaks the rules of its stream');
      return;
    }
    this.nuisance(Nuisance.streamError);
    if (this.failure !== null) return;
    this.#recent.add(streamId, true);
    this.sender.frames.rstStream(streamId, code);
    this.handler.onOutput();
  }

  /** The stream was opened at some time. */
  isKnown(streamId: number): boolean {
    const isPeers = (streamId % 2 === 1) === this.isServer;
    return streamId !== 0 && streamId <= (isPeers ? this.lastPeerStreamId : this.lastOwnStreamId);
  }

  nuisance(kind: number): void {
    if (this.guard.count(kind)) {
      this.fail(ErrorCode.enhanceYourCalm, `too many frames that bring nothing: ${this.guard.nameOf(kind)}`);
    }
  }
}

const pingBytes = Buffer.from('hopscope', 'latin1');
