import type { RouteDecisionTrace } from '../../contract/flowEvent';
import type { CompiledListener } from '../compiledConfig';
import { explainTls } from './tlsRouteTable';

/** The decision for a tcp listener, or for a tls route by server name. */
export function explainL4(listener: CompiledListener, serverName: string | null): RouteDecisionTrace {
  if (listener.config.protocol !== 'tcp') {
    return explainTls(listener.tlsRoutes, listener.config.id, serverName);
  }
  const { tcpRoute } = listener;
  const routes =
    tcpRoute === null
      ? []
      : [{ route: tcpRoute.id, outcome: 'won' as const, matchIndex: null, predicates: [] }];
  return { listener: listener.config.id, routes, omittedRoutes: 0 };
}
