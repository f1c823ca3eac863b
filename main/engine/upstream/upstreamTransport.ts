// What lies between TCP and the messages of a connection to an endpoint. null = nothing: the bytes go as they are.
// Connections are shared only between flows whose transports are the same.
import { isIP } from 'node:net';
import type { CompiledPool } from '../compiledConfig';
import type { UpstreamTls } from './upstreamTls';

export interface UpstreamTransport {
  readonly tls: UpstreamTls | null;
  /** The name that the endpoint's certificate must carry; sent as SNI unless it is an IP address. */
  readonly serverName: string;
}

/** `askedName` is the client's Host or SNI without port, '' = it named none. */
export function transportOf(
  { tls }: CompiledPool,
  address: string,
  askedName: string,
): UpstreamTransport | null {
  if (tls === null) return null;
  return { tls, serverName: tls.serverName ?? defaultServerName(address, askedName) };
}

/** Whether a connection made for `a` may carry what `b` asks for. */
export function isSameTransport(a: UpstreamTransport | null, b: UpstreamTransport | null): boolean {
  if (a === b) return true;
  return a !== null && b !== null && a.tls === b.tls && a.serverName === b.serverName;
}

/** An endpoint given by name must be that name; of one given by address the client's word is the best there is. */
function defaultServerName(address: string, askedName: string): string {
  if (isIP(address) === 0) return address;
  return askedName === '' || isIP(askedName) !== 0 ? address : askedName;
}
