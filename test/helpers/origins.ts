// Real servers that answer with their own name, for tests to route to.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

export interface Origin {
  readonly port: number;
  close(): Promise<void>;
}

/** HTTP: answers "<name> <method> <target>\n". */
export function startHttpOrigin(name: string): Promise<Origin> {
  return listen(
    createHttpServer((request, response) => response.end(`${name} ${request.method} ${request.url}\n`)),
  );
}

/** TCP: sends every line back with its name in front. */
export function startTcpOrigin(name: string): Promise<Origin> {
  return listen(
    createTcpServer((socket) => {
      socket.on('data', (data) => socket.write(`${name} ${data.toString()}`));
      socket.on('error', () => socket.destroy());
    }),
  );
}

/** TLS with a self-signed certificate for `hostname` made by openssl: a small HTTP answer behind it. */
export function startTlsOrigin(name: string, hostname: string): Promise<Origin> {
  const folder = mkdtempSync(join(tmpdir(), 'hopscope-origin-'));
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const named = ['-subj', `/CN=${hostname}`, '-addext', `subjectAltName=DNS:${hostname}`];
  execFileSync('openssl', [...made, '-keyout', key, '-out', certificate, ...named], { stdio: 'ignore' });
  const options = { key: readFileSync(key), cert: readFileSync(certificate) };
  rmSync(folder, { recursive: true });
  return listen(
    createTlsServer(options, (socket) => {
      const body = `${name} over its own TLS\n`;
      socket.once('data', () => {
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
      });
      socket.on('error', () => socket.destroy());
    }),
  );
}

function listen(server: Server): Promise<Origin> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      done({
        port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server && typeof server.closeAllConnections === 'function') {
              server.closeAllConnections();
            }
          }),
      });
    });
  });
}
