// What the data path reads: frozen tables made by compile.ts from a valid workspace. One object per revision; a flow
// keeps the one that it started with.
import type { SecureContext } from 'node:tls';
import type { AddressRange } from '../contract/addressRange';
import type { Capture, Filter, HttpRoute, Listener, Pool, TcpRoute, TlsRoute } from '../contract/config';
import type { DestinationPattern } from '../contract/destinationPattern';
import type { RunFilter } from './filter/filterKind';
import type { HttpRouteTable } from './routing/httpRouteTable';
import type { TlsRouteTable } from './routing/tlsRouteTable';
import type { ServedChain } from './servedChain';
import type { UpstreamTls } from './upstream/upstreamTls';

export interface CompiledConfig {
  readonly revision: number;
  readonly listeners: ReadonlyMap<string, CompiledListener>;
  readonly pools: ReadonlyMap<string, CompiledPool>;
  readonly capture: Capture;
}

export interface CompiledListener {
  readonly config: Listener;
  /** http and https listeners. */
  readonly httpRoutes: HttpRouteTable;
  /** tls listeners, and https listeners that share their port with tls routes. */
  readonly tlsRoutes: TlsRouteTable;
  /** tcp listeners: the first route in document order. */
  readonly tcpRoute: CompiledTcpRoute | null;
  /** Proxies in front whose X-Forwarded-* and Forwarded are believed. */
  readonly trustedProxies: readonly AddressRange[];
  /** Forward listeners: where their clients may go. */
  readonly forwardAllow: readonly DestinationPattern[];
  /** Certificates by SNI; null where nothing is terminated. */
  readonly tls: CompiledTls | null;
}

export interface ServedCertificate {
  readonly id: string;
  readonly context: SecureContext;
  readonly chain: ServedChain;
}

export interface CompiledTls {
  /** The certificate for a server name: exact, then wildcard, then the first. */
  choose(serverName: string | null): ServedCertificate;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly clientCertificates: 'off' | 'request' | 'require';
  /** RSA beside ECDSA: the certificate must be chosen before the handshake begins, or OpenSSL takes the first one's type. */
  readonly hasSeveralKeyTypes: boolean;
}

/** Header edits of all filters of a route in document order, folded into one pass. Names are lower case. */
export interface HeaderEdits {
  /** Fields of the original head that are not copied. */
  readonly removedNames: ReadonlySet<string>;
  /** "name: value\r\n…" put behind what was copied. */
  readonly appendedLines: string;
}

/** One filter of a route, ready to run; made by the registry in filter/. */
export interface CompiledFilter {
  readonly index: number;
  readonly config: Filter;
  /** Its part in every request, with what it keeps between requests; null = it only edits heads. */
  readonly run: RunFilter | null;
  readonly recordsItself: boolean;
}

/** How the other filters of a route stand to its cache. */
export interface CachePlace {
  /** Index into the route's compiled filters. */
  readonly position: number;
  /** Of the filters between the cache and the endpoints: the cache keeps what they made. null = none. */
  readonly innerEdits: HeaderEdits | null;
  /** Of the filters between the client and the cache. null = none. */
  readonly outerEdits: HeaderEdits | null;
  /** A filter before it takes Authorization away: those credentials were for the proxy. */
  readonly hidesAuthorization: boolean;
}

export interface CompiledHttpRoute {
  readonly id: string;
  /** Document order, the last tie-breaker. */
  readonly order: number;
  readonly config: HttpRoute;
  readonly filters: readonly CompiledFilter[];
  /** null = no filter edits that head. */
  readonly requestEdits: HeaderEdits | null;
  readonly responseEdits: HeaderEdits | null;
  /** null = the route has no cache. */
  readonly cache: CachePlace | null;
  readonly backends: CompiledBackends;
}

export interface CompiledTlsRoute {
  readonly id: string;
  readonly order: number;
  readonly config: TlsRoute;
  readonly backends: CompiledBackends;
}

export interface CompiledTcpRoute {
  readonly id: string;
  readonly order: number;
  readonly config: TcpRoute;
  readonly backends: CompiledBackends;
}

export interface CompiledBackends {
  /** One a pool that can be picked, made once, so that picking and telling of it allocates nothing. */
  readonly picks: readonly BackendPick[];
  readonly totalWeight: number;
}

/** One outcome of picking a route's pool. */
export interface BackendPick {
  readonly route: string;
  readonly pool: CompiledPool;
  readonly weight: number;
  /** Of all backends of the route, in document order. */
  readonly weights: readonly { readonly pool: string; readonly weight: number }[];
  /** In words. */
  readonly reason: string;
}

export interface CompiledPool {
  readonly id: string;
  readonly config: Pool;
  /** null = nothing is encrypted towards its endpoints. */
  readonly tls: UpstreamTls | null;
  /** Something lies between TCP and the messages: TLS or a PROXY header. */
  readonly needsTransport: boolean;
  readonly endpoints: readonly CompiledEndpoint[];
}

export interface CompiledEndpoint {
  /**
   * "address:port", IPv6 in brackets; of an address that DNS gave, "name:port@address". Names the endpoint in events and
   * keys its state across reloads.
   */
  readonly key: string;
  /** To connect to. */
  readonly address: string;
  /** As the workspace writes it: an address, or the name that the endpoint's certificate must carry. */
  readonly name: string;
  /** "name:port": what an endpoint is called in a Host header. */
  readonly authority: string;
  readonly port: number;
  readonly weight: number;
}
