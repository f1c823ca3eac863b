import { listenerSchema } from '../../contract/config';
import type { SocketAddress } from '../../contract/flowEvent';
import type { CompiledListener } from '../compiledConfig';
import type { EngineContext } from '../engineContext';
import { HttpRouteTable } from '../routing/httpRouteTable';
import { TlsRouteTable } from '../routing/tlsRouteTable';

export interface HttpConnectionOptions {
  readonly context: EngineContext;
  /** Read anew with each configuration: a reload may rename the listener of a connection that stays. */
  readonly port: { readonly listenerId: string };
  /** `connection.opened` (and tls.*) were already recorded by the listener. */
  readonly connectionId: number;
  readonly isTls: boolean;
  /** Already corrected by the PROXY protocol. */
  readonly client: SocketAddress;
  /** Of the certificate that the client showed; only if it was verified; else undefined. */
  readonly clientSubject: string | undefined;
  /** Where the client connected to, if a PROXY header said so; undefined = our own end. */
  readonly destination: SocketAddress | undefined;
  /**
   * Plain TCP: the client begins to speak HTTP/2 (RFC 9113 3.3) with these bytes. The connection is not used by the caller
   * any more.
   */
  readonly onHttp2?: (bytes: Buffer) => void;
  /** Called exactly once when the socket is gone, after `connection.closed` was recorded. */
  readonly onClosed: () => void;
}

/** A reload removed the listener while the connection was still in its TLS handshake: it has no routes any more. */
export function removedListener(id: string): CompiledListener {
  return {
    config: listenerSchema.parse({ id, port: 0, protocol: 'http' }),
    httpRoutes: HttpRouteTable.compile([]),
    tlsRoutes: TlsRouteTable.compile([]),
    tcpRoute: null,
    trustedProxies: [],
    forwardAllow: [],
    tls: null,
  };
}
