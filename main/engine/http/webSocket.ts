// The one switch of protocols that both versions of HTTP have: Upgrade (RFC 6455 4) and extended CONNECT (RFC 8441).
import { createHash } from 'node:crypto';
import type { AskedTunnel } from '../upstream/upstreamLink';
import type { RequestHead } from './requestHead';

export function isWebSocket(upgrade: string): boolean {
  return upgrade.toLowerCase() === 'websocket';
}

/** Sec-WebSocket-Accept for a key (RFC 6455 4.2.2). */
export function webSocketAccept(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** What a request asks a stream to become; null = it is a plain request. */
export function askedTunnel(head: RequestHead): AskedTunnel | null {
  if (head.upgrade === '') return null;
  const key = isWebSocket(head.upgrade) ? head.header('sec-websocket-key') : undefined;
  const acceptLine = key === undefined ? '' : `sec-websocket-accept: ${webSocketAccept(key)}\r\n`;
  return { protocol: head.upgrade, acceptLine };
}
