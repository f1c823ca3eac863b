import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Cuts a connection so that nobody takes it for an orderly end. Inside TLS the missing close_notify says it. While our own
 * end is on its way libuv refuses a reset, and Node.js would never close the socket: then it is closed without one.
 */
export function resetSocket(socket: Socket): void {
  if (socket.destroyed) return;
  const isEnding = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (socket instanceof TLSSocket || isEnding) socket.destroy();
  else socket.resetAndDestroy();
}
