// After a 101 both sides speak another protocol (WebSocket): bytes go both ways as they come, with backpressure and
// half-close, until both sides are done or nothing moves any more. No other timeout applies, and a reload does not touch it.
import type { FlowFailureCode } from '../../contract/flowEvent';
import { captureBytes } from '../bodyCapture';
import { recordChunk } from '../chunkRecord';
import type { FlowEmitter } from '../flowEmitter';
import { recordFlowClosed, recordFlowFailed, recordTimeout } from '../flowRecords';
import type { UpstreamHandler, UpstreamLink } from '../upstream/upstreamLink';
import type { Downstream } from './downstream';
import type { Exchange } from './exchange';
import { countRelayed, detachForUpgrade } from './finishExchange';
import { forwardedResponseHead } from './forwardedResponseHead';
import { recordMessageEnd, recordOwnEdits, recordUpgradeAccepted } from './httpRecords';
import { highWaterBytes } from './messageWriter';
import { rescue } from './rescue';
import { recordSentHead } from './responseRecords';
import { stickyCookieOf } from './stickyCookie';
import { isWebSocket, webSocketAccept } from './webSocket';

/** The endpoint answered 101; `buffer` holds what came right behind the head. */
export function startUpgrade(exchange: Exchange, buffer: Buffer, start: number, end: number): void {
  const { head, host, emitter, flowId, upstream } = exchange;
  const response = host.responseHead;
  const isAsked = head.upgrade !== '' && response.upgrade.toLowerCase() === head.upgrade.toLowerCase();
  if (!isAsked || upstream === null) {
    const message = 'the endpoint switched to a protocol that nobody had asked for';
    rescue(exchange, 'upstream_bad_response', 502, message);
    return;
  }
  if (host.asksTunnel && !provesWebSocket(exchange)) {
    const message = 'the endpoint did not prove that it speaks the WebSocket protocol';
    rescue(exchange, 'upstream_bad_response', 502, message);
    return;
  }
  const text = forwardedResponseHead(response, {
    edits: exchange.route!.responseEdits,
    isChunked: false,
    keepsLength: false,
    closesAfter: false,
    saysKeepAlive: false,
    ownLines: stickyCookieOf(exchange),
    isUpgrade: true,
  });
  exchange.status = 101;
  const writer = host.newResponseSink(exchange);
  exchange.responseWriter = writer;
  writer.head(text, true);
  if (emitter.isWatched) {
    emitter.moveTime();
    const { filters } = exchange.route!;
    recordOwnEdits(emitter, flowId, host.connectionId, 'response', response.raw, filters, text);
    recordSentHead(exchange, writer, false);
    recordUpgradeAccepted(emitter, flowId, host.connectionId, head.upgrade);
  }
  writer.flush();
  const relay = new UpgradeRelay(exchange, upstream);
  upstream.handler = relay;
  detachForUpgrade(exchange);
  host.becomeRelay(relay);
  if (end > start) relay.onUpstreamData(Buffer.from(buffer.subarray(start, end)), end - start, true);
}

/** The key was ours, so no client will look at the answer to it (RFC 6455 4.1, RFC 8441 5). */
function provesWebSocket({ head, host }: Exchange): boolean {
  if (!isWebSocket(head.upgrade)) return true;
  const { fields, raw } = host.responseHead;
  return fields.find(raw, 'sec-websocket-accept') === webSocketAccept(head.header('sec-websocket-key') ?? '');
}

type Lost = 'client' | 'endpoint' | 'nobody';

export class UpgradeRelay implements UpstreamHandler {
  readonly flowId: number;
  readonly listenerId: string;
  readonly #emitter: FlowEmitter;
  readonly #host: Downstream;
  readonly #exchange: Exchange;
  readonly #startedAt: number;
  readonly #release: () => void;
  #upstream: UpstreamLink | null;
  #requestBytes = 0;
  #responseBytes = 0;
  #isClientDone = false;
  #isEndpointDone = false;
  #isDone = false;
  /** Bytes moved since the last tick. */
  #isActive = true;
  #idleSince = 0;

  constructor(exchange: Exchange, upstream: UpstreamLink) {
    this.flowId = exchange.flowId;
    this.listenerId = exchange.listenerId;
    this.#emitter = exchange.emitter;
    this.#host = exchange.host;
    this.#exchange = exchange;
    this.#startedAt = exchange.startedAt;
    this.#upstream = upstream;
    const { endpoint } = upstream;
    this.#release = () => {
      endpoint.activeRequests--;
    };
  }

  // ---- from the client

  onClientData(buffer: Buffer): void {
    const upstream = this.#upstream;
    if (upstream === null || this.#isDone) return;
    this.#isActive = true;
    this.#capture('request', this.#requestBytes, buffer, buffer.length);
    this.#requestBytes += buffer.length;
    this.#record('request', 'downstream', 'read', this.#host.connectionId, buffer.length);
    upstream.relayed.write(buffer);
    this.#record('request', 'upstream', 'write', upstream.id, buffer.length);
    if (upstream.relayed.writableLength >= highWaterBytes) this.#host.relayed.pause();
  }

  onClientEnd(): void {
    this.#isClientDone = true;
    this.#upstream?.relayed.end();
    this.#finishIfBothDone();
  }

  onClientDrain(): void {
    this.#upstream?.resume();
  }

  onClientClosed(): void {
    if (!this.#isDone && !(this.#isClientDone && this.#isEndpointDone)) this.#finish('client');
  }

  /** `now` in microseconds of the emitter's clock. */
  onTick(now: number): void {
    if (this.#isActive) {
      this.#isActive = false;
      this.#idleSince = now;
      return;
    }
    const { idleTimeoutMs } = this.#exchange.listener.config.limits;
    if (now - this.#idleSince <= idleTimeoutMs * 1000) return;
    if (this.#isDone) {
      // Both have ended, and one of them does not read what is still to be written.
      this.#upstream?.destroy('idle_timeout');
      this.#host.reset('idle_timeout');
      return;
    }
    recordTimeout(this.#emitter, this.flowId, this.#host.connectionId, 'idle', idleTimeoutMs);
    this.#finish('nobody');
  }

  // ---- from the endpoint

  onUpstreamWaiting(): void {
    throw new Error('a relay never asks for a connection');
  }

  onUpstreamConnecting(): void {
    throw new Error('a relay never asks for a connection');
  }

  onUpstreamReady(): void {
    throw new Error('a relay never asks for a connection');
  }

  /** `isRecorded` = the read was recorded already, as the one that brought the head. */
  onUpstreamData(buffer: Buffer, length: number, isRecorded = false): boolean {
    // The end of a stream may come without a byte.
    if (length === 0) return false;
    const { relayed, connectionId } = this.#host;
    this.#isActive = true;
    this.#capture('response', this.#responseBytes, buffer, length);
    this.#responseBytes += length;
    if (!isRecorded && this.#upstream !== null) {
      this.#record('response', 'upstream', 'read', this.#upstream.id, length);
    }
    relayed.write(buffer.length === length ? buffer : buffer.subarray(0, length));
    this.#record('response', 'downstream', 'write', connectionId, length);
    if (relayed.writableLength >= highWaterBytes) this.#upstream?.pause();
    return relayed.writableLength !== 0;
  }

  onUpstreamEnd(): void {
    this.#isEndpointDone = true;
    this.#host.relayed.end();
    this.#finishIfBothDone();
  }

  onUpstreamDrain(): void {
    this.#host.relayed.resume();
  }

  onUpstreamClosed(error: Error | null): void {
    this.#upstream = null;
    if (!this.#isDone && (error !== null || !this.#isEndpointDone)) this.#finish('endpoint');
  }

  #finishIfBothDone(): void {
    if (this.#isClientDone && this.#isEndpointDone) this.#finish(null);
  }

  /** `lost` = who vanished without a proper end, `nobody` = both are there and silent; null = both ended. */
  #finish(lost: Lost | null): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#release();
    const emitter = this.#emitter;
    if (emitter.isWatched) this.#recordEnd(lost);
    // After a proper end on both sides the sockets close by themselves once everything is written.
    if (lost !== null) this.#cut(lost);
    else if (this.#upstream !== null) this.#upstream.handler = null;
    const duration = emitter.now() - this.#startedAt;
    const outcome = lost === null ? 'completed' : lost === 'nobody' ? 'failed' : 'aborted';
    countRelayed(this.#exchange, outcome, duration / 1000, this.#requestBytes, this.#responseBytes);
    recordFlowClosed(emitter, this.flowId, this.#host.connectionId, outcome, duration);
  }

  #cut(lost: Lost): void {
    this.#upstream?.destroy(lost === 'nobody' ? 'idle_timeout' : 'not_reusable');
    this.#upstream = null;
    if (lost !== 'client') this.#host.reset(lost === 'nobody' ? 'idle_timeout' : 'upstream_reset');
  }

  #recordEnd(lost: Lost | null): void {
    const { connectionId } = this.#host;
    const upstreamId = this.#upstream?.id ?? 0;
    recordMessageEnd(this.#emitter, this.flowId, upstreamId, 'response', 'upstream', this.#responseBytes);
    recordMessageEnd(this.#emitter, this.flowId, connectionId, 'response', 'downstream', this.#responseBytes);
    if (lost === null) return;
    const [code, message] = this.#failure(lost);
    recordFlowFailed(this.#emitter, this.flowId, connectionId, code, message, 101);
  }

  #failure(lost: Lost): [FlowFailureCode, string] {
    if (lost === 'nobody') {
      const { idleTimeoutMs } = this.#exchange.listener.config.limits;
      return ['idle_timeout', `nothing moved on the switched connection for ${idleTimeoutMs} ms`];
    }
    const code = lost === 'client' ? 'downstream_reset' : 'upstream_reset';
    return [code, `the ${lost} closed the switched connection without an end`];
  }

  #capture(direction: 'request' | 'response', offset: number, buffer: Buffer, length: number): void {
    const emitter = this.#emitter;
    if (emitter.capturedBodyBytes === 0) return;
    const { flowId } = this;
    const from =
      direction === 'request'
        ? ({ leg: 'downstream', connectionId: this.#host.connectionId } as const)
        : ({ leg: 'upstream', connectionId: this.#upstream?.id ?? 0 } as const);
    captureBytes({ emitter, flowId, direction, ...from }, offset, buffer, 0, length);
  }

  #record(
    direction: 'request' | 'response',
    leg: 'downstream' | 'upstream',
    operation: 'read' | 'write',
    connectionId: number,
    bytes: number,
  ): void {
    if (!this.#emitter.isWatched) return;
    if (operation === 'write') this.#emitter.moveTime();
    const stream = leg === 'downstream' ? this.#host.streamId : (this.#upstream?.streamId ?? 0);
    recordChunk(
      this.#emitter,
      this.flowId,
      connectionId,
      direction,
      leg,
      operation,
      'forwarded',
      bytes,
      stream,
    );
  }
}
