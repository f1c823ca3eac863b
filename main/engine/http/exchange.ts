// One request and its response, as a straight list of phases, each in its own file: requestPhase (match, filters,
// hold the body) → upstreamPhase (pick, connect, send) → responsePhase (read, filters, forward) → finishExchange.
// Anything that goes wrong leaves by rescue.ts. This class is only the state that the phases share.

import type { StoredResponse } from '../cache/storedResponse';
import type { CompiledConfig, CompiledHttpRoute, CompiledListener, CompiledPool } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import type { TrafficCounters } from '../engineMetrics';
import type { FlowEmitter } from '../flowEmitter';
import type { EndpointRuntime } from '../upstream/poolRuntimes';
import { LostConnectionError } from '../upstream/upstreamErrors';
import type { UpstreamHandler, UpstreamLink } from '../upstream/upstreamLink';
import type { UpstreamTransport } from '../upstream/upstreamTransport';
import type { BodyStage, StagedResponse } from './bodyStage';
import type { CacheUse } from './cacheUse';
import type { Compression } from './compression';
import type { Downstream } from './downstream';
import { Phase } from './exchangePhase';
import type { HeldBody, HeldBodyOwner, HeldBodySink } from './heldBody';
import type { MessageSink } from './messageSink';
import type { MirrorCopy } from './mirrorCopy';
import type { PartialHead } from './partialHead';
import type { RequestHead } from './requestHead';
import { continueAfterHolding, readRequestBytes } from './requestPhase';
import { rescueThrown } from './rescue';
import type { PacedResponse, ResponsePacer } from './responsePacer';
import { forwardBody, readBody, readResponseBytes, readResponseEnd, readUpstreamEnd } from './responsePhase';
import type { RetryState } from './retry';
import { beginReplay, endStaged } from './stagedResponse';
import {
  adoptUpstream,
  continueSending,
  finishHeldSending,
  noteConnecting,
  noteWaiting,
} from './upstreamPhase';

export class Exchange implements UpstreamHandler, HeldBodyOwner, HeldBodySink, PacedResponse, StagedResponse {
  readonly context: EngineContext;
  readonly emitter: FlowEmitter;
  readonly head: RequestHead;
  phase: number = Phase.holding;
  route: CompiledHttpRoute | null = null;

  // What the request filters may change.
  target = '';
  hostOverride: string | null = null;
  /** A filter, or the pause before a retry, holds the request up; this stops the waiting. */
  stopWaiting: (() => void) | null = null;
  /** A filter wants copies of it sent elsewhere. */
  mirror: MirrorCopy | null = null;

  // The request's body.
  holdsBody = false;
  held: HeldBody | null = null;
  holdingSince = 0;
  isRequestComplete = false;
  /** Bytes after the request's body may be taken now; false = the connection keeps them and stops reading. */
  takesBody = false;
  requestHeadBytes = 0;

  // The endpoint.
  pool: CompiledPool | null = null;
  poolCounters: TrafficCounters | null = null;
  endpoint: EndpointRuntime | null = null;
  upstream: UpstreamLink | null = null;
  /** The client is to be tied to the endpoint with it; null = nothing to set. */
  stickyKey: string | null = null;
  /** null = plain TCP. */
  transport: UpstreamTransport | null = null;
  isUpstreamReused = false;
  isUpstreamPaused = false;
  hasRetried = false;
  /** Of the route's retry rule; null = nothing was retried. */
  retry: RetryState | null = null;
  requestWriter: MessageSink | null = null;
  /** Every byte of the request was handed to the socket. */
  isRequestSent = false;

  // The response.
  partialResponse: PartialHead | null = null;
  hasResponseBytes = false;
  hasResponseHead = false;
  interimResponses = 0;
  responseWriter: MessageSink | null = null;
  /** A filter slows the response down. */
  pacer: ResponsePacer | null = null;
  /** A filter compresses the response, if that is of use. */
  compression: Compression | null = null;
  /** A cache looked for an answer and has its part in the response; null = none, or it had the answer. */
  cacheUse: CacheUse | null = null;
  /** What the body passes on its way to the client; null = nothing. */
  bodyStage: BodyStage | null = null;
  /** The last byte of the body is in the stages. */
  isBodyEnded = false;
  /** The cache answers through the stages; what an endpoint still says does not matter. */
  isReplaying = false;
  /** Bytes that passed the stages are still in the buffer that they were read into. */
  isStagedBufferHeld = false;
  /** Status that the client was sent; 0 = none. */
  status = 0;
  keepsClient = false;
  keepsUpstream = false;
  hasFailed = false;
  /** What connection.closed says of the endpoint's connection when this exchange closes it. */
  upstreamCloseReason = 'not_reusable';

  /** For how long the client was waited for to send its body, in ticks. */
  bodyTicks = 0;

  /** What the client had not taken at the last look, while it holds the endpoint up. */
  untakenBytes = 0;

  /** Bytes moved since the last tick. */
  isActive = true;
  idleSince: number;

  constructor(
    readonly host: Downstream,
    readonly flowId: number,
    readonly config: CompiledConfig,
    readonly listener: CompiledListener,
    readonly startedAt: number,
  ) {
    this.context = host.context;
    this.emitter = host.context.emitter.emitterOf(flowId);
    this.head = host.head;
    this.idleSince = startedAt;
  }

  get listenerId(): string {
    return this.listener.config.id;
  }

  get needsTunnel(): boolean {
    return this.head.upgrade !== '';
  }

  get givesWay(): boolean {
    return !this.isRequestComplete;
  }

  get isDone(): boolean {
    return this.phase === Phase.done;
  }

  /** Body bytes from the client; returns where the request ends or `end`; −2 = the exchange has failed. */
  readRequest(buffer: Buffer, start: number, end: number): number {
    return readRequestBytes(this, buffer, start, end);
  }

  /** Sends a head that waited for body bytes that did not come with it. */
  flushRequest(): void {
    if (!this.isDone) this.requestWriter?.flush();
  }

  // ---- the connection to the endpoint

  onUpstreamWaiting(ahead: number): void {
    noteWaiting(this, ahead);
  }

  onUpstreamConnecting(link: UpstreamLink): void {
    noteConnecting(this, link);
  }

  onUpstreamReady(link: UpstreamLink): void {
    try {
      adoptUpstream(this, link);
    } catch (error) {
      rescueThrown(this, error);
    }
  }

  onUpstreamData(buffer: Buffer, length: number): boolean {
    try {
      return readResponseBytes(this, buffer, length);
    } catch (error) {
      rescueThrown(this, error);
      return false;
    }
  }

  onUpstreamEnd(trailers: string): void {
    try {
      readResponseEnd(this, trailers);
    } catch (error) {
      rescueThrown(this, error);
    }
  }

  onUpstreamClosed(error: Error | null): void {
    this.upstream = null;
    readUpstreamEnd(this, error ?? new LostConnectionError());
  }

  onUpstreamDrain(): void {
    this.isActive = true;
    continueSending(this);
  }

  // ---- the held body

  onHeldSettled(): void {
    continueAfterHolding(this);
  }

  onHeldFailed(error: Error): void {
    rescueThrown(this, error);
  }

  onHeldBytes(bytes: Buffer): boolean {
    this.isActive = true;
    this.requestWriter!.held(bytes);
    return !this.requestWriter!.isCongested;
  }

  onHeldSent(): void {
    finishHeldSending(this);
  }

  // ---- the paced response

  onPacedBytes(bytes: Buffer): void {
    this.isActive = true;
    try {
      forwardBody(this, bytes, 0, bytes.length);
    } catch (error) {
      rescueThrown(this, error);
    }
  }

  onPacedEnd(error: Error | null): void {
    readUpstreamEnd(this, error);
  }

  isCongested(): boolean {
    return this.responseWriter?.isCongested === true;
  }

  pauseEndpoint(): void {
    if (this.isUpstreamPaused) return;
    this.isUpstreamPaused = true;
    this.upstream?.pause();
  }

  resumeEndpoint(): void {
    if (!this.isUpstreamPaused) return;
    this.isUpstreamPaused = false;
    this.upstream?.resume();
  }

  // ---- the response as cache and compress change it

  /** A filter before the cache has to see the body of what the cache answers. */
  get needsStages(): boolean {
    if (this.pacer !== null) return true;
    return this.compression !== null && this.compression.position < (this.route?.cache?.position ?? 0);
  }

  /** Sends what is stored as if an endpoint answered it. `lines` = Age and Cache-Status. */
  replay(stored: StoredResponse, lines: string): void {
    beginReplay(this, stored, lines);
    if (!this.isDone) readBody(this, stored.body, 0, this.host.responseBody.isDone ? 0 : stored.body.length);
  }

  onStagedBytes(bytes: Buffer): void {
    if (this.isDone) return;
    this.isActive = true;
    const writer = this.responseWriter!;
    writer.held(bytes);
    if (writer.isBufferHeld) this.isStagedBufferHeld = true;
    if (writer.isCongested) this.pauseEndpoint();
  }

  onStagedEnd(): void {
    try {
      endStaged(this);
    } catch (error) {
      rescueThrown(this, error);
    }
  }

  onStagedError(error: Error): void {
    rescueThrown(this, error);
  }

  // ---- the client

  onDownstreamDrain(): void {
    this.isActive = true;
    this.bodyStage?.onDrain();
    if (this.pacer?.holdsBytes !== true && this.bodyStage?.isFull !== true) this.resumeEndpoint();
  }
}
