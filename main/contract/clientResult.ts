// What the built-in client tells of a send: live, as events with their times, and at its end as one result.
import type { PeerCertificate, RawHeaders, SocketAddress } from './flowEvent';

/** What a TLS handshake agreed on, as the client saw it. */
export interface ClientTls {
  readonly version: string;
  readonly cipher: string;
  /** Of the key exchange; null = Node.js does not tell. */
  readonly group: string | null;
  readonly alpn: string | null;
  /** What was asked for; null = no SNI was sent. */
  readonly serverName: string | null;
  /** The server's own certificate first. */
  readonly chain: readonly PeerCertificate[];
  /** The certificate is trusted here and has the right name. */
  readonly isTrusted: boolean;
  /** Why not, in words; null = it is. */
  readonly problem: string | null;
}

interface EventBase {
  /** Milliseconds from the start of the send. */
  readonly atMs: number;
  /** Counted from 1 in the order of opening. */
  readonly connection: number;
}

/** `stream` counts the requests of one send from 0; always 0 unless several HTTP/2 streams were asked for. */
export type ClientEvent =
  | (EventBase & { readonly kind: 'connected'; readonly clientPort: number; readonly peer: SocketAddress })
  | (EventBase & { readonly kind: 'secured'; readonly tls: ClientTls })
  /** HTTP/2: the head of the request went out, on the stream of this number. */
  | (EventBase & { readonly kind: 'requested'; readonly stream: number; readonly streamId: number })
  /** One write. `piece` counts from 1. */
  | (EventBase & {
      readonly kind: 'sent';
      readonly stream: number;
      readonly piece: number;
      readonly of: number;
      readonly bytes: number;
    })
  /** One read of a socket (HTTP/1.1, raw), or one DATA frame's worth (HTTP/2). */
  | (EventBase & { readonly kind: 'received'; readonly stream: number; readonly bytes: number })
  | (EventBase & {
      readonly kind: 'informational';
      readonly stream: number;
      readonly status: number;
      readonly headers: RawHeaders;
    })
  | (EventBase & {
      readonly kind: 'head';
      readonly stream: number;
      readonly status: number;
      readonly reason: string;
      readonly version: string;
      readonly headers: RawHeaders;
    })
  /** More of the response's body, as UTF-8; as long as it is kept. */
  | (EventBase & { readonly kind: 'body'; readonly stream: number; readonly text: string })
  /** WebSocket. Text is cut at 64 KiB; of binary messages only the size is told. */
  | (EventBase & {
      readonly kind: 'message';
      readonly direction: 'sent' | 'received';
      readonly type: 'text' | 'binary' | 'ping' | 'pong' | 'close';
      readonly text: string;
      readonly bytes: number;
    })
  /** The request was given up on purpose. */
  | (EventBase & { readonly kind: 'gaveUp'; readonly stream: number; readonly detail: string })
  | (EventBase & { readonly kind: 'closed'; readonly by: 'client' | 'server'; readonly detail: string })
  /** While it repeats; connection 0. */
  | (EventBase & { readonly kind: 'progress'; readonly summary: RepeatSummary });

export interface ClientResponse {
  readonly stream: number;
  /** HTTP/2: its number on the connection; null = it never got one, or HTTP/1.1. */
  readonly streamId: number | null;
  /** 0 = no response came. */
  readonly status: number;
  readonly reason: string;
  /** "HTTP/1.1", "HTTP/2". */
  readonly version: string;
  readonly headers: RawHeaders;
  readonly trailers: RawHeaders;
  /** What is kept of the body: text where it is UTF-8, else base64. */
  readonly body: string;
  readonly bodyEncoding: 'text' | 'base64';
  /** What `body` says when its Content-Encoding is taken away, as text; null = it has none, is cut, or is no text. */
  readonly decodedBody: string | null;
  /** Of the whole body, without framing. */
  readonly bodyBytes: number;
  readonly isBodyCut: boolean;
  readonly informational: readonly { readonly status: number; readonly headers: RawHeaders }[];
  /** From the first byte sent to the first byte of the response, and to its last; null = it did not come. */
  readonly firstByteMs: number | null;
  readonly endMs: number | null;
  /** Why this one did not come to its end, in words; null = it did. */
  readonly problem: string | null;
}

/** Exact, of those that were answered; in milliseconds from a request's first byte to its response's last. */
export interface RepeatLatency {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

export interface RepeatSummary {
  readonly times: number;
  readonly started: number;
  readonly answered: number;
  readonly failed: number;
  /** Most first. */
  readonly statuses: readonly { readonly status: number; readonly count: number }[];
  /** By the header that was asked for; at most 50 values, '' = responses without it. */
  readonly countedBy: string;
  readonly counts: readonly { readonly value: string; readonly count: number }[];
  /** The most frequent reasons of failures, at most 10. */
  readonly errors: readonly { readonly message: string; readonly count: number }[];
  /** null = nothing was answered yet. */
  readonly latency: RepeatLatency | null;
  readonly connections: number;
  readonly elapsedMs: number;
  /** Answered ones. */
  readonly perSecond: number;
  /** It could not keep up with the rate: started later than planned by at most so many milliseconds. */
  readonly latestStartMs: number;
}

export interface ClientResult {
  /** `answered` = every response came to its end, whatever its status; `closed` = a raw or WebSocket connection ended as it should; `cancelled` = by a person, or given up as the request said. */
  readonly outcome: 'answered' | 'closed' | 'failed' | 'cancelled';
  /** What went wrong and what can be done, in words; null = nothing. */
  readonly problem: string | null;
  readonly peer: SocketAddress;
  /** The running listener that was connected to; null = another server of this machine. */
  readonly listener: string | null;
  /** Of this client's connections in order, at most 100: they tell which flows were these. */
  readonly clientPorts: readonly number[];
  /** Of the first connection; null = in the clear, or no handshake. */
  readonly tls: ClientTls | null;
  /** One for each stream; with `repeat` the first one. */
  readonly responses: readonly ClientResponse[];
  /** `raw`: what came back, in base64, as far as it is kept. */
  readonly received: string | null;
  /** On the TCP connections, with what TLS adds. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly connectMs: number | null;
  readonly durationMs: number;
  /** Events that were only counted. */
  readonly untoldEvents: number;
  readonly repeat: RepeatSummary | null;
}
