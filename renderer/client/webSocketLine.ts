import type { ConnectionState, FrameLine } from './frameLine';

/** The part of the browser's WebSocket that is used; tests give their own server and Node's client. */
export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

const openState = 1;
const firstDelayMs = 250;
const longestDelayMs = 5000;

/** Wait before the attempt after `failures` failed ones: 250 ms, doubling, at most 5 s. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
}

/** A line over a WebSocket that reconnects by itself for as long as the page lives. */
export function createWebSocketLine(open: () => SocketLike): FrameLine {
  let socket: SocketLike | null = null;
  let state: ConnectionState = 'connecting';
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let onFrame: (frame: unknown) => void = () => undefined;
  let onState: (state: ConnectionState) => void = () => undefined;

  const become = (next: ConnectionState) => {
    if (state === next) return;
    state = next;
    onState(next);
  };
  const connect = () => {
    const current = open();
    socket = current;
    current.onopen = () => {
      failures = 0;
      become('connected');
    };
    current.onmessage = (event) => {
      if (typeof event.data === 'string') onFrame(JSON.parse(event.data));
    };
    // An error is always followed by close; the attempt after it is made there.
    current.onerror = () => undefined;
    current.onclose = () => {
      if (isClosed || socket !== current) return;
      socket = null;
      become('lost');
      retry = setTimeout(connect, reconnectDelayMs(failures++));
    };
  };
  connect();

  return {
    send(frame) {
      if (socket?.readyState !== openState) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    onFrame: (handler) => {
      onFrame = handler;
    },
    onState: (handler) => {
      onState = handler;
      handler(state);
    },
    close() {
      isClosed = true;
      clearTimeout(retry);
      socket?.close();
    },
  };
}

/** `/ws` on the host that served the page. */
export function pageSocket(): SocketLike {
  const url = new URL('ws', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.search = '';
  return new WebSocket(url) as unknown as SocketLike;
}
