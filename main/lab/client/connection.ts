// One connection of the built-in client: TCP, TLS where asked for, and every read and write told with its size.
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ClientTlsOptions } from '../../contract/clientRequest';
import type { ClientTls } from '../../contract/clientResult';
import { describeConnectError, errorCode } from '../../engine/upstream/connectError';
import { type ClientTrust, secureContextOf } from './secureContexts';
import { SendError } from './sendError';
import { handshakeProblem, serverNameOf, tlsOutcome, withoutPort } from './tlsOutcome';
import { openTunnel } from './tunnel';

export interface ConnectOptions {
  readonly address: string;
  readonly port: number;
  /** "host:port" that a forward proxy is asked to connect to first; null = none. */
  readonly tunnel: string | null;
  readonly tls: ClientTlsOptions | null;
  /** Host name of the request: SNI and the certificate's name, unless `tls` says otherwise. */
  readonly hostname: string;
  /** What ALPN offers where `tls` does not say; empty = nothing. */
  readonly alpn: readonly string[];
  readonly trust: ClientTrust;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told as soon as the TCP connection stands, whatever comes of TLS; returns its number. */
  readonly onConnected: (clientPort: number) => number;
}

/** Where the bytes and the end of a connection go. */
export interface ConnectionReader {
  /** The bytes are the reader's. */
  read(bytes: Buffer): void;
  /** The other side sends no more, or the connection is gone. Called once. */
  end(error: Error | null): void;
}

export class ClientConnection {
  #reader: ConnectionReader | null = null;
  /** null = it is open. */
  #ended: { readonly error: Error | null } | null = null;

  constructor(
    /** Counted from 1 in the order of opening. */
    readonly number: number,
    readonly socket: Socket | TLSSocket,
    readonly clientPort: number,
    readonly tls: ClientTls | null,
    readonly connectMs: number,
    /** The TCP connection below TLS: what travels is counted there. */
    private readonly transport: Socket,
  ) {
    socket.on('error', (error: Error) => this.#end(error));
    socket.on('close', () => this.#end(null));
  }

  get isClosed(): boolean {
    return this.#ended !== null;
  }

  /** Gives what comes to this reader, in place of the one before. Not where another library takes the socket over. */
  readWith(reader: ConnectionReader): void {
    const isFirst = this.#reader === null;
    this.#reader = reader;
    const ended = this.#ended;
    if (ended !== null) queueMicrotask(() => reader.end(ended.error));
    else if (isFirst) {
      this.socket.on('data', (bytes: Buffer) => this.#reader?.read(bytes));
      this.socket.on('end', () => this.#end(null));
    }
  }

  get sentBytes(): number {
    return this.transport.bytesWritten;
  }

  get receivedBytes(): number {
    return this.transport.bytesRead;
  }

  write(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.write(piece, (error) => (error == null ? resolve() : reject(error)));
    });
  }

  /** Sends no more; what comes is still read. */
  endWriting(): void {
    this.socket.end();
  }

  /** Ends it with a TCP reset. */
  reset(): void {
    this.transport.resetAndDestroy();
    this.close();
  }

  close(): void {
    this.#reader = null;
    this.#ended ??= { error: null };
    this.socket.destroy();
  }

  #end(error: Error | null): void {
    if (this.#ended !== null) return;
    this.#ended = { error };
    this.#reader?.end(error);
  }
}

/** Why an open connection was lost, in words. */
export function lossOf(error: Error): string {
  const code = errorCode(error) ?? '';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'the server reset the connection';
  // With TLS 1.3 a server that refuses the client says so after the client's side of the handshake is done.
  return code.startsWith('ERR_SSL') ? handshakeProblem(error, 'the allowed one') : error.message;
}

/** Rejects with a `SendError`; when it is cancelled, too. */
export async function openConnection(options: ConnectOptions): Promise<ClientConnection> {
  const startedAt = performance.now();
  const transport = await openTransport(options);
  const clientPort = transport.localPort ?? 0;
  const number = options.onConnected(clientPort);
  if (options.tunnel !== null) await openTunnel(transport, options.tunnel, options);
  const connectMs = performance.now() - startedAt;
  if (options.tls === null)
    return new ClientConnection(number, transport, clientPort, null, connectMs, transport);
  const { socket, tls } = await secure(transport, options, options.tls);
  return new ClientConnection(number, socket, clientPort, tls, performance.now() - startedAt, transport);
}

function openTransport(options: ConnectOptions): Promise<Socket> {
  const { address, port, timeoutMs, signal } = options;
  const where = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const socket = connect({ host: address, port, noDelay: true });
  // Who waits for it hears of it, too; below TLS nobody else listens.
  socket.on('error', () => undefined);
  return settle(socket, 'connect', { timeoutMs, signal }, (error) => {
    if (error === 'timeout') return `${where} did not take the connection within ${timeoutMs / 1000} s`;
    return error === 'closed' ? `${where} closed the connection` : describeConnectError(error, where);
  });
}

async function secure(transport: Socket, options: ConnectOptions, tls: ClientTlsOptions) {
  const { hostname, timeoutMs, signal } = options;
  const serverName = tls.serverName === undefined ? serverNameOf(hostname) : tls.serverName;
  const alpn = tls.alpn ?? options.alpn;
  const socket = connectTls({
    socket: transport,
    servername: serverName ?? '',
    secureContext: secureContextOf(options.trust, tls.maxVersion),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    // Judged below, so that a refused certificate can be shown.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  await settle(socket, 'secureConnect', { timeoutMs, signal }, (error) => {
    const why =
      error === 'timeout'
        ? `it did not end within ${timeoutMs / 1000} s`
        : handshakeProblem(error === 'closed' ? { code: 'ECONNRESET' } : error, tls.maxVersion);
    return `the TLS handshake failed: ${why}`;
  });
  return { socket, tls: tlsOutcome(socket, serverName, serverName ?? withoutPort(hostname)) };
}

/** Resolves with the socket when the event comes; else destroys it and rejects. */
function settle<Each extends Socket>(
  socket: Each,
  event: 'connect' | 'secureConnect',
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
  describe: (error: Error | 'timeout' | 'closed') => string,
): Promise<Each> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error | 'timeout' | 'closed') => {
      finish();
      // Whatever more goes wrong with it is no news.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(new SendError(signal.aborted ? 'cancelled' : describe(error)));
    };
    const onError = (error: Error) => fail(error);
    const onClose = () => fail('closed');
    const onAbort = () => fail('closed');
    const timer = setTimeout(() => fail('timeout'), timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.off(event, onDone);
      signal.removeEventListener('abort', onAbort);
    };
    const onDone = () => {
      finish();
      resolve(socket);
    };
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once(event, onDone);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
