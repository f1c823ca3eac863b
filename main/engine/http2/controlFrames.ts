// The frames that carry no message (RFC 9113 6.3 to 6.9): what each may look like and what it does.
import { Nuisance } from './floodGuard';
import { ErrorCode, Flag, FrameType, maxWindow } from './frame';
import type { Http2Session } from './http2Session';
import { StreamEvent } from './streamState';

/** The payload is bytes start…end of the buffer. */
export function takeControlFrame(
  session: Http2Session,
  type: number,
  flags: number,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  switch (type) {
    case FrameType.priority:
      takePriority(session, streamId, buffer, start, end);
      break;
    case FrameType.rstStream:
      takeRstStream(session, streamId, buffer, start, end);
      break;
    case FrameType.settings:
      takeSettings(session, flags, streamId, buffer, start, end);
      break;
    case FrameType.ping:
      takePing(session, flags, streamId, buffer, start, end);
      break;
    case FrameType.goaway:
      takeGoaway(session, streamId, buffer, start, end);
      break;
    case FrameType.windowUpdate:
      takeWindowUpdate(session, streamId, buffer, start, end);
      break;
    default:
      // Unknown types are ignored (RFC 9113 4.1).
      session.nuisance(Nuisance.unknown);
  }
}

function takeGoaway(
  session: Http2Session,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (streamId !== 0) session.fail(ErrorCode.protocolError, 'GOAWAY on a stream');
  else if (end - start < 8) session.fail(ErrorCode.frameSizeError, 'GOAWAY is too short');
  else session.handler.onGoaway(buffer.readUInt32BE(start) & 0x7fff_ffff, buffer.readUInt32BE(start + 4));
}

function takePriority(
  session: Http2Session,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  session.nuisance(Nuisance.priority);
  if (streamId === 0) session.fail(ErrorCode.protocolError, 'PRIORITY without a stream');
  else if (end - start !== 5) session.refuseStream(streamId, ErrorCode.frameSizeError);
  else if ((buffer.readUInt32BE(start) & 0x7fff_ffff) === streamId)
    session.refuseStream(streamId, ErrorCode.protocolError);
}

function takeRstStream(
  session: Http2Session,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (streamId === 0 || !session.isKnown(streamId)) {
    session.fail(ErrorCode.protocolError, 'RST_STREAM on a stream that was never opened');
    return;
  }
  if (end - start !== 4) {
    session.fail(ErrorCode.frameSizeError, 'RST_STREAM is not 4 bytes long');
    return;
  }
  const stream = session.streams.get(streamId);
  if (stream === undefined) return;
  if (session.isServer) session.nuisance(Nuisance.reset);
  const { owner } = stream;
  stream.noteEnd(StreamEvent.reset);
  owner?.onReset(buffer.readUInt32BE(start), false, '');
}

function takeSettings(
  session: Http2Session,
  flags: number,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  const isAck = (flags & Flag.ack) !== 0;
  if (streamId !== 0) session.fail(ErrorCode.protocolError, 'SETTINGS on a stream');
  else if (isAck ? end > start : (end - start) % 6 !== 0)
    session.fail(ErrorCode.frameSizeError, 'SETTINGS of a wrong length');
  else if (isAck && !session.hasPeerSettings)
    session.fail(ErrorCode.protocolError, 'an acknowledgement before the first SETTINGS');
  else if (!isAck) applySettings(session, buffer, start, end);
}

function applySettings(session: Http2Session, buffer: Buffer, start: number, end: number): void {
  session.nuisance(Nuisance.settings);
  const before = session.peer.initialWindowSize;
  const error = session.peer.read(buffer, start, end);
  if (error !== 0) {
    session.fail(error, 'a setting with a value that is not allowed');
    return;
  }
  session.hasPeerSettings = true;
  session.sender.encoder.setMaxTableBytes(session.peer.headerTableSize);
  const growth = session.peer.initialWindowSize - before;
  for (const stream of session.streams.values()) {
    stream.sendWindow += growth;
    if (stream.sendWindow > maxWindow) {
      session.fail(ErrorCode.flowControlError, 'a window of more than 2^31 - 1 bytes');
      return;
    }
  }
  session.sender.frames.settingsAck();
  session.handler.onOutput();
  if (growth > 0) session.sender.pump();
  session.handler.onSettings();
}

function takePing(
  session: Http2Session,
  flags: number,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (streamId !== 0) session.fail(ErrorCode.protocolError, 'PING on a stream');
  else if (end - start !== 8) session.fail(ErrorCode.frameSizeError, 'PING is not 8 bytes long');
  else if ((flags & Flag.ack) !== 0) session.handler.onPingAck();
  else {
    session.nuisance(Nuisance.ping);
    session.sender.frames.ping(true, buffer, start);
    session.handler.onOutput();
  }
}

function takeWindowUpdate(
  session: Http2Session,
  streamId: number,
  buffer: Buffer,
  start: number,
  end: number,
): void {
  if (end - start !== 4) {
    session.fail(ErrorCode.frameSizeError, 'WINDOW_UPDATE is not 4 bytes long');
    return;
  }
  session.nuisance(Nuisance.windowUpdate);
  const increment = buffer.readUInt32BE(start) & 0x7fff_ffff;
  if (streamId === 0) {
    session.sender.window += increment;
    if (increment === 0) session.fail(ErrorCode.protocolError, 'a WINDOW_UPDATE of 0');
    else if (session.sender.window > maxWindow)
      session.fail(ErrorCode.flowControlError, 'a connection window of more than 2^31 - 1 bytes');
    else session.sender.pump();
    return;
  }
  const stream = session.streams.get(streamId);
  if (stream === undefined) {
    if (!session.isKnown(streamId))
      session.fail(ErrorCode.protocolError, 'WINDOW_UPDATE on a stream that was never opened');
    return;
  }
  stream.sendWindow += increment;
  if (increment === 0) session.streamError(stream, ErrorCode.protocolError, 'a WINDOW_UPDATE of 0');
  else if (stream.sendWindow > maxWindow)
    session.streamError(stream, ErrorCode.flowControlError, 'a stream window of more than 2^31 - 1 bytes');
  else session.sender.pump();
}
