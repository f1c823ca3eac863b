// What one exchange has of an endpoint, whatever HTTP the endpoint speaks: a connection of its own for a while
// (HTTP/1.x), or one stream of a connection that it shares (HTTP/2).
import type { Pool } from '../../contract/config';
import type { EndpointRuntime } from './poolRuntimes';
import type { UpstreamTransport } from './upstreamTransport';

/** The bytes of a switched protocol. A socket is one. */
export interface RelayedBytes {
  write(bytes: Buffer): unknown;
  end(): unknown;
  pause(): unknown;
  resume(): unknown;
  /** Bytes that wait to be sent. */
  readonly writableLength: number;
}

/** What an extended CONNECT asks for (RFC 8441 4). */
export interface AskedTunnel {
  readonly protocol: string;
  /** Whole line that proves to a WebSocket client of HTTP/1.1 that it was understood; '' = none is owed. */
  readonly acceptLine: string;
}

export interface UpstreamLink {
  /** Of the connection. */
  readonly id: number;
  /** Number of the HTTP/2 stream; 0 = HTTP/1.x. */
  readonly streamId: number;
  readonly endpoint: EndpointRuntime;
  handler: UpstreamHandler | null;
  /** Exchanges that the connection began before this one. */
  readonly exchanges: number;
  /** Microseconds of the emitter's clock. */
  readonly startedAt: number;
  readonly idleSince: number;
  readonly relayed: RelayedBytes;
  /** Nothing of the request waits to be sent. */
  readonly hasSentAll: boolean;
  /** The endpoint does not take what was written as fast as it comes. */
  readonly needsDrain: boolean;
  /** The bytes given to the handler now are the last, whatever the head says. */
  readonly hasEnded: boolean;
  /** The head of the response as it travelled; '' = as it was given to the handler. */
  readonly travelledHead: string;
  /** Its bytes as they travelled; 0 = the length of the text. */
  readonly travelledHeadBytes: number;

  pause(): void;
  resume(): void;
  /** The exchange is over at `now` (emitter's clock) and the connection is good for another one. */
  release(settings: Pool['connections'], now: number): void;
  /** Ends it in the middle; the reason goes into the events. */
  destroy(reason: string): void;
}

/** Who uses a link: an exchange, a relay or a mirrored copy. */
export interface UpstreamHandler {
  readonly flowId: number;
  readonly listenerId: string;
  /** What it needs between TCP and its messages; absent = nothing. */
  readonly transport?: UpstreamTransport | null;
  /** Asks for a switch to another protocol: over HTTP/2 only endpoints that say so take that (RFC 8441 3). */
  readonly needsTunnel?: boolean;
  /** Its request is still coming in: where connections are scarce, those that are whole go first. */
  readonly givesWay?: boolean;
  /** The endpoint has as many connections as it may have: the handler stands in line behind `ahead` others. */
  onUpstreamWaiting(ahead: number): void;
  /** A connection is being made for this handler; `onUpstreamReady` or `onUpstreamClosed` follows. */
  onUpstreamConnecting(link: UpstreamLink): void;
  /** The link is this handler's to use: just connected, or connected before. */
  onUpstreamReady(link: UpstreamLink): void;
  /**
   * Bytes of the response in the form of HTTP/1.x, beginning with the head. True = the buffer is still held by a
   * pending write, so the next read needs another one.
   */
  onUpstreamData(buffer: Buffer, length: number): boolean;
  /** The endpoint will send no more. `trailers` = field lines that came behind the body outside of it. */
  onUpstreamEnd(trailers: string): void;
  onUpstreamDrain(): void;
  onUpstreamClosed(error: Error | null): void;
}
