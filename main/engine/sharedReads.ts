// One read buffer for all plain TCP sockets that are read this way. Node makes a buffer of 64 KiB for every read and cuts
// it down to what came; here what came is copied out of the one buffer, which for a request head costs next to nothing.
// Without Node's inside (streamBinding.ts) sockets are read in its way.
import type { Socket } from 'node:net';
import { type ReadHandle, streamBinding, TcpHandle } from './streamBinding';

const readBy = Symbol('read by');

interface SharedHandle extends ReadHandle {
  [readBy]?: Socket;
}

const readBufferBytes = 65_536;
let readBuffer: Buffer | null = null;

/** From now on `socket.push` gets copies; nothing else changes. */
export function readShared(socket: Socket): void {
  const handle = handleOf(socket);
  if (handle === null) return;
  readBuffer ??= Buffer.allocUnsafeSlow(readBufferBytes);
  handle[readBy] = socket;
  usualOnRead ??= handle.onread;
  // biome-ignore lint/correctness/useHookAtTopLevel: Node's name, no hook of React.
  handle.useUserBuffer(readBuffer);
  handle.onread = onRead;
}

function handleOf(socket: Socket): SharedHandle | null {
  const { _handle: handle } = socket as unknown as { readonly _handle: object | null };
  const isPlain = streamBinding !== null && TcpHandle !== null && handle instanceof TcpHandle;
  return isPlain ? (handle as SharedHandle) : null;
}

/** Node's own function: the same for all sockets. It still handles ends and errors. */
let usualOnRead: ReadHandle['onread'] | null = null;

function onRead(this: SharedHandle): void {
  const length = streamBinding!.streamBaseState[streamBinding!.kReadBytesOrError]!;
  if (length <= 0) {
    usualOnRead!.call(this, undefined);
    return;
  }
  const socket = this[readBy]!;
  if (socket.destroyed) return;
  const bytes = Buffer.allocUnsafe(length);
  readBuffer!.copy(bytes, 0, 0, length);
  if (socket.push(bytes)) return;
  this.reading = false;
  if (!socket.destroyed) this.readStop();
}
