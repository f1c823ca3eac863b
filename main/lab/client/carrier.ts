// What carries HTTP requests to the target: one connection, with the protocol that was asked for or that ALPN chose.
import type { ClientRequest, HttpMessage } from '../../contract/clientRequest';
import { type ClientConnection, type ConnectOptions, openConnection } from './connection';
import type { ExchangeOutcome, ExchangeWatch } from './exchange';
import { exchangeHttp1 } from './http1Exchange';
import { Http2Client } from './http2Exchange';
import type { PreparedHttp } from './preparedHttp';
import { SendError } from './sendError';
import type { ResolvedTarget } from './target';

export interface CarrierOptions {
  readonly request: ClientRequest;
  readonly target: ResolvedTarget;
  readonly trust: ConnectOptions['trust'];
  readonly signal: AbortSignal;
  readonly onConnected: ConnectOptions['onConnected'];
  /** Told when it is secured, too; also when it is then refused. */
  readonly onOpen: (connection: ClientConnection) => void;
}

export interface Carrier {
  readonly connection: ClientConnection;
  readonly isHttp2: boolean;
  readonly isClosed: boolean;
  exchange(stream: number, watch: ExchangeWatch, keptBytes?: number): Promise<ExchangeOutcome>;
  close(): void;
}

const connectTimeoutMs = 10_000;

/** Rejects with a `SendError`. */
export async function openClientConnection(
  { request, target, trust, signal, onConnected, onOpen }: CarrierOptions,
  hostname: string,
  alpn: readonly string[],
): Promise<ClientConnection> {
  const connection = await openConnection({
    address: target.address,
    port: target.port,
    tunnel: request.tunnel ?? null,
    tls: request.tls,
    hostname,
    alpn,
    trust,
    timeoutMs: Math.min(connectTimeoutMs, request.idleTimeoutMs),
    signal,
    onConnected,
  });
  onOpen(connection);
  const { tls } = connection;
  if (tls === null || tls.isTrusted || request.tls?.verify !== true) return connection;
  connection.close();
  throw new SendError(
    `nothing was sent: ${tls.problem}. Switch the check of the certificate off to send all the same`,
  );
}

/** Rejects with a `SendError`. */
export async function openCarrier(options: CarrierOptions, prepared: PreparedHttp): Promise<Carrier> {
  const { message } = prepared;
  const { protocol } = message;
  const connection = await openClientConnection(options, message.hostname, offeredProtocols[protocol]);
  try {
    const isHttp2 = speaksHttp2(connection, protocol);
    if (!isHttp2 && message.streams > 1) {
      throw new SendError('several streams at once need HTTP/2, and the server chose HTTP/1.1');
    }
    return isHttp2
      ? http2Carrier(connection, options, prepared)
      : http1Carrier(connection, options, prepared);
  } catch (error) {
    connection.close();
    throw error;
  }
}

export const offeredProtocols = { http1: ['http/1.1'], h2: ['h2'], auto: ['h2', 'http/1.1'] } as const;

/** Throws a `SendError` where ALPN came to another protocol than the one that was asked for. */
export function speaksHttp2({ tls }: ClientConnection, protocol: HttpMessage['protocol']): boolean {
  const alpn = tls?.alpn ?? null;
  if (tls !== null) checkChosen(protocol, alpn);
  return protocol === 'h2' || (protocol === 'auto' && alpn === 'h2');
}

/** Two that speak different protocols on one connection only confuse each other. */
function checkChosen(protocol: HttpMessage['protocol'], alpn: string | null): void {
  if (protocol === 'h2' && alpn !== 'h2') {
    throw new SendError(
      `HTTP/2 was asked for, but ALPN came to ${alpn ?? 'no protocol'}: choose HTTP/1.1, or let the server offer h2`,
    );
  }
  if (protocol === 'http1' && alpn === 'h2') {
    throw new SendError('HTTP/1.1 was asked for, but ALPN came to h2: offer http/1.1 only, or choose HTTP/2');
  }
}

function http1Carrier(
  connection: ClientConnection,
  { signal }: CarrierOptions,
  prepared: PreparedHttp,
): Carrier {
  const { message } = prepared;
  return {
    connection,
    isHttp2: false,
    get isClosed() {
      return connection.isClosed;
    },
    exchange: (_stream, watch, keptBytes) =>
      exchangeHttp1({
        connection,
        method: message.method,
        message: prepared.http1,
        pauseMs: message.pieces.pauseMs,
        giveUp: message.giveUp,
        watch,
        signal,
        ...(keptBytes === undefined ? {} : { keptBytes }),
      }),
    close: () => connection.close(),
  };
}

function http2Carrier(
  connection: ClientConnection,
  { signal }: CarrierOptions,
  prepared: PreparedHttp,
): Carrier {
  const client = Http2Client.open(connection);
  const scheme = connection.tls === null ? 'http' : 'https';
  return {
    connection,
    isHttp2: true,
    get isClosed() {
      return client.isClosed;
    },
    exchange: (stream, watch, keptBytes) =>
      client.exchange({
        prepared,
        scheme,
        stream,
        watch,
        signal,
        ...(keptBytes === undefined ? {} : { keptBytes }),
      }),
    close: () => client.close(),
  };
}
