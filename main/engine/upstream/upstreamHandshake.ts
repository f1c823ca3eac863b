// One TLS handshake as client towards an endpoint: SNI, the check of its certificate, session reuse, and the outcome
// as an event. Its time is bounded by whoever waits for the connection (connectTimeoutMs).
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { EngineContext } from '../engineContext';
import { recordTlsEstablished, recordTlsFailed } from '../tlsRecords';
import type { WireTap } from '../wire/wireTap';
import { errorCode } from './connectError';
import { peerFacts } from './peerFacts';
import type { UpstreamTls } from './upstreamTls';

export interface HandshakeOptions {
  readonly context: EngineContext;
  readonly tls: UpstreamTls;
  readonly serverName: string;
  /** Connected; what goes before TLS is written already. */
  readonly socket: Socket;
  /** null = what travels is not kept. */
  readonly wire: WireTap | null;
  /** "address:port". */
  readonly endpointKey: string;
  /** Empty = ALPN is not offered. */
  readonly alpn: readonly string[];
  readonly flowId: number;
  readonly connectionId: number;
  /** Attach the handlers of the encrypting socket synchronously. */
  readonly onSecure: (socket: TLSSocket) => void;
  /** The sockets are gone or going. */
  readonly onFailed: (error: UpstreamTlsError) => void;
}

export class UpstreamTlsError extends Error {
  override readonly name = 'UpstreamTlsError';
}

/** Destroying the returned socket ends the handshake without a word. */
export function startUpstreamHandshake(options: HandshakeOptions): TLSSocket {
  const { context, tls, serverName, wire, endpointKey, alpn, flowId, connectionId } = options;
  const sessionKey = `${endpointKey} ${serverName}`;
  const session = tls.session(sessionKey);
  const socket = connect({
    socket: wire === null ? options.socket : wire.stream(),
    secureContext: tls.context,
    rejectUnauthorized: tls.verify,
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    ...(isIP(serverName) === 0 ? { servername: serverName } : {}),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    ...(session === undefined ? {} : { session }),
  });
  wire?.keepKeysOf(socket);
  let isOver = false;
  const fail = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    tls.forgetSession(sessionKey);
    recordTlsFailed(context.emitter, flowId, connectionId, 'upstream', reason);
    socket.destroy();
    options.onFailed(new UpstreamTlsError(reason));
  };
  const onError = (error: Error): void => fail(describeHandshakeError(error, endpointKey, serverName));
  const onClose = (): void => {
    isOver = true;
  };
  socket.on('session', (fresh: Buffer) => tls.keepSession(sessionKey, fresh));
  socket.on('error', onError);
  socket.on('close', onClose);
  socket.once('secureConnect', () => {
    if (isOver) return;
    isOver = true;
    if (context.emitter.isWatched) {
      recordTlsEstablished(context.emitter, flowId, connectionId, {
        leg: 'upstream',
        version: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().standardName,
        alpn: socket.alpnProtocol || null,
        serverName: isIP(serverName) === 0 ? serverName : null,
        certificate: null,
        resumed: socket.isSessionReused(),
        verified: socket.authorized,
        ...peerFacts(socket),
      });
    }
    options.onSecure(socket);
    // Only now: a socket is never without an error handler.
    socket.off('error', onError);
    socket.off('close', onClose);
  });
  return socket;
}

export function describeHandshakeError(error: unknown, key: string, serverName: string): string {
  const code = errorCode(error) ?? '';
  const words = error instanceof Error ? error.message.trim() : String(error);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate of ${key} is for another name than ${serverName}: set tls.serverName to one that it has`;
  }
  const known = descriptions.find(([part]) => code.includes(part));
  if (known !== undefined) return `${known[1].replace('KEY', key)}`;
  const reason =
    error instanceof Error && 'reason' in error && typeof error.reason === 'string' ? error.reason : words;
  return code.includes('ALERT') ? `${key} ended the handshake: ${reason}` : `${key}: ${reason}`;
}

const untrusted =
  'the certificate of KEY is signed by nobody that is trusted here: name its authority in tls.caCertificates';

/** By a part of the code that Node or OpenSSL gives. */
const descriptions: readonly (readonly [string, string])[] = [
  ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted],
  ['SELF_SIGNED_CERT_IN_CHAIN', untrusted],
  ['UNABLE_TO_GET_ISSUER_CERT', untrusted],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
  ['CERT_HAS_EXPIRED', 'the certificate of KEY has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate of KEY is not valid yet'],
  ['CERT_REVOKED', 'the certificate of KEY was revoked'],
  ['ECONNRESET', 'KEY closed the connection during the handshake'],
  ['EPIPE', 'KEY closed the connection during the handshake'],
  ['WRONG_VERSION_NUMBER', 'KEY does not speak TLS'],
  ['PACKET_LENGTH_TOO_LONG', 'KEY does not speak TLS'],
  ['HTTP_REQUEST', 'KEY does not speak TLS'],
  ['UNSUPPORTED_PROTOCOL', 'KEY speaks no TLS version that is allowed here'],
  ['ALERT_PROTOCOL_VERSION', 'KEY speaks no TLS version that is allowed here'],
  ['CERTIFICATE_REQUIRED', 'KEY wants a client certificate: name one in tls.clientCertificate'],
  ['ALERT_UNKNOWN_CA', 'KEY does not trust the client certificate (unknown CA)'],
];
