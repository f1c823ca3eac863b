// Bytes in both directions between two sockets: backpressure both ways, half-close passed on, a reset passed on as a
// reset. Memory per direction is bounded: when more than `maxPendingBytes` wait to be written, reading pauses.
import type { Socket } from 'node:net';
import { captureBytes } from '../bodyCapture';
import { recordChunk } from '../chunkRecord';
import type { FlowEmitter } from '../flowEmitter';
import { latin1Text } from '../latin1';
import { resetSocket } from '../resetSocket';
import { ownCopy, SocketReader } from '../socketReader';
import { writeSoon } from '../turnWriter';
import { errorCode } from '../upstream/connectError';
import type { ByteSink, StaticReader } from './staticReader';

const maxPendingBytes = 256 * 1024;
const maxCopiedBytes = 8192;

export type RelayCloser = 'client' | 'proxy' | 'endpoint';

export interface RelayOptions {
  readonly emitter: FlowEmitter;
  readonly flowId: number;
  readonly client: Socket;
  readonly clientConnectionId: number;
  readonly upstream: Socket;
  readonly upstreamReader: StaticReader;
  readonly upstreamConnectionId: number;
  /** When both sockets are gone. */
  readonly onClosed: (end: RelayEnd) => void;
}

export interface RelayEnd {
  /** Who ended it first. */
  readonly closedBy: RelayCloser;
  /** `end`, `reset` or what `destroy` was told. */
  readonly reason: string;
}

const relaying = Symbol('relayed by');
type ClientSocket = Socket & { [relaying]?: Relay };

export class Relay implements ByteSink {
  bytesFromClient = 0;
  bytesFromUpstream = 0;
  /** Bytes moved since it was last set to false; for idle timeouts without a clock per chunk. */
  hasMoved = true;
  readonly #options: RelayOptions;
  readonly #client: ClientSocket;
  readonly #upstream: Socket;
  #end: RelayEnd | null = null;
  #open = 2;

  /** Attach in the 'connect' event of the upstream. */
  constructor(options: RelayOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#upstream = options.upstream;
    options.upstreamReader.start(this.#upstream, this);
    this.#watch(this.#client, this.#upstream, 'client');
    this.#watch(this.#upstream, this.#client, 'endpoint');
  }

  /** Sends what the client said before there was a connection, then lets it go on. */
  start(held: readonly Uint8Array[], clientHasEnded: boolean): void {
    for (const bytes of held) this.#sendUpstream(bytes, bytes.length, false);
    if (clientHasEnded) {
      this.#endedBy('client');
      this.#upstream.end();
      return;
    }
    this.#client[relaying] = this;
    Relay.#clientReader.attach(this.#client);
    if (this.#upstream.writableLength <= maxPendingBytes) this.#client.resume();
  }

  static readonly #clientReader = new SocketReader<ClientSocket>(function onBytes(bytes, length, isShared) {
    this[relaying]!.#onClientBytes(bytes, length, isShared);
  });

  #onClientBytes(bytes: Buffer, length: number, isShared: boolean): void {
    this.hasMoved = true;
    this.#record('request', 'downstream', 'read', length);
    this.#sendUpstream(bytes, length, isShared);
    if (this.#upstream.writableLength > maxPendingBytes) this.#client.pause();
  }

  onBytes(bytes: Uint8Array, length: number): boolean {
    this.hasMoved = true;
    this.#record('response', 'upstream', 'read', length);
    this.#capture('response', this.bytesFromUpstream, bytes, length);
    this.bytesFromUpstream += length;
    if (!this.#client.writable) return true;
    send(this.#client, bytes, length, false);
    this.#record('response', 'downstream', 'write', length);
    return this.#client.writableLength <= maxPendingBytes;
  }

  isHolding(): boolean {
    return this.#client.writableLength > 0;
  }

  destroy(reason: string): void {
    this.#end ??= { closedBy: 'proxy', reason };
    this.#client.destroy();
    this.#upstream.destroy();
  }

  #sendUpstream(bytes: Uint8Array, length: number, isShared: boolean): void {
    this.#capture('request', this.bytesFromClient, bytes, length);
    this.bytesFromClient += length;
    if (!this.#upstream.writable) return;
    send(this.#upstream, bytes, length, isShared);
    this.#record('request', 'upstream', 'write', length);
  }

  #watch(socket: Socket, other: Socket, who: 'client' | 'endpoint'): void {
    socket.on('end', () => {
      this.#endedBy(who);
      other.end();
    });
    socket.on('drain', () => other.resume());
    socket.on('error', (error) => {
      const code = errorCode(error);
      const isReset = code === 'ECONNRESET' || code === 'EPIPE' || code === null;
      this.#end = this.#endOnError(who, isReset ? 'reset' : code.toLowerCase());
      resetSocket(other);
    });
    socket.on('close', () => {
      this.#end ??= { closedBy: who, reason: 'reset' };
      if (--this.#open > 0) {
        // A socket that is gone can take nothing more: what the other still has to say has nobody to hear it.
        if (!other.writableEnded) resetSocket(other);
        return;
      }
      this.#options.onClosed(this.#end);
    });
  }

  /** A reset after an orderly end of the other side is still a reset, but the first error names the culprit. */
  #endOnError(who: 'client' | 'endpoint', reason: string): RelayEnd {
    if (this.#end !== null && this.#end.reason !== 'end') return this.#end;
    return { closedBy: who, reason };
  }

  #endedBy(who: 'client' | 'endpoint'): void {
    this.#end ??= { closedBy: who, reason: 'end' };
  }

  #capture(direction: 'request' | 'response', offset: number, bytes: Uint8Array, length: number): void {
    const { emitter, flowId, clientConnectionId, upstreamConnectionId } = this.#options;
    if (emitter.capturedBodyBytes === 0) return;
    const from =
      direction === 'request'
        ? ({ leg: 'downstream', connectionId: clientConnectionId } as const)
        : ({ leg: 'upstream', connectionId: upstreamConnectionId } as const);
    captureBytes({ emitter, flowId, direction, ...from }, offset, bytes, 0, length);
  }

  #record(
    direction: 'request' | 'response',
    leg: 'downstream' | 'upstream',
    operation: 'read' | 'write',
    bytes: number,
  ): void {
    const { emitter, flowId, clientConnectionId, upstreamConnectionId } = this.#options;
    if (!emitter.isWatched) return;
    const connectionId = leg === 'downstream' ? clientConnectionId : upstreamConnectionId;
    recordChunk(emitter, flowId, connectionId, direction, leg, operation, 'forwarded', bytes);
  }
}

/** A short message is copied, so that its buffer is free at once and it can leave together with others. */
function send(socket: Socket, bytes: Uint8Array, length: number, isShared: boolean): void {
  if (length <= maxCopiedBytes) writeSoon(socket, latin1Text(bytes, 0, length));
  else if (isShared) socket.write(ownCopy(bytes, 0, length));
  else socket.write(length === bytes.length ? bytes : bytes.subarray(0, length));
}
