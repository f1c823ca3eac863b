// A port that is open only while an order runs, where no listener of the workspace is reached by the server. It answers the
// challenge and nothing else.
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:net';
import { createServer as createTlsServer, type SecureContext, type TLSSocket } from 'node:tls';
import { acmeChallengePath, acmeTlsProtocol } from '../../contract/acme';
import { AppError } from '../../contract/appError';
import type { ChallengeAnswers } from './challenges';

const idleMs = 10_000;
const mostConnections = 50;

export interface TemporaryListener extends ChallengeAnswers {
  close(): void;
}

/** Rejects with `unavailable` when the port cannot be opened. */
export async function openTemporaryListener(
  kind: 'http-01' | 'tls-alpn-01',
  { address, port }: { readonly address: string; readonly port: number },
): Promise<TemporaryListener> {
  const texts = new Map<string, string>();
  const contexts = new Map<string, SecureContext>();
  const server = kind === 'http-01' ? httpServer(texts) : tlsServer(contexts);
  const sockets = new Set<{ destroy(): void }>();
  server.maxConnections = mostConnections;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, address, port);
  return {
    addHttp: (token, text) => put(texts, token, text),
    addTls: (hostname, context) => put(contexts, hostname.toLowerCase(), context),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function httpServer(texts: ReadonlyMap<string, string>): Server {
  const server = createHttpServer((request, response) => {
    const path = request.url ?? '';
    const text = path.startsWith(acmeChallengePath)
      ? texts.get(path.slice(acmeChallengePath.length))
      : undefined;
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': 'application/octet-stream',
      connection: 'close',
    });
    response.end(text ?? '');
  });
  server.headersTimeout = idleMs;
  server.requestTimeout = idleMs;
  return server;
}

function tlsServer(contexts: ReadonlyMap<string, SecureContext>): Server {
  const server = createTlsServer({
    ALPNProtocols: [acmeTlsProtocol],
    SNICallback: (name, done) => {
      const context = contexts.get(name.toLowerCase());
      if (context === undefined) done(new Error('no challenge for that name'));
      else done(null, context);
    },
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    socket.end();
  });
  return server;
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'it is in use: stop what listens there, or let that listener answer'
          : cause.code === 'EACCES'
            ? 'it needs administrator rights'
            : cause.message;
      reject(
        new AppError('unavailable', `port ${port} on ${address} cannot be opened for the challenge: ${why}`, {
          cause,
        }),
      );
    });
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      server.on('error', () => server.close());
      resolve();
    });
  });
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): () => void {
  map.set(key, value);
  return () => map.delete(key);
}
