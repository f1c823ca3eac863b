// WebSocket (RFC 6455): sends back every message; with ?tick=1000 it also speaks first.
import { type WebSocket, WebSocketServer } from 'ws';
import { numberOf, openHttp, type SampleKind } from './sample';

const maxMessageBytes = 1_048_576;
/** A client that does not read is let go. */
const maxUnsentBytes = 4_194_304;
const silenceMs = 600_000;

export const webSocketSample: SampleKind = {
  kind: 'http',
  port: 17_809,
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
  const send = (data: Parameters<WebSocket['send']>[0], binary: boolean) => {
    if (socket.bufferedAmount > maxUnsentBytes) socket.terminate();
    else socket.send(data, { binary });
  };
  const ticker = tickMs === null ? undefined : setInterval(() => send(`tick ${++ticks}`, false), tickMs);
  const silence = setTimeout(() => socket.close(1001, 'silent for 10 minutes'), silenceMs);
  socket.on('message', (data, isBinary) => {
    silence.refresh();
    send(data as Buffer, isBinary);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(ticker);
    clearTimeout(silence);
  });
}
