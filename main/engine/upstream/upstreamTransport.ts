// What lies between TCP and the messages of a connection to an endpoint. null = nothing: the bytes go as they are.
// Connections are shared only between flows whose transports are the same.
import { isIP } from 'node:net';
import type { SocketAddress } from '../../contract/flowEvent';
import type { CompiledEndpoint, CompiledPool } from '../compiledConfig';
import { encodeProxyHeader } from '../proxyAddress';
import type { UpstreamTls } from './upstreamTls';

export interface UpstreamTransport {
  readonly tls: UpstreamTls | null;
  /** The name that the endpoint's certificate must carry; sent as SNI unless it is an IP address. */
  readonly serverName: string;
  /** PROXY header, sent before anything else; null = none. */
  readonly proxyHeader: Buffer | null;
  /** The client's connection that the header tells of; 0 = none. */
  readonly clientConnectionId: number;
}

/** On whose behalf a connection is made. */
export interface TransportClient {
  readonly connectionId: number;
  readonly source: SocketAddress;
  readonly destination: SocketAddress;
}

/** `askedName` is the client's Host or SNI without port, '' = it named none. */
export function transportOf(
  { tls, config }: CompiledPool,
  { name }: CompiledEndpoint,
  askedName: string,
  client: TransportClient,
): UpstreamTransport | null {
  const proxy = config.sendProxyProtocol;
  if (tls === null && proxy === 'off') return null;
  return {
    tls,
    serverName: tls?.serverName ?? defaultServerName(name, askedName),
    proxyHeader: proxy === 'off' ? null : encodeProxyHeader(proxy, client.source, client.destination),
    clientConnectionId: proxy === 'off' ? 0 : client.connectionId,
  };
}

/** Whether a connection made for `a` may carry what `b` asks for. */
export function isSameTransport(a: UpstreamTransport | null, b: UpstreamTransport | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.tls === b.tls &&
    (a.tls === null || a.serverName === b.serverName) &&
    a.clientConnectionId === b.clientConnectionId &&
    (a.proxyHeader === b.proxyHeader ||
      (a.proxyHeader !== null && b.proxyHeader !== null && a.proxyHeader.equals(b.proxyHeader)))
  );
}

/** An endpoint given by name must be that name; of one given by address the client's word is the best there is. */
function defaultServerName(address: string, askedName: string): string {
  if (isIP(address) === 0) return address;
  return askedName === '' || isIP(askedName) !== 0 ? address : askedName;
}
