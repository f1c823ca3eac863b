// WebSocket (RFC 6455): sends back every message; with ?tick=1000 it also speaks first.
import { type WebSocket, WebSocketServer } from 'ws';
import { fewConnections, numberOf, openHttp, patience, type SampleKind } from './sample';

const maxMessageBytes = 1_048_576;
/** A client that does not read is not listened to while so much waits for it. */
const maxUnsentBytes = 262_144;

export const webSocketSample: SampleKind = {
  kind: 'http',
  maxConnections: fewConnections,
  about: 'WebSocket: sends back every message; with ?tick=1000 one of its own in every so many ms',
  hint: (port) =>
    `curl -iN --http1.1 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==' 'http://127.0.0.1:${port}/?tick=1000'`,
  open: (served) => {
    const { server } = openHttp(served, (request, response) => {
      request.resume();
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket', connection: 'upgrade' });
      response.end('This server speaks WebSocket: ask with Upgrade: websocket.\n');
    });
    new WebSocketServer({ server, maxPayload: maxMessageBytes }).on('connection', (socket, request) => {
      served();
      const tick = numberOf(request, 'tick', { least: 0, most: 60_000, usual: 0 });
      talk(socket, tick === 0 ? null : Math.max(10, tick));
    });
    return { server };
  },
};

function talk(socket: WebSocket, tickMs: number | null): void {
  let ticks = 0;
  const isFull = () => socket.bufferedAmount > maxUnsentBytes;
  const tell = () => {
    if (!isFull()) socket.send(`tick ${++ticks}`);
  };
  const ticker = tickMs === null ? undefined : setInterval(tell, tickMs);
  const silence = setTimeout(() => socket.close(1001, 'silent for 5 minutes'), patience.silenceMs);
  const whole = setTimeout(() => socket.close(1001, 'open for an hour'), patience.wholeMs);
  socket.on('message', (data, isBinary) => {
    silence.refresh();
    socket.send(data, { binary: isBinary }, () => {
      if (socket.isPaused && !isFull()) socket.resume();
    });
    if (isFull()) socket.pause();
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(ticker);
    clearTimeout(silence);
    clearTimeout(whole);
  });
}
