// The UI in a browser, on loopback only. What stands against other programs and other web pages on the same machine:
// a one-time token in the printed link, exchanged for a cookie that scripts and other sites cannot use; the Host header
// (DNS rebinding) and the Origin (foreign pages) are checked on every request and before a WebSocket opens.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { downloadHeaders, downloadPath, type TakeDownload } from '../contract/download';
import { type FrameChannel, maxCallFrameBytes } from '../contract/frame';
import {
  commonSecurityHeaders,
  frameContentSecurityPolicy,
  uiContentSecurityPolicy,
} from './securityHeaders';
import { readFrameFile, readStaticFile, type StaticFile } from './staticFiles';
import { randomSecret, UiAccess } from './uiAccess';
import { webSocketChannel } from './webSocketTransport';

export interface UiServerOptions {
  /** The built UI: dist/renderer. */
  readonly rendererFolder: string;
  /** 0 = any free port. */
  readonly port: number;
  /** The cookie's value; the same one lets pages in again that were open before a restart. Default: a new one. */
  readonly cookieSecret?: string;
  /** Called for every UI that passed the checks. */
  readonly connect: (channel: FrameChannel) => void;
  /** Files to be fetched once; absent = there are none. */
  readonly takeDownload?: TakeDownload;
}

export interface UiServer {
  readonly port: number;
  /** A fresh link with a token that works once. */
  newLink(): string;
  close(): Promise<void>;
}

/** Browser windows at once. */
const maxSessions = 32;
const address = '127.0.0.1';

/** Rejects with the system's error when the port cannot be bound. */
export async function startUiServer(options: UiServerOptions): Promise<UiServer> {
  const framePath = `/frame/${randomSecret()}/`;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxCallFrameBytes,
    clientTracking: true,
  });
  const server = createServer({ maxHeaderSize: 16_384, requestTimeout: 30_000 });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const access = new UiAccess(port, options.cookieSecret);

  server.on('request', (request, response) => {
    serve(request, response, { access, framePath, ...options }).catch(() => {
      if (!response.headersSent) refuse(response, 500, 'The file of the user interface cannot be read.');
      else response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const refusal = upgradeRefusal(request, access, sockets.clients.size);
    if (refusal !== null) refuseUpgrade(socket, refusal);
    else {
      sockets.handleUpgrade(request, socket, head, (webSocket: WebSocket) =>
        options.connect(webSocketChannel(webSocket)),
      );
    }
  });
  return {
    port,
    newLink: () => `http://${address}:${port}/?token=${access.newToken()}`,
    close: () => closeAll(server, sockets),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

interface Serving {
  readonly access: UiAccess;
  readonly framePath: string;
  readonly rendererFolder: string;
  readonly takeDownload?: TakeDownload;
}

async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const { access, framePath, rendererFolder } = serving;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(response, 405, 'Only GET and HEAD are answered here.');
  }
  const refusal = access.refusalOf(request.headers);
  if (refusal !== null && refusal.status === 421) return refuse(response, refusal.status, refusal.sentence);
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);

  // A frame of opaque origin sends no cookie and its Origin is "null": the path itself is the secret.
  if (path.startsWith(framePath)) {
    const file = await readFrameFile(rendererFolder, path.slice(framePath.length) || 'index.html');
    return sendFile(request, response, file, frameContentSecurityPolicy());
  }
  if (refusal !== null) return refuse(response, refusal.status, refusal.sentence);

  const token = path === '/' ? new URLSearchParams(query).get('token') : null;
  const hasCookie = access.hasCookie(request.headers);
  if (token !== null) {
    if (!hasCookie && !access.redeem(token)) return refuse(response, 403, staleLink);
    const setCookie = hasCookie ? {} : { 'set-cookie': access.setCookieHeader() };
    response.writeHead(303, { location: '/', ...commonHeaders, ...setCookie }).end();
    return;
  }
  if (!hasCookie) return refuse(response, 403, noLink);
  if (path.startsWith(downloadPath) && request.method === 'GET')
    return sendDownload(response, path, serving.takeDownload);
  const file = await readStaticFile(rendererFolder, path, framePath);
  sendFile(request, response, file, uiContentSecurityPolicy('browser'));
}

const newLinkHint =
  'Press Enter in the terminal where Hopscope runs to get a new link, or start Hopscope again.';
const staleLink = `This link was used already or belongs to an earlier run. ${newLinkHint}`;
const noLink = `Open Hopscope with the link that it printed. ${newLinkHint}`;

const commonHeaders = { ...commonSecurityHeaders, 'cache-control': 'no-store' };

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: StaticFile | null,
  contentSecurityPolicy: string,
): void {
  if (file === null) {
    refuse(response, 404, 'There is no such file.');
    return;
  }
  const headers = {
    ...commonHeaders,
    // Asked again each time (a new build must show at once), but sent again only when it changed.
    'cache-control': 'no-cache',
    'content-type': file.contentType,
    'content-security-policy': contentSecurityPolicy,
    etag: file.etag,
  };
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': file.body.byteLength });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function sendDownload(response: ServerResponse, path: string, take: TakeDownload | undefined): void {
  const download = take?.(path) ?? null;
  if (download === null) {
    refuse(response, 404, 'This file was fetched already, or its minute is over. Export it again.');
    return;
  }
  response.writeHead(200, {
    ...commonHeaders,
    ...downloadHeaders(download),
    'content-security-policy': "default-src 'none'",
  });
  Readable.from(download.chunks).pipe(response);
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    ...commonHeaders,
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    connection: 'close',
  });
  response.end(`${sentence}\n`);
}

interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

function upgradeRefusal(request: IncomingMessage, access: UiAccess, sessions: number): Refusal | null {
  const refusal = access.refusalOf(request.headers);
  if (refusal !== null) return refusal;
  if (request.url !== '/ws') return { status: 404, sentence: 'There is no such file.' };
  // Browsers always name the Origin of a WebSocket; without one this is not our page.
  if (request.headers.origin === undefined) return { status: 403, sentence: 'The Origin is missing.' };
  if (!access.hasCookie(request.headers)) return { status: 403, sentence: noLink };
  if (sessions >= maxSessions) {
    return { status: 503, sentence: `Hopscope is open in ${maxSessions} windows already; close some.` };
  }
  return null;
}

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = `${refusal.sentence}\n`;
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
