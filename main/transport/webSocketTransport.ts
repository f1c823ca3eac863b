// A WebSocket as a FrameChannel: one JSON text message a frame.
import type { WebSocket } from 'ws';
import type { FrameChannel } from '../contract/frame';

/** A UI that takes nothing for so long that this much waits for it is cut off, so memory stays bounded. */
const maxBufferedBytes = 64 * 1024 * 1024;
/** Frames that may wait for the first handler. */
const maxEarlyFrames = 256;

export function webSocketChannel(socket: WebSocket): FrameChannel {
  let handler: ((frame: unknown) => void) | null = null;
  const early: unknown[] = [];
  const closeHandlers: (() => void)[] = [];
  let isClosed = false;

  socket.on('message', (data, isBinary) => {
    const frame = isBinary ? undefined : parseFrame(String(data));
    if (frame === undefined) socket.close(1003, 'frames are JSON text');
    else if (handler !== null) handler(frame.value);
    else if (early.length < maxEarlyFrames) early.push(frame.value);
    else socket.close(1008, 'too many frames before the session opened');
  });
  // A close always follows; without a listener an error would end the process.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    isClosed = true;
    for (const onClose of closeHandlers) onClose();
  });

  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxBufferedBytes) socket.terminate();
      else socket.send(JSON.stringify(frame));
    },
    onMessage(next) {
      handler = next;
      for (const frame of early.splice(0)) next(frame);
    },
    onClose(onClose) {
      if (isClosed) queueMicrotask(onClose);
      else closeHandlers.push(onClose);
    },
    close: () => socket.close(1000),
    bufferedBytes: () => socket.bufferedAmount,
  };
}

function parseFrame(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
