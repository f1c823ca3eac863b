// The spine of the product: diagrams, decisions, metrics, labs, captures and tests all read this one ordered log.
// `seq` is assigned synchronously when a thing happens; nobody reorders. Secrets are masked before an event exists.

/** `downstream` = between client and proxy, `upstream` = between proxy and endpoint. */
export type Leg = 'downstream' | 'upstream';
/** `request` = bytes on their way to the endpoint, `response` = bytes on their way to the client. */
export type Direction = 'request' | 'response';

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Header fields in the order and case in which they travelled. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

interface EventBase {
  /** Strictly increasing within one run of the engine. Missing numbers are announced by a `gap`. */
  readonly seq: number;
  /** Microseconds on a monotonic clock, from the engine's start. */
  readonly at: number;
  /** Milliseconds since 1970, derived from `at`. */
  readonly wallTime: number;
  /** One HTTP exchange or one L4 connection; 0 = belongs to a connection, not (yet) to a flow. */
  readonly flowId: number;
  /** One TCP connection, of either leg; 0 = none. Numbers are shared by both legs and never reused. */
  readonly connectionId: number;
}

// ---------------------------------------------------------------- connections and TLS

export interface ConnectionOpened extends EventBase {
  readonly kind: 'connection.opened';
  readonly leg: Leg;
  readonly listener: string;
  /** Upstream connections only. */
  readonly pool?: string;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
}

export type ConnectionCloser = 'client' | 'proxy' | 'endpoint';

export interface ConnectionClosed extends EventBase {
  readonly kind: 'connection.closed';
  readonly leg: Leg;
  readonly closedBy: ConnectionCloser;
  /** Readable code: `end`, `reset`, `idle_timeout`, `header_timeout`, `drained`, `protocol_error`, `not_reusable`… */
  readonly reason: string;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface TlsClientHello extends EventBase {
  readonly kind: 'tls.clientHello';
  readonly serverName: string | null;
  readonly alpn: readonly string[];
  readonly versions: readonly string[];
  readonly groups: readonly string[];
  /** The hello carries an encrypted_client_hello extension (real or GREASE: the two look alike by design). */
  readonly encryptedClientHello: boolean;
  readonly bytes: number;
}

export interface TlsEstablished extends EventBase {
  readonly kind: 'tls.established';
  readonly leg: Leg;
  readonly version: string;
  readonly cipher: string;
  readonly alpn: string | null;
  readonly serverName: string | null;
  /** Id of the certificate that the proxy served (downstream). */
  readonly certificate: string | null;
  readonly resumed: boolean;
  /** Whether the peer's certificate was checked and holds. Downstream: absent = no certificate was shown. */
  readonly verified?: boolean;
  /** Subject of the certificate that the peer showed (a client, or an endpoint), as RFC 4514 writes it. */
  readonly peerSubject?: string;
  /** Group of the key exchange, where Node.js tells it: upstream only. */
  readonly group?: string;
  /** What the endpoint showed, its own certificate first; at most `maxChainCertificates`. Upstream only. */
  readonly peerChain?: readonly PeerCertificate[];
  /** What the listener showed the client, its own certificate first. Downstream only; absent = the session was resumed. */
  readonly servedChain?: readonly PeerCertificate[];
}

/** Of each text at most 256 characters are kept. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as OpenSSL writes them. */
  readonly names: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly serialNumber: string;
  /** SHA-256, hex in pairs. */
  readonly fingerprint: string;
}

export const maxChainCertificates = 6;

/** The connection began with a PROXY header. null = LOCAL or UNKNOWN: the connection's own addresses count. */
export interface ProxyProtocolReceived extends EventBase {
  readonly kind: 'proxyProtocol.received';
  readonly version: 'v1' | 'v2';
  readonly source: SocketAddress | null;
  readonly destination: SocketAddress | null;
}

/** The listener asks for a PROXY header, and there was none that is valid. */
export interface ProxyProtocolRefused extends EventBase {
  readonly kind: 'proxyProtocol.refused';
  readonly reason: string;
}

export interface TlsFailed extends EventBase {
  readonly kind: 'tls.failed';
  readonly leg: Leg;
  readonly reason: string;
}

// ---------------------------------------------------------------- messages and chunks

export interface RequestHead extends EventBase {
  readonly kind: 'request.head';
  /** downstream = as it came from the client; upstream = as it was sent to the endpoint. */
  readonly leg: Leg;
  readonly method: string;
  readonly target: string;
  readonly version: string;
  readonly headers: RawHeaders;
  /** As they travelled: text for HTTP/1.x, the compressed header block for HTTP/2. */
  readonly bytes: number;
  /** HTTP/2 only: the stream, by its number on the connection. */
  readonly stream?: number;
}

export interface RequestEnd extends EventBase {
  readonly kind: 'request.end';
  readonly leg: Leg;
  readonly bodyBytes: number;
}

export interface ResponseHead extends EventBase {
  readonly kind: 'response.head';
  /** upstream = as it came from the endpoint; downstream = as it was sent to the client. */
  readonly leg: Leg;
  readonly status: number;
  readonly reason: string;
  readonly version: string;
  readonly headers: RawHeaders;
  readonly bytes: number;
  /** Made by the proxy itself (an error, a redirect, a fixed response), not by an endpoint. */
  readonly generated: boolean;
  /** HTTP/2 only. */
  readonly stream?: number;
}

export interface ResponseEnd extends EventBase {
  readonly kind: 'response.end';
  readonly leg: Leg;
  readonly bodyBytes: number;
}

/**
 * One read from or one write to a socket by the proxy. Not an IP packet: the kernel may have split or merged them.
 * On a TLS leg that the proxy terminates, `bytes` counts plaintext. On an HTTP/2 connection one read or write carries
 * frames of several streams: there a chunk is what of one stream was read, or handed over to be written, together: the
 * bytes of its header blocks and of its DATA, without the frames' own headers and padding.
 */
export interface Chunk extends EventBase {
  readonly kind: 'chunk';
  readonly direction: Direction;
  readonly leg: Leg;
  readonly operation: 'read' | 'write';
  readonly bytes: number;
  /** What became of a chunk that was read: passed on at once, kept, or used up by the proxy. Writes are `forwarded` or `generated`. */
  readonly disposition: 'forwarded' | 'held' | 'consumed' | 'generated';
  /** HTTP/2 only. */
  readonly stream?: number;
}

/** An HTTP/2 stream was ended in the middle; the connection lives on. */
export interface StreamReset extends EventBase {
  readonly kind: 'stream.reset';
  readonly leg: Leg;
  readonly stream: number;
  readonly resetBy: ConnectionCloser;
  /** As RFC 9113 writes it: `CANCEL`, `REFUSED_STREAM`… */
  readonly code: string;
}

/** HTTP/2: no stream above `lastStream` is taken any more. Belongs to the connection (`flowId` 0). */
export interface ConnectionGoaway extends EventBase {
  readonly kind: 'connection.goaway';
  readonly leg: Leg;
  readonly sentBy: ConnectionCloser;
  readonly lastStream: number;
  /** `NO_ERROR` = in good order. */
  readonly code: string;
  /** In words; '' = none. */
  readonly message: string;
}

/**
 * Bytes of a body, kept because `capture.bodies` is on and somebody watches; at most `capture.maxBodyBytes` of each
 * direction. Framing of chunked bodies is left out. Of relayed connections, all bytes are body.
 */
export interface BodyCaptured extends EventBase {
  readonly kind: 'body.captured';
  readonly direction: Direction;
  /** Where the bytes were read; bytes made by the proxy are told where they were written. */
  readonly leg: Leg;
  /** Of the first of these bytes in the body. */
  readonly offset: number;
  /** How many came; `data` may hold fewer, from the first on. */
  readonly bytes: number;
  /** Base64. */
  readonly data: string;
}

export interface BufferHeld extends EventBase {
  readonly kind: 'buffer.held';
  /** Held so far, after this chunk. */
  readonly bytes: number;
  readonly chunks: number;
  readonly spilledToFile: boolean;
}

export interface BufferReleased extends EventBase {
  readonly kind: 'buffer.released';
  readonly bytes: number;
  readonly chunks: number;
  readonly heldMicroseconds: number;
  readonly spilledToFile: boolean;
}

export interface UpgradeAccepted extends EventBase {
  readonly kind: 'upgrade.accepted';
  readonly protocol: string;
}

// ---------------------------------------------------------------- decisions

export type PredicateName =
  | 'listener'
  | 'hostname'
  | 'path'
  | 'method'
  | 'header'
  | 'query'
  | 'cookie'
  | 'serverName';

export interface PredicateTrace {
  readonly predicate: PredicateName;
  /** What the route asks for, in words: "prefix /pictures", "x-canary = 1". */
  readonly expected: string;
  /** What the request had, null = absent. Masked like headers. */
  readonly actual: string | null;
  readonly holds: boolean;
}

export interface RouteTrace {
  readonly route: string;
  /** `outranked` = it holds, but a route of higher precedence won. */
  readonly outcome: 'won' | 'outranked' | 'missed';
  /** Index into the route's `matches`; null = the route has none (everything matches) or its host name missed. */
  readonly matchIndex: number | null;
  readonly predicates: readonly PredicateTrace[];
}

export interface RouteDecisionTrace {
  readonly listener: string;
  readonly routes: readonly RouteTrace[];
  /** Routes on the same listener left out here because the trace is bounded. */
  readonly omittedRoutes: number;
}

export interface RouteMatched extends EventBase {
  readonly kind: 'route.matched';
  readonly route: string;
  readonly trace: RouteDecisionTrace;
}

export interface RouteMissed extends EventBase {
  readonly kind: 'route.missed';
  readonly trace: RouteDecisionTrace;
}

/** A forward listener looked up where its client wants to go, and decided. */
export interface ForwardDestinationDecided extends EventBase {
  readonly kind: 'forward.destination';
  readonly hostname: string;
  readonly port: number;
  /** What the name stands for, allowed or not. */
  readonly addresses: readonly string[];
  /** The entry of `forward.allow` that lets it in; null = none does. */
  readonly allowedBy: string | null;
  /** Why the name could not be looked up; null = it could. */
  readonly failure: string | null;
}

export interface HeaderChange {
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface FilterApplied extends EventBase {
  readonly kind: 'filter.applied';
  readonly direction: Direction;
  /** Index into the route's `filters`; null = the proxy's own (Via, X-Forwarded-*, hop-by-hop). */
  readonly index: number | null;
  readonly filter: string;
  readonly changes: readonly HeaderChange[];
  /** What the filter decided, in words: "10.0.0.1 is not in allow, answered 403". Absent = nothing beyond `changes`. */
  readonly detail?: string;
}

export interface EndpointCandidate {
  readonly endpoint: string;
  readonly weight: number;
  readonly health: 'healthy' | 'unhealthy' | 'ejected' | 'unknown';
  readonly activeRequests: number;
}

export interface EndpointPicked extends EventBase {
  readonly kind: 'endpoint.picked';
  readonly pool: string;
  /** "address:port". */
  readonly endpoint: string;
  readonly policy: string;
  readonly candidates: readonly EndpointCandidate[];
  /** In words: "round robin: turn 3 of 4". */
  readonly reason: string;
  /** Every endpoint was unhealthy and the pool was used anyway. */
  readonly panic: boolean;
}

/** Belongs to no flow (`flowId` 0): a check, or failing traffic, changed what is known of an endpoint. */
export interface EndpointHealthChanged extends EventBase {
  readonly kind: 'endpoint.health';
  readonly pool: string;
  /** "address:port". */
  readonly endpoint: string;
  readonly from: EndpointCandidate['health'];
  readonly to: EndpointCandidate['health'];
  /** In words: "GET /healthz answered 503, expected 200". */
  readonly reason: string;
}

/** Belongs to no flow (`flowId` 0): what is known of the host name of endpoints has changed. */
export interface EndpointResolved extends EventBase {
  readonly kind: 'endpoint.resolved';
  readonly hostname: string;
  /** What counts from now on; empty = nothing was ever found. */
  readonly addresses: readonly string[];
  /** Why the last look-up failed; null = it did not. */
  readonly failure: string | null;
}

export interface BackendPicked extends EventBase {
  readonly kind: 'backend.picked';
  readonly route: string;
  readonly pool: string;
  readonly weights: readonly { readonly pool: string; readonly weight: number }[];
  readonly reason: string;
}

/** What a filter did. */
interface OfFilter extends EventBase {
  /** Index into the route's `filters`; absent = a capture file that does not say it. */
  readonly index?: number;
}

export interface CacheLookup extends OfFilter {
  readonly kind: 'cache.lookup';
  /**
   * `hit`, `stale` (served although stale) and `revalidated` (the endpoint said 304) are answered from the cache;
   * `collapsed` waits for the answer to somebody else's request; `expired`: what is stored must be asked about first.
   */
  readonly result: 'hit' | 'miss' | 'stale' | 'expired' | 'revalidated' | 'collapsed' | 'bypass';
  /** In words: "fresh for 12 s more". */
  readonly reason: string;
  /** Of what is stored; null = nothing is. */
  readonly ageSeconds: number | null;
  /** The URL under which it is stored. */
  readonly key: string;
}

export interface CacheStored extends OfFilter {
  readonly kind: 'cache.stored';
  readonly bytes: number;
  /** 0 or less = it must be asked about at its first use. */
  readonly freshSeconds: number;
}

/** The response went past the cache. */
export interface CacheNotStored extends OfFilter {
  readonly kind: 'cache.notStored';
  /** In words: "no-store". */
  readonly reason: string;
}

/** A request that changes something made entries doubtful, so they were removed. */
export interface CacheInvalidated extends OfFilter {
  readonly kind: 'cache.invalidated';
  readonly entries: number;
  readonly reason: string;
}

export interface UpstreamConnecting extends EventBase {
  readonly kind: 'upstream.connecting';
  readonly pool: string;
  readonly endpoint: string;
}

/** The endpoint has as many connections as it may have: the request waits for one of them. */
export interface UpstreamWaiting extends EventBase {
  readonly kind: 'upstream.waiting';
  readonly pool: string;
  readonly endpoint: string;
  /** Requests that wait before it. */
  readonly ahead: number;
}

export interface UpstreamConnected extends EventBase {
  readonly kind: 'upstream.connected';
  readonly pool: string;
  readonly endpoint: string;
  readonly durationMicroseconds: number;
}

export interface UpstreamReused extends EventBase {
  readonly kind: 'upstream.reused';
  readonly pool: string;
  readonly endpoint: string;
  /** Exchanges that this connection carried before. */
  readonly earlierExchanges: number;
  readonly idleMicroseconds: number;
}

export interface UpstreamFailed extends EventBase {
  readonly kind: 'upstream.failed';
  readonly pool: string;
  readonly endpoint: string;
  readonly code: FlowFailureCode;
  readonly message: string;
}

export interface RetryScheduled extends EventBase {
  readonly kind: 'retry.scheduled';
  /** The number of the attempt that follows; the first retry is attempt 2. */
  readonly attempt: number;
  readonly reason: string;
  readonly delayMs: number;
}

export interface Timeout extends EventBase {
  readonly kind: 'timeout';
  readonly timeout:
    | 'header'
    | 'body'
    /** The body of the request comes, but more slowly than the listener allows. */
    | 'bodyRate'
    /** The client does not read what it is sent. */
    | 'read'
    /** Nobody answers a PING (HTTP/2). */
    | 'ping'
    | 'idle'
    | 'request'
    | 'backend'
    | 'queue'
    | 'connect'
    | 'clientHello'
    | 'tlsHandshake';
  readonly afterMs: number;
}

export interface FaultInjected extends OfFilter {
  readonly kind: 'fault.injected';
  readonly fault: 'delay' | 'abort' | 'bandwidth';
  readonly detail: string;
}

/** A copy of the request for another pool, whose answer nobody waits for. */
export interface RequestMirrored extends OfFilter {
  readonly kind: 'request.mirrored';
  readonly mirrorPool: string;
  /** null = dropped. */
  readonly mirrorEndpoint: string | null;
  readonly outcome: 'sent' | 'dropped';
  /** In words. */
  readonly reason: string;
}

// ---------------------------------------------------------------- how it ended

export type FlowFailureCode =
  | 'bad_request'
  | 'header_too_large'
  | 'body_too_large'
  | 'request_timeout'
  | 'unsupported_version'
  | 'not_implemented'
  | 'expectation_failed'
  | 'no_route'
  | 'no_backend'
  | 'destination_refused'
  | 'no_healthy_endpoint'
  | 'upstream_connect_failed'
  | 'upstream_connect_timeout'
  | 'upstream_overloaded'
  | 'upstream_timeout'
  | 'upstream_reset'
  | 'upstream_bad_response'
  | 'upstream_tls_failed'
  | 'downstream_reset'
  | 'downstream_tls_failed'
  | 'not_tls'
  | 'proxy_header_refused'
  | 'idle_timeout'
  | 'too_many_connections'
  | 'draining'
  | 'internal_error';

/** Why a flow did not go the expected way. `status` is what the client was answered, null = nothing could be answered. */
export interface FlowFailed extends EventBase {
  readonly kind: 'flow.failed';
  readonly code: FlowFailureCode;
  readonly message: string;
  readonly status: number | null;
}

export interface FlowOpened extends EventBase {
  readonly kind: 'flow.opened';
  readonly flow: 'http' | 'tls' | 'tcp';
  readonly listener: string;
  readonly client: SocketAddress;
  /** Revision of the configuration that this flow keeps to its end. */
  readonly revision: number;
}

/** Always the last event of a flow. */
export interface FlowClosed extends EventBase {
  readonly kind: 'flow.closed';
  readonly outcome: 'completed' | 'failed' | 'aborted';
  readonly durationMicroseconds: number;
}

/** `lost` events between the previous one and this were dropped because a bound was reached. */
export interface Gap extends EventBase {
  readonly kind: 'gap';
  readonly lost: number;
}

export type FlowEvent =
  | ConnectionOpened
  | ConnectionClosed
  | TlsClientHello
  | TlsEstablished
  | TlsFailed
  | ProxyProtocolReceived
  | ProxyProtocolRefused
  | FlowOpened
  | FlowClosed
  | FlowFailed
  | RequestHead
  | RequestEnd
  | ResponseHead
  | ResponseEnd
  | Chunk
  | BodyCaptured
  | BufferHeld
  | BufferReleased
  | UpgradeAccepted
  | StreamReset
  | ConnectionGoaway
  | RouteMatched
  | RouteMissed
  | ForwardDestinationDecided
  | FilterApplied
  | BackendPicked
  | EndpointPicked
  | EndpointHealthChanged
  | EndpointResolved
  | CacheLookup
  | CacheStored
  | CacheNotStored
  | CacheInvalidated
  | UpstreamConnecting
  | UpstreamWaiting
  | UpstreamConnected
  | UpstreamReused
  | UpstreamFailed
  | RetryScheduled
  | Timeout
  | FaultInjected
  | RequestMirrored
  | Gap;

export type FlowEventKind = FlowEvent['kind'];
export type FlowEventOf<Kind extends FlowEventKind> = Extract<FlowEvent, { kind: Kind }>;

/** What stands in place of a masked header value. */
export const maskedValue = '•••';

/** Lower-case names of the headers whose values are secrets. */
export const secretHeaderNames: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
]);
