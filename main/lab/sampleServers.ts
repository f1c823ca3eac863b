// Real servers to route to, started on request on free loopback ports: two that say their name, an echo for L4, and one
// that speaks TLS with its own certificate, which the proxy cannot read (passthrough).
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { parseCertificateNames } from '../certs/certificateNames';
import { quickAuthority, quickLeaf } from '../certs/quickAuthority';
import type { SampleServer } from '../contract/api';

const address = '127.0.0.1';
/** Body bytes of a request that the reply repeats. */
const maxEchoBytes = 65_536;
/** A TCP client that reads nothing stops being read at the stream's own bounds; this many may be there. */
const maxConnections = 1000;

export class SampleServers {
  #running: { readonly server: Server; readonly info: SampleServer; readonly sockets: Set<Socket> }[] = [];
  #trusted: string[] = [];
  #starting: Promise<void> | null = null;

  list(): readonly SampleServer[] {
    return this.#running.map((each) => each.info);
  }

  /** Certificates (PEM) of authorities that a client must trust to speak with the TLS sample. */
  trustedCertificates(): readonly string[] {
    return this.#trusted;
  }

  /** Starts them all; does nothing when they run. */
  async start(): Promise<readonly SampleServer[]> {
    if (this.#running.length === 0) {
      this.#starting ??= this.#startAll().finally(() => {
        this.#starting = null;
      });
      await this.#starting;
    }
    return this.list();
  }

  async stop(): Promise<void> {
    await this.#starting;
    const stopping = this.#running;
    this.#running = [];
    this.#trusted = [];
    await Promise.all(
      stopping.map(({ server, sockets }) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        for (const socket of sockets) socket.destroy();
        return closed;
      }),
    );
  }

  async #startAll(): Promise<void> {
    const sealed = await sealedCertificate();
    try {
      await this.#listen('apple', 'http', createHttpServer(hello('apple')));
      await this.#listen('banana', 'http', createHttpServer(hello('banana')));
      await this.#listen('echo', 'tcp', createTcpServer(echo));
      await this.#listen('sealed', 'tls', createHttpsServer(sealed.options, hello('sealed')));
    } catch (error) {
      await this.#stopStarted();
      throw error;
    }
    this.#trusted = [sealed.trusted];
  }

  async #stopStarted(): Promise<void> {
    this.#starting = null;
    await this.stop();
  }

  async #listen(name: string, kind: SampleServer['kind'], server: Server): Promise<void> {
    server.maxConnections = maxConnections;
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: address, port: 0, exclusive: true }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const { port } = server.address() as AddressInfo;
    this.#running.push({ server, sockets, info: { name, kind, address, port } });
  }
}

async function sealedCertificate() {
  const now = Date.now();
  const authority = await quickAuthority('Hopscope sample server', now);
  const names = parseCertificateNames(['sealed.test', '*.sealed.test', 'localhost', '127.0.0.1']);
  const leaf = await quickLeaf(authority, names, 30, now);
  return {
    options: { key: leaf.privateKeyPem, cert: leaf.certificatePem, minVersion: 'TLSv1.2' as const },
    trusted: authority.certificatePem,
  };
}

function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** Says who answered and what arrived, so that header edits and balancing can be seen in any client. */
function hello(name: string): RequestListener {
  return (request, response) => {
    let received = '';
    let bytes = 0;
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      bytes += Buffer.byteLength(chunk);
      if (received.length < maxEchoBytes) received += chunk.slice(0, maxEchoBytes - received.length);
    });
    request.on('error', () => response.destroy());
    request.on('end', () => reply(name, request, response, { received, bytes }));
  };
}

function reply(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: { readonly received: string; readonly bytes: number },
): void {
  const lines = [`Hello from ${name}`, '', `${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
  }
  if (body.bytes > 0) lines.push('', body.received);
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'x-served-by': name });
  response.end(`${lines.join('\n')}\n`);
}
