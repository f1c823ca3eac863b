// The built-in client: sends one thing (or the same request many times) for a person, over real connections, and tells
// every chunk with its time. The one door to main/lab/client.
import { setMaxListeners } from 'node:events';
import type { BoundListener } from '../../contract/api';
import { AppError } from '../../contract/appError';
import { type ClientMessage, type ClientRequest, clientBounds } from '../../contract/clientRequest';
import type { ClientEvent, ClientResponse, ClientResult, RepeatSummary } from '../../contract/clientResult';
import { type Carrier, offeredProtocols, openCarrier, openClientConnection, speaksHttp2 } from './carrier';
import type { ClientConnection } from './connection';
import { rounded } from './exchange';
import { Http2Client } from './http2Exchange';
import { openHttp2WebSocketLine } from './http2WebSocketLine';
import { bytesOf, splitBytes } from './pieces';
import { PreparedHttp } from './preparedHttp';
import { exchangeRaw } from './rawExchange';
import { repeatRequest } from './repeat';
import type { ClientCertificate, ClientTrust } from './secureContexts';
import { SendError } from './sendError';
import { SendLog } from './sendLog';
import { type ResolvedTarget, resolveTarget } from './target';
import { WebSocketSession } from './webSocketSession';

export interface ClientContext {
  /** Those that run, as `engine.listeners()` gives them. */
  readonly listeners: readonly BoundListener[];
  /** PEM certificates to trust besides the public authorities. */
  readonly trustedCertificates: readonly string[];
  /** A certificate with its key by its id; null = there is none. */
  readonly clientCertificate: (id: string) => ClientCertificate | null;
}

export interface RunningSend {
  /** Never rejects. */
  readonly result: Promise<ClientResult>;
  cancel(): void;
  /** Into an open WebSocket. Throws `unavailable`. */
  message(message: ClientMessage): void;
}

/**
 * Starts at once. Throws `not_found` for a listener that does not run and `invalid_input` for what cannot be sent; whatever
 * goes wrong later is a result with `outcome: failed`.
 */
export function startSend(
  request: ClientRequest,
  context: ClientContext,
  onEvent: (event: ClientEvent) => void = () => undefined,
): RunningSend {
  const target = resolveTarget(request.target, context.listeners);
  const prepared = prepare(request);
  if (request.tunnel !== undefined && target.listener === null) {
    throw new AppError(
      'invalid_input',
      'a tunnel is opened through a running listener only: name a forward one',
    );
  }
  const clientCertificate = clientCertificateOf(request, context);
  const send = new Send(request, prepared, target, { ...context, clientCertificate }, onEvent);
  return { result: send.run(), cancel: () => send.stop(null), message: (message) => send.message(message) };
}

/** Throws `not_found`. */
function clientCertificateOf({ tls }: ClientRequest, context: ClientContext): ClientCertificate | null {
  const id = tls?.clientCertificate;
  if (id === undefined) return null;
  const found = context.clientCertificate(id);
  if (found !== null) return found;
  throw new AppError('not_found', `certificate "${id}" is not in the store, or its key cannot be opened`);
}

/** What can be said before anything is sent. Throws `invalid_input`. */
function prepare({ message }: ClientRequest): PreparedHttp | null {
  if (message.kind === 'raw') splitBytes(bytesOf(message.bytes), message.pieces.split);
  if (message.kind !== 'http') return null;
  const prepared = new PreparedHttp(message);
  // Asked for here, so that too many pieces are refused now.
  if (message.protocol !== 'h2') void prepared.http1;
  if (message.protocol !== 'http1') void prepared.bodyPieces;
  if (message.protocol === 'http1' && message.streams > 1) {
    throw new AppError('invalid_input', `${message.streams} streams at once need HTTP/2; HTTP/1.1 has none`);
  }
  return prepared;
}

/** Pauses that were asked for are no silence. In milliseconds. */
function idleLimit({ message, repeat, idleTimeoutMs }: ClientRequest): number {
  // People think before they type into a WebSocket.
  if (message.kind === 'webSocket') return clientBounds.durationMs;
  const betweenRepeatsMs = repeat?.perSecond == null ? 0 : 1000 / repeat.perSecond;
  return idleTimeoutMs + message.pieces.pauseMs + betweenRepeatsMs;
}

/** What a kind of message came to. */
interface Ending {
  readonly outcome: 'answered' | 'closed' | 'cancelled';
  readonly problem: string | null;
  readonly responses?: readonly ClientResponse[];
  readonly received?: string;
  readonly repeat?: RepeatSummary;
}

class Send {
  readonly #stop = new AbortController();
  readonly #log: SendLog;
  readonly #idle: NodeJS.Timeout;
  readonly #limit: NodeJS.Timeout | undefined;
  readonly #connections: ClientConnection[] = [];
  #opened = 0;
  /** Of connections that are gone. */
  #sentBytes = 0;
  #receivedBytes = 0;
  readonly #ports: number[] = [];
  #first: ClientConnection | null = null;
  #webSocket: WebSocketSession | null = null;
  #isCancelled = false;
  #stopProblem: string | null = null;

  constructor(
    private readonly request: ClientRequest,
    /** null = not HTTP. */
    private readonly prepared: PreparedHttp | null,
    private readonly target: ResolvedTarget,
    private readonly trust: ClientTrust,
    onEvent: (event: ClientEvent) => void,
  ) {
    this.#log = new SendLog(onEvent);
    setMaxListeners(0, this.#stop.signal);
    const { message } = request;
    const idleMs = idleLimit(request);
    this.#idle = setTimeout(
      () => this.stop(`nothing came and nothing went for ${Math.round(idleMs) / 1000} s`),
      idleMs,
    );
    if (message.kind !== 'webSocket') {
      const words = `it was ended after ${clientBounds.durationMs / 60_000} minutes`;
      this.#limit = setTimeout(() => this.stop(words), clientBounds.durationMs);
    }
  }

  async run(): Promise<ClientResult> {
    const ending = await this.#carryOut().catch((error: unknown): Ending => {
      if (error instanceof SendError) return { outcome: 'answered', problem: error.message };
      throw error;
    });
    clearTimeout(this.#idle);
    clearTimeout(this.#limit);
    for (const connection of this.#connections) this.#countBytes(connection);
    for (const connection of this.#connections) connection.close();
    return this.#result(ending);
  }

  /** `problem` null = a person wanted it. */
  stop(problem: string | null): void {
    if (this.#stop.signal.aborted) return;
    this.#isCancelled = problem === null;
    this.#stopProblem = problem;
    this.#stop.abort();
  }

  message(message: ClientMessage): void {
    if (this.#webSocket === null) {
      throw new AppError('unavailable', 'there is no open WebSocket: connect it again, then send');
    }
    this.#webSocket.send(message);
  }

  #carryOut(): Promise<Ending> {
    const { message, repeat } = this.request;
    if (message.kind === 'raw') return this.#raw(message);
    if (message.kind === 'webSocket') return this.#openWebSocket(message);
    const prepared = this.prepared ?? new PreparedHttp(message);
    return repeat === undefined ? this.#http(prepared) : this.#repeat(prepared, repeat);
  }

  async #http(prepared: PreparedHttp): Promise<Ending> {
    const carrier = await openCarrier(this.#carrierOptions(), prepared);
    const watch = this.#log.watch(1, () => this.#idle.refresh());
    const outcomes = await Promise.all(
      Array.from({ length: prepared.message.streams }, (_, stream) => carrier.exchange(stream, watch)),
    );
    const responses = outcomes.map(({ response }) => response);
    const failed = outcomes.find(({ response, isGivenUp }) => response.problem !== null && !isGivenUp);
    const outcome = outcomes.some(({ isGivenUp }) => isGivenUp) ? 'cancelled' : 'answered';
    this.#closed(carrier);
    return { outcome, problem: failed?.response.problem ?? null, responses };
  }

  async #repeat(prepared: PreparedHttp, plan: NonNullable<ClientRequest['repeat']>): Promise<Ending> {
    const { summary, first, problem } = await repeatRequest({
      plan,
      open: () => openCarrier(this.#carrierOptions(), prepared),
      signal: this.#stop.signal,
      watch: this.#log.watch(1, () => this.#idle.refresh()),
      onProgress: (progress) => {
        this.#forgetClosed();
        this.#log.progress(progress);
      },
    });
    const responses = first === null ? [] : [first];
    return { outcome: 'answered', problem, responses, repeat: summary };
  }

  async #raw(message: Extract<ClientRequest['message'], { kind: 'raw' }>): Promise<Ending> {
    const connection = await openClientConnection(this.#carrierOptions(), this.target.address, []);
    const watch = this.#log.watch(1, () => this.#idle.refresh());
    const { received, closed, problem } = await exchangeRaw(connection, message, watch, this.#stop.signal);
    if (problem === null) {
      this.#log.closed(
        1,
        closed === null ? 'client' : 'server',
        closed ?? `nothing came for ${message.silenceMs} ms`,
      );
    }
    return { outcome: 'closed', problem, received: received.kept.toString('base64') };
  }

  async #openWebSocket(message: Extract<ClientRequest['message'], { kind: 'webSocket' }>): Promise<Ending> {
    const { protocol, hostname } = message;
    const connection = await openClientConnection(
      this.#carrierOptions(),
      hostname,
      offeredProtocols[protocol],
    );
    const watch = this.#log.webSocketWatch(1, () => this.#idle.refresh());
    const scheme = connection.tls === null ? 'http' : 'https';
    const line = speaksHttp2(connection, protocol)
      ? await openHttp2WebSocketLine(Http2Client.open(connection), message, scheme, this.#stop.signal)
      : null;
    const session = new WebSocketSession(line ?? connection, message, watch);
    this.#webSocket = session;
    const problem = await session.run(this.#stop.signal);
    this.#webSocket = null;
    return { outcome: 'closed', problem, responses: [session.response(problem)] };
  }

  #carrierOptions() {
    return {
      request: this.request,
      target: this.target,
      trust: this.trust,
      signal: this.#stop.signal,
      onConnected: (clientPort: number) => this.#onConnected(clientPort),
      onOpen: (connection: ClientConnection) => this.#onOpen(connection),
    };
  }

  #onConnected(clientPort: number): number {
    if (this.#ports.length < 100) this.#ports.push(clientPort);
    this.#idle.refresh();
    const { address, port } = this.target;
    this.#log.connected(++this.#opened, clientPort, { address, port });
    return this.#opened;
  }

  #onOpen(connection: ClientConnection): void {
    this.#first ??= connection;
    this.#connections.push(connection);
    this.#idle.refresh();
    if (connection.tls !== null) this.#log.secured(connection.number, connection.tls);
  }

  #closed({ connection }: Carrier): void {
    this.#log.closed(1, connection.isClosed ? 'server' : 'client', '');
  }

  /** While it repeats without reuse there are many of them. */
  #forgetClosed(): void {
    for (let index = this.#connections.length - 1; index >= 0; index--) {
      const connection = this.#connections[index]!;
      if (!connection.isClosed) continue;
      this.#countBytes(connection);
      this.#connections.splice(index, 1);
    }
  }

  #countBytes({ sentBytes, receivedBytes }: ClientConnection): void {
    this.#sentBytes += sentBytes;
    this.#receivedBytes += receivedBytes;
  }

  #result({ outcome, problem, responses = [], received, repeat }: Ending): ClientResult {
    const words = (text: string | null) =>
      this.#stop.signal.aborted ? (this.#stopProblem ?? 'it was cancelled') : text;
    const failed = this.#stop.signal.aborted ? this.#stopProblem : problem;
    const hasFailed = failed !== null;
    const first = this.#first;
    return {
      outcome: this.#isCancelled ? 'cancelled' : hasFailed ? 'failed' : outcome,
      problem: failed,
      peer: { address: this.target.address, port: this.target.port },
      listener: this.target.listener?.id ?? null,
      clientPorts: this.#ports,
      tls: first?.tls ?? null,
      responses: responses.map((each) =>
        each.problem === null ? each : { ...each, problem: words(each.problem) },
      ),
      received: received ?? null,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
      connectMs: rounded(first?.connectMs ?? null),
      durationMs: this.#log.atMs(),
      untoldEvents: this.#log.untold,
      repeat: repeat ?? null,
    };
  }
}
