// Short texts leave at the end of the turn of the event loop, all together. Written one by one while other sockets still
// wait to be read, each would wake its reader, who is done before the next one comes and sleeps again; woken once, it finds
// them all. A text goes straight to the system, without the request object, the state change and the callback in the next
// tick that the stream makes for every write; what the system does not take at once is the stream's again. Whatever else
// is done with the socket comes behind the text that waits, so the order is that of the calls.
//
// Without Node's inside (streamBinding.ts) texts go the stream's way, at the end of the turn too.
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { getSystemErrorName } from 'node:util';
import {
  type ReadHandle,
  streamBinding,
  TcpHandle,
  type WriteHandle,
  type WriteRequest,
} from './streamBinding';

type Callback = (error?: Error | null) => void;
type Parts = Parameters<NonNullable<Socket['_writev']>>[0];

/** What waits to be written to one socket. */
interface Outbox {
  readonly socket: Socket;
  readonly state: StreamState;
  /** null = the text goes the stream's way. */
  readonly handle: WriteHandle | null;
  /** An encrypting socket takes one write at a time and tells later when it is done. */
  readonly isEncrypting: boolean;
  isInFlight: boolean;
  /** What the stream wants done behind the write in flight. */
  next: (() => void) | null;
  /** '' = none. */
  text: string;
}

type OutboxRequest = WriteRequest & { outbox?: Outbox };

/** What Node's types do not tell of a socket. */
interface StreamState {
  readonly length: number;
  readonly corked: number;
  readonly ending: boolean;
}

interface Inside {
  readonly _handle: (Pick<ReadHandle, 'readStop'> & WriteHandle) | null;
  readonly _writableState: StreamState;
  /** Being destroyed with a reset. */
  readonly resetAndClosing?: boolean;
}

/** What is in flight is counted by nobody. */
const maxInFlightBytes = 16_384;

const outboxKey = Symbol('texts that leave at the end of the turn');
type TurnSocket = Socket & { [outboxKey]?: Outbox };

/** May name one whose text has left already. */
const waiting: Outbox[] = [];
let spareRequest: WriteRequest | null = null;
/** A write that the stream is about to hear of, because the system took only a part. */
let unfinished: WriteRequest | null = null;

/**
 * Like `socket.write(text, 'latin1')`, but the text may leave as late as the end of this turn of the loop. For short texts:
 * until then `writableLength` does not count it.
 */
export function writeSoon(socket: Socket, text: string): void {
  if (text === '') return;
  const outbox = (socket as TurnSocket)[outboxKey] ?? newOutbox(socket);
  const isBusy =
    outbox === null || outbox.isInFlight || outbox.state.length !== 0 || outbox.state.corked !== 0;
  if (isBusy || outbox.state.ending || socket.destroyed) {
    socket.write(text, 'latin1');
    return;
  }
  // One text, one write: what was told apart stays apart.
  if (outbox.text !== '') writeNow(outbox);
  outbox.text = text;
  if (waiting.push(outbox) === 1) setImmediate(writeAll);
}

function writeAll(): void {
  // What one of the writes brings about may make another one.
  for (let index = 0; index < waiting.length; index++) {
    const outbox = waiting[index]!;
    if (outbox.text !== '') writeNow(outbox);
  }
  waiting.length = 0;
}

function writeNow(outbox: Outbox): void {
  const { socket, handle, state, text } = outbox;
  outbox.text = '';
  if (streamBinding === null || handle === null || state.length !== 0 || outbox.isInFlight) {
    socket.write(text, 'latin1');
    return;
  }
  if (outbox.isEncrypting) {
    if (text.length > maxInFlightBytes) socket.write(text, 'latin1');
    else encryptNow(outbox, handle, text);
    return;
  }
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = streamBinding;
  spareRequest ??= new WriteWrap();
  if (handle.writeLatin1String(spareRequest, text) !== 0) {
    // Nothing was written. The stream meets the same error and tells of it in its way.
    socket.write(text, 'latin1');
  } else if (streamBaseState[kLastWriteWasAsync] !== 0) {
    unfinished = spareRequest;
    spareRequest = null;
    socket.write(text, 'latin1');
    unfinished = null;
  }
}

function encryptNow(outbox: Outbox, handle: WriteHandle, text: string): void {
  const { WriteWrap, streamBaseState, kLastWriteWasAsync } = streamBinding!;
  const request: OutboxRequest = new WriteWrap();
  request.oncomplete = onEncrypted;
  request.outbox = outbox;
  const status = handle.writeLatin1String(request, text);
  if (status !== 0) outbox.socket.destroy(systemError(status));
  else outbox.isInFlight = streamBaseState[kLastWriteWasAsync] !== 0;
}

function onEncrypted(this: OutboxRequest, status: number): void {
  const outbox = this.outbox!;
  const { socket, next } = outbox;
  outbox.isInFlight = false;
  outbox.next = null;
  if (status < 0 && !socket.destroyed) socket.destroy(systemError(status));
  next?.();
}

/**
 * From now on whatever the stream does comes behind the text that waits. null = the socket is not connected, or somebody
 * writes down what it writes (wireTap.ts).
 */
function newOutbox(socket: TurnSocket): Outbox | null {
  const { _handle: handle, _writableState: state } = socket as unknown as Inside;
  if (handle === null || socket.connecting || Object.hasOwn(socket, '_write')) return null;
  const isEncrypting = socket instanceof TLSSocket;
  const isStraight = isEncrypting || (TcpHandle !== null && handle instanceof TcpHandle);
  const outbox: Outbox = {
    socket,
    state,
    handle: isStraight ? handle : null,
    isEncrypting,
    isInFlight: false,
    next: null,
    text: '',
  };
  socket[outboxKey] = outbox;
  socket._write = write;
  socket._writev = writeParts;
  socket._final = finish;
  socket._destroy = destroy;
  return outbox;
}

/** True = it is done behind the write in flight. */
function waits(socket: TurnSocket, next: () => void): boolean {
  const outbox = socket[outboxKey]!;
  if (outbox.isInFlight) outbox.next = next;
  return outbox.isInFlight;
}

function takeText(socket: TurnSocket): string {
  const outbox = socket[outboxKey]!;
  const { text } = outbox;
  outbox.text = '';
  return text;
}

function write(this: TurnSocket, part: unknown, encoding: BufferEncoding, callback: Callback): void {
  if (waits(this, () => write.call(this, part, encoding, callback))) return;
  const text = takeText(this);
  if (unfinished !== null) {
    unfinished.oncomplete = (status) => callback(status < 0 ? systemError(status) : null);
  } else if (text === '') usual._write.call(this, part, encoding, callback);
  else usual._writev.call(this, [latin1(text), { chunk: part, encoding }], callback);
}

function writeParts(this: TurnSocket, parts: Parts, callback: Callback): void {
  if (waits(this, () => writeParts.call(this, parts, callback))) return;
  const text = takeText(this);
  usual._writev.call(this, text === '' ? parts : [latin1(text), ...parts], callback);
}

function finish(this: TurnSocket, callback: Callback): void {
  if (waits(this, () => finish.call(this, callback))) return;
  const text = takeText(this);
  if (text === '') usual._final.call(this, callback);
  else usual._write.call(this, text, 'latin1', () => usual._final.call(this, callback));
}

function destroy(this: TurnSocket, error: Error | null, callback: Callback): void {
  const text = takeText(this);
  const { _handle: handle, resetAndClosing } = this as unknown as Inside;
  if (text === '' || handle === null) {
    usual._destroy.call(this, error, callback);
    return;
  }
  usual._write.call(this, text, 'latin1', nothing);
  if (resetAndClosing !== true) {
    usual._destroy.call(this, error, callback);
    return;
  }
  // Clients built on libuv take a reset that comes together with bytes for an orderly end; the second turn is behind a poll.
  // Until then nothing is read: Node does not expect bytes for a socket that is destroyed.
  handle.readStop();
  setImmediate(() => setImmediate(() => usual._destroy.call(this, error, callback)));
}

const nothing = () => undefined;
const latin1 = (text: string) => ({ chunk: text, encoding: 'latin1' as const });

/** What the sockets of Node do. */
const usual = Socket.prototype as Required<Pick<Socket, '_write' | '_writev' | '_final' | '_destroy'>>;

function systemError(status: number): Error {
  const code = getSystemErrorName(status);
  return Object.assign(new Error(`write ${code}`), { code });
}
