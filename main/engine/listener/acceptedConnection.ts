// One accepted connection from its first byte to the part that serves it: HTTP, TLS termination, or an L4 relay.
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { acmeTlsProtocol } from '../../contract/acme';
import type { ConnectionCloser, FlowFailureCode, SocketAddress } from '../../contract/flowEvent';
import type { CompiledListener, CompiledTcpRoute, CompiledTls, CompiledTlsRoute } from '../compiledConfig';
import { recordConnectionClosed, recordConnectionOpened } from '../connectionRecords';
import type { EndedFlow } from '../endedFlow';
import type { EngineContext } from '../engineContext';
import {
  type FlowOutcome,
  recordFlowClosed,
  recordFlowFailed,
  recordFlowOpened,
  recordTimeout,
} from '../flowRecords';
import { Http2Connection } from '../http/http2Connection';
import { acceptHttpConnection } from '../http/httpConnection';
import type { HttpConnectionOptions } from '../http/httpConnectionOptions';
import type { ServedConnection } from '../http/servedConnection';
import { recordProxyReceived, recordProxyRefused } from '../proxyRecords';
import { localAddressOf, remoteAddressOf } from '../socketAddress';
import { recordL4Route } from '../tcp/routeRecords';
import { TcpFlow } from '../tcp/tcpProxy';
import { recordClientHello, recordTlsFailed } from '../tlsRecords';
import type { WireTap } from '../wire/wireTap';
import { HelloPeek, type PeekResult } from './helloPeek';
import { ProxyHeaderPeek, type ProxyPeekResult } from './proxyHeaderPeek';
import { type TlsFailure, TlsTerminator } from './tlsTerminator';

/** The port that a connection came in on. Its listener may be renamed by a reload. */
export interface PortIdentity {
  readonly listenerId: string;
}

type Stage =
  | { readonly name: 'starting' | 'closed' }
  | { readonly name: 'proxyHeader'; readonly peek: ProxyHeaderPeek }
  | { readonly name: 'peeking'; readonly peek: HelloPeek }
  | { readonly name: 'handshaking'; readonly terminator: TlsTerminator }
  | { readonly name: 'http'; readonly http: ServedConnection }
  | { readonly name: 'l4'; readonly flow: TcpFlow };

export class AcceptedConnection {
  readonly #connectionId: number;
  #client: SocketAddress;
  /** As a PROXY header announced it; null = our own end. */
  #destination: SocketAddress | null = null;
  /** Our end; null = nobody wanted to know yet. */
  #local: SocketAddress | null = null;
  readonly #revision: number;
  #stage: Stage = { name: 'starting' };
  #flowId = 0;
  /** Of the ClientHello; undefined = it was not looked at. */
  #serverName: string | null | undefined;
  #openedAt = 0;
  #wire: WireTap | null = null;
  #isDraining = false;

  /** `onClosed` is called once, after the last event. */
  constructor(
    private readonly context: EngineContext,
    private readonly port: PortIdentity,
    private readonly listener: CompiledListener,
    private readonly socket: Socket,
    private readonly onClosed: () => void,
  ) {
    this.#connectionId = context.emitter.nextConnectionId();
    this.#client = remoteAddressOf(socket);
    this.#revision = context.config().revision;
  }

  start(): void {
    const { listener, context } = this;
    // Until a stage listens itself. A socket that failed also closes, and that is noticed.
    this.socket.on('error', ignoreErrorBeforeClose);
    if (context.wire.isOn) this.#tap();
    const isL4 = listener.config.protocol === 'tcp' || listener.config.protocol === 'tls';
    if (isL4) this.#flowId = context.emitter.nextFlowId();
    this.#recordOpened();
    if (listener.config.acceptProxyProtocol === 'off') this.#begin();
    else this.#readProxyHeader(listener.config.acceptProxyProtocol);
  }

  #tap(): void {
    this.#wire = this.context.wire.tap(this.socket, {
      connectionId: this.#connectionId,
      leg: 'downstream',
      listener: this.listener.config.id,
      pool: null,
    });
  }

  #begin(): void {
    const { listener } = this;
    switch (listener.config.protocol) {
      case 'http':
      case 'forward':
        this.#serveHttp(this.socket, false);
        if (this.socket.isPaused()) this.socket.resume();
        return;
      case 'https':
        if (this.#needsHello()) this.#peek();
        else this.#terminate(null);
        return;
      case 'tls':
        this.#openFlow('tls');
        this.#peek();
        return;
      case 'tcp':
        this.#openFlow('tcp');
        this.#serveL4(this.socket, listener.tcpRoute, null, null);
    }
  }

  /** What stands in the ClientHello decides something before the handshake, or somebody wants to see it. */
  #needsHello(): boolean {
    const { listener, context } = this;
    return (
      context.emitter.isWatched ||
      listener.tlsRoutes.routes.length > 0 ||
      listener.tls?.hasSeveralKeyTypes === true ||
      context.challenges.answersTls
    );
  }

  /** Finish what is in flight, then close. L4 connections cannot be asked to finish and go on. */
  drain(): void {
    this.#isDraining = true;
    if (this.#stage.name === 'http') this.#stage.http.drain();
    else if (this.#stage.name === 'proxyHeader') this.destroy('drained');
    else if (this.#stage.name === 'peeking' && this.#flowId === 0) this.destroy('drained');
  }

  destroy(reason: string): void {
    const stage = this.#stage;
    if (stage.name === 'http') stage.http.destroy(reason);
    else if (stage.name === 'l4') stage.flow.destroy(reason);
    else if (stage.name !== 'closed') {
      if (stage.name === 'proxyHeader') this.#openFlowOf(stage.peek);
      if (stage.name === 'peeking') stage.peek.cancel();
      if (stage.name === 'handshaking') stage.terminator.cancel();
      this.#close('proxy', reason, 'aborted');
    }
  }

  // ---------------------------------------------------------------- stages

  #readProxyHeader(accepts: 'v1' | 'v2' | 'any'): void {
    const { headerTimeoutMs } = this.listener.config.limits;
    const peek = new ProxyHeaderPeek(this.context, this.socket, accepts, headerTimeoutMs, (result) =>
      this.#onProxyHeader(result),
    );
    this.#stage = { name: 'proxyHeader', peek };
  }

  #onProxyHeader(result: ProxyPeekResult): void {
    const { emitter } = this.context;
    if (result.kind === 'header') {
      const { version, addresses } = result;
      const source = addresses?.source ?? null;
      this.#destination = addresses?.destination ?? null;
      recordProxyReceived(emitter, this.#flowId, this.#connectionId, {
        version,
        source,
        destination: this.#destination,
      });
      if (source !== null) this.#client = source;
      this.#stage = { name: 'starting' };
      this.#begin();
      return;
    }
    const { headerTimeoutMs } = this.listener.config.limits;
    if (result.kind === 'timeout')
      recordTimeout(emitter, this.#flowId, this.#connectionId, 'header', headerTimeoutMs);
    const reason = result.kind === 'refused' ? result.reason : proxyHeaderMissing[result.kind];
    this.#openFlowOf(null);
    recordProxyRefused(emitter, this.#flowId, this.#connectionId, reason);
    if (this.#flowId !== 0) this.#recordFailed('proxy_header_refused', reason);
    this.#close(result.kind === 'gone' ? 'client' : 'proxy', 'proxy_header_refused', 'failed');
  }

  /** A relayed connection that ends before its PROXY header is a flow all the same. */
  #openFlowOf(peek: ProxyHeaderPeek | null): void {
    peek?.cancel();
    if (this.#flowId !== 0) this.#openFlow(this.listener.config.protocol === 'tcp' ? 'tcp' : 'tls');
  }

  #peek(): void {
    const peek = new HelloPeek(
      this.context,
      this.socket,
      this.listener.config.limits.headerTimeoutMs,
      (result, bytes) => this.#onPeeked(result, bytes),
    );
    this.#stage = { name: 'peeking', peek };
  }

  #onPeeked(result: PeekResult, bytes: Buffer): void {
    const { emitter } = this.context;
    if (result.kind === 'gone') {
      if (this.#flowId !== 0)
        this.#recordFailed('downstream_reset', 'the client left before its ClientHello was whole');
      this.#close('client', result.reason, 'aborted');
      return;
    }
    if (result.kind === 'timeout') {
      const { headerTimeoutMs } = this.listener.config.limits;
      recordTimeout(emitter, this.#flowId, this.#connectionId, 'clientHello', headerTimeoutMs);
      this.#refuse('request_timeout', `no whole ClientHello within ${headerTimeoutMs} ms`);
      return;
    }
    const serverName = result.kind === 'hello' ? result.hello.serverName : null;
    if (result.kind === 'hello') recordClientHello(emitter, this.#flowId, this.#connectionId, result.hello);
    else if (this.listener.tlsRoutes.routes.length > 0 || this.listener.config.protocol === 'tls') {
      this.#refuse('not_tls', result.reason);
      return;
    }
    if (result.kind === 'hello') this.#serverName = serverName;
    const challenge =
      result.kind === 'hello' ? this.context.challenges.tlsAnswer(serverName, result.hello.alpn) : null;
    if (challenge !== null) {
      this.#handshake(bytes, [acmeTlsProtocol], (socket) => this.#endChallenge(socket), challenge);
      return;
    }
    const route = this.listener.tlsRoutes.match(serverName);
    if (route === null && this.listener.config.protocol === 'https') this.#terminate(bytes);
    else this.#serveTls(route, serverName, bytes);
  }

  #serveTls(route: CompiledTlsRoute | null, serverName: string | null, bytes: Buffer): void {
    if (this.#flowId === 0) {
      this.#flowId = this.context.emitter.nextFlowId();
      this.#openFlow('tls');
    }
    if (route?.config.mode !== 'terminate') this.#serveL4(this.socket, route, serverName, bytes);
    else if (this.listener.tls === null) this.#refuse('internal_error', 'the listener has no certificate');
    else this.#handshake(bytes, [], (socket) => this.#serveL4(socket, route, serverName, null));
  }

  /** TLS, then HTTP. */
  #terminate(bytes: Buffer | null): void {
    if (this.listener.tls === null) {
      this.#refuse('internal_error', 'the listener has no certificate');
      return;
    }
    const alpn = this.listener.config.tls?.alpn ?? ['http/1.1'];
    this.#handshake(bytes, alpn, (socket, subject) => this.#serveHttp(socket, true, subject));
  }

  #handshake(
    bytes: Buffer | null,
    alpn: readonly string[],
    onSecure: (socket: TLSSocket, clientSubject: string | null) => void,
    tls: CompiledTls = this.listener.tls!,
  ): void {
    if (bytes !== null) this.socket.unshift(bytes);
    const terminator = new TlsTerminator({
      context: this.context,
      tls,
      socket: this.socket,
      wire: this.#wire,
      serverName: this.#serverName,
      flowId: this.#flowId,
      connectionId: this.#connectionId,
      alpn,
      timeoutMs: this.listener.config.limits.headerTimeoutMs,
      onSecure,
      onFailed: (failure) => this.#onHandshakeFailed(failure),
    });
    this.#stage = { name: 'handshaking', terminator };
  }

  #onHandshakeFailed({ reason, closedBy, isTimeout }: TlsFailure): void {
    const { emitter } = this.context;
    const { headerTimeoutMs } = this.listener.config.limits;
    if (isTimeout) recordTimeout(emitter, this.#flowId, this.#connectionId, 'tlsHandshake', headerTimeoutMs);
    recordTlsFailed(emitter, this.#flowId, this.#connectionId, 'downstream', reason);
    if (this.#flowId !== 0) this.#recordFailed('downstream_tls_failed', reason);
    this.#close(closedBy, isTimeout ? 'header_timeout' : 'tls_failed', 'failed');
  }

  /** RFC 8737 3: the handshake was the answer; nothing is said in it. */
  #endChallenge(socket: TLSSocket): void {
    socket.on('error', ignoreErrorBeforeClose);
    socket.setTimeout(challengeEndMs, () => socket.destroy());
    socket.once('close', () => this.#close('proxy', 'challenge_answered', 'completed'));
    socket.resume();
    socket.end();
  }

  #serveHttp(socket: Socket | TLSSocket, isTls: boolean, clientSubject: string | null = null): void {
    const options: HttpConnectionOptions = {
      context: this.context,
      port: this.port,
      connectionId: this.#connectionId,
      isTls,
      client: this.#client,
      clientSubject: clientSubject ?? undefined,
      destination: this.#destination ?? this.#local ?? undefined,
      onClosed: () => this.#finish(),
      // A forward listener speaks HTTP/1.1 with its clients.
      ...(this.listener.config.protocol === 'http'
        ? { onHttp2: (bytes: Buffer) => this.#hold(new Http2Connection(socket, options, bytes)) }
        : {}),
    };
    const isHttp2 = socket instanceof TLSSocket && this.#speaksHttp2(socket);
    this.#hold(isHttp2 ? new Http2Connection(socket, options, null) : acceptHttpConnection(socket, options));
  }

  /** What ALPN chose (RFC 9113 3.2); a client without ALPN gets HTTP/1.1 where that is spoken at all. */
  #speaksHttp2(socket: TLSSocket): boolean {
    if (socket.alpnProtocol === 'h2') return true;
    return socket.alpnProtocol === false && this.listener.config.tls?.alpn.includes('http/1.1') === false;
  }

  #hold(http: ServedConnection): void {
    if (this.#stage.name === 'closed') return;
    this.#stage = { name: 'http', http };
    if (this.#isDraining) http.drain();
  }

  #serveL4(
    client: Socket,
    route: CompiledTcpRoute | CompiledTlsRoute | null,
    serverName: string | null,
    early: Uint8Array | null,
  ): void {
    const { context, listener } = this;
    recordL4Route(context.emitter, this.#flowId, this.#connectionId, listener, serverName, route?.id ?? null);
    if (route === null) {
      const name = serverName === null ? 'a connection without server name' : `"${serverName}"`;
      const what = listener.config.protocol === 'tcp' ? 'it' : name;
      this.#refuse('no_route', `no route of listener "${listener.config.id}" takes ${what}`);
      return;
    }
    const flow = new TcpFlow({
      context,
      listener,
      route,
      flowId: this.#flowId,
      connectionId: this.#connectionId,
      client,
      clientAddress: this.#client,
      destination: this.#destination ?? localAddressOf(this.socket),
      serverName,
      early,
      openedAt: this.#openedAt,
      onClosed: () => this.#finish(),
    });
    this.#stage = { name: 'l4', flow };
    flow.start();
  }

  // ---------------------------------------------------------------- events and the end

  #recordOpened(): void {
    if (!this.context.emitter.isWatched) return;
    this.#local = localAddressOf(this.socket);
    recordConnectionOpened(this.context.emitter, {
      flowId: this.#flowId,
      connectionId: this.#connectionId,
      leg: 'downstream',
      listener: this.listener.config.id,
      remote: this.#client,
      local: this.#local,
    });
  }

  #openFlow(flow: 'tls' | 'tcp'): void {
    this.#openedAt = this.context.emitter.now();
    recordFlowOpened(this.context.emitter, this.#flowId, this.#connectionId, {
      flow,
      listener: this.listener.config.id,
      client: this.#client,
      revision: this.#revision,
    });
  }

  #recordFailed(code: FlowFailureCode, message: string): void {
    recordFlowFailed(this.context.emitter, this.#flowId, this.#connectionId, code, message, null);
  }

  /** Nothing can serve this connection. */
  #refuse(code: FlowFailureCode, message: string): void {
    const { emitter } = this.context;
    if (this.#flowId !== 0) this.#recordFailed(code, message);
    else recordTlsFailed(emitter, 0, this.#connectionId, 'downstream', message);
    this.#close('proxy', code, 'failed');
  }

  #close(closedBy: ConnectionCloser, reason: string, outcome: FlowOutcome): void {
    const { emitter, metrics } = this.context;
    const { bytesRead, bytesWritten } = this.socket;
    this.socket.destroy();
    recordConnectionClosed(emitter, {
      flowId: this.#flowId,
      connectionId: this.#connectionId,
      leg: 'downstream',
      closedBy,
      reason,
      bytesRead,
      bytesWritten,
    });
    if (this.#flowId !== 0) {
      const duration = emitter.now() - this.#openedAt;
      recordFlowClosed(emitter, this.#flowId, this.#connectionId, outcome, duration);
      metrics
        .counters('listener', this.listener.config.id)
        .countFlow(0, outcome === 'failed', duration / 1000);
      if (this.context.flowEnds.listener !== null)
        this.context.flowEnds.listener(this.#ended(outcome, reason, duration / 1000));
    }
    this.#finish();
  }

  /** It never got as far as a route. */
  #ended(outcome: FlowOutcome, reason: string, durationMs: number): EndedFlow {
    const { id, protocol } = this.listener.config;
    return {
      flowId: this.#flowId,
      flow: protocol === 'tcp' ? 'tcp' : 'tls',
      listener: id,
      client: this.#client,
      durationMs,
      outcome,
      failure: reason,
      route: null,
      pool: null,
      endpoint: null,
      requestBytes: this.socket.bytesRead,
      responseBytes: this.socket.bytesWritten,
      serverName: null,
      request: null,
      status: 0,
    };
  }

  #finish(): void {
    if (this.#stage.name === 'closed') return;
    this.#stage = { name: 'closed' };
    this.onClosed();
  }
}

const proxyHeaderMissing = {
  timeout: 'no whole PROXY header came in time',
  gone: 'the client left before its PROXY header was whole',
} as const;

const challengeEndMs = 5000;

function ignoreErrorBeforeClose(): undefined {
  return undefined;
}
