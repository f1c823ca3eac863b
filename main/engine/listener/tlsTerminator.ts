// One TLS handshake as server: the certificate by SNI, bounded in time, its outcome as an event.
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { CompiledTls } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import type { Ticking } from '../ticker';
import { recordTlsEstablished } from '../tlsRecords';
import { errorCode } from '../upstream/connectError';
import type { WireTap } from '../wire/wireTap';
import { readClientCertificate } from './clientCertificate';

export interface TerminateOptions {
  readonly context: EngineContext;
  /** As the connection found it; a reload changes later connections only. */
  readonly tls: CompiledTls;
  /** Paused; bytes that were read already are put back with `unshift`. */
  readonly socket: Socket;
  /** null = what travels is not kept. */
  readonly wire: WireTap | null;
  readonly flowId: number;
  readonly connectionId: number;
  /** As the ClientHello was read already; undefined = it is in the handshake that follows. */
  readonly serverName: string | null | undefined;
  /** What is offered; empty = ALPN is not answered. */
  readonly alpn: readonly string[];
  readonly timeoutMs: number;
  /** Attach the handlers of the decrypting socket synchronously. */
  readonly onSecure: (socket: TLSSocket, clientSubject: string | null) => void;
  /** The socket is gone or going. */
  readonly onFailed: (failure: TlsFailure) => void;
}

type ChooseDone = (error: Error | null, context?: SecureContext) => void;

export interface TlsFailure {
  /** In words. */
  readonly reason: string;
  readonly closedBy: 'client' | 'proxy';
  readonly isTimeout: boolean;
}

export class TlsTerminator implements Ticking {
  readonly #options: TerminateOptions;
  readonly #socket: TLSSocket;
  readonly #deadline: number;
  #isOver = false;

  constructor(options: TerminateOptions) {
    this.#options = options;
    const { context, socket, wire, tls, serverName, alpn, timeoutMs } = options;
    this.#deadline = context.emitter.now() + timeoutMs * 1000;
    const secured = new TLSSocket(wire === null ? socket : wire.stream(), {
      isServer: true,
      secureContext: tls.choose(serverName ?? null).context,
      ...(serverName === undefined
        ? { SNICallback: (name: string, done: ChooseDone) => done(null, tls.choose(name).context) }
        : {}),
      ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
      requestCert: tls.clientCertificates !== 'off',
      rejectUnauthorized: tls.clientCertificates === 'require',
    });
    wire?.keepKeysOf(secured);
    this.#socket = secured;
    context.ticker.add(this);
    // What tls.Server itself listens to on the sockets that it makes; it would not say which connection failed.
    secured.once('secure', this.#onSecure);
    secured.on('_tlsError', this.#onError);
    secured.on('error', this.#onError);
    secured.on('end', this.#onClose);
    secured.on('close', this.#onClose);
  }

  onTick(now: number): void {
    if (now < this.#deadline) return;
    this.#fail({
      reason: `the handshake was not finished within ${this.#options.timeoutMs} ms`,
      closedBy: 'proxy',
      isTimeout: true,
    });
  }

  /** Stops without telling. */
  cancel(): void {
    this.#finish();
    this.#socket.destroy();
  }

  readonly #onSecure = (): void => {
    if (this.#isOver) return;
    const peer = readClientCertificate(this.#socket, this.#options.tls.clientCertificates);
    if (peer.refusal !== null) {
      // Not here: OpenSSL is still inside the handshake, and what it works on must not be freed.
      const reason = peer.refusal;
      setImmediate(() => this.#fail({ reason, closedBy: 'proxy', isTimeout: false }));
      return;
    }
    const { context, tls, flowId, connectionId, onSecure } = this.#options;
    this.#finish();
    const socket = this.#socket;
    const serverName = serverNameOf(socket);
    if (context.emitter.isWatched) {
      const { id, chain } = tls.choose(serverName);
      const resumed = socket.isSessionReused();
      recordTlsEstablished(context.emitter, flowId, connectionId, {
        leg: 'downstream',
        version: socket.getProtocol() ?? 'unknown',
        cipher: socket.getCipher().standardName,
        alpn: socket.alpnProtocol || null,
        serverName,
        certificate: id,
        resumed,
        ...(resumed ? {} : { served: chain }),
        ...peer.fields,
      });
    }
    onSecure(socket, peer.fields.verified === true ? (peer.fields.peerSubject ?? null) : null);
    socket.off('_tlsError', this.#onError);
    socket.off('error', this.#onError);
    socket.off('end', this.#onClose);
    socket.off('close', this.#onClose);
  };

  readonly #onError = (error: unknown): void => this.#fail(describeTlsError(error));

  readonly #onClose = (): void =>
    this.#fail({ reason: 'the client left during the handshake', closedBy: 'client', isTimeout: false });

  #fail(failure: TlsFailure): void {
    if (this.#isOver) return;
    this.#finish();
    this.#options.onFailed(failure);
    this.#socket.destroy();
  }

  #finish(): void {
    this.#isOver = true;
    this.#options.context.ticker.delete(this);
  }
}

function serverNameOf(socket: TLSSocket): string | null {
  const name = (socket as TLSSocket & { readonly servername?: string | false | null }).servername;
  return typeof name === 'string' && name !== '' ? name : null;
}

function describeTlsError(error: unknown): TlsFailure {
  const code = errorCode(error) ?? '';
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return {
      reason: 'the client reset the connection during the handshake',
      closedBy: 'client',
      isTimeout: false,
    };
  }
  const known = descriptions.find(([part]) => code.includes(part));
  const message = opensslReason(error);
  const isAlert = code.includes('ALERT');
  const reason = known?.[1] ?? (isAlert ? `the client ended the handshake: ${message}` : message);
  return { reason, closedBy: isAlert ? 'client' : 'proxy', isTimeout: false };
}

/** "no suitable signature algorithm"; Node puts OpenSSL's words there. */
function opensslReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message.trim();
}

/** By a part of OpenSSL's code. */
const descriptions: readonly (readonly [string, string])[] = [
  ['PEER_DID_NOT_RETURN_A_CERTIFICATE', 'the client showed no certificate, and one is required here'],
  ['HTTP_REQUEST', 'the client speaks HTTP, not TLS'],
  ['WRONG_VERSION_NUMBER', 'the client does not speak TLS'],
  ['UNSUPPORTED_PROTOCOL', 'the client offers no TLS version that is allowed here'],
  ['NO_SHARED_CIPHER', 'the client offers no cipher suite that is allowed here'],
  ['NO_APPLICATION_PROTOCOL', 'the client offers no protocol (ALPN) that is spoken here'],
  ['ALERT_UNKNOWN_CA', 'the client does not trust the certificate (unknown CA)'],
  ['ALERT_CERTIFICATE_UNKNOWN', 'the client does not accept the certificate'],
  ['ALERT_BAD_CERTIFICATE', 'the client does not accept the certificate'],
  ['ALERT_CERTIFICATE_EXPIRED', 'the client says that the certificate has expired'],
];
