// Reading a socket past its stream. Node makes a buffer for every read and hands it to `push`, which queues it, tells
// listeners and plans to read more. Here all sockets are read into one buffer, and while nothing waits and nobody paused the
// bytes go straight to their reader. In every other state they go the usual way and arrive as a 'data' event in the same
// place, so the order is that of the stream; a Node without the inside that this rests on (streamBinding.ts) is only slower.
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { type ReadHandle, streamBinding } from './streamBinding';

/** `bytes` 0…`length` are the receiver's only during the call where `isShared`. `this` is the socket. */
export type OnBytes<Kind> = (this: Kind, bytes: Buffer, length: number, isShared: boolean) => void;

/** What comes is read into a buffer of its own. */
export interface OwnBufferReader {
  /** The bytes are in the buffer that `nextBuffer` gave last. False = read no more until the socket is resumed. */
  onRead(length: number): boolean;
  /** Asked after every read; undefined = the same again. */
  nextBuffer(): Uint8Array | undefined;
}

interface OwnHandle extends ReadHandle {
  [reading]?: { readonly socket: Socket; readonly reader: OwnBufferReader };
}

interface SharedHandle extends ReadHandle {
  [reading]?: Reading;
}

/** What a handle needs to know of its socket. */
interface Reading {
  readonly socket: Socket;
  readonly state: StreamState;
  /** null = whatever comes is pushed. */
  onBytes: OnBytes<Socket> | null;
}

/** What Node's types do not tell of a socket. */
interface StreamState {
  readonly flowing: boolean | null;
  readonly length: number;
}

interface Inside {
  readonly _handle: SharedHandle | null;
  readonly _readableState: StreamState;
}

const reading = Symbol('read by');
const readBufferBytes = 65_536;
let readBuffer: Buffer | null = null;
/** Node's own function: the same for all sockets. It still handles ends. */
let usualOnRead: ReadHandle['onread'] | null = null;

/** One for all sockets that are read the same way, so that a socket costs nothing. */
export class SocketReader<Kind extends Socket> {
  readonly #onBytes: OnBytes<Kind>;
  readonly #onData: (this: Kind, chunk: Buffer) => void;
  readonly #push: Socket['push'];

  constructor(onBytes: OnBytes<Kind>) {
    this.#onBytes = onBytes;
    this.#onData = function onData(this: Kind, chunk: Buffer) {
      onBytes.call(this, chunk, chunk.length, false);
    };
    this.#push = function push(this: Kind, chunk: Buffer | null, encoding?: BufferEncoding): boolean {
      if (chunk === null || this.readableFlowing !== true || this.readableLength !== 0) {
        return Readable.prototype.push.call(this, chunk, encoding);
      }
      onBytes.call(this, chunk, chunk.length, false);
      return true;
    };
  }

  /** Like `socket.on('data', …)`. */
  attach(socket: Kind): void {
    // A socket whose bytes are written down (wireTap.ts) has a `push` of its own, which must see them all.
    if (socket.push === Readable.prototype.push) {
      socket.push = this.#push;
      readShared(socket, this.#onBytes as OnBytes<Socket>);
    }
    socket.on('data', this.#onData);
  }

  /** Whoever listens next gets 'data' events again. */
  detach(socket: Kind): void {
    if (socket.push === this.#push) socket.push = Readable.prototype.push;
    const found = (socket as unknown as Inside)._handle?.[reading];
    if (found !== undefined) found.onBytes = null;
    socket.off('data', this.#onData);
  }
}

/**
 * Of a connected socket that was made with `onread`, whose functions do the same in Node's way: from now on Node is passed
 * by. Does nothing where Node is not as expected.
 */
export function readDirectly(socket: Socket, reader: OwnBufferReader): void {
  const { _handle: handle } = socket as unknown as { readonly _handle: OwnHandle | null };
  if (streamBinding === null || typeof handle?.useUserBuffer !== 'function') return;
  usualOnRead ??= handle.onread;
  handle[reading] = { socket, reader };
  handle.onread = onOwnRead;
}

function onOwnRead(this: OwnHandle): Uint8Array | undefined {
  const length = streamBinding!.streamBaseState[streamBinding!.kReadBytesOrError]!;
  const { socket, reader } = this[reading]!;
  if (length <= 0) endReading(this, socket, length);
  if (length <= 0 || socket.destroyed) return undefined;
  if (!reader.onRead(length)) stopReading(this, socket);
  return reader.nextBuffer();
}

/** What the system says instead of a length when all was read. */
const endOfFile = -4095;
const readErrors = new Map<number, Error>();

/** `length` as the system says it: no bytes, an error, or that the peer has ended. */
function endReading(handle: ReadHandle, socket: Socket, length: number): void {
  if (length < 0 && length !== endOfFile) socket.destroy(readError(length));
  else usualOnRead!.call(handle, undefined);
}

/** As Node makes it, but one for all sockets: making its stack each time costs as much as a small request. */
function readError(status: number): Error {
  let error = readErrors.get(status);
  if (error === undefined) {
    const code = getSystemErrorName(status);
    error = Object.assign(new Error(`read ${code}`), { errno: status, code, syscall: 'read' });
    readErrors.set(status, error);
  }
  return error;
}

function stopReading(handle: ReadHandle, socket: Socket): void {
  handle.reading = false;
  if (!socket.destroyed) handle.readStop();
}

function readShared(socket: Socket, onBytes: OnBytes<Socket>): void {
  const { _handle: handle, _readableState: state } = socket as unknown as Inside;
  if (streamBinding === null || typeof handle?.useUserBuffer !== 'function') return;
  readBuffer ??= Buffer.allocUnsafeSlow(readBufferBytes);
  handle[reading] = { socket, state, onBytes };
  usualOnRead ??= handle.onread;
  // biome-ignore lint/correctness/useHookAtTopLevel: Node's name, no hook of React.
  handle.useUserBuffer(readBuffer);
  handle.onread = onRead;
}

function onRead(this: SharedHandle): void {
  const length = streamBinding!.streamBaseState[streamBinding!.kReadBytesOrError]!;
  const { socket, state, onBytes } = this[reading]!;
  if (length <= 0) endReading(this, socket, length);
  if (length <= 0 || socket.destroyed) return;
  if (onBytes !== null && state.flowing === true && state.length === 0) {
    onBytes.call(socket, readBuffer!, length, true);
    return;
  }
  if (!socket.push(ownCopy(readBuffer!, 0, length))) stopReading(this, socket);
}

/** Of shared bytes that somebody keeps. `Buffer.copyBytesFrom` would copy them twice. */
export function ownCopy(bytes: Uint8Array, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  copy.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
  return copy;
}
